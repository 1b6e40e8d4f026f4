"""What can be asked of one session. Commands carry dates and resolved facts in."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.sessions.conclusion_commands import (
    AmendConclusion,
    ApproveMinutes,
    CorrectMinutes,
    IssueConclusion,
    NoteProgress,
    PublishResults,
)
from shared.contracts.sessions import SessionDimensions, TopicDisposition
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import (
    AttendanceBasis,
    ChangeReason,
    DelegationReason,
    OpinionKind,
    Outcome,
    OverrideReason,
    RemovalReason,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSession:
    """Put the session into the year's plan, or call it ad hoc."""

    dimensions: SessionDimensions
    planned_year: int
    trigger: str | None
    adhoc_triggers: tuple[str, ...]
    """Reasons for which the regulation lets an ad hoc session be called."""


class Clash(StrEnum):
    """What another session of the same day needs as well, or that offices are closed."""

    VENUE = "venue"
    CHAIR = "chair"
    AGENCY = "agency"
    DAY_OFF = "day_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing that speaks against a day."""

    clash: Clash
    session_id: str | None = None
    """The other session; None for a day off."""
    key: str | None = None
    """Of the venue, the seat or the agency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """When and where, and who has to be there."""

    held_on: date
    starts_at: str | None = None
    venue: str | None = None
    chair: str | None = None
    required_agencies: tuple[str, ...] = ()
    override: OverrideReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleSession:
    """Fix the day."""

    appointment: Appointment
    found: tuple[Found, ...] = ()
    """What speaks against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RescheduleSession:
    """Give it another day, hour or place."""

    appointment: Appointment
    found: tuple[Found, ...]
    reason: ChangeReason


@dataclass(frozen=True, slots=True, kw_only=True)
class PostponeSession:
    """Take its day and its agenda away."""

    reason: ChangeReason


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelSession:
    """Give it up."""

    reason: ChangeReason


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateChair:
    """Let another seat chair."""

    chair: str
    reason: DelegationReason


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAgenda:
    """Say of every confirmed hot topic whether it is on the agenda, or why not."""

    topics: tuple[TopicDisposition, ...]
    hot_topics: tuple[str, ...]
    """The unit's, as they are confirmed now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConveneSession:
    """Give public notice and invite."""

    today: date
    notice_days: int
    """Calendar days before the session that the regulation asks for."""
    hot_topics: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOnAgenda:
    """Take an opinion that Intake puts forward, or say that it comes too late."""

    opinion_id: str
    field_of_opinion: str
    stated: SessionDimensions
    """What Intake says of the session: used only where the session is not known here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveFromAgenda:
    """Take an opinion off that needs no disposition any more."""

    opinion_id: str
    reason: RemovalReason


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """Begin."""

    chair: str
    """Seat that chairs."""
    head_present: bool
    today: date
    backdating_max_days: int
    present: int | None = None
    quorum: int | None = None
    """People without whom it can't begin; None: the regulation asks for none."""
    must_be_convened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjournSession:
    """Stop, to go on later."""

    on: date
    reason: ChangeReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeSession:
    """Go on."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAttendance:
    """State, or correct, how many attended in one group."""

    group: str
    attendances: int
    basis: AttendanceBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseOpinion:
    """Write down an opinion first heard in the room; its words lie with Intake already."""

    opinion_id: str
    field_of_opinion: str
    opinion_kind: OpinionKind
    voices: int
    text: TextRef


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOnSpot:
    """The chair answers in the room."""

    opinion_id: str
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCommitment:
    """The chair promises something in the room."""

    statement_id: str
    field_of_commitment: str
    opinion_ids: tuple[str, ...]
    lead_agency: str | None
    due_on: date | None
    product: TextRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSession:
    """End it: from now on it counts."""

    speaking_turns: int | None


Command = (
    PlanSession
    | ScheduleSession
    | RescheduleSession
    | PostponeSession
    | CancelSession
    | DelegateChair
    | SetAgenda
    | ConveneSession
    | PlaceOnAgenda
    | RemoveFromAgenda
    | OpenSession
    | AdjournSession
    | ResumeSession
    | RecordAttendance
    | RaiseOpinion
    | AnswerOnSpot
    | StateCommitment
    | EndSession
    | ApproveMinutes
    | CorrectMinutes
    | IssueConclusion
    | AmendConclusion
    | PublishResults
    | NoteProgress
)
