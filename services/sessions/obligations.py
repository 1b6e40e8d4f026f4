"""One duty to hold periodic sessions: met or missed, each said once. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import assert_never

from services.sessions.duties import Duty
from shared.contracts.sessions import (
    ObligationDimensions,
    ObligationEvent,
    SessionObligationMet,
    SessionObligationMissed,
)
from shared.kernel.decider import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A periodic session that was held."""

    session_id: str
    held_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeObligation:
    """Look at what was held on some day."""

    duty: Duty
    held: tuple[Counted, ...]
    """Within the period, as known now."""
    today: date


@dataclass(frozen=True, slots=True)
class Unnoticed:
    """Nothing is said of it yet."""


@dataclass(frozen=True, slots=True)
class Missed:
    """The period was over without enough sessions."""


@dataclass(frozen=True, slots=True)
class Met:
    """Enough were held. Terminal."""


State = Unnoticed | Missed | Met


def decide(command: NoticeObligation, state: State) -> Sequence[ObligationEvent]:
    """Return that the duty is met, or missed once its period is over; nothing otherwise.

    A miss stays said; sessions recorded after it, within what may be recorded late, meet
    the duty all the same.
    """
    if isinstance(state, Met):
        return ()
    duty = command.duty
    dimensions = {f.name: getattr(duty, f.name) for f in fields(ObligationDimensions)}
    held = sorted(command.held, key=lambda each: (each.held_on, each.session_id))
    if len(held) >= duty.required:
        enough = held[: duty.required]
        return (
            SessionObligationMet(
                **dimensions,
                met_on=enough[-1].held_on,
                session_ids=tuple(each.session_id for each in enough),
                was_missed=isinstance(state, Missed),
            ),
        )
    if isinstance(state, Missed) or command.today <= duty.period_to:
        return ()
    return (
        SessionObligationMissed(
            **dimensions, held=len(held), session_ids=tuple(each.session_id for each in held)
        ),
    )


def evolve(state: State, event: ObligationEvent) -> State:
    """Return the state after `event`."""
    match event:
        case SessionObligationMet():
            return Met()
        case SessionObligationMissed():
            return state if isinstance(state, Met) else Missed()
        case _:
            assert_never(event)


OBLIGATION: Decider[NoticeObligation, State, ObligationEvent] = Decider(Unnoticed(), decide, evolve)


def stream_of(obligation_id: str) -> str:
    """Return the name of a duty's stream."""
    return f"obligation-{obligation_id}"
