"""How each event changes what a session is."""

from dataclasses import fields, replace
from typing import Any, TypeVar

from services.sessions.states import (
    Adjourned,
    Begun,
    Cancelled,
    Completed,
    Concluded,
    Convened,
    Fixed,
    Held,
    InProgress,
    Issued,
    Known,
    Minuted,
    Planned,
    Scheduled,
    State,
)
from shared.contracts.sessions import (
    AgendaItemPlaced,
    AgendaItemRemoved,
    AgendaSet,
    AnswerGivenOnSpot,
    AttendanceRecorded,
    ChairDelegated,
    CommitmentProgressed,
    CommitmentStated,
    ConclusionAmended,
    ConclusionIssued,
    MinutesApproved,
    MinutesCorrected,
    OpinionRaised,
    ResultsPublished,
    SessionAdjourned,
    SessionCancelled,
    SessionCompleted,
    SessionConvened,
    SessionEnded,
    SessionEvent,
    SessionOpened,
    SessionPlanned,
    SessionPostponed,
    SessionRescheduled,
    SessionResumed,
    SessionScheduled,
)

S = TypeVar("S")
F = TypeVar("F", bound=Fixed)


def evolve(state: State, event: SessionEvent) -> State:
    """Return the state after `event`. Total: an event that was recorded is true."""
    match event:
        case SessionPlanned():
            return Planned(plan=event)
        case SessionScheduled() if isinstance(state, Planned):
            return Scheduled(plan=state.plan, appointed=event, chair=event.chair)
        case SessionCancelled() if isinstance(state, Known):
            return Cancelled(plan=state.plan, cancelled=event)
        case _ if isinstance(state, Issued):
            return _issued(state, event)
        case _ if isinstance(state, Begun):
            return _begun(state, event)
        case _ if isinstance(state, Fixed):
            return _fixed(state, event)
        case _:
            return state


def _fixed(state: Scheduled | Convened, event: SessionEvent) -> State:
    match event:
        case SessionRescheduled():
            return _become(Scheduled, state, appointed=event, chair=event.chair, delegated=None)
        case SessionPostponed():
            return Planned(plan=state.plan)
        case ChairDelegated():
            return replace(state, chair=event.chair, delegated=event)
        case AgendaSet():
            return replace(state, topics=event)
        case SessionConvened():
            return _become(Convened, state, convened=event)
        case SessionOpened():
            empty: dict[str, Any] = {"attendances": {}, "raised": {}, "answered": {}, "stated": {}}
            return _become(InProgress, state, opened=event, **empty)
        case _:
            return _items(state, event)


def _begun(state: InProgress | Adjourned | Held | Minuted, event: SessionEvent) -> State:
    match event:
        case AttendanceRecorded():
            return replace(state, attendances={**state.attendances, event.group: event})
        case OpinionRaised():
            return replace(state, raised={**state.raised, event.opinion_id: event})
        case AnswerGivenOnSpot():
            return replace(state, answered={**state.answered, event.opinion_id: event})
        case CommitmentStated():
            return replace(state, stated={**state.stated, event.statement_id: event})
        case SessionAdjourned():
            return _become(Adjourned, state, adjourned=event)
        case SessionResumed():
            return _become(InProgress, state)
        case SessionEnded():
            return _become(Held, state, ended=event)
        case MinutesApproved() | MinutesCorrected():
            return _become(Minuted, state, minutes=event)
        case ConclusionIssued():
            minutes = state.minutes if isinstance(state, Minuted) else None
            return _become(Concluded, state, minutes=minutes, conclusion=event, progress={})
        case _:
            return _items(state, event)


def _issued(state: Concluded | Completed, event: SessionEvent) -> State:
    match event:
        case MinutesApproved() | MinutesCorrected():
            return replace(state, minutes=event)
        case ConclusionAmended():
            return _become(Concluded, state, amended=event)
        case ResultsPublished():
            return replace(state, published=event)
        case CommitmentProgressed():
            return replace(state, progress={**state.progress, event.commitment_id: event})
        case SessionCompleted():
            return _become(Completed, state, completed=event)
        case _:
            return state


def _items(state: F, event: SessionEvent) -> F:
    match event:
        case AgendaItemPlaced(opinion_id=placed):
            return replace(state, agenda=state.agenda | {placed}, removed=state.removed - {placed})
        case AgendaItemRemoved(opinion_id=removed):
            return replace(
                state, agenda=state.agenda - {removed}, removed=state.removed | {removed}
            )
        case _:
            return state


def _become(form: type[S], state: Known, **more: Any) -> S:
    """Return a `form` that remembers what `state` does, as far as it has a place for it."""
    kept = {each.name for each in fields(form)}  # type: ignore[arg-type]
    mine = {each.name: getattr(state, each.name) for each in fields(state) if each.name in kept}
    return form(**{**mine, **more})
