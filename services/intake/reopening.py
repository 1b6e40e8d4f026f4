"""Taking an answered matter up again, when a person says so. Pure."""

from collections.abc import Sequence

from services.intake.commands_course import DeclineReopening, ReopenOpinion, RequestReopening
from services.intake.evolving import OpinionEvent
from services.intake.states import Answered, State, state_name, values_of
from shared.contracts.intake import OpinionReopened, ReopenDeclined, ReopenRequested
from shared.kernel.errors import Refused

Events = Sequence[OpinionEvent]


def request(command: RequestReopening, state: State) -> Events:
    """Return that somebody asked; nothing while an earlier request waits. Raises as `decide`."""
    answered = _answered(state)
    if answered.reopen_request is not None:
        return ()
    requested = ReopenRequested(
        **values_of(answered.dimensions),
        round=answered.answer.round,
        requested_on=command.on,
        reasons=tuple(dict.fromkeys(command.reasons)),
    )
    return (requested,)


def reopen(command: ReopenOpinion, state: State) -> Events:
    """Return that a new round begins, a level up where this one was asked often enough.

    Raises as `decide`.
    """
    answered = _answered(state)
    request = answered.reopen_request
    if request is None:
        raise Refused("opinion.no_reopening_asked", opinion=answered.dimensions.opinion_id)
    reopened = OpinionReopened(
        **values_of(answered.dimensions),
        reopened_on=command.on,
        round=answered.course.round + 1,
        reason=request.reasons[0],
        level_up=answered.course.reopenings >= command.reopenings_at_level,
        agency=answered.answer.agency,
    )
    return (reopened,)


def decline(command: DeclineReopening, state: State) -> Events:
    """Return that the answer stands. Raises as `decide`."""
    answered = _answered(state)
    if answered.reopen_request is None:
        raise Refused("opinion.no_reopening_asked", opinion=answered.dimensions.opinion_id)
    declined = ReopenDeclined(
        **values_of(answered.dimensions),
        round=answered.answer.round,
        declined_on=command.on,
        reason=command.reason,
    )
    return (declined,)


def _answered(state: State) -> Answered:
    if not isinstance(state, Answered):
        raise Refused("opinion.not_answered", state=state_name(state))
    return state
