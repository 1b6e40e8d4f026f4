"""An answer: submitted, handed back, released by a second pair of eyes. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from services.assignment import legs
from services.assignment.clock import missed
from services.assignment.commands import ReleaseAnswer, ReturnAnswer, SubmitAnswer
from services.assignment.guards import check_day, check_lead, check_other_seat, in_state
from services.assignment.states import (
    Accepted,
    Disputed,
    Ended,
    Issued,
    Matter,
    Paused,
    Released,
    State,
    Submitted,
    Triaged,
    Unissued,
    dimensions,
)
from shared.contracts.assignment import (
    AnswerReleased,
    AnswerReturned,
    AnswerSubmitted,
    AssignmentEvent,
)
from shared.kernel.errors import Refused


def submit(command: SubmitAnswer, state: State) -> Sequence[AssignmentEvent]:
    """Put an answer before the second pair of eyes.

    Raises:
        Refused: `assignment.not_accepted`, `assignment.answer_differs`,
            `assignment.released_final`, and as the guards do.

    """
    match state:
        case Issued() | Disputed():
            check_lead(command.agency, state.matter)
            raise Refused("assignment.not_accepted")
        case Accepted():
            check_lead(command.agency, state.matter)
            check_day(command.on, state.matter)
            return (
                AnswerSubmitted(
                    **dimensions(state.matter),
                    submitted_on=command.on,
                    outcome=command.outcome,
                    author=command.author,
                    text=command.text,
                ),
            )
        case Submitted() | Released():
            check_lead(command.agency, state.matter)
            if _says_the_same(command, state.answer):
                return ()
            is_final = isinstance(state, Released)
            raise Refused("assignment.released_final" if is_final else "assignment.answer_differs")
        case Unissued() | Triaged() | Paused() | Ended():
            in_state(state, Accepted)
            return ()
        case _:
            assert_never(state)


def hand_back(command: ReturnAnswer, state: State) -> Sequence[AssignmentEvent]:
    """Hand the answer back: not by whoever wrote it. Raises as the guards do."""
    submitted = in_state(state, Submitted)
    check_lead(command.agency, submitted.matter)
    check_other_seat(command.seat, submitted.answer.author)
    check_day(command.on, submitted.matter)
    return (
        AnswerReturned(
            **dimensions(submitted.matter),
            returned_on=command.on,
            seat=command.seat,
            note=command.note,
        ),
    )


def release(command: ReleaseAnswer, state: State) -> Sequence[AssignmentEvent]:
    """Let the answer go, and record the miss before it if it comes late.

    Raises:
        Refused: `assignment.not_submitted`, `assignment.released_final`,
            `assignment.same_seat`, and as the guards do.

    """
    match state:
        case Issued() | Disputed() | Accepted() | Paused():
            check_lead(command.agency, state.matter)
            raise Refused("assignment.not_submitted")
        case Released():
            check_lead(command.agency, state.matter)
            if command.approver == state.approver:
                return ()
            raise Refused("assignment.released_final")
        case _:
            submitted = in_state(state, Submitted)
    matter, answer = submitted.matter, submitted.answer
    check_lead(command.agency, matter)
    check_other_seat(command.approver, answer.author)
    check_day(command.on, matter)
    # Missing comes first: whoever reads only up to here knows of the miss.
    missed_now = missed(matter, command.on)
    calendar = command.calendar
    return (
        *missed_now,
        AnswerReleased(
            **dimensions(matter),
            submitted_on=answer.submitted_on,
            released_on=command.on,
            outcome=answer.outcome,
            approver=command.approver,
            text=answer.text,
            days_late=_days_late(matter, command.on),
            working_days_late=calendar.working_days_between(matter.due_on, command.on),
            agency_days_late=_days_late(matter, answer.submitted_on),
            missed=matter.missed or bool(missed_now),
            held_working_days=calendar.working_days_between(matter.lead_since, command.on),
            legs=legs.ended(matter.legs, command.on, calendar),
        ),
    )


def _days_late(matter: Matter, on: date) -> int:
    return max(0, (on - matter.due_on).days)


def _says_the_same(command: SubmitAnswer, answer: AnswerSubmitted) -> bool:
    said = (command.outcome, command.author, command.text)
    return said == (answer.outcome, answer.author, answer.text)
