"""Events of Intake about files and papers: digests, and results that a paper states."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.vocabulary import Level, Mode, SessionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestImported:
    """A digest workbook was read to its end. Says how much of it is new."""

    digest_id: str
    organisation: str
    number: str
    file_sha256: str
    rows: int
    rows_received: int
    rows_repeated: int
    rows_rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionResultsDeclared:
    """A figure from paper: results of past sessions, as their source states them.

    A measure that is None was not stated, which is not zero.
    """

    declaration_id: str
    scope: str
    """`unit`, `communes_of` the unit, or `sector:<field>`."""
    territory_scheme: str
    unit_level: Level
    unit_code: str
    unit_name: str
    period_label: str
    source: str
    derived: tuple[str, ...] = ()
    """Measures that the source implies but does not print."""
    approximate: tuple[str, ...] = ()
    """Fields that the source gives as "about", "over", or leaves to inference."""
    level: Level | None = None
    session_kind: SessionKind | None = None
    mode: Mode | None = None
    period_from: date | None = None
    period_to: date | None = None
    """Inclusive."""
    sessions: int | None = None
    attendances: int | None = None
    participants: int | None = None
    opinions: int | None = None
    contributions: int | None = None
    speaking_turns: int | None = None
    answered: int | None = None
