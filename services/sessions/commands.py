"""What can be asked of one session. Commands carry dates and resolved facts in."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.contracts.sessions import SessionDimensions
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import AttendanceBasis, OpinionKind, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSession:
    """Put the session into the year's plan, or call it ad hoc."""

    dimensions: SessionDimensions
    planned_year: int
    trigger: str | None
    adhoc_triggers: tuple[str, ...]
    """Reasons for which the regulation lets an ad hoc session be called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleSession:
    """Fix the day."""

    held_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOnAgenda:
    """Take an opinion that Intake puts forward, or say that it comes too late."""

    opinion_id: str
    field_of_opinion: str
    stated: SessionDimensions
    """What Intake says of the session: used only where the session is not known here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """Begin."""

    chair: str
    """Seat that chairs."""
    head_present: bool
    today: date
    backdating_max_days: int


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
class EndSession:
    """End it: from now on it counts."""

    speaking_turns: int | None


class Standing(StrEnum):
    """What the province's file says of an agency on the day of issue."""

    COMPETENT = "competent"
    NOT_COMPETENT = "not_competent"
    """It exists, on other days."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAgency:
    """An agency as a conclusion names it, and its standing on the day of issue."""

    key: str
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedCommitment:
    """A commitment as it was written; what is None was not stated."""

    commitment_id: str
    field: str
    is_field_known: bool
    opinion_ids: tuple[str, ...]
    lead: NamedAgency | None
    cooperating: tuple[NamedAgency, ...]
    product: TextRef | None
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueConclusion:
    """Issue the conclusion notice."""

    conclusion_id: str
    number: str
    is_number_free: bool
    """Whether no other notice of the unit bears it in the year of issue."""
    issued_on: date
    signer: str
    commitments: tuple[ProposedCommitment, ...]
    today: date
    backdating_max_days: int


Command = (
    PlanSession
    | ScheduleSession
    | PlaceOnAgenda
    | OpenSession
    | RecordAttendance
    | RaiseOpinion
    | AnswerOnSpot
    | EndSession
    | IssueConclusion
)
