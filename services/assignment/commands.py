"""What can be asked of an assignment. Every date and rule is resolved beforehand."""

from dataclasses import dataclass
from datetime import date

from shared.calendar import WorkCalendar
from shared.contracts.assignment import AssignmentIssued
from shared.contracts.assignment_course import ReferralTriaged
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import (
    CancelReason,
    ExtensionReason,
    Outcome,
    RefusalReason,
    TransferReason,
    TriageReason,
)
from shared.regulations import EscalationStep, Extension


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueAssignment:
    """Make a matter one lead agency's duty."""

    terms: AssignmentIssued
    """What is asked, of whom, until when and by which provision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageReferral:
    """Put a referral before a person, as no single agency is competent."""

    referral: ReferralTriaged


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageAssignment:
    """Put a live assignment before a person, as its agency is no more."""

    on: date
    reason: TriageReason
    candidates: tuple[str, ...]
    triage_due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignFromTriage:
    """Say who leads what waits in triage."""

    agency: str
    on: date
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptAssignment:
    """Take the matter on."""

    agency: str
    """On whose behalf the caller acts."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSilence:
    """Look whether the agency has been silent for too long to refuse."""

    today: date
    working_days: int
    """Of silence, after the day it became its duty."""
    citation: str
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseAssignment:
    """Say that the matter is another agency's."""

    agency: str
    on: date
    author: str
    reason: RefusalReason
    legal_basis: TextRef
    competent_agency: str
    decision_due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideRefusal:
    """Say whether the agency was right to refuse."""

    on: date
    seat: str
    by_chair: bool
    transfers_max: int
    """From that many transfers on the chair alone decides."""
    calendar: WorkCalendar
    agency: str | None
    """Who leads instead; None when the refusal was not right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLead:
    """Give the matter to whoever has the agency's duties now."""

    agency: str
    on: date
    reason: TransferReason
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCoordination:
    """Ask another agency to contribute."""

    agency: str
    on: date
    cooperating_agency: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitContribution:
    """Contribute."""

    agency: str
    """The cooperating one."""
    on: date
    text: TextRef


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseClock:
    """Stop the clock while others have to act."""

    agency: str
    on: date
    reason: str
    reasons: tuple[str, ...]
    """Those that the regulation lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeClock:
    """Let the clock go on."""

    agency: str
    on: date
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExtension:
    """Ask for more time."""

    agency: str
    on: date
    working_days: int
    reason: ExtensionReason
    rule: Extension


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideExtension:
    """Give more time, or don't."""

    on: date
    seat: str
    is_granted: bool
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class RecomputeDeadline:
    """Count the limit again, by the calendar as it is now."""

    today: date
    counted_from_on: date
    """Day zero, by the calendar as it is now."""
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitAnswer:
    """Put an answer before the second pair of eyes."""

    agency: str
    on: date
    outcome: Outcome
    author: str
    """Seat that wrote it."""
    text: TextRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAnswer:
    """Hand the answer back to be written again."""

    agency: str
    on: date
    seat: str
    note: TextRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAnswer:
    """Let the answer go to the people, for good."""

    agency: str
    on: date
    approver: str
    """Seat that releases it."""
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFulfilment:
    """Say that what was promised is done."""

    agency: str
    on: date
    author: str
    evidence: TextRef


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeFulfilment:
    """Say, as supervision, whether it is done."""

    on: date
    seat: str
    note: TextRef | None
    """What is missing; None when it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAssignment:
    """End the matter without an answer."""

    on: date
    reason: CancelReason
    calendar: WorkCalendar
    opinion_id: str | None = None
    """Only if it answers for this opinion alone; None in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupersedeAssignment:
    """End the matter in favour of another assignment."""

    on: date
    by: str
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDeadline:
    """Look whether the due date has passed, or one of a contribution."""

    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ClimbLadder:
    """Look who has to hear of what is due or overdue."""

    today: date
    ladder: tuple[EscalationStep, ...]
    calendar: WorkCalendar


Command = (
    IssueAssignment
    | TriageReferral
    | TriageAssignment
    | AssignFromTriage
    | AcceptAssignment
    | NoticeSilence
    | RefuseAssignment
    | DecideRefusal
    | TransferLead
    | RequestCoordination
    | SubmitContribution
    | PauseClock
    | ResumeClock
    | RequestExtension
    | DecideExtension
    | RecomputeDeadline
    | SubmitAnswer
    | ReturnAnswer
    | ReleaseAnswer
    | ClaimFulfilment
    | JudgeFulfilment
    | CancelAssignment
    | SupersedeAssignment
    | NoticeDeadline
    | ClimbLadder
)
