"""What happens to an assignment between its issue and its answer."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.assignment_dimensions import AssignmentDimensions
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import (
    ExtensionReason,
    Level,
    OpinionKind,
    RefusalReason,
    SessionKind,
    TransferReason,
    TriageReason,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRefused(AssignmentDimensions):
    """The lead agency says that the matter is another's. It stays its duty until decided."""

    refused_on: date
    reason: RefusalReason
    legal_basis: TextRef
    competent_agency: str
    """Held competent by the one that refuses."""
    decision_due_on: date
    author: str
    """Seat that refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalUpheld(AssignmentDimensions):
    """The refusal was right. `LeadTransferred` follows."""

    agency_after: str
    """Who leads then."""
    decided_on: date
    seat: str
    by_chair: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalOverruled(AssignmentDimensions):
    """The refusal was not right: the matter counts as accepted."""

    decided_on: date
    seat: str
    by_chair: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTransferred(AssignmentDimensions):
    """Another agency leads. The due date stays, so the people don't wait longer."""

    agency_before: str
    transferred_on: date
    reason: TransferReason
    held_working_days: int
    """Working days for which `agency_before` had led."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinationRequested(AssignmentDimensions):
    """The lead agency asks another to contribute."""

    cooperating_agency: str
    requested_on: date
    contribution_due_on: date
    """Inclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionSubmitted(AssignmentDimensions):
    """The cooperating agency has done its part."""

    cooperating_agency: str
    submitted_on: date
    text: TextRef
    contribution_days_late: int
    """Calendar days after the day it was due; 0 on time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionMissed(AssignmentDimensions):
    """The cooperating agency did not contribute in time. Charged to it, not to the lead."""

    cooperating_agency: str
    effective_on: date
    """The day after it was due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPaused(AssignmentDimensions):
    """The agency waits for somebody else; the days until it goes on don't count."""

    paused_on: date
    reason: str
    """A code of the regulation's list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockResumed(AssignmentDimensions):
    """The clock runs again; the due date has moved by the working days it stood."""

    due_on_before: date
    resumed_on: date
    paused_working_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRequested(AssignmentDimensions):
    """The agency asks for more time."""

    requested_on: date
    working_days: int
    reason: ExtensionReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionGranted(AssignmentDimensions):
    """The agency has more time."""

    due_on_before: date
    original_due_on: date
    """As it was when the matter was issued."""
    granted_on: date
    working_days: int
    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRefused(AssignmentDimensions):
    """The agency has no more time than before."""

    refused_on: date
    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRecomputed(AssignmentDimensions):
    """The calendar has changed since: the limit now ends on another day."""

    due_on_before: date
    recomputed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSent(AssignmentDimensions):
    """The due date comes near. At most once per step."""

    sent_on: date
    step_working_days: int
    """After the due date; negative before it."""
    to: tuple[str, ...]
    """Codes of the regulation's ladder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationRaised(AssignmentDimensions):
    """The matter is so long overdue that others hear of it. At most once per step."""

    reached_on: date
    """The day of the step, whenever it was noticed."""
    step_working_days: int
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentTriaged(AssignmentDimensions):
    """The lead agency is no more, and a person must say who has the matter now."""

    triaged_on: date
    reason: TriageReason
    candidates: tuple[str, ...]
    triage_due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralTriaged:
    """No single agency is competent for a referred opinion: a person must say which.

    The people's due date runs all the same.
    """

    assignment_id: str
    unit: str
    level: Level
    field: str
    opinion_kind: OpinionKind
    round: int
    opinion_id: str
    received_on: date
    triaged_on: date
    reason: TriageReason
    candidates: tuple[str, ...]
    triage_due_on: date
    due_on: date
    counted_from_on: date
    deadline_citation: str
    deadline_working_days: int | None = None
    former_assignment_id: str | None = None
    session_id: str | None = None
    session_kind: SessionKind | None = None
    held_on: date | None = None
