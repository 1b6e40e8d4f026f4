"""Appending one event a transaction, by one or several processes at once.

The sides take turns, round by round, so that whatever else the machine does hits both.
"""

import multiprocessing
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

import sqlalchemy as sa

from tests.benchmarks.figures import Figure
from tests.benchmarks.writers import SIDES
from tests.servers import PostgresServer

WARM_UP_EVENTS = 300
_START_TIMEOUT_S = 60.0
_CHILDREN = multiprocessing.get_context("forkserver")
_CHILDREN.set_forkserver_preload([__name__])  # so that each starts at once, and clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What a writer does: for which side, into how many logs, for how long."""

    side: str
    url: str
    logs: int
    span_s: float
    events_at_least: int = 1


def append_figures(server: PostgresServer, *, span_s: float, rounds: int) -> Iterator[Figure]:
    """Yield events a second: one writer; four writers over four logs, and on one log."""
    urls = {name: server.create(f"bench_{name}") for name in SIDES}
    for name, side in SIDES.items():
        side.prepare(urls[name])
        _warm_up(name, urls[name])
    for writers, logs in ((1, 1), (4, 4), (4, 1)):
        rates: dict[str, list[float]] = {name: [] for name in SIDES}
        for _ in range(rounds):
            for name, url in urls.items():
                shift = Shift(side=name, url=url, logs=logs, span_s=span_s)
                rates[name].append(_rate(shift, writers))
        yield Figure(
            benchmark="append",
            ours=statistics.median(rates["ours"]),
            anchor=statistics.median(rates["anchor"]),
            unit="events/s",
            conditions={"writers": writers, "logs": logs, "rounds": rounds, "span_s": span_s},
        )
    for url in urls.values():
        server.drop(url)


def _warm_up(name: str, url: str) -> None:
    """Give the tables some rows and the planner its statistics."""
    shift = Shift(side=name, url=url, logs=4, span_s=0.0, events_at_least=WARM_UP_EVENTS)
    _rate(shift, writers=1)
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("ANALYZE"))
    engine.dispose()


def _rate(shift: Shift, writers: int) -> float:
    """Return how many events a second `writers` processes record together."""
    barrier = _CHILDREN.Barrier(writers)
    rates: Queue[float] = _CHILDREN.Queue()
    processes = [
        _CHILDREN.Process(target=_write, args=(shift, number, barrier, rates))
        for number in range(writers)
    ]
    for process in processes:
        process.start()
    total = sum(rates.get(timeout=_START_TIMEOUT_S + shift.span_s) for _ in processes)
    for process in processes:
        process.join()
    return total


def _write(shift: Shift, seed: int, barrier: Barrier, rates: "Queue[float]") -> None:
    """Be one writer: record for the shift, and report events a second."""
    write = SIDES[shift.side].writer(shift.url, shift.logs)
    write(seed)
    barrier.wait(_START_TIMEOUT_S)
    count = 0
    begun = time.perf_counter()
    end = begun + shift.span_s
    while count < shift.events_at_least or time.perf_counter() < end:
        write(seed + count)
        count += 1
    rates.put(count / (time.perf_counter() - begun))
