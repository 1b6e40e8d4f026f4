"""What the people are told, and when they are not told in time. Pure."""

from collections.abc import Sequence

from services.intake.commands import AnswerOnSpot, NoteOverdue, RecordAnswer
from services.intake.commands_course import NotifyReporter
from services.intake.disposition import FIRST_ROUND, covered, is_on
from services.intake.evolving import OpinionEvent
from services.intake.states import (
    Answered,
    Eligible,
    InHandling,
    Known,
    Scheduled,
    State,
    state_name,
    values_of,
)
from shared.contracts.intake import OpinionAnswered, OpinionBecameOverdue, ReporterNotified
from shared.kernel.errors import Refused

Events = Sequence[OpinionEvent]


def answer_on_spot(command: AnswerOnSpot, state: State) -> Events:
    """Return the answer that the chair gave, if the opinion is on that session."""
    if not is_on(state, command.session_id):
        return ()
    return (
        OpinionAnswered(
            **values_of(state.dimensions),
            outcome=command.outcome,
            answered_on=command.answered_on,
            on_the_spot=True,
            round=FIRST_ROUND,
            was_overdue=False,
            reopened=state.course.answers > 0,
        ),
    )


def record_answer(command: RecordAnswer, state: State) -> Events:
    """Return the answer of the round in handling."""
    match state:
        case InHandling(round=round_) if round_ == command.round:
            return (_answered(command, state, was_overdue=state.is_overdue),)
        case Scheduled() | Eligible() if _may_overtake(state, command.commitment_id):
            # The answer overtook the conclusion on its way here; both are true.
            first = covered(state, command.commitment_id or "")
            return (first, _answered(command, state, was_overdue=False))
        case _:
            return ()


def note_overdue(command: NoteOverdue, state: State) -> Events:
    """Return that the round in handling is overdue, once."""
    match state:
        case InHandling(round=round_, is_overdue=False) if round_ == command.round:
            return (_overdue(command, state),)
        case Scheduled() | Eligible() if _may_overtake(state, command.commitment_id):
            # The miss overtook the conclusion on its way here; both are true.
            first = covered(state, command.commitment_id or "")
            return (first, _overdue(command, state))
        case _:
            return ()


def notify(command: NotifyReporter, state: State) -> Events:
    """Return that the reporter knows the answer; once in a round. Raises as `decide`."""
    if not isinstance(state, Answered):
        raise Refused("opinion.not_answered", state=state_name(state))
    if state.is_notified:
        return ()
    notified = ReporterNotified(
        **values_of(state.dimensions),
        round=state.answer.round,
        notified_on=command.on,
        days_taken=(command.on - state.answer.answered_on).days,
    )
    return (notified,)


def _may_overtake(state: Scheduled | Eligible, commitment_id: str | None) -> bool:
    """Tell whether a conclusion that isn't heard yet may have covered the opinion."""
    is_of_session = state.dimensions.session_id is not None
    return is_of_session and commitment_id is not None and commitment_id not in state.course.dropped


def _overdue(command: NoteOverdue, state: Known) -> OpinionBecameOverdue:
    return OpinionBecameOverdue(
        **values_of(state.dimensions),
        agency=command.agency,
        due_on=command.due_on,
        round=command.round,
        reopened=state.course.answers > 0,
    )


def _answered(command: RecordAnswer, state: Known, *, was_overdue: bool) -> OpinionAnswered:
    return OpinionAnswered(
        **values_of(state.dimensions),
        outcome=command.outcome,
        answered_on=command.answered_on,
        on_the_spot=False,
        round=command.round,
        agency=command.agency,
        due_on=command.due_on,
        days_late=command.days_late,
        text=command.text,
        was_overdue=was_overdue,
        reopened=state.course.answers > 0,
    )
