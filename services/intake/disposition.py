"""Where an eligible opinion goes: to an agency, or on an agenda and into a conclusion. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeGuard

from services.intake.commands import (
    CoverByCommitment,
    ReferOpinion,
    ScheduleOpinion,
    TakeOffAgenda,
)
from services.intake.commands_course import RescheduleOpinion, ReturnOpinion
from services.intake.evolving import OpinionEvent
from services.intake.states import (
    Eligible,
    InHandling,
    Known,
    Scheduled,
    State,
    state_name,
    values_of,
)
from shared.contracts.intake import (
    OpinionCoveredByCommitment,
    OpinionReferred,
    OpinionRescheduled,
    OpinionReturned,
    OpinionScheduled,
    OpinionUnscheduled,
)
from shared.contracts.vocabulary import LEAVES_THE_FLOW
from shared.kernel.errors import Refused

Events = Sequence[OpinionEvent]

FIRST_ROUND = 1
"""A conclusion speaks of opinions that nobody has answered yet."""


def refer(command: ReferOpinion, state: State) -> Events:
    """Return that the opinion goes to an agency, in a new round. Raises as `decide`."""
    eligible = _eligible(state)
    referred = OpinionReferred(
        **values_of(eligible.dimensions),
        referred_on=command.referred_on,
        round=eligible.course.round + 1,
        agency=command.agency,
        waited_days=_waited(eligible, command.referred_on),
    )
    return (referred,)


def schedule(command: ScheduleOpinion, state: State) -> Events:
    """Return that the opinion was put forward for a session. Raises as `decide`."""
    if is_on(state, command.session_id):
        return ()
    eligible = _eligible(state)
    before = eligible.dimensions
    if command.held_on < before.received_on:
        raise Refused("opinion.session_before_reception", held_on=command.held_on)
    scheduled = replace(
        before,
        session_id=command.session_id,
        session_kind=command.session_kind,
        held_on=command.held_on,
        session_unit=command.session_unit,
        session_level=command.session_level,
    )
    event = OpinionScheduled(
        **values_of(scheduled),
        scheduled_on=command.on,
        waited_days=_waited(eligible, command.on),
        held_on_before=before.held_on,
        session_kind_before=before.session_kind,
        session_unit_before=before.session_unit,
        session_level_before=before.session_level,
    )
    return (event,)


def take_off(command: TakeOffAgenda, state: State) -> Events:
    """Return that the opinion left the agenda, if it was on it."""
    if not is_on(state, command.session_id):
        return ()
    return (OpinionUnscheduled(**values_of(state.dimensions), reason=command.reason),)


def reschedule(command: RescheduleOpinion, state: State) -> Events:
    """Return that the opinion's session has another day, if it is on it."""
    if not is_on(state, command.session_id):
        return ()
    before = state.dimensions.held_on
    if before is None or before == command.held_on:
        return ()
    moved = replace(state.dimensions, held_on=command.held_on)
    return (OpinionRescheduled(**values_of(moved), held_on_before=before),)


def cover(command: CoverByCommitment, state: State) -> Events:
    """Return that a commitment answers for the opinion, or another one from now on.

    A commitment that was dropped does not come back, in whatever order that is heard.
    """
    match state:
        case Scheduled() | Eligible() | InHandling(commitment_id=str()):
            is_here = state.dimensions.session_id == command.session_id
            is_so = isinstance(state, InHandling) and state.commitment_id == command.commitment_id
            if is_here and not is_so and command.commitment_id not in state.course.dropped:
                return (covered(state, command.commitment_id),)
            return ()
        case _:
            return ()


def give_back(command: ReturnOpinion, state: State) -> Events:
    """Return that the opinion waits for a disposition again, if that assignment had it."""
    match state:
        case InHandling() if (state.round, state.commitment_id) == (
            command.round,
            command.commitment_id,
        ):
            return (_returned(command, state, was_overdue=state.is_overdue),)
        case Scheduled() if command.commitment_id is not None:
            # The cancellation overtook the conclusion on its way here; both are true.
            before = covered(state, command.commitment_id)
            return (before, _returned(command, state, was_overdue=False))
        case _:
            return ()


def is_on(state: State, session_id: str) -> TypeGuard[Scheduled]:
    """Tell whether the opinion is on the agenda of the session."""
    return isinstance(state, Scheduled) and state.dimensions.session_id == session_id


def covered(
    state: Scheduled | Eligible | InHandling, commitment_id: str
) -> OpinionCoveredByCommitment:
    """Return that the commitment answers for the opinion."""
    return OpinionCoveredByCommitment(
        **values_of(state.dimensions),
        commitment_id=commitment_id,
        round=FIRST_ROUND,
        state_before=state_name(state),
    )


def _returned(command: ReturnOpinion, state: Known, *, was_overdue: bool) -> OpinionReturned:
    return OpinionReturned(
        **values_of(state.dimensions),
        round=command.round,
        reason=command.reason,
        returned_on=command.on,
        was_overdue=was_overdue,
        reopened=state.course.answers > 0,
    )


def _eligible(state: State) -> Eligible:
    """Raises Refused `opinion.not_eligible`, `opinion.must_be_declined`."""
    if not isinstance(state, Eligible):
        raise Refused("opinion.not_eligible", state=state_name(state))
    if state.dimensions.opinion_kind in LEAVES_THE_FLOW:
        raise Refused("opinion.must_be_declined", opinion=state.dimensions.opinion_id)
    return state


def _waited(state: Eligible, on: date) -> int | None:
    eligible_on = state.course.eligible_on
    return None if eligible_on is None else (on - eligible_on).days
