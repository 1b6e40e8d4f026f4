"""What others recorded is carried out once, in whatever order the two logs are heard."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa

from services.intake.tables import early_answer, handling, known_session
from shared.contracts import Event
from shared.contracts.intake import (
    OpinionAccepted,
    OpinionAnswered,
    OpinionBecameOverdue,
    OpinionCoveredByCommitment,
    OpinionReceived,
    OpinionUnscheduled,
)
from shared.contracts.vocabulary import Level
from shared.kernel.ids import derived_id
from shared.runtime import Runtime
from tests.services.intake.hearing import (
    ANSWERED_ON_SPOT,
    RAISED,
    REJECTED,
    SESSION_SCHEDULED,
    TIME,
    Teller,
    concluded,
    given,
    issued,
    missed,
    released,
    told,
)
from tests.services.intake.story import (
    HELD_ON,
    OPINION_ID,
    OVERDUE_COMMITMENT,
    REFERRED,
    SESSION_ID,
    TO_ELIGIBLE,
    TO_REFERRED,
    TO_SCHEDULED,
    WHERE,
)
from tests.services.opened import Opened, since_opened


@pytest.fixture
def runtime(intake: Opened) -> Runtime:
    return intake.runtime


@pytest.fixture
def teller(runtime: Runtime) -> Teller:
    return Teller(runtime)


def rows(runtime: Runtime, table: sa.Table) -> int:
    with runtime.store.read() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def kinds(events: list[Event]) -> list[type]:
    return [type(event) for event in events]


def test_a_reaction_names_its_cause_and_is_dated_by_it(runtime: Runtime, teller: Teller) -> None:
    teller.sessions(RAISED)
    for number, entry in enumerate(since_opened(runtime)):
        recorded = entry.recorded()
        assert (recorded.causation_id, recorded.correlation_id) == (
            "sessions-ha-noi-0",
            "correlation-0",
        )
        assert (recorded.actor, recorded.occurred_at) == ("service:intake", TIME)
        cause = derived_id("sessions-ha-noi-0", "intake", OPINION_ID)
        assert recorded.event_id == derived_id(cause, str(number))


def test_a_whole_session_heard_in_one_batch(runtime: Runtime, teller: Teller) -> None:
    recorded = teller.sessions(SESSION_SCHEDULED, RAISED, concluded())
    assert kinds(recorded) == [OpinionReceived, OpinionAccepted, OpinionCoveredByCommitment]
    assert kinds(teller.assignment(issued(), released())) == [OpinionAnswered]
    assert rows(runtime, handling) == rows(runtime, early_answer) == 0


ENDING = [
    OpinionReceived,
    OpinionAccepted,
    OpinionCoveredByCommitment,
    OpinionBecameOverdue,
    OpinionAnswered,
]


@pytest.mark.parametrize("order", sorted(set(permutations("sssaaa"))))
@pytest.mark.parametrize("batched", [False, True])
def test_the_end_is_the_same_in_whatever_order_two_logs_are_heard(
    runtime: Runtime, teller: Teller, order: tuple[str, ...], *, batched: bool
) -> None:
    sessions: Iterator[Event] = iter([SESSION_SCHEDULED, RAISED, concluded()])
    assignments: Iterator[Event] = iter([issued(), missed(), released()])
    if batched:
        for service in dict.fromkeys(order):
            if service == "s":
                teller.sessions(*sessions)
            else:
                teller.assignment(*assignments)
    else:
        for service in order:
            if service == "s":
                teller.sessions(next(sessions))
            else:
                teller.assignment(next(assignments))
    assert kinds(told(runtime)) == ENDING
    assert rows(runtime, early_answer) == rows(runtime, handling) == 0


def test_an_early_answer_waits_for_its_opinion_and_is_applied_once(
    runtime: Runtime, teller: Teller
) -> None:
    assert teller.assignment(issued(), missed(), released()) == []
    assert rows(runtime, early_answer) == 2
    assert kinds(teller.sessions(RAISED)) == ENDING
    assert rows(runtime, early_answer) == 0
    assert teller.sessions(concluded()) == []


def test_an_early_answer_has_the_id_that_it_would_have_had_in_time(
    runtime: Runtime, teller: Teller
) -> None:
    teller.assignment(released())
    teller.sessions(RAISED)
    last = runtime.ledger.log("ha-noi").read(-1)[-1].recorded()
    cause = derived_id("assignment-ha-noi-0", "intake", OPINION_ID)
    assert last.event_id == derived_id(cause, "1")
    assert last.causation_id == "assignment-ha-noi-0"


def test_only_the_opinions_that_are_unknown_wait(runtime: Runtime, teller: Teller) -> None:
    given(runtime, *TO_SCHEDULED)
    recorded = teller.assignment(released(OPINION_ID, "o-2", "o-2"))
    assert kinds(recorded) == [OpinionCoveredByCommitment, OpinionAnswered]
    assert rows(runtime, early_answer) == 1


def test_an_early_answer_of_another_province_is_not_this_provinces(runtime: Runtime) -> None:
    Teller(runtime, "ha-nam").assignment(released())
    recorded = Teller(runtime).sessions(RAISED)
    assert kinds(recorded) == [OpinionReceived, OpinionAccepted]
    assert rows(runtime, early_answer) == 1
    assert told(runtime, "ha-nam") == []


def test_an_answer_kept_by_the_first_release_is_taken_as_an_answer(
    runtime: Runtime, teller: Teller
) -> None:
    teller.assignment(released())
    with runtime.store.write() as tx:
        data = json.loads(tx.connection.scalar(sa.select(early_answer.c.data)) or "")
        assert data.pop("type") == "AnswerReleased"
        tx.connection.execute(early_answer.update().values(data=json.dumps(data)))
    recorded = teller.sessions(RAISED)
    assert kinds(recorded)[-1] is OpinionAnswered


def test_an_opinion_is_overdue_by_its_own_unit_in_whichever_session_it_was_heard(
    runtime: Runtime, teller: Teller
) -> None:
    given(runtime, *TO_SCHEDULED)
    at_district: dict[str, Any] = {"unit": "ba-dinh", "level": Level.DISTRICT}
    teller.sessions(replace(concluded(), **at_district))
    recorded = teller.assignment(replace(issued(), **at_district), replace(missed(), **at_district))
    assert recorded == [OVERDUE_COMMITMENT]
    (answered,) = teller.assignment(replace(released(), **at_district))
    assert isinstance(answered, OpinionAnswered)
    assert (answered.unit, answered.level, answered.was_overdue) == (
        WHERE["unit"],
        WHERE["level"],
        True,
    )


def test_a_rejected_item_is_unscheduled_and_can_be_referred(
    runtime: Runtime, teller: Teller
) -> None:
    given(runtime, *TO_SCHEDULED)
    assert kinds(teller.sessions(REJECTED)) == [OpinionUnscheduled]
    given(runtime, REFERRED)
    assert kinds(teller.assignment(released(commitment_id=None))) == [OpinionAnswered]


def test_a_rejection_heard_twice_unschedules_once(runtime: Runtime, teller: Teller) -> None:
    given(runtime, *TO_SCHEDULED)
    assert kinds(teller.sessions(REJECTED, REJECTED)) == [OpinionUnscheduled]


def test_an_answer_on_the_spot_ends_it(runtime: Runtime, teller: Teller) -> None:
    given(runtime, *TO_SCHEDULED)
    (event,) = teller.sessions(ANSWERED_ON_SPOT)
    assert isinstance(event, OpinionAnswered)
    assert (event.on_the_spot, event.agency, event.held_on) == (True, None, HELD_ON)
    assert teller.sessions(concluded()) == []


def test_agencies_of_an_open_assignment_handle_its_opinions(
    runtime: Runtime, teller: Teller
) -> None:
    given(runtime, *TO_REFERRED)
    teller.assignment(issued(OPINION_ID, OPINION_ID, commitment_id=None))
    with runtime.store.read() as connection:
        agencies = connection.scalars(sa.select(handling.c.agency).order_by(handling.c.agency))
        assert list(agencies) == ["tnmt-ba-dinh", "ubnd-thanh-cong"]
    teller.assignment(released(commitment_id=None))
    assert rows(runtime, handling) == 0


def test_a_session_is_known_once_its_day_is_fixed(runtime: Runtime, teller: Teller) -> None:
    given(runtime, *TO_ELIGIBLE)
    teller.sessions(SESSION_SCHEDULED, SESSION_SCHEDULED)
    with runtime.store.read() as connection:
        (row,) = connection.execute(sa.select(known_session)).mappings()
    assert (row["session_id"], row["province"], row["held_on"]) == (SESSION_ID, "ha-noi", HELD_ON)


def test_what_one_province_hears_stays_in_its_own_log(runtime: Runtime) -> None:
    given(runtime, *TO_SCHEDULED)
    assert Teller(runtime, "ha-nam").sessions(concluded(), REJECTED) == []
    assert len(told(runtime)) == len(TO_SCHEDULED)
