"""One opinion: received, screened, then scheduled or referred, and answered.

Pure. Read `decide` for the rules and `evolve` for what each event changes.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeGuard, assert_never

from services.intake.commands import (
    AcceptOpinion,
    AnswerOnSpot,
    Command,
    CoverByCommitment,
    DeclineOpinion,
    NoteOverdue,
    ReceiveOpinion,
    ReceiveRaised,
    RecordAnswer,
    ReferOpinion,
    ScheduleOpinion,
    TakeOffAgenda,
)
from services.intake.reception import receive, receive_raised
from services.intake.states import (
    Declined,
    Eligible,
    InHandling,
    OpinionEvent,
    Received,
    Scheduled,
    State,
    Unknown,
    evolve,
    state_name,
    values_of,
)
from shared.contracts.intake import (
    OpinionAccepted,
    OpinionAnswered,
    OpinionBecameOverdue,
    OpinionCoveredByCommitment,
    OpinionDeclined,
    OpinionDimensions,
    OpinionReferred,
    OpinionScheduled,
    OpinionUnscheduled,
)
from shared.contracts.vocabulary import LEAVES_THE_FLOW, DeclineReason
from shared.kernel.decider import Decider
from shared.kernel.errors import Refused

Events = Sequence[OpinionEvent]

FIRST_ROUND = 1
NAMES_WHO_IS_COMPETENT = (
    DeclineReason.COMPLAINT,
    DeclineReason.DENUNCIATION,
    DeclineReason.NOT_COMPETENT,
)
"""Reasons to decline that must say where the matter belongs instead."""


def decide(command: Command, state: State) -> Events:
    """Return what happens when `command` meets `state`; nothing, if it already has.

    What comes from another service (raised, covered, overdue, answered) is never refused: it has
    happened, so a state that it does not fit gives no event.

    Raises:
        Refused: with code
            `opinion.reported_differently` when an id comes back with other content,
            `opinion.received_in_future`, `opinion.received_too_long_ago` by the date,
            `opinion.voices_missing` when it stands for nobody,
            `opinion.denunciation_not_stored` when a denunciation is reported here,
            `opinion.must_be_declined` when a complaint is accepted,
            `opinion.same_seat` when the regulation wants another seat to accept,
            `opinion.redirect_missing` when nobody competent is named for it,
            `opinion.not_in_screening`, `opinion.not_eligible` by the state,
            `opinion.session_before_reception` when the dates contradict.

    """
    match command:
        case ReceiveOpinion():
            return receive(command, state)
        case ReceiveRaised():
            return receive_raised(command) if isinstance(state, Unknown) else ()
        case AcceptOpinion():
            return _accept(command, state)
        case DeclineOpinion():
            return _decline(command, state)
        case ReferOpinion():
            return _refer(command, state)
        case ScheduleOpinion():
            return _schedule(command, state)
        case TakeOffAgenda():
            return _take_off(command, state)
        case CoverByCommitment():
            return _cover(command, state)
        case AnswerOnSpot():
            return _answer_on_spot(command, state)
        case RecordAnswer():
            return _record_answer(command, state)
        case NoteOverdue():
            return _note_overdue(command, state)
        case _:
            assert_never(command)


OPINION: Decider[Command, State, OpinionEvent] = Decider(Unknown(), decide, evolve)


def _accept(command: AcceptOpinion, state: State) -> Events:
    match state:
        case Received(dimensions=dimensions, reception=reception):
            if dimensions.opinion_kind in LEAVES_THE_FLOW:
                raise Refused("opinion.must_be_declined", opinion=dimensions.opinion_id)
            if command.by_another_seat and command.seat == reception.entered_by:
                raise Refused("opinion.same_seat", seat=command.seat)
            return (OpinionAccepted(**values_of(dimensions)),)
        case Eligible():
            return ()
        case _:
            raise Refused("opinion.not_in_screening", state=state_name(state))


def _decline(command: DeclineOpinion, state: State) -> Events:
    match state:
        case Received(dimensions=dimensions) | Eligible(dimensions=dimensions):
            leads_elsewhere = (
                dimensions.opinion_kind in LEAVES_THE_FLOW
                or command.reason in NAMES_WHO_IS_COMPETENT
            )
            if leads_elsewhere and command.redirect is None:
                raise Refused("opinion.redirect_missing", opinion=dimensions.opinion_id)
            return (
                OpinionDeclined(
                    **values_of(dimensions), reason=command.reason, redirect=command.redirect
                ),
            )
        case Declined(reason=reason, redirect=redirect) if (reason, redirect) == (
            command.reason,
            command.redirect,
        ):
            return ()
        case _:
            raise Refused("opinion.not_in_screening", state=state_name(state))


def _refer(command: ReferOpinion, state: State) -> Events:
    if not isinstance(state, Eligible):
        raise Refused("opinion.not_eligible", state=state_name(state))
    return (
        OpinionReferred(
            **values_of(state.dimensions),
            referred_on=command.referred_on,
            round=FIRST_ROUND,
            agency=command.agency,
        ),
    )


def _schedule(command: ScheduleOpinion, state: State) -> Events:
    if isinstance(state, Scheduled) and state.dimensions.session_id == command.session_id:
        return ()
    if not isinstance(state, Eligible):
        raise Refused("opinion.not_eligible", state=state_name(state))
    if command.held_on < state.dimensions.received_on:
        raise Refused("opinion.session_before_reception", held_on=command.held_on)
    scheduled = replace(
        state.dimensions,
        session_id=command.session_id,
        session_kind=command.session_kind,
        held_on=command.held_on,
    )
    return (OpinionScheduled(**values_of(scheduled)),)


def _take_off(command: TakeOffAgenda, state: State) -> Events:
    if not _is_on(state, command.session_id):
        return ()
    return (OpinionUnscheduled(**values_of(state.dimensions), reason=command.reason),)


def _cover(command: CoverByCommitment, state: State) -> Events:
    if not _is_on(state, command.session_id):
        return ()
    return (_covered(state.dimensions, command.commitment_id),)


def _answer_on_spot(command: AnswerOnSpot, state: State) -> Events:
    if not _is_on(state, command.session_id):
        return ()
    return (
        OpinionAnswered(
            **values_of(state.dimensions),
            outcome=command.outcome,
            answered_on=command.answered_on,
            on_the_spot=True,
            round=FIRST_ROUND,
            was_overdue=False,
        ),
    )


def _record_answer(command: RecordAnswer, state: State) -> Events:
    match state:
        case InHandling(round=round_) if round_ == command.round:
            answered = _answered(command, state.dimensions, was_overdue=state.is_overdue)
            return (answered,)
        case Scheduled() if command.commitment_id is not None:
            # The answer overtook the conclusion on its way here; both are true.
            covered = _covered(state.dimensions, command.commitment_id)
            return (covered, _answered(command, state.dimensions, was_overdue=False))
        case _:
            return ()


def _note_overdue(command: NoteOverdue, state: State) -> Events:
    match state:
        case InHandling(round=round_, is_overdue=False) if round_ == command.round:
            return (_overdue(command, state.dimensions),)
        case Scheduled() if command.commitment_id is not None:
            # The miss overtook the conclusion on its way here; both are true.
            covered = _covered(state.dimensions, command.commitment_id)
            return (covered, _overdue(command, state.dimensions))
        case _:
            return ()


def _is_on(state: State, session_id: str) -> TypeGuard[Scheduled]:
    return isinstance(state, Scheduled) and state.dimensions.session_id == session_id


def _covered(dimensions: OpinionDimensions, commitment_id: str) -> OpinionCoveredByCommitment:
    return OpinionCoveredByCommitment(
        **values_of(dimensions), commitment_id=commitment_id, round=FIRST_ROUND
    )


def _overdue(command: NoteOverdue, dimensions: OpinionDimensions) -> OpinionBecameOverdue:
    return OpinionBecameOverdue(
        **values_of(dimensions),
        agency=command.agency,
        due_on=command.due_on,
        round=command.round,
    )


def _answered(
    command: RecordAnswer, dimensions: OpinionDimensions, *, was_overdue: bool
) -> OpinionAnswered:
    return OpinionAnswered(
        **values_of(dimensions),
        outcome=command.outcome,
        answered_on=command.answered_on,
        on_the_spot=False,
        round=command.round,
        agency=command.agency,
        due_on=command.due_on,
        days_late=command.days_late,
        text=command.text,
        was_overdue=was_overdue,
    )
