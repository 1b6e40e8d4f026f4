"""The read model tells what the log tells, live and rebuilt."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from services.sessions import queries, read_model, tables
from services.sessions.definition import DEFINITION
from shared.contracts import Event
from shared.contracts.sessions import (
    AgendaItemRejected,
    AgendaSet,
    CommitmentStated,
    ConclusionAmended,
    MinutesApproved,
    SessionEvent,
    SessionObligationMissed,
)
from shared.contracts.vocabulary import AttendanceBasis, UnscheduleReason
from shared.eventlog import Draft
from tests.contracts.examples import full
from tests.services.conftest import Open
from tests.services.opened import Opened
from tests.services.sessions.story import (
    ATTENDED,
    CONCLUDED,
    DRAIN,
    LIGHTS,
    MARKET,
    PLANNED,
    SESSION_ID,
    TO_AGENDA,
    TO_CONCLUDED,
    TO_HELD,
    TO_OPENED,
    WHEN,
)

TABLES = (
    tables.session,
    tables.attendance,
    tables.session_opinion,
    tables.conclusion,
    tables.commitment,
    tables.amendment,
    tables.minutes,
    tables.session_topic,
    tables.stated_commitment,
    tables.obligation,
)


@pytest.fixture
def service(open_service: Open) -> Opened:
    return open_service(DEFINITION)


def record(service: Opened, *events: Event, province: str = "ha-noi") -> None:
    log = service.runtime.ledger.log(province)
    first = log.size()
    drafts = [
        Draft(
            id=f"{province}-{first + number}",
            stream=f"session-{getattr(event, 'session_id', '')}",
            event=event,
            actor="test/secretary",
            occurred_at="2019-05-20T05:00:00.000000Z",
        )
        for number, event in enumerate(events)
    ]
    with service.runtime.store.write() as tx:
        log.append(tx, drafts)


def contents(connection: sa.Connection) -> dict[str, list[Any]]:
    return {
        table.name: [
            tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))
        ]
        for table in TABLES
    }


def the_session(service: Opened) -> sa.RowMapping:
    with service.runtime.store.read() as connection:
        return queries.one(connection, SESSION_ID)


def test_a_rebuilt_read_model_equals_the_live_one(service: Opened) -> None:
    correction = replace(
        ATTENDED, attendances=80, attendances_before=85, basis=AttendanceBasis.DECLARED
    )
    beside = [
        replace(full(form), **WHEN) for form in (AgendaSet, CommitmentStated, MinutesApproved)
    ]
    amended = replace(full(ConclusionAmended), **WHEN, conclusion_id=CONCLUDED.conclusion_id)
    missed = full(SessionObligationMissed)
    record(service, *TO_HELD, correction, *beside, CONCLUDED, amended, missed)
    with service.runtime.store.read() as connection:
        live = contents(connection)
    assert all(live.values())
    log = service.runtime.ledger.log("ha-noi")
    with service.runtime.store.write() as tx:
        for table in reversed(TABLES):
            tx.connection.execute(table.delete())
        read_model.apply(tx.connection, [entry.recorded() for entry in log.read(-1)])
    with service.runtime.store.read() as connection:
        assert contents(connection) == live


def test_the_read_model_counts_what_happened(service: Opened) -> None:
    record(service, *TO_CONCLUDED)
    row = the_session(service)
    assert (row["state"], row["version"]) == ("concluded", 9)
    assert (row["attendances"], row["speaking_turns"]) == (85, 11)
    assert (row["opinions_on_agenda"], row["opinions_raised"]) == (2, 1)
    assert (row["opinions_answered_on_spot"], row["opinions_covered"]) == (1, 2)


def test_every_opinion_shows_its_disposition(service: Opened) -> None:
    record(service, *TO_CONCLUDED)
    with service.runtime.store.read() as connection:
        rows = queries.opinions_of(connection, SESSION_ID)
    shown = {row["opinion_id"]: (row["source"], row["disposition"]) for row in rows}
    assert shown == {
        DRAIN: ("agenda", "covered"),
        LIGHTS: ("agenda", "answered_on_spot"),
        MARKET: ("room", "covered"),
    }


def test_what_nobody_stated_is_not_zero(service: Opened) -> None:
    record(service, *TO_OPENED)
    row = the_session(service)
    assert (row["attendances"], row["speaking_turns"]) == (None, None)


def test_an_opinion_sent_back_is_not_among_the_sessions_opinions(service: Opened) -> None:
    rejected = AgendaItemRejected(
        **WHEN, opinion_id=MARKET, reason=UnscheduleReason.SESSION_NOT_OPEN
    )
    record(service, *TO_AGENDA, rejected)
    assert the_session(service)["opinions_on_agenda"] == 2
    assert the_session(service)["version"] == 4


def test_what_another_province_says_of_the_same_id_changes_nothing(service: Opened) -> None:
    record(service, *TO_AGENDA)
    before = the_session(service)
    stray = AgendaItemRejected(**WHEN, opinion_id=MARKET, reason=UnscheduleReason.SESSION_NOT_OPEN)
    record(service, stray, province="ha-nam")
    assert the_session(service) == before


def test_a_session_without_a_day_stands_at_the_end_of_its_year(service: Opened) -> None:
    record(service, PLANNED)
    row = the_session(service)
    assert (row["held_on"], row["calendar_on"]) == (None, date(2019, 12, 31))


def test_the_calendar_is_paged_by_day_and_id(service: Opened) -> None:
    ids = [f"0b7a5f0e-0000-5000-8000-00000000000{n}" for n in (3, 1, 2)]
    years = (2019, 2019, 2018)
    plans: list[SessionEvent] = [
        replace(PLANNED, session_id=id_, planned_year=year)
        for id_, year in zip(ids, years, strict=True)
    ]
    record(service, *plans)
    seen: list[str] = []
    after: tuple[date, str] | None = None
    with service.runtime.store.read() as connection:
        while rows := queries.page(connection, province="ha-noi", after=after, limit=1):
            seen += [row["session_id"] for row in rows]
            after = (rows[-1]["calendar_on"], rows[-1]["session_id"])
    assert seen == [ids[2], ids[1], ids[0]]


def test_a_page_never_exceeds_its_limit(service: Opened) -> None:
    record(service, *TO_CONCLUDED)
    with service.runtime.store.read() as connection:
        assert len(queries.page(connection, province="ha-noi", limit=10**9)) == 1
        assert queries.page(connection, province="ha-noi", limit=0) == []
