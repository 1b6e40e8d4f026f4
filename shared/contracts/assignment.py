"""Events owned by Assignment (giao việc)."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import AssignmentSource, Level, Outcome, SessionKind


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
class AssignmentIssued(AssignmentDimensions):
    """The matter is one lead agency's duty."""

    cooperating_agencies: tuple[str, ...]
    deadline_citation: str
    """Provision or conclusion that the due date comes from."""
    deadline_working_days: int | None = None
    """Length of the limit, where the due date was computed from one."""
    routing_citation: str | None = None
    """Version and row of the routing table, where it chose the agency."""
    product: TextRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentAccepted(AssignmentDimensions):
    """The agency took the matter on."""

    accepted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSubmitted(AssignmentDimensions):
    """The agency's answer awaits release by a second pair of eyes."""

    submitted_on: date
    outcome: Outcome
    author: str
    """Seat that wrote it."""
    text: TextRef


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReleased(AssignmentDimensions):
    """The answer is final and goes to the people."""

    submitted_on: date
    released_on: date
    outcome: Outcome
    approver: str
    """Seat that released it, never the author's."""
    text: TextRef
    days_late: int
    """Calendar days from `due_on` to `released_on`; 0 when on time."""
    working_days_late: int
    agency_days_late: int
    """Calendar days from `due_on` to `submitted_on`: review days are not the agency's."""
    missed: bool
    """Whether `DeadlineMissed` was recorded for this round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMissed(AssignmentDimensions):
    """The due date passed without a released answer. At most once per round."""

    effective_on: date
    """The day after `due_on`, whenever it was noticed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentCancelled(AssignmentDimensions):
    """The matter is nobody's duty any more."""

    cancelled_on: date
    reason: str
    missed: bool
    """Whether `DeadlineMissed` was recorded for this round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentSuperseded(AssignmentDimensions):
    """Another commitment, or another assignment, took this one's place."""

    superseded_on: date
    by: str
    missed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTransferred(AssignmentDimensions):
    """Another agency leads from now on; the due date stays."""

    agency_before: str
    transferred_on: date
    reason: str
    held_working_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentReopened(AssignmentDimensions):
    """A new round's assignment: counts like `AssignmentIssued`."""

    cooperating_agencies: tuple[str, ...]
    deadline_citation: str
    former_assignment_id: str
    deadline_working_days: int | None = None
    routing_citation: str | None = None
    product: TextRef | None = None


AssignmentEvent = (
    AssignmentIssued
    | AssignmentAccepted
    | AnswerSubmitted
    | AnswerReleased
    | DeadlineMissed
    | AssignmentCancelled
    | AssignmentSuperseded
    | LeadTransferred
    | AssignmentReopened
)
