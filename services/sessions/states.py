"""What a session can be, and how each event changes it.

Every state remembers the events that a repeat is compared with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, assert_never

from shared.contracts.sessions import (
    AgendaItemPlaced,
    AnswerGivenOnSpot,
    AttendanceRecorded,
    ConclusionIssued,
    OpinionRaised,
    SessionEnded,
    SessionEvent,
    SessionOpened,
    SessionPlanned,
    SessionScheduled,
)


@dataclass(frozen=True, slots=True)
class NotPlanned:
    """Nobody has planned it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What every later state remembers."""

    plan: SessionPlanned


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned(Known):
    """In the year's plan, without a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed(Known):
    """Its day is fixed."""

    held_on: date
    agenda: frozenset[str]
    """Opinions that Intake put forward in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled(Fixed):
    """Waits for its day, and takes opinions on its agenda."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun(Fixed):
    """People came together."""

    opened: SessionOpened
    attendances: Mapping[str, AttendanceRecorded]
    """Latest statement by group."""
    raised: Mapping[str, OpinionRaised]
    answered: Mapping[str, AnswerGivenOnSpot]

    @property
    def opinions(self) -> frozenset[str]:
        """Every opinion of the session, on the agenda or raised in the room."""
        return self.agenda | self.raised.keys()


@dataclass(frozen=True, slots=True, kw_only=True)
class InProgress(Begun):
    """Under way in the room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Begun):
    """Over, and counted; waits for its conclusion."""

    ended: SessionEnded


@dataclass(frozen=True, slots=True, kw_only=True)
class Concluded(Begun):
    """Its conclusion notice is out. Terminal."""

    ended: SessionEnded
    conclusion: ConclusionIssued


State = NotPlanned | Planned | Scheduled | InProgress | Held | Concluded


def state_name(state: State) -> str:
    """Return the state's name as it stands in read models and errors."""
    match state:
        case NotPlanned():
            return "not_planned"
        case Planned():
            return "planned"
        case Scheduled():
            return "scheduled"
        case InProgress():
            return "in_progress"
        case Held():
            return "held"
        case Concluded():
            return "concluded"
        case _:
            assert_never(state)


def evolve(state: State, event: SessionEvent) -> State:
    """Return the state after `event`. Total: an event that was recorded is true."""
    match event:
        case SessionPlanned():
            return Planned(plan=event)
        case SessionScheduled() if isinstance(state, Planned):
            return Scheduled(plan=state.plan, held_on=event.held_on, agenda=frozenset())
        case AgendaItemPlaced() if isinstance(state, Fixed):
            return replace(state, agenda=state.agenda | {event.opinion_id})
        case SessionOpened() if isinstance(state, Scheduled):
            return InProgress(
                plan=state.plan,
                held_on=state.held_on,
                agenda=state.agenda,
                opened=event,
                attendances={},
                raised={},
                answered={},
            )
        case AttendanceRecorded() if isinstance(state, Begun):
            return replace(state, attendances={**state.attendances, event.group: event})
        case OpinionRaised() if isinstance(state, Begun):
            return replace(state, raised={**state.raised, event.opinion_id: event})
        case AnswerGivenOnSpot() if isinstance(state, Begun):
            return replace(state, answered={**state.answered, event.opinion_id: event})
        case SessionEnded() if isinstance(state, InProgress):
            return Held(**_remembered(state), ended=event)
        case ConclusionIssued() if isinstance(state, Held):
            return Concluded(**_remembered(state), conclusion=event)
        case _:
            return state


def _remembered(state: InProgress | Held) -> dict[str, Any]:
    return {f.name: getattr(state, f.name) for f in fields(state)}
