"""The two sides that append: ours through `execute`, and the anchor's recorder."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresFactory
from eventsourcing.utils import Environment

from shared.eventlog import Ledger, Task, execute, log_tables
from shared.kernel.clock import system_clock
from shared.store import Store
from tests.benchmarks.workload import (
    DECIDER,
    DEPLOYMENT,
    PROVINCES,
    encoded,
    keep_nothing,
    received,
)

METADATA = sa.MetaData()
TABLES = log_tables(METADATA)

Write = Callable[[int], None]
"""Records the event of that number, durably, in a transaction of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two that are compared."""

    name: str
    prepare: Callable[[str], None]
    """Makes the tables in the database at that URL."""
    writer: Callable[[str, int], Write]
    """Opens the database at that URL, to write into so many logs."""


def open_ledger(url: str) -> Ledger:
    """Return the logs of the workload in the database at `url`."""
    return Ledger(
        service="intake",
        deployment=DEPLOYMENT,
        store=Store(url),
        tables=TABLES,
        read_model=keep_nothing,
        clock=system_clock,
        provinces=PROVINCES,
    )


def _prepare_ours(url: str) -> None:
    store = Store(url)
    METADATA.create_all(store.engine)
    store.close()
    open_ledger(url).store.close()


def _our_writer(url: str, logs: int) -> Write:
    ledger = open_ledger(url)
    targets = [ledger.log(province) for province in PROVINCES[:logs]]

    def write(number: int) -> None:
        opinion_id = str(uuid4())
        task = Task(
            stream=f"opinion-{opinion_id}",
            command=received(number, opinion_id),
            command_id=opinion_id,
            actor="bench/writer",
            at=datetime.now(UTC),
        )
        with ledger.store.write() as tx:
            execute(targets[number % logs], tx, DECIDER, [task])

    return write


def open_anchor(url: str, *, create: bool = False) -> PostgresApplicationRecorder:
    """Return the anchor's recorder, as the library sets it up by default.

    Its tables are made beforehand: several processes that make them at once clash.
    """
    at = sa.make_url(url)
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": at.database or "",
        "POSTGRES_HOST": at.host or "",
        "POSTGRES_PORT": str(at.port or 5432),
        "POSTGRES_USER": at.username or "",
        "POSTGRES_PASSWORD": at.password or "unused",
        "CREATE_TABLE": "yes" if create else "no",
    }
    factory = PostgresFactory(Environment("bench", environment))
    recorder = factory.application_recorder()
    assert isinstance(recorder, PostgresApplicationRecorder)
    return recorder


def _prepare_anchor(url: str) -> None:
    open_anchor(url, create=True).datastore.close()


def _anchor_writer(url: str, _logs: int) -> Write:
    recorder = open_anchor(url)

    def write(number: int) -> None:
        opinion_id = uuid4()
        state = encoded(number, str(opinion_id))
        recorder.insert_events([StoredEvent(opinion_id, 0, "OpinionReceived", state)])

    return write


OURS = Side(name="ours", prepare=_prepare_ours, writer=_our_writer)
ANCHOR = Side(name="anchor", prepare=_prepare_anchor, writer=_anchor_writer)
SIDES = {side.name: side for side in (OURS, ANCHOR)}
