"""Which command each step of an assignment must have followed from, besides its issue and end."""

from collections.abc import Mapping
from datetime import date

from deploy.audit.logged import Logged
from deploy.audit.recount.premises import Premises, Unexplained
from services.assignment import rules
from services.assignment.commands import (
    AcceptAssignment,
    AssignFromTriage,
    ClaimFulfilment,
    ClimbLadder,
    Command,
    DecideExtension,
    DecideRefusal,
    JudgeFulfilment,
    NoticeDeadline,
    NoticeSilence,
    PauseClock,
    RecomputeDeadline,
    RefuseAssignment,
    ReleaseAnswer,
    RequestCoordination,
    RequestExtension,
    ResumeClock,
    ReturnAnswer,
    SubmitAnswer,
    SubmitContribution,
)
from services.assignment.succession import succeed
from shared.contracts import Event
from shared.contracts.assignment import (
    AnswerReleased,
    AnswerReturned,
    AnswerSubmitted,
    AssignmentAccepted,
    AssignmentIssued,
    AutoAccepted,
    DeadlineMissed,
    FulfilmentClaimed,
    FulfilmentRejected,
    FulfilmentVerified,
)
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
    RefusalOverruled,
    RefusalUpheld,
    ReminderSent,
)
from shared.contracts.vocabulary import TransferReason
from shared.provinces import Province

TIMED: tuple[type[Event], ...] = (
    AssignmentTriaged,
    AutoAccepted,
    ContributionMissed,
    DeadlineMissed,
    DeadlineRecomputed,
    EscalationRaised,
    LeadTransferred,
    ReminderSent,
)
"""What the daily timer may record of itself."""
RULED = frozenset(
    {
        *("agency", "due_on", "working_days_late", "held_working_days", "legs", "candidates"),
        *("paused_working_days", "contribution_due_on", "decision_due_on", "triage_due_on"),
        *("auto_accepted_on", "silent_working_days", "counted_from_on"),
        *("reached_on", "step_working_days", "to"),
        *("assignment.pause_unlisted", "assignment.chair_decides"),
        *("assignment.extensions_used_up", "assignment.extension_too_long"),
        *("AssignmentTriaged", "AutoAccepted", "DeadlineRecomputed", "EscalationRaised"),
        *("LeadTransferred", "ReferralTriaged", "ReminderSent"),
    }
)
"""Fields, codes and types that depend on the province's files."""


def step_asked(
    logged: Logged, premises: Premises, issues: Mapping[str, AssignmentIssued]
) -> Command:
    """Return the command; every day in it is the one on which the event happened."""
    on, actor = logged.occurred_on, logged.recorded.actor
    match logged.event:
        case AssignmentAccepted() as event:
            return AcceptAssignment(agency=event.agency, on=on)
        case AnswerSubmitted() as event:
            return SubmitAnswer(
                agency=event.agency, on=on, outcome=event.outcome, author=actor, text=event.text
            )
        case AnswerReturned() as event:
            return ReturnAnswer(agency=event.agency, on=on, seat=actor, note=event.note)
        case DeadlineMissed() | ContributionMissed():
            return NoticeDeadline(today=on)
        case ContributionSubmitted() as event:
            return SubmitContribution(agency=event.cooperating_agency, on=on, text=event.text)
        case FulfilmentClaimed() as event:
            return ClaimFulfilment(
                agency=event.agency, on=on, author=actor, evidence=event.evidence
            )
        case FulfilmentVerified():
            return JudgeFulfilment(on=on, seat=actor, note=None)
        case FulfilmentRejected() as event:
            return JudgeFulfilment(on=on, seat=actor, note=event.note)
        case _:
            return _ruled(logged, premises.ruled_by(), on, issues)


def _ruled(  # noqa: C901, PLR0911, PLR0912 - one case for each event
    logged: Logged, province: Province, on: date, issues: Mapping[str, AssignmentIssued]
) -> Command:
    actor, calendar = logged.recorded.actor, province.calendar
    match logged.event:
        case AnswerReleased() as event:
            return ReleaseAnswer(agency=event.agency, on=on, approver=actor, calendar=calendar)
        case AutoAccepted():
            days, citation = rules.silence(province, on)
            return NoticeSilence(today=on, working_days=days, citation=citation, calendar=calendar)
        case AssignmentRefused() as event:
            return RefuseAssignment(
                agency=event.agency,
                on=on,
                author=actor,
                reason=event.reason,
                legal_basis=event.legal_basis,
                competent_agency=event.competent_agency,
                decision_due_on=rules.due_on(province, rules.REFUSAL_DECISION_RULE, on),
            )
        case RefusalUpheld() | RefusalOverruled() as event:
            return DecideRefusal(
                on=on,
                seat=actor,
                by_chair=event.by_chair,
                transfers_max=rules.transfers_max(province, on),
                calendar=calendar,
                agency=event.agency_after if isinstance(event, RefusalUpheld) else None,
            )
        case LeadTransferred(reason=TransferReason.TRIAGE) as event:
            return AssignFromTriage(agency=event.agency, on=on, calendar=calendar)
        case LeadTransferred(reason=TransferReason.SUCCESSION) as event:
            return _succeeded(event.agency_before, province, on)
        case AssignmentTriaged() as event:
            return _succeeded(event.agency, province, on)
        case CoordinationRequested() as event:
            return RequestCoordination(
                agency=event.agency,
                on=on,
                cooperating_agency=event.cooperating_agency,
                due_on=rules.due_on(province, rules.CONTRIBUTION_RULE, on),
            )
        case ClockPaused() as event:
            listed = rules.pause_reasons(province, on)
            return PauseClock(agency=event.agency, on=on, reason=event.reason, reasons=listed)
        case ClockResumed() as event:
            return ResumeClock(agency=event.agency, on=on, calendar=calendar)
        case ExtensionRequested() as event:
            return RequestExtension(
                agency=event.agency,
                on=on,
                working_days=event.working_days,
                reason=event.reason,
                rule=rules.extension_rule(province, on),
            )
        case ExtensionGranted() | ExtensionRefused() as event:
            is_granted = isinstance(event, ExtensionGranted)
            return DecideExtension(on=on, seat=actor, is_granted=is_granted, calendar=calendar)
        case DeadlineRecomputed() as event:
            issue = issues.get(event.assignment_id)
            if issue is None:
                raise Unexplained("cause_missing", cause=None)
            start = rules.day_zero(province, issue.issued_on, issue.counted_from_on)
            return RecomputeDeadline(today=on, counted_from_on=start, calendar=calendar)
        case ReminderSent() | EscalationRaised():
            return ClimbLadder(today=on, ladder=rules.ladder(province, on), calendar=calendar)
        case _:
            raise Unexplained("cause_missing", cause=None)


def _succeeded(agency: str, province: Province, on: date) -> Command:
    command = succeed(agency, province, on)
    if command is None:
        raise Unexplained("cause_missing", cause=None)
    return command
