"""What is said of an opinion beside its course: it recurs, it is an example. Pure."""

from collections.abc import Sequence

from services.intake.commands_course import LinkRecurrence, MarkGoodPractice
from services.intake.evolving import OpinionEvent
from services.intake.states import Answered, Known, Merged, Split, State, state_name, values_of
from shared.contracts.intake import GoodPracticeMarked, RecurrenceLinked
from shared.kernel.errors import Refused


def link(command: LinkRecurrence, state: State) -> Sequence[OpinionEvent]:
    """Return that the matter had been answered before; once for each earlier opinion.

    Raises as `decide`.
    """
    if not isinstance(state, Known) or isinstance(state, Merged | Split):
        raise Refused("opinion.not_linkable", state=state_name(state))
    opinion_id = state.dimensions.opinion_id
    if command.earlier_id == opinion_id:
        raise Refused("opinion.recurs_to_itself", opinion=opinion_id)
    if command.earlier_id in state.course.earlier_ids:
        return ()
    linked = RecurrenceLinked(
        **values_of(state.dimensions),
        earlier_id=command.earlier_id,
        linked_on=command.on,
        earlier_answered_on=command.earlier_answered_on,
    )
    return (linked,)


def mark(command: MarkGoodPractice, state: State) -> Sequence[OpinionEvent]:
    """Return that the case is an example for others; once. Raises as `decide`."""
    if not isinstance(state, Answered):
        raise Refused("opinion.not_answered", state=state_name(state))
    if state.course.is_good_practice:
        return ()
    return (GoodPracticeMarked(**values_of(state.dimensions), marked_on=command.on),)
