"""How each event changes an opinion. Pure, and total: an event that was recorded is true."""

from dataclasses import replace
from datetime import date
from typing import Any, assert_never

from services.intake.states import (
    Answered,
    Clarifying,
    Closed,
    Course,
    Declined,
    Eligible,
    InHandling,
    Known,
    KnownState,
    Merged,
    Received,
    Scheduled,
    Split,
    State,
    Unknown,
    Withdrawn,
    dimensions_of,
)
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
    OpinionAccepted,
    OpinionAnswered,
    OpinionBecameOverdue,
    OpinionClassified,
    OpinionClosed,
    OpinionCoveredByCommitment,
    OpinionDeclined,
    OpinionMerged,
    OpinionReceived,
    OpinionReferred,
    OpinionReopened,
    OpinionRescheduled,
    OpinionRetargeted,
    OpinionReturned,
    OpinionScheduled,
    OpinionSplit,
    OpinionUnmerged,
    OpinionUnscheduled,
    OpinionWithdrawn,
    ReceiptAcknowledged,
    RecurrenceLinked,
    ReopenDeclined,
    ReopenRequested,
    ReporterNotified,
)

DispositionEvent = (
    OpinionReceived
    | OpinionAccepted
    | OpinionDeclined
    | OpinionScheduled
    | OpinionUnscheduled
    | OpinionRescheduled
    | OpinionReferred
    | OpinionCoveredByCommitment
    | OpinionBecameOverdue
    | OpinionReturned
    | OpinionAnswered
    | OpinionReopened
    | OpinionClosed
    | OpinionWithdrawn
    | ClarificationRequested
    | ClarificationProvided
    | OpinionMerged
    | OpinionRetargeted
    | OpinionUnmerged
    | OpinionSplit
)
"""Events that lead to a state."""
NoteEvent = (
    ReceiptAcknowledged
    | HandoverAcknowledged
    | ClarificationLapsed
    | OpinionClassified
    | ForwardingNotified
    | MembersJoined
    | MembersLeft
    | ReporterNotified
    | FeedbackGiven
    | FeedbackWindowLapsed
    | ReopenRequested
    | ReopenDeclined
    | RecurrenceLinked
    | GoodPracticeMarked
    | ErasureRequested
    | ErasureDecided
    | NarrativeErased
)
"""Events that leave the state as it is, and are remembered in it."""
OpinionEvent = DispositionEvent | NoteEvent

NO_SESSION: dict[str, Any] = dict.fromkeys(
    ("session_id", "session_kind", "held_on", "session_unit", "session_level")
)
"""What an opinion says of a session while it is on no agenda."""


def evolve(state: State, event: OpinionEvent) -> State:
    """Return the state after `event`."""
    if isinstance(event, OpinionReceived):
        known: dict[str, Any] = {"dimensions": dimensions_of(event), "reception": event}
        return Scheduled(**known) if event.session_id else Received(**known)
    if isinstance(state, Unknown):
        return state
    state = replace(state, dimensions=dimensions_of(event))
    if isinstance(event, NoteEvent):
        return _noted(state, event)
    return _disposed(state, event)


def _disposed(state: KnownState, event: DispositionEvent) -> State:  # noqa: C901, PLR0911, PLR0912 - a table
    course = state.course
    match event:
        case OpinionAccepted():
            # Raised in a room it is on that session's agenda already.
            return state if isinstance(state, Scheduled) else _eligible(state, event.accepted_on)
        case OpinionDeclined():
            return Declined(
                **_known(state),
                reason=event.reason,
                redirect=event.redirect,
                declined_on=event.declined_on,
            )
        case OpinionScheduled() | OpinionRescheduled():
            return Scheduled(**_known(state))
        case OpinionUnscheduled():
            nowhere = replace(state.dimensions, **NO_SESSION)
            return _eligible(replace(state, dimensions=nowhere), course.eligible_on)
        case OpinionReferred():
            return _in_handling(state, event.round)
        case OpinionCoveredByCommitment():
            handled = _in_handling(state, event.round)
            is_overdue = isinstance(state, InHandling) and state.is_overdue
            return replace(handled, is_overdue=is_overdue, commitment_id=event.commitment_id)
        case OpinionBecameOverdue():
            handled = state if isinstance(state, InHandling) else _in_handling(state, event.round)
            return replace(handled, is_overdue=True)
        case OpinionReturned():
            gone = state.commitment_id if isinstance(state, InHandling) else None
            dropped = course.dropped | ({gone} if gone else set())
            changed = replace(state, course=replace(course, dropped=dropped))
            return _eligible(changed, event.returned_on)
        case OpinionAnswered():
            round_ = max(course.round, event.round)  # on the spot no agency had it before
            answers = replace(course, answers=course.answers + 1, round=round_)
            commitment_id = state.commitment_id if isinstance(state, InHandling) else None
            return Answered(
                **_known(replace(state, course=answers)),
                answer=event,
                commitment_id=commitment_id,
            )
        case OpinionReopened():
            again = replace(course, reopenings=course.reopenings + 1)
            return _in_handling(replace(state, course=again), event.round)
        case OpinionClosed():
            return _closed(state)
        case OpinionWithdrawn():
            return Withdrawn(**_known(state))
        case ClarificationRequested():
            return Clarifying(**_known(state), request=event)
        case ClarificationProvided():
            return Received(**_known(state))
        case OpinionMerged():
            alone = replace(state, course=replace(course, member_ids=()))
            return _merged(alone, event.head_id)
        case OpinionRetargeted():
            return replace(state, head_id=event.head_id) if isinstance(state, Merged) else state
        case OpinionUnmerged():
            if not isinstance(state, Merged):
                return state
            return replace(state.before, dimensions=state.dimensions, course=course)
        case OpinionSplit():
            return Split(**_known(state), part_ids=event.part_ids)
        case OpinionReceived():
            return state
        case _:
            assert_never(event)


def _noted(state: KnownState, event: NoteEvent) -> State:  # noqa: C901, PLR0912 - a table
    course = state.course
    match event:
        case ReceiptAcknowledged():
            course = replace(course, is_acknowledged=True)
        case HandoverAcknowledged():
            course = replace(course, receivers=course.receivers | {event.receiver})
        case OpinionClassified():
            course = replace(course, is_classified=True, skips_level=event.skips_level)
        case MembersJoined():
            course = replace(course, member_ids=(*course.member_ids, *event.member_ids))
        case MembersLeft():
            left = tuple(each for each in course.member_ids if each not in event.member_ids)
            course = replace(course, member_ids=left)
        case RecurrenceLinked():
            course = replace(course, earlier_ids=course.earlier_ids | {event.earlier_id})
        case GoodPracticeMarked():
            course = replace(course, is_good_practice=True)
        case ErasureRequested():
            course = replace(course, erasure_request=event)
        case ErasureDecided():
            course = replace(course, erasure_request=None, erasure=event)
        case NarrativeErased():
            course = replace(course, is_erased=True)
        case ForwardingNotified() if isinstance(state, Declined):
            return replace(state, is_notified=True)
        case ReporterNotified() if isinstance(state, Answered):
            return replace(state, is_notified=True)
        case FeedbackGiven() if isinstance(state, Answered):
            return replace(state, feedback=(*state.feedback, event))
        case FeedbackWindowLapsed() if isinstance(state, Answered):
            return replace(state, window_is_over=True)
        case ReopenRequested() if isinstance(state, Answered):
            return replace(state, reopen_request=event)
        case ReopenDeclined() if isinstance(state, Answered):
            return replace(state, reopen_request=None)
        case _:
            return state
    return replace(state, course=course)


def _known(state: Known) -> dict[str, Any]:
    return {
        "dimensions": state.dimensions,
        "reception": state.reception,
        "course": state.course,
    }


def _eligible(state: Known, on: date | None) -> Eligible:
    return Eligible(**_known(replace(state, course=replace(state.course, eligible_on=on))))


def _in_handling(state: Known, round_: int) -> InHandling:
    course: Course = replace(state.course, round=max(state.course.round, round_))
    return InHandling(**_known(replace(state, course=course)), round=round_)


def _closed(state: KnownState) -> State:
    if not isinstance(state, Answered):
        return state
    return Closed(
        **_known(state),
        answer=state.answer,
        commitment_id=state.commitment_id,
        is_notified=state.is_notified,
        feedback=state.feedback,
        window_is_over=state.window_is_over,
    )


def _merged(state: KnownState, head_id: str) -> State:
    if not isinstance(state, Received | Eligible | Scheduled):
        return state
    return Merged(**_known(state), head_id=head_id, before=state)
