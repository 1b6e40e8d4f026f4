"""What every figure about a session, or about a duty to hold sessions, is broken down by."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.vocabulary import (
    Level,
    Mode,
    SessionKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDimensions:
    """What every figure about a session is broken down by."""

    session_id: str
    unit: str
    """Key of the unit whose head holds the session."""
    level: Level
    session_kind: SessionKind
    mode: Mode
    field: str | None = None
    """The one theme or sector of a thematic session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationDimensions:
    """A duty to hold periodic sessions: whose, and in which days."""

    obligation_id: str
    unit: str
    level: Level
    period_from: date
    period_to: date
    """Both inclusive."""
    required: int
    """How many the regulation asks for."""
    citation: str
    head: str | None = None
    """The seat whose duty it is; None: whoever heads the unit."""
