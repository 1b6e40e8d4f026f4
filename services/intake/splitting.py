"""One opinion that is several matters gives way to its parts. Pure."""

from collections.abc import Sequence

from services.intake.commands_screening import SplitOpinion
from services.intake.evolving import OpinionEvent
from services.intake.states import Eligible, Received, Split, State, state_name, values_of
from shared.contracts.intake import OpinionSplit
from shared.kernel.errors import Refused

PARTS_MIN = 2


def split(command: SplitOpinion, state: State) -> Sequence[OpinionEvent]:
    """Return that parts stand for the opinion. Raises Refused: see `decide`."""
    if isinstance(state, Split) and state.part_ids == command.part_ids:
        return ()
    if not isinstance(state, Received | Eligible) or state.course.round > 0:
        raise Refused("opinion.not_splittable", state=state_name(state))
    opinion_id = state.dimensions.opinion_id
    if state.reception.part_of is not None:
        raise Refused("opinion.is_part", opinion=opinion_id)
    if state.course.member_ids:
        raise Refused("opinion.has_members", opinion=opinion_id)
    if len(set(command.part_ids)) < PARTS_MIN:
        raise Refused("opinion.too_few_parts", opinion=opinion_id)
    whole = OpinionSplit(
        **values_of(state.dimensions),
        part_ids=command.part_ids,
        state_before=state_name(state),
    )
    return (whole,)
