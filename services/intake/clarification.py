"""Asking the reporter what is meant, while the screening clock stands still. Pure."""

from collections.abc import Sequence

from services.intake.commands_screening import (
    LapseClarification,
    ProvideClarification,
    RequestClarification,
)
from services.intake.evolving import OpinionEvent
from services.intake.states import Clarifying, Received, State, state_name, values_of
from shared.contracts.intake import (
    ClarificationLapsed,
    ClarificationProvided,
    ClarificationRequested,
    OpinionDeclined,
)
from shared.contracts.vocabulary import DeclineReason
from shared.kernel.errors import Refused

Events = Sequence[OpinionEvent]


def request(command: RequestClarification, state: State) -> Events:
    """Return that the reporter was asked. Raises Refused: see `decide`."""
    if not isinstance(state, Received):
        raise Refused("opinion.not_in_screening", state=state_name(state))
    requested = ClarificationRequested(
        **values_of(state.dimensions),
        requested_on=command.on,
        due_on=command.deadline.due_on,
        deadline_citation=command.deadline.citation,
        text=command.text,
    )
    return (requested,)


def provide(command: ProvideClarification, state: State) -> Events:
    """Return that the reporter replied: late too, as long as nobody declared it lapsed.

    Raises Refused: see `decide`.
    """
    if not isinstance(state, Clarifying):
        raise Refused("opinion.not_clarifying", state=state_name(state))
    provided = ClarificationProvided(
        **values_of(state.dimensions),
        requested_on=state.request.requested_on,
        provided_on=command.on,
        paused_working_days=command.paused_working_days,
        text=command.text,
    )
    return (provided,)


def lapse(command: LapseClarification, state: State) -> Events:
    """Return that no reply came in time, and that the opinion is declined for it."""
    if not isinstance(state, Clarifying) or command.today <= state.request.due_on:
        return ()
    values = values_of(state.dimensions)
    lapsed = ClarificationLapsed(
        **values, requested_on=state.request.requested_on, due_on=state.request.due_on
    )
    declined = OpinionDeclined(
        **values,
        reason=DeclineReason.NOT_CLARIFIED,
        declined_on=command.today,
        state_before=state_name(state),
        screening_days=(command.today - state.dimensions.received_on).days,
    )
    return (lapsed, declined)
