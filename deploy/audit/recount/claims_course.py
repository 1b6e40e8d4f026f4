"""What people must have asked of an opinion for its further events to follow."""

from collections.abc import Mapping
from typing import Any

from deploy.audit.logged import Logged
from deploy.audit.recount.premises import Premises, Unexplained
from services.intake import limits
from services.intake.commands import Command
from services.intake.commands_course import (
    CloseOpinion,
    DecideErasure,
    DeclineReopening,
    EraseNarrative,
    GiveFeedback,
    LapseFeedback,
    LinkRecurrence,
    MarkGoodPractice,
    NotifyReporter,
    ReopenOpinion,
    RequestErasure,
    RequestReopening,
    WithdrawOpinion,
)
from services.intake.commands_screening import (
    AcknowledgeHandover,
    AcknowledgeReceipt,
    ClassifyOpinion,
    JoinMembers,
    LapseClarification,
    MergeOpinion,
    NotifyForwarding,
    ProvideClarification,
    ReleaseMembers,
    RequestClarification,
    RetargetOpinion,
    SplitOpinion,
    UnmergeOpinion,
)
from services.intake.states import Answered, Known, State, Unknown, state_name
from shared.contracts.intake import (
    ClarificationLapsed,
    ClarificationProvided,
    ClarificationRequested,
    ErasureDecided,
    ErasureRequested,
    FeedbackGiven,
    FeedbackWindowLapsed,
    ForwardingNotified,
    GoodPracticeMarked,
    HandoverAcknowledged,
    MembersJoined,
    MembersLeft,
    NarrativeErased,
    OpinionClassified,
    OpinionClosed,
    OpinionDimensions,
    OpinionMerged,
    OpinionReopened,
    OpinionRetargeted,
    OpinionSplit,
    OpinionUnmerged,
    OpinionWithdrawn,
    ReceiptAcknowledged,
    RecurrenceLinked,
    ReopenDeclined,
    ReopenRequested,
    ReporterNotified,
)

States = Mapping[str, State]


def asked_later(
    logged: Logged, event: OpinionDimensions, premises: Premises, states: States
) -> Command:
    """Return the command that must have led to `event`; its day is that of the event.

    Raises:
        Unexplained: nobody can have asked for it.
        AppError: what had to be resolved first is refused.

    """
    command = _screening(logged, event, premises) or _merging(event, states)
    return command or _course(logged, event, premises, states)


def _screening(logged: Logged, event: OpinionDimensions, premises: Premises) -> Command | None:
    on = logged.occurred_on
    match event:
        case ReceiptAcknowledged():
            deadline = limits.limit(premises.ruled_by(), limits.ACKNOWLEDGE, event.received_on)
            return AcknowledgeReceipt(on=on, deadline=deadline)
        case HandoverAcknowledged():
            province = premises.ruled_by()
            province.organisation(event.receiver, on)
            deadline = limits.limit(province, limits.ACKNOWLEDGE, event.received_on)
            return AcknowledgeHandover(receiver=event.receiver, on=on, deadline=deadline)
        case ClarificationRequested():
            deadline = limits.limit(premises.ruled_by(), limits.CLARIFICATION, on)
            return RequestClarification(on=on, deadline=deadline, text=event.text)
        case ClarificationProvided():
            calendar = premises.ruled_by().calendar
            paused = calendar.working_days_between(event.requested_on, on)
            return ProvideClarification(on=on, paused_working_days=paused, text=event.text)
        case ClarificationLapsed():
            return LapseClarification(today=on)
        case OpinionClassified():
            premises.ruled_by().field(event.field, on)
            return ClassifyOpinion(
                opinion_kind=event.opinion_kind,
                field=event.field,
                competent_level=event.competent_level,
                urgency=event.urgency,
            )
        case ForwardingNotified():
            deadline = limits.limit(premises.ruled_by(), limits.FORWARDING, event.declined_on)
            return NotifyForwarding(on=on, deadline=deadline)
        case _:
            return None


def _merging(event: OpinionDimensions, states: States) -> Command | None:
    match event:
        case OpinionMerged():
            return MergeOpinion(
                head_id=event.head_id,
                head_state=state_name(_state(event.head_id, states)),
                similarity_permille=event.similarity_permille,
                algorithm=event.algorithm,
            )
        case OpinionRetargeted():
            return RetargetOpinion(head_id=event.head_id)
        case OpinionUnmerged():
            return UnmergeOpinion(promoted=event.promoted)
        case MembersJoined():
            voices = _voices(event.member_ids, states)
            return JoinMembers(member_ids=event.member_ids, voices=voices)
        case MembersLeft():
            voices = _voices(event.member_ids, states)
            return ReleaseMembers(member_ids=event.member_ids, voices=voices)
        case OpinionSplit():
            return SplitOpinion(part_ids=event.part_ids)
        case _:
            return None


def _course(  # noqa: C901, PLR0911, PLR0912 - a table
    logged: Logged, event: OpinionDimensions, premises: Premises, states: States
) -> Command:
    on = logged.occurred_on
    match event:
        case OpinionWithdrawn():
            return WithdrawOpinion(
                on=on, reason=event.reason, keep_ex_officio=event.keep_ex_officio
            )
        case ReporterNotified():
            return NotifyReporter(on=on)
        case FeedbackGiven():
            return GiveFeedback(
                reporter=event.reporter,
                satisfaction=event.satisfaction,
                reasons=event.reasons,
                on=on,
                window=_window(event, premises, states),
            )
        case FeedbackWindowLapsed():
            return LapseFeedback(today=on, window=_window(event, premises, states))
        case ReopenRequested():
            return RequestReopening(on=on, reasons=event.reasons)
        case OpinionReopened():
            at_level = limits.reopenings_at_level(premises.ruled_by(), on)
            return ReopenOpinion(on=on, reopenings_at_level=at_level)
        case ReopenDeclined():
            return DeclineReopening(on=on, reason=event.reason)
        case OpinionClosed():
            # Which commitments stood that day is told by Sessions, in no common order.
            return CloseOpinion(on=on, commitment_stands=True)
        case RecurrenceLinked():
            answered_on = _answered(event.earlier_id, states).answer.answered_on
            return LinkRecurrence(
                earlier_id=event.earlier_id, earlier_answered_on=answered_on, on=on
            )
        case GoodPracticeMarked():
            return MarkGoodPractice(on=on)
        case ErasureRequested():
            deadline = limits.limit(premises.ruled_by(), limits.ERASURE_ANSWER, on)
            return RequestErasure(on=on, deadline=deadline)
        case ErasureDecided():
            deadline = limits.limit(premises.ruled_by(), limits.ERASURE, event.requested_on)
            return DecideErasure(on=on, refusal=event.refusal, deadline=deadline)
        case NarrativeErased():
            return EraseNarrative(on=on, texts=event.texts)
        case _:
            raise Unexplained("cause_missing", cause=None)


def _window(event: OpinionDimensions, premises: Premises, states: States) -> Any:
    answered_on = _answered(event.opinion_id, states).answer.answered_on
    return limits.limit(premises.ruled_by(), limits.FEEDBACK, answered_on)


def _state(opinion_id: str, states: States) -> State:
    return states.get(f"opinion-{opinion_id}", Unknown())


def _answered(opinion_id: str, states: States) -> Answered:
    state = _state(opinion_id, states)
    if not isinstance(state, Answered):
        raise Unexplained("cause_missing", cause=None)
    return state


def _voices(opinion_ids: tuple[str, ...], states: States) -> int:
    """Return how many people put these opinions forward themselves."""
    found = (_state(opinion_id, states) for opinion_id in opinion_ids)
    return sum(state.reception.voices for state in found if isinstance(state, Known))
