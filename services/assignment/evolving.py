"""What each event makes of an assignment. Total: an event that was recorded is true."""

from dataclasses import replace
from datetime import date
from typing import Any, assert_never

from services.assignment import legs
from services.assignment.states import (
    Accepted,
    Claimed,
    Disputed,
    Ended,
    Fulfilled,
    Issued,
    Live,
    Matter,
    Paused,
    Released,
    State,
    Submitted,
    Triaged,
    Unissued,
)
from shared.contracts.assignment import (
    AnswerReleased,
    AnswerReturned,
    AnswerSubmitted,
    AssignmentAccepted,
    AssignmentCancelled,
    AssignmentEvent,
    AssignmentIssued,
    AssignmentSuperseded,
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
    ReferralTriaged,
    RefusalOverruled,
    RefusalUpheld,
    ReminderSent,
)
from shared.contracts.assignment_dimensions import Leg
from shared.contracts.vocabulary import TransferReason


def evolve(state: State, event: AssignmentEvent) -> State:
    """Return the state after `event`."""
    if isinstance(event, AssignmentIssued):
        return Issued(matter=_begun(event))
    if isinstance(event, ReferralTriaged):
        return Triaged(referral=event)
    if isinstance(state, Unissued | Triaged | Ended):
        return state
    if isinstance(state, Released):
        return _after_release(state, event)
    return _while_live(state, event)


def _begun(event: AssignmentIssued) -> Matter:
    return Matter(
        issue=event,
        agency=event.agency,
        due_on=event.due_on,
        legs=legs.begun(event.agency, event.cooperating_agencies, event.issued_on),
        last_on=event.issued_on,
    )


def _while_live(state: Live, event: AssignmentEvent) -> State:  # noqa: C901, PLR0911, PLR0912
    matter = state.matter
    match event:
        case AssignmentIssued() | ReferralTriaged():
            return state
        case AssignmentAccepted():
            return Accepted(matter=replace(matter, last_on=event.accepted_on))
        case AutoAccepted():
            return Accepted(matter=replace(matter, last_on=event.auto_accepted_on))
        case AssignmentRefused():
            return Disputed(matter=replace(matter, last_on=event.refused_on), refusal=event)
        case RefusalUpheld():
            return _with(state, last_on=event.decided_on)
        case RefusalOverruled():
            return Accepted(matter=replace(matter, last_on=event.decided_on))
        case LeadTransferred():
            return _transferred(state, event)
        case CoordinationRequested():
            return _with(
                state,
                last_on=event.requested_on,
                legs=legs.joined(matter.legs, event.cooperating_agency, event.requested_on),
                awaited=(*matter.awaited, event),
            )
        case ContributionSubmitted():
            gone = event.cooperating_agency
            awaited = (each for each in matter.awaited if each.cooperating_agency != gone)
            late, day = matter.late - {gone}, event.submitted_on
            return _with(state, last_on=day, awaited=tuple(awaited), late=late)
        case ContributionMissed():
            return _with(state, late=matter.late | {event.cooperating_agency})
        case ClockPaused():
            return Paused(matter=replace(matter, last_on=event.paused_on), pause=event)
        case ClockResumed():
            added = matter.added_working_days + event.paused_working_days
            moved = _moved(matter, event.due_on, event.resumed_on, added)
            return Accepted(matter=moved)
        case ExtensionRequested():
            return _with(state, last_on=event.requested_on, extension=event)
        case ExtensionGranted():
            added = matter.added_working_days + event.working_days
            moved = _moved(matter, event.due_on, event.granted_on, added)
            return replace(
                state, matter=replace(moved, extension=None, extensions=matter.extensions + 1)
            )
        case ExtensionRefused():
            return _with(state, last_on=event.refused_on, extension=None)
        case DeadlineRecomputed():
            return _with(state, due_on=event.due_on)
        case AnswerSubmitted():
            return Submitted(matter=replace(matter, last_on=event.submitted_on), answer=event)
        case AnswerReturned():
            return Accepted(matter=replace(matter, last_on=event.returned_on))
        case AnswerReleased():
            if not isinstance(state, Submitted):
                return state
            ended = _ended(matter, event.released_on, event.legs)
            return Released(matter=ended, answer=state.answer, approver=event.approver)
        case DeadlineMissed():
            return _with(state, missed=True)
        case ReminderSent() | EscalationRaised():
            return _with(state, steps=matter.steps | {event.step_working_days})
        case AssignmentTriaged():
            return _with(state, last_on=event.triaged_on, is_in_triage=True)
        case AssignmentCancelled():
            return Ended(matter=_ended(matter, event.cancelled_on, event.legs), by=event)
        case AssignmentSuperseded():
            return Ended(matter=_ended(matter, event.superseded_on, event.legs), by=event)
        case FulfilmentClaimed() | FulfilmentVerified() | FulfilmentRejected():
            return state
        case _:
            assert_never(event)


def _after_release(state: Released, event: AssignmentEvent) -> State:
    answer: dict[str, Any] = {"answer": state.answer, "approver": state.approver}
    match event:
        case FulfilmentClaimed():
            matter = replace(state.matter, last_on=event.claimed_on)
            return Claimed(matter=matter, **answer, author=event.author)
        case FulfilmentVerified():
            return Fulfilled(matter=replace(state.matter, last_on=event.verified_on), **answer)
        case FulfilmentRejected():
            return Released(matter=replace(state.matter, last_on=event.rejected_on), **answer)
        case _:
            return state


def _transferred(state: Live, event: LeadTransferred) -> Live:
    """Return the state under the new lead: after a refusal it has to say first what it thinks.

    A successor goes on where the former agency stood.
    """
    matter = state.matter
    is_upheld = event.reason is TransferReason.REFUSAL_UPHELD
    moved = replace(
        matter,
        agency=event.agency,
        legs=legs.transferred(
            matter.legs, event.agency, event.transferred_on, event.held_working_days
        ),
        last_on=event.transferred_on,
        not_competent=matter.not_competent | ({event.agency_before} if is_upheld else set()),
        transfers=matter.transfers + is_upheld,
        awaited=tuple(each for each in matter.awaited if each.cooperating_agency != event.agency),
        is_in_triage=False,
    )
    return Issued(matter=moved) if isinstance(state, Disputed) else replace(state, matter=moved)


def _with(state: Live, **changed: Any) -> Live:
    return replace(state, matter=replace(state.matter, **changed))


def _moved(matter: Matter, due_on: date, on: date, added_working_days: int) -> Matter:
    return replace(matter, due_on=due_on, last_on=on, added_working_days=added_working_days)


def _ended(matter: Matter, on: date, ended: tuple[Leg, ...] | None) -> Matter:
    """Return the matter with its legs as the last event has them."""
    return replace(matter, last_on=on, legs=ended or matter.legs)
