"""Events of Sessions in the room, from the opening to the minutes."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.session_dimensions import SessionDimensions
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import (
    AttendanceBasis,
    ChangeReason,
    CorrectionReason,
    OpinionKind,
    Outcome,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened(SessionDimensions):
    """The session began."""

    held_on: date
    chair: str
    """Seat that chairs."""
    head_present: bool
    """False when the head of the unit has delegated the chair."""
    present: int | None = None
    """How many people were there at the beginning, where a quorum is asked for."""
    quorum: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAdjourned(SessionDimensions):
    """The session stopped and is to go on."""

    held_on: date
    adjourned_on: date
    reason: ChangeReason


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionResumed(SessionDimensions):
    """The session goes on. It counts on its first day."""

    held_on: date
    resumed_on: date


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
class CommitmentStated(SessionDimensions):
    """The chair promised something in the room. The conclusion makes it binding."""

    held_on: date
    statement_id: str
    field_of_commitment: str
    opinion_ids: tuple[str, ...]
    lead_agency: str | None = None
    due_on: date | None = None
    product: TextRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(SessionDimensions):
    """The session is held. It counts in the figures from here on."""

    held_on: date
    speaking_turns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesApproved(SessionDimensions):
    """The minutes are final; the figures of the session are frozen."""

    held_on: date
    approved_on: date
    approver: str
    """Seat that approved them."""
    text: TextRef


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesCorrected(SessionDimensions):
    """Approved minutes say something else from now on; what they said before is kept."""

    held_on: date
    corrected_on: date
    correction: int
    """1 for the first."""
    reason: CorrectionReason
    approver: str
    text: TextRef
