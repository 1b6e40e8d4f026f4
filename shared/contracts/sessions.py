"""Events owned by Sessions (phiên đối thoại)."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import (
    AttendanceBasis,
    Level,
    Mode,
    OpinionKind,
    Outcome,
    SessionKind,
    UnscheduleReason,
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
class SessionPlanned(SessionDimensions):
    """The session stands in the year's plan, or was called ad hoc."""

    planned_year: int
    trigger: str | None = None
    """Coded reason of an ad hoc session, from the regulation's list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionScheduled(SessionDimensions):
    """The day is fixed; opinions can be put on the agenda."""

    held_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRescheduled(SessionDimensions):
    """The session is held on another day; its agenda stays."""

    held_on: date
    held_on_before: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPostponed(SessionDimensions):
    """The session has no day any more; each opinion of its agenda was sent back."""

    held_on_before: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCancelled(SessionDimensions):
    """The session isn't held; each opinion of its agenda was sent back."""

    reason: str
    held_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItemPlaced(SessionDimensions):
    """An opinion scheduled by Intake is on the agenda."""

    held_on: date
    opinion_id: str
    field_of_opinion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItemRejected(SessionDimensions):
    """An opinion came too late for this agenda."""

    opinion_id: str
    reason: UnscheduleReason
    held_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened(SessionDimensions):
    """The session began."""

    held_on: date
    chair: str
    """Seat that chairs."""
    head_present: bool
    """False when the head of the unit has delegated the chair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRecorded(SessionDimensions):
    """How many attended in one group; a correction names the number before."""

    held_on: date
    group: str
    attendances: int
    attendances_before: int
    basis: AttendanceBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionRaised(SessionDimensions):
    """An opinion was first heard in the room. Intake receives it from here."""

    held_on: date
    opinion_id: str
    field_of_opinion: str
    opinion_kind: OpinionKind
    voices: int
    text: TextRef


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGivenOnSpot(SessionDimensions):
    """The chair answered an opinion of this session in the room."""

    held_on: date
    opinion_id: str
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(SessionDimensions):
    """The session is held. It counts in the figures from here on."""

    held_on: date
    speaking_turns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What a conclusion promises: who leads, what comes of it, until when."""

    commitment_id: str
    field: str
    opinion_ids: tuple[str, ...]
    lead_agency: str
    cooperating_agencies: tuple[str, ...]
    product: TextRef
    due_on: date
    supersedes: str | None = None
    """The commitment that this one replaces by an amendment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConclusionIssued(SessionDimensions):
    """The conclusion notice is out. Assignment acts on its commitments."""

    held_on: date
    conclusion_id: str
    number: str
    issued_on: date
    signer: str
    commitments: tuple[Commitment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConclusionAmended(SessionDimensions):
    """The conclusion's commitments are these from now on, and no others.

    An unchanged commitment keeps its id and every field.
    """

    held_on: date
    conclusion_id: str
    amendment: int
    """1 for the first amendment."""
    number: str
    issued_on: date
    signer: str
    reason: str
    commitments: tuple[Commitment, ...]


SessionEvent = (
    SessionPlanned
    | SessionScheduled
    | SessionRescheduled
    | SessionPostponed
    | SessionCancelled
    | AgendaItemPlaced
    | AgendaItemRejected
    | SessionOpened
    | AttendanceRecorded
    | OpinionRaised
    | AnswerGivenOnSpot
    | SessionEnded
    | ConclusionIssued
    | ConclusionAmended
)
