"""What one opinion can be, and how each event changes it. Pure."""

from dataclasses import dataclass, fields, replace
from typing import Any, assert_never

from shared.contracts.intake import (
    OpinionAccepted,
    OpinionAnswered,
    OpinionBecameOverdue,
    OpinionCoveredByCommitment,
    OpinionDeclined,
    OpinionDimensions,
    OpinionReceived,
    OpinionReferred,
    OpinionScheduled,
    OpinionUnscheduled,
)
from shared.contracts.vocabulary import DeclineReason

OpinionEvent = (
    OpinionReceived
    | OpinionAccepted
    | OpinionDeclined
    | OpinionScheduled
    | OpinionUnscheduled
    | OpinionReferred
    | OpinionCoveredByCommitment
    | OpinionBecameOverdue
    | OpinionAnswered
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody has reported it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What every later state remembers."""

    dimensions: OpinionDimensions
    reception: OpinionReceived
    """The first event, to tell a repeated report from a different one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Known):
    """Waits for screening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligible(Known):
    """Fit for dialogue; waits for a disposition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled(Known):
    """On a session's agenda, or raised in its room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InHandling(Known):
    """An agency's duty."""

    round: int
    is_overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Known):
    """The people have their answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(Known):
    """Left the flow. Terminal."""

    reason: DeclineReason
    redirect: str | None


State = Unknown | Received | Eligible | Scheduled | InHandling | Answered | Declined


def evolve(state: State, event: OpinionEvent) -> State:
    """Return the state after `event`. Total: an event that was recorded is true."""
    dimensions = dimensions_of(event)
    if isinstance(event, OpinionReceived):
        known: dict[str, Any] = {"dimensions": dimensions, "reception": event}
        return Scheduled(**known) if event.session_id else Received(**known)
    if isinstance(state, Unknown):
        return state
    known = {"dimensions": dimensions, "reception": state.reception}
    match event:
        case OpinionAccepted():
            # Raised in a room it is on that session's agenda already.
            return state if isinstance(state, Scheduled) else Eligible(**known)
        case OpinionDeclined():
            return Declined(**known, reason=event.reason, redirect=event.redirect)
        case OpinionScheduled():
            return Scheduled(**known)
        case OpinionUnscheduled():
            return Eligible(
                dimensions=replace(dimensions, session_id=None, session_kind=None, held_on=None),
                reception=state.reception,
            )
        case OpinionReferred() | OpinionCoveredByCommitment():
            return InHandling(**known, round=event.round)
        case OpinionBecameOverdue():
            return InHandling(**known, round=event.round, is_overdue=True)
        case OpinionAnswered():
            return Answered(**known)
        case _:
            assert_never(event)


def dimensions_of(event: OpinionDimensions) -> OpinionDimensions:
    """Return only the dimensions of an opinion's event."""
    return OpinionDimensions(**values_of(event))


def values_of(dimensions: OpinionDimensions) -> dict[str, Any]:
    """Return the dimensions by name, to make an event with."""
    return {f.name: getattr(dimensions, f.name) for f in fields(OpinionDimensions)}


def state_name(state: State) -> str:
    """Return the state's name as it stands in read models and errors."""
    match state:
        case Unknown():
            return "unknown"
        case Received():
            return "received"
        case Eligible():
            return "eligible"
        case Scheduled():
            return "scheduled"
        case InHandling():
            return "in_handling"
        case Answered():
            return "answered"
        case Declined():
            return "declined"
        case _:
            assert_never(state)
