"""What other services' events ask of opinions."""

from dataclasses import fields
from datetime import date

import pytest

from services.intake.commands import (
    AnswerOnSpot,
    CoverByCommitment,
    NoteOverdue,
    ReceiveRaised,
    RecordAnswer,
    TakeOffAgenda,
)
from services.intake.policy import react
from services.intake.receipt import receipt_number
from shared.contracts import Event
from shared.contracts.assignment import AssignmentIssued
from shared.contracts.sessions import SessionEnded
from shared.contracts.vocabulary import Outcome, UnscheduleReason
from tests.services.intake.hearing import (
    ANSWERED_ON_SPOT,
    RAISED,
    REJECTED,
    SESSION_SCHEDULED,
    WHEN,
    concluded,
    issued,
    missed,
    released,
)
from tests.services.intake.story import HELD_ON, IN_THE_ROOM, OPINION_ID, SESSION_ID, text


def test_what_is_raised_in_the_room_is_received_with_the_session_as_its_cohort() -> None:
    ((opinion_id, command),) = react(RAISED)
    assert opinion_id == OPINION_ID
    assert isinstance(command, ReceiveRaised)
    dimensions = {f.name: getattr(command.dimensions, f.name) for f in fields(command.dimensions)}
    assert dimensions == {**IN_THE_ROOM, "received_on": HELD_ON}
    assert (command.text, command.receipt) == (text(), receipt_number(OPINION_ID))


def test_an_answer_on_the_spot_is_of_the_sessions_day() -> None:
    assert react(ANSWERED_ON_SPOT) == (
        (
            OPINION_ID,
            AnswerOnSpot(session_id=SESSION_ID, outcome=Outcome.EXPLAINED, answered_on=HELD_ON),
        ),
    )


def test_a_conclusion_covers_every_opinion_of_every_commitment() -> None:
    covering = CoverByCommitment(session_id=SESSION_ID, commitment_id="commitment-1")
    assert react(concluded("o-1", "o-2")) == (("o-1", covering), ("o-2", covering))


def test_a_rejected_item_leaves_the_agenda_for_the_reason_given() -> None:
    assert react(REJECTED) == (
        (
            OPINION_ID,
            TakeOffAgenda(session_id=SESSION_ID, reason=UnscheduleReason.SESSION_NOT_OPEN),
        ),
    )


def test_a_released_answer_is_recorded_for_each_of_its_opinions() -> None:
    answer = RecordAnswer(
        agency="tnmt-ba-dinh",
        outcome=Outcome.RESOLVED,
        answered_on=date(2019, 6, 20),
        due_on=date(2019, 6, 18),
        days_late=2,
        round=1,
        text=text(9, "assignment"),
        commitment_id="commitment-1",
    )
    assert react(released("o-1", "o-2")) == (("o-1", answer), ("o-2", answer))


def test_a_missed_deadline_is_noted_for_each_of_its_opinions() -> None:
    overdue = NoteOverdue(
        agency="tnmt-ba-dinh",
        due_on=date(2019, 6, 18),
        round=1,
        commitment_id="commitment-1",
    )
    assert react(missed("o-1", "o-2")) == (("o-1", overdue), ("o-2", overdue))


@pytest.mark.parametrize("event", [SESSION_SCHEDULED, SessionEnded(**WHEN), issued()])
def test_everything_else_asks_nothing_of_an_opinion(event: Event) -> None:
    assert react(event) == ()


def test_an_assignment_alone_moves_no_opinion() -> None:
    assert isinstance(issued(), AssignmentIssued)
    assert react(issued("o-1")) == ()
