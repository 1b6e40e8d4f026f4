"""What reporters think of an answer, and the end of the matter. Pure."""

from collections.abc import Sequence

from services.intake.commands_course import CloseOpinion, GiveFeedback, LapseFeedback
from services.intake.evolving import OpinionEvent
from services.intake.states import Answered, Closed, State, state_name, values_of
from shared.contracts.intake import FeedbackGiven, FeedbackWindowLapsed, OpinionClosed
from shared.contracts.vocabulary import Outcome, Satisfaction
from shared.kernel.errors import Refused

Events = Sequence[OpinionEvent]


def give(command: GiveFeedback, state: State) -> Events:
    """Return what a reporter said: once for each reporter and round. Raises as `decide`."""
    if not isinstance(state, Answered):
        raise Refused("opinion.not_answered", state=state_name(state))
    opinion_id = state.dimensions.opinion_id
    if command.reporter not in (opinion_id, *state.course.member_ids):
        raise Refused("opinion.not_a_reporter", opinion=opinion_id)
    if any(said.reporter == command.reporter for said in state.feedback):
        raise Refused("opinion.feedback_given", opinion=command.reporter)
    if state.window_is_over or command.on > command.window.due_on:
        raise Refused("opinion.feedback_over", due_on=command.window.due_on)
    if command.satisfaction is not Satisfaction.SATISFIED and not command.reasons:
        raise Refused("opinion.feedback_unexplained", opinion=opinion_id)
    given = FeedbackGiven(
        **values_of(state.dimensions),
        round=state.answer.round,
        reporter=command.reporter,
        satisfaction=command.satisfaction,
        reasons=tuple(dict.fromkeys(command.reasons)),
        given_on=command.on,
    )
    return (given,)


def lapse(command: LapseFeedback, state: State) -> Events:
    """Return that the time for feedback is over, once it is."""
    if not isinstance(state, Answered) or state.window_is_over:
        return ()
    if command.today <= command.window.due_on:
        return ()
    lapsed = FeedbackWindowLapsed(
        **values_of(state.dimensions),
        round=state.answer.round,
        due_on=command.window.due_on,
        deadline_citation=command.window.citation,
        feedbacks=len(state.feedback),
    )
    return (lapsed,)


def close(command: CloseOpinion, state: State) -> Events:
    """Return that nothing is left to be done here. Raises as `decide`."""
    if isinstance(state, Closed):
        return ()
    if not isinstance(state, Answered):
        raise Refused("opinion.not_answered", state=state_name(state))
    opinion_id = state.dimensions.opinion_id
    if not state.window_is_over:
        raise Refused("opinion.feedback_open", opinion=opinion_id)
    if state.reopen_request is not None:
        raise Refused("opinion.reopening_pending", opinion=opinion_id)
    has_plan = state.answer.outcome is Outcome.ACCEPTED_WITH_PLAN
    if has_plan and (state.commitment_id is None or not command.commitment_stands):
        raise Refused("opinion.plan_without_commitment", opinion=opinion_id)
    closed = OpinionClosed(
        **values_of(state.dimensions),
        round=state.answer.round,
        closed_on=command.on,
        satisfaction=least_satisfied(state),
        commitment_id=state.commitment_id if has_plan else None,
    )
    return (closed,)


def least_satisfied(state: Answered) -> Satisfaction | None:
    """Return the least of what reporters said; None where nobody said anything."""
    order = tuple(Satisfaction)
    said = [each.satisfaction for each in state.feedback]
    return min(said, key=order.index) if said else None
