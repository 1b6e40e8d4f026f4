"""Events owned by Assignment (giao việc)."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.assignment_course import (
    AssignmentRefused,
    AssignmentTriaged,
    ClockPaused,
    ClockResumed,
    ContributionMissed,
    ContributionSubmitted,
    CoordinationRequested,
    DeadlineRecomputed,
    EscalationRaised,
    ExtensionGranted,
    ExtensionRefused,
    ExtensionRequested,
    LeadTransferred,
    ReferralTriaged,
    RefusalOverruled,
    RefusalUpheld,
    ReminderSent,
)
from shared.contracts.assignment_dimensions import AssignmentDimensions, Leg
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import CancelReason, Outcome


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
    counted_from_on: date | None = None
    """Day zero of the limit, where the due date was computed from one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentReopened(AssignmentIssued):
    """An answered opinion is handled again: another round, with a due date of its own."""

    former_assignment_id: str | None = None
    """Which answered before; None after an answer on the spot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentAccepted(AssignmentDimensions):
    """The agency took the matter on."""

    accepted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoAccepted(AssignmentDimensions):
    """The agency said nothing for so long that it has taken the matter on."""

    auto_accepted_on: date
    """The day after the last on which it could have refused, whenever it was noticed."""
    silent_working_days: int
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSubmitted(AssignmentDimensions):
    """The agency's answer awaits release by a second pair of eyes."""

    submitted_on: date
    outcome: Outcome
    author: str
    """Seat that wrote it."""
    text: TextRef


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReturned(AssignmentDimensions):
    """The second pair of eyes hands the answer back to be written again."""

    returned_on: date
    seat: str
    note: TextRef


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
    held_working_days: int | None = None
    """Working days for which `agency` had led."""
    legs: tuple[Leg, ...] | None = None
    """Who held the matter when, in order; all ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMissed(AssignmentDimensions):
    """The due date passed without a released answer. At most once per round."""

    effective_on: date
    """The day after `due_on`, whenever it was noticed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentClaimed(AssignmentDimensions):
    """The agency says that what it promised is done. A claim, until supervision verifies it."""

    claimed_on: date
    author: str
    evidence: TextRef


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentVerified(AssignmentDimensions):
    """Supervision has seen that it is done."""

    verified_on: date
    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentRejected(AssignmentDimensions):
    """Supervision has seen that it is not done."""

    rejected_on: date
    seat: str
    note: TextRef


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentCancelled(AssignmentDimensions):
    """The matter is nobody's duty any more."""

    cancelled_on: date
    reason: CancelReason
    missed: bool
    held_working_days: int
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentSuperseded(AssignmentDimensions):
    """Another assignment has taken the matter over."""

    superseded_on: date
    by: str
    """Id of that assignment."""
    missed: bool
    held_working_days: int
    legs: tuple[Leg, ...]


AssignmentEvent = (
    AssignmentIssued
    | AssignmentReopened
    | AssignmentAccepted
    | AutoAccepted
    | AssignmentRefused
    | RefusalUpheld
    | RefusalOverruled
    | LeadTransferred
    | CoordinationRequested
    | ContributionSubmitted
    | ContributionMissed
    | ClockPaused
    | ClockResumed
    | ExtensionRequested
    | ExtensionGranted
    | ExtensionRefused
    | DeadlineRecomputed
    | AnswerSubmitted
    | AnswerReturned
    | AnswerReleased
    | FulfilmentClaimed
    | FulfilmentVerified
    | FulfilmentRejected
    | DeadlineMissed
    | ReminderSent
    | EscalationRaised
    | AssignmentTriaged
    | AssignmentCancelled
    | AssignmentSuperseded
    | ReferralTriaged
)

__all__ = [
    "AnswerReleased",
    "AnswerReturned",
    "AnswerSubmitted",
    "AssignmentAccepted",
    "AssignmentCancelled",
    "AssignmentDimensions",
    "AssignmentEvent",
    "AssignmentIssued",
    "AssignmentRefused",
    "AssignmentReopened",
    "AssignmentSuperseded",
    "AssignmentTriaged",
    "AutoAccepted",
    "ClockPaused",
    "ClockResumed",
    "ContributionMissed",
    "ContributionSubmitted",
    "CoordinationRequested",
    "DeadlineMissed",
    "DeadlineRecomputed",
    "EscalationRaised",
    "ExtensionGranted",
    "ExtensionRefused",
    "ExtensionRequested",
    "FulfilmentClaimed",
    "FulfilmentRejected",
    "FulfilmentVerified",
    "LeadTransferred",
    "Leg",
    "ReferralTriaged",
    "RefusalOverruled",
    "RefusalUpheld",
    "ReminderSent",
]
