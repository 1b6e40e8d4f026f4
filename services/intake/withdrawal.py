"""Taking an opinion back before it has its answer. Pure."""

from collections.abc import Sequence

from services.intake.commands_course import WithdrawOpinion
from services.intake.evolving import OpinionEvent
from services.intake.states import (
    Clarifying,
    Eligible,
    InHandling,
    Received,
    Scheduled,
    State,
    Withdrawn,
    state_name,
    values_of,
)
from shared.contracts.intake import OpinionWithdrawn
from shared.kernel.errors import Refused


def withdraw(command: WithdrawOpinion, state: State) -> Sequence[OpinionEvent]:
    """Return that the opinion was taken back. Its members must have left it before.

    Raises as `decide`.
    """
    if isinstance(state, Withdrawn):
        return ()
    if not isinstance(state, Received | Clarifying | Eligible | Scheduled | InHandling):
        raise Refused("opinion.not_withdrawable", state=state_name(state))
    if state.course.member_ids:
        raise Refused("opinion.has_members", opinion=state.dimensions.opinion_id)
    in_handling = isinstance(state, InHandling)
    withdrawn = OpinionWithdrawn(
        **values_of(state.dimensions),
        withdrawn_on=command.on,
        reason=command.reason,
        keep_ex_officio=in_handling and command.keep_ex_officio,
        was_overdue=isinstance(state, InHandling) and state.is_overdue,
        round=state.round if isinstance(state, InHandling) else None,
        state_before=state_name(state),
        reopened=state.course.answers > 0,
    )
    return (withdrawn,)
