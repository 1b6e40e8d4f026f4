"""What every event of an assignment says, and whose time with it is counted."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.vocabulary import AssignmentSource, LegRole, Level, SessionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentDimensions:
    """What every figure about an assignment is broken down by, as known at the event."""

    assignment_id: str
    source_kind: AssignmentSource
    agency: str
    """The lead agency."""
    unit: str
    """Of the opinion referred, or of the session that commits; figures about single opinions,
    which may be of other units, are told by Intake."""
    level: Level
    field: str
    round: int
    opinion_ids: tuple[str, ...]
    """Opinions this assignment answers for; may be empty for a commitment."""
    opinions: int
    """How many they are, so that a statistic can add them."""
    issued_on: date
    due_on: date
    """Last civil day on which the answer is on time, inclusive."""
    received_on: date | None = None
    session_id: str | None = None
    session_kind: SessionKind | None = None
    held_on: date | None = None
    conclusion_id: str | None = None
    commitment_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One agency's time with a matter."""

    agency: str
    role: LegRole
    from_on: date
    to_on: date | None = None
    """The day it ended, the first of whoever came next; None while it lasts."""
    working_days: int | None = None
    """Working days after `from_on` up to `to_on`; None while it lasts."""
