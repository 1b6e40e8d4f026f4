"""Answers are kept as long as is said, and forgotten a page at a time."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.assignment.service import AssignmentService
from services.intake.service import IntakeService
from services.reporting.service import ReportingService
from services.sessions.service import SessionsService
from shared.kernel.clock import rfc3339
from shared.messaging.jobs import Every
from shared.requests import KEPT_DAYS, PAGE_ROWS, forget_old, request_tables
from shared.store import Store

METADATA = sa.MetaData()
TABLES = request_tables(METADATA)
NOW = datetime(2021, 3, 31, 5, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path}/requests.db"
    if request.param == "postgresql":
        create: Callable[[str], str] = request.getfixturevalue("postgresql_database")
        url = create("requests")
    opened = Store(url)
    METADATA.create_all(opened.engine)
    yield opened
    opened.close()


def answered(store: Store, name: str, count: int, age: timedelta) -> None:
    with store.write() as tx:
        tx.connection.execute(
            TABLES.answered.insert(),
            [
                {
                    "command_id": f"{number:05d}-{name}",
                    "fingerprint": "f",
                    "status": 200,
                    "body": "{}",
                    "at": rfc3339(NOW - age),
                }
                for number in range(count)
            ],
        )


def kept(store: Store) -> set[str]:
    with store.read() as connection:
        ids = connection.execute(sa.select(TABLES.answered.c.command_id)).scalars()
        return {command_id.partition("-")[2] for command_id in ids}


def test_what_is_older_than_the_limit_is_forgotten_and_nothing_else(store: Store) -> None:
    limit = timedelta(days=KEPT_DAYS)
    answered(store, "fresh", 3, timedelta())
    answered(store, "just-in-time", 3, limit)
    answered(store, "old", 3, limit + timedelta(microseconds=1))
    assert forget_old(store, TABLES, NOW) == 3
    assert kept(store) == {"fresh", "just-in-time"}
    assert forget_old(store, TABLES, NOW) == 0


@pytest.mark.parametrize("count", [PAGE_ROWS - 1, PAGE_ROWS, PAGE_ROWS + 1])
def test_everything_old_goes_however_it_falls_into_pages(store: Store, count: int) -> None:
    answered(store, "old", count, timedelta(days=90))
    answered(store, "fresh", count, timedelta(days=1))
    assert forget_old(store, TABLES, NOW) == count
    assert kept(store) == {"fresh"}


def test_no_transaction_forgets_more_than_a_page_and_none_is_made_where_nothing_is_old(
    store: Store,
) -> None:
    answered(store, "fresh", PAGE_ROWS, timedelta(days=1))
    deleted: list[int] = []
    sa.event.listen(
        store.engine,
        "after_cursor_execute",
        lambda _c, cursor, said, *_: (
            deleted.append(cursor.rowcount) if said.startswith("DELETE") else None
        ),
    )
    forget_old(store, TABLES, NOW)
    assert deleted == []
    answered(store, "old", 2 * PAGE_ROWS + 10, timedelta(days=90))
    forget_old(store, TABLES, NOW)
    assert sum(deleted) == 2 * PAGE_ROWS + 10
    assert max(deleted) <= PAGE_ROWS


@pytest.mark.parametrize(
    "service", [IntakeService, SessionsService, AssignmentService, ReportingService]
)
def test_every_service_forgets_by_its_own_timer(service: type) -> None:
    entrypoints = service.on_hour.nameko_entrypoints  # type: ignore[attr-defined]
    assert [type(each) for each in entrypoints] == [Every]
