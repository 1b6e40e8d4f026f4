"""What the table shows is what the log says, live and rebuilt."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from services.intake import opinion_rows, read_model, tables
from services.intake.decider import OPINION
from services.intake.evolving import OpinionEvent
from shared.contracts.vocabulary import SessionKind
from shared.eventlog import Task, execute
from shared.kernel.errors import NotFound, Refused
from shared.runtime import Runtime
from tests.services.intake.chance import commands, counts
from tests.services.intake.hearing import given, told
from tests.services.intake.story import (
    DECLINED,
    HELD_ON,
    OPINION_ID,
    SESSION_ID,
    TO_ANSWERED,
    TO_COVERED,
    TO_RAISED,
    TO_RECEIVED,
    TO_SCHEDULED,
    UNSCHEDULED,
)
from tests.services.opened import NOON, Opened


@pytest.fixture
def runtime(intake: Opened) -> Runtime:
    return intake.runtime


def contents(runtime: Runtime) -> list[tuple[Any, ...]]:
    with runtime.store.read() as connection:
        table = tables.opinion
        return [tuple(row) for row in connection.execute(sa.select(table).order_by("opinion_id"))]


def the_opinion(runtime: Runtime) -> sa.RowMapping:
    with runtime.store.read() as connection:
        return read_model.one(connection, OPINION_ID)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_rebuilt_table_equals_the_live_one_and_both_equal_the_events(
    runtime: Runtime, seed: int
) -> None:
    log = runtime.ledger.log("ha-noi")
    for number, (opinion_id, command) in enumerate(commands(seed, 120)):
        task = Task(
            stream=f"opinion-{opinion_id}",
            command=command,
            command_id=f"command-{number}",
            actor="test/screener",
            at=NOON,
        )
        try:
            with runtime.store.write() as tx:
                execute(log, tx, OPINION, [task])
        except Refused:
            continue
    live = contents(runtime)
    with runtime.store.write() as tx:
        tx.connection.execute(tables.opinion.delete())
        opinion_rows.apply(tx.connection, [entry.recorded() for entry in log.read(-1)])
    assert contents(runtime) == live
    events: list[OpinionEvent] = [
        event for event in told(runtime) if isinstance(event, OpinionEvent)
    ]
    expected = counts(events)
    assert expected.pop("cases") == len(live)
    with runtime.store.read() as connection:
        rows = connection.execute(
            sa.select(tables.opinion.c.state, sa.func.count().label("opinions")).group_by(
                tables.opinion.c.state
            )
        )
        assert {row.state: row.opinions for row in rows} == +expected


def test_an_opinion_shows_who_answered_and_how_late(runtime: Runtime) -> None:
    given(runtime, *TO_ANSWERED)
    row = the_opinion(runtime)
    assert (row["state"], row["version"], row["agency"]) == ("answered", 3, "tnmt-ba-dinh")
    assert (row["answered_on"], row["days_late"]) == (date(2019, 6, 20), 2)


def test_a_covered_opinion_keeps_its_session(runtime: Runtime) -> None:
    given(runtime, *TO_COVERED)
    row = the_opinion(runtime)
    assert (row["state"], row["session_id"], row["held_on"]) == (
        "in_handling",
        SESSION_ID,
        HELD_ON,
    )


def test_an_unscheduled_opinion_names_no_session(runtime: Runtime) -> None:
    given(runtime, *TO_SCHEDULED, UNSCHEDULED)
    row = the_opinion(runtime)
    assert row["state"] == "eligible"
    assert (row["session_id"], row["session_kind"], row["held_on"]) == (None, None, None)


def test_an_opinion_raised_in_the_room_is_scheduled_from_its_first_event(
    runtime: Runtime,
) -> None:
    given(runtime, *TO_RAISED)
    row = the_opinion(runtime)
    assert (row["state"], row["session_kind"], row["version"]) == (
        "scheduled",
        SessionKind.PERIODIC,
        1,
    )


def test_a_declined_opinion_is_shown_so(runtime: Runtime) -> None:
    given(runtime, *TO_RECEIVED, DECLINED)
    assert the_opinion(runtime)["state"] == "declined"


def test_an_opinion_outside_the_scope_is_unknown(runtime: Runtime) -> None:
    given(runtime, *TO_RECEIVED)
    with runtime.store.read() as connection:
        assert read_model.one(connection, OPINION_ID, province="ha-noi")
        with pytest.raises(NotFound, match=r"opinion\.unknown"):
            read_model.one(connection, OPINION_ID, province="ha-nam")
        assert read_model.known(connection, [OPINION_ID]) == {OPINION_ID: "ha-noi"}
        assert read_model.known(connection, [OPINION_ID], province="ha-nam") == {}


def test_a_page_never_exceeds_its_limit(runtime: Runtime) -> None:
    given(runtime, *TO_RECEIVED)
    with runtime.store.read() as connection:
        page = read_model.page(
            connection, province="ha-noi", state=None, session_id=None, after="", limit=10**9
        )
        assert [row["opinion_id"] for row in page] == [OPINION_ID]
        assert not read_model.page(
            connection, province="ha-noi", state=None, session_id=None, after="", limit=0
        )
