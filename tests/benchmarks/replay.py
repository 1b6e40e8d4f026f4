"""The full replay: every entry read from PostgreSQL, verified, and counted again.

Ours is what `--replay` does over Reporting's journal: leaf hashes, canonical form and
index of each entry, then the sessions statistic. The anchor reads its notification log
in pages and adds up the same measure in Python; it has no hashes to verify.
"""

import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from uuid import uuid4

import sqlalchemy as sa
from eventsourcing.persistence import StoredEvent

from services.reporting.keeping import keep
from services.reporting.recount import recount
from services.reporting.statistics import statistic_called
from services.reporting.tables import METADATA
from shared.eventlog import Draft, Entry
from shared.eventlog.entry import entry_bytes
from shared.store import Store
from tests.benchmarks.figures import Figure
from tests.benchmarks.workload import DEPLOYMENT, PROVINCES, encoded, received
from tests.benchmarks.writers import open_anchor
from tests.servers import PostgresServer

BATCH_EVENTS = 1_000
TIME = "2021-03-01T05:00:00.000000Z"


def replay_figures(server: PostgresServer, *, events: int, rounds: int) -> Iterator[Figure]:
    """Yield events a second of a full replay of `events`."""
    ours, anchor = server.create("bench_journal"), server.create("bench_notifications")
    store = Store(ours)
    METADATA.create_all(store.engine)
    _fill_journal(store, events)
    _fill_notifications(anchor, events)
    for url in (ours, anchor):
        _analyze(url)
    statistic = statistic_called("sessions")
    recorder = open_anchor(anchor)

    def our_replay() -> int:
        found = recount(store, [statistic])
        assert found.is_equal
        return found.entries

    def anchors_replay() -> int:
        counted: Counter[tuple[str, str]] = Counter()
        start: int | None = 1
        while page := recorder.select_notifications(start, BATCH_EVENTS):
            for notification in page:
                event = json.loads(notification.state)
                counted[event["unit"], event["level"]] += 1
            start = page[-1].id + 1
        return counted.total()

    our_replay()  # brings the live figures up, which the replay is compared with
    rates: dict[str, list[float]] = {"ours": [], "anchor": []}
    for _ in range(rounds):
        rates["ours"].append(_rate(our_replay, events))
        rates["anchor"].append(_rate(anchors_replay, events))
    yield Figure(
        benchmark="replay",
        ours=statistics.median(rates["ours"]),
        anchor=statistics.median(rates["anchor"]),
        unit="events/s",
        conditions={"events": events, "rounds": rounds},
    )
    recorder.datastore.close()
    store.close()
    for url in (ours, anchor):
        server.drop(url)


def _rate(replay: Callable[[], int], events: int) -> float:
    begun = time.perf_counter()
    assert replay() == events
    return events / (time.perf_counter() - begun)


def _fill_journal(store: Store, events: int) -> None:
    origins = [f"{DEPLOYMENT}/{province}/intake" for province in PROVINCES]
    for start in range(0, events, BATCH_EVENTS):
        origin = origins[start // BATCH_EVENTS % len(origins)]
        first = start // (BATCH_EVENTS * len(origins)) * BATCH_EVENTS
        entries = [
            _entry(origin, first + place, start + place)
            for place in range(min(BATCH_EVENTS, events - start))
        ]
        with store.write() as tx:
            keep(tx, entries)


def _entry(origin: str, position: int, number: int) -> Entry:
    opinion_id = str(uuid4())
    draft = Draft(
        id=opinion_id,
        stream=f"opinion-{opinion_id}",
        event=received(number, opinion_id),
        actor="bench/writer",
        occurred_at=TIME,
    )
    return Entry(origin, position, entry_bytes(draft.envelope(origin), time=TIME, version=0))


def _fill_notifications(url: str, events: int) -> None:
    recorder = open_anchor(url, create=True)
    for start in range(0, events, BATCH_EVENTS):
        recorder.insert_events(
            [
                StoredEvent(opinion_id := uuid4(), 0, "OpinionReceived", _state(number, opinion_id))
                for number in range(start, min(events, start + BATCH_EVENTS))
            ]
        )
    recorder.datastore.close()


def _state(number: int, opinion_id: object) -> bytes:
    return encoded(number, str(opinion_id))


def _analyze(url: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("ANALYZE"))
    engine.dispose()
