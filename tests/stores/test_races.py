"""What several writers at once can do to a log, and what they can't."""

import multiprocessing
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.connection import Connection

import pytest
import sqlalchemy as sa

from shared.eventlog import NOTHING, execute
from shared.store import Store, Transaction
from tests.stores.logs import COUNTER, Opened, append, draft, open_ledger, seen, task
from tests.stores.turmoil import Tail, faults_of, write_by_url, write_in_turmoil

WRITERS = 16
PROCESSES = 4
WAIT_S = 30.0
_CHILDREN = multiprocessing.get_context("forkserver")
_CHILDREN.set_forkserver_preload([__name__])  # so that each starts at once, and clean


def until(condition: Callable[[], bool]) -> None:
    """Wait for it."""
    limit = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < limit, "it did not happen"
        time.sleep(0.005)


class TwoSessions:
    """The interleaving that loses events: A writes, B writes and commits, then A commits.

    `write` inserts an event by name and returns when the statement has.
    """

    def __init__(self, store: Store, write: Callable[[sa.Connection, str], None]) -> None:
        self.engine = store.engine
        self.write = write

    def play(self, look: Callable[[], None]) -> None:
        """Play it; `look` after every step is the tailing reader."""
        with self.engine.connect() as a, ThreadPoolExecutor(1) as other:
            self.write(a, "a")
            b = other.submit(self.write_and_commit, "b")
            until(lambda: b.done() or self.somebody_waits())
            look()
            a.commit()
            b.result(WAIT_S)
            look()

    def write_and_commit(self, name: str) -> None:
        with self.engine.begin() as connection:
            self.write(connection, name)

    def somebody_waits(self) -> bool:
        query = (
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        with self.engine.connect() as connection:
            return bool(connection.scalar(sa.text(query)))


def test_two_sessions_lose_an_event_for_the_reader_of_a_bigserial_log(
    on_postgresql: Opened,
) -> None:
    store, found = on_postgresql.store, list[int]()
    with store.write() as tx:
        create = "CREATE TABLE naive (position bigserial PRIMARY KEY, name text NOT NULL)"
        tx.connection.execute(sa.text(create))

    def write(connection: sa.Connection, name: str) -> None:
        connection.execute(sa.text("INSERT INTO naive (name) VALUES (:name)"), {"name": name})

    def look() -> None:
        query = "SELECT position FROM naive WHERE position > :after ORDER BY position"
        with store.read() as connection:
            after = found[-1] if found else 0
            found.extend(connection.scalars(sa.text(query), {"after": after}))

    TwoSessions(store, write).play(look)
    with store.read() as connection:
        committed = connection.scalars(sa.text("SELECT position FROM naive ORDER BY 1")).all()
    assert committed == [1, 2]
    assert found == [2], "the reader never sees the first, whose commit came late"


def test_the_same_two_sessions_lose_nothing_for_the_reader_of_our_log(
    on_postgresql: Opened,
) -> None:
    opened = on_postgresql
    tail = Tail(opened.log)

    def write(connection: sa.Connection, name: str) -> None:
        opened.log.append(Transaction(connection), [draft(name)])

    TwoSessions(opened.store, write).play(tail.look)
    assert [entry.recorded().stream for entry in tail.entries] == ["opinion-a", "opinion-b"]
    assert faults_of(tail) == []


def test_who_waited_for_the_lock_decides_on_what_the_other_left(opened: Opened) -> None:
    writers = 8
    together = threading.Barrier(writers)

    def count(number: int) -> None:
        together.wait(WAIT_S)
        with opened.store.write() as tx:
            execute(opened.log, tx, COUNTER, [task(f"count-{number}")])
            time.sleep(0.005)

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(count, range(writers)))
    events = [entry.recorded() for entry in opened.log.read(NOTHING)]
    assert [each.version for each in events] == list(range(writers))
    assert [each.event.voices for each in events] == list(range(1, writers + 1))  # type: ignore[union-attr]


def test_writers_of_two_logs_do_not_wait_for_each_other(on_postgresql: Opened) -> None:
    with on_postgresql.store.write() as tx:
        on_postgresql.log.append(tx, [draft("a")])
        with ThreadPoolExecutor(1) as other:
            written = other.submit(append, on_postgresql, draft("b"), province="ha-nam")
            assert written.result(WAIT_S) == [0]


def check(opened: Opened, tails: list[Tail], written: Counter[str]) -> None:
    """Hold what the readers saw against what the writers say they recorded."""
    assert {tail.log.province: faults_of(tail) for tail in tails} == {
        tail.log.province: [] for tail in tails
    }
    assert {tail.log.province: len(tail.entries) for tail in tails} == written
    assert min(written.values()) > 10
    assert sorted(seen(opened.store)) == sorted(
        (entry.origin, entry.position, entry.recorded().event_id)
        for tail in tails
        for entry in tail.entries
    )


def test_sixteen_threads_in_turmoil_leave_every_position_once_and_in_order(
    opened: Opened, *, long_tier: bool
) -> None:
    attempts = 400 if long_tier else 25
    tails = [Tail(log) for log in opened.ledger.logs.values()]
    with ThreadPoolExecutor(WRITERS) as pool, ThreadPoolExecutor(len(tails)) as readers:
        writers = [
            pool.submit(write_in_turmoil, opened.ledger, f"writer-{number}", attempts)
            for number in range(WRITERS)
        ]
        followed = [readers.submit(tail.follow, lambda: all_done(writers)) for tail in tails]
        written = sum((writer.result(WAIT_S * 4) for writer in writers), Counter[str]())
        for each in followed:
            each.result(WAIT_S)
    check(opened, tails, written)


def test_sixteen_writers_in_four_processes_in_turmoil_leave_every_position_once_and_in_order(
    on_postgresql: Opened, *, long_tier: bool
) -> None:
    attempts = 400 if long_tier else 25
    tails = [Tail(log) for log in on_postgresql.ledger.logs.values()]
    pool = ProcessPoolExecutor(PROCESSES, mp_context=_CHILDREN)
    with pool, ThreadPoolExecutor(len(tails)) as readers:
        writers = [
            pool.submit(
                write_by_url, on_postgresql.url, f"process-{number}", WRITERS // PROCESSES, attempts
            )
            for number in range(PROCESSES)
        ]
        followed = [readers.submit(tail.follow, lambda: all_done(writers)) for tail in tails]
        written = sum((writer.result(WAIT_S * 4) for writer in writers), Counter[str]())
        for each in followed:
            each.result(WAIT_S)
    check(on_postgresql, tails, written)


def all_done(writers: list[Future[Counter[str]]]) -> bool:
    """Whether every writer has ended."""
    return all(writer.done() for writer in writers)


def write_and_wait(url: str, ready: Connection) -> None:
    """Be a process that dies in mid-transaction: after its inserts, before its commit."""
    ledger = open_ledger(Store(url))
    with ledger.store.write() as tx:
        ledger.log("ha-noi").append(tx, [draft("lost"), draft("lost-too")])
        ready.send("written")
        time.sleep(WAIT_S)


def write_for_ever(url: str, ready: Connection) -> None:
    """Be a process that appends until it is killed."""
    ledger = open_ledger(Store(url))
    ready.send("begun")
    for number in range(10**9):
        with ledger.store.write() as tx:
            ledger.log("ha-noi").append(tx, [draft(f"{os.getpid()}-{number}")] * 2)


@pytest.mark.parametrize("doomed", [write_and_wait, write_for_ever])
def test_a_writer_killed_in_mid_transaction_leaves_no_gap_and_no_lock(
    on_postgresql: Opened, doomed: Callable[[str, Connection], None]
) -> None:
    append(on_postgresql, draft("before"))
    for round_no in range(3):
        here, there = _CHILDREN.Pipe()
        process = _CHILDREN.Process(target=doomed, args=(on_postgresql.url, there))
        process.start()
        assert here.poll(WAIT_S)
        time.sleep(0.02 * round_no)
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join(WAIT_S)
        assert process.exitcode == -signal.SIGKILL
        (position,) = append(on_postgresql, draft(f"after-{round_no}"))
        until(lambda expected=position + 1: on_postgresql.log.size() == expected)  # type: ignore[misc]
    tail = Tail(on_postgresql.log)
    tail.follow(lambda: True)
    assert faults_of(tail) == []
    names = [entry.recorded().stream for entry in tail.entries]
    assert "opinion-lost" not in names
    assert {"opinion-before", "opinion-after-0", "opinion-after-2"} <= set(names)


def test_a_slow_commit_of_one_is_waited_for_and_not_passed(on_postgresql: Opened) -> None:
    opened = on_postgresql
    tail = Tail(opened.log)
    with ThreadPoolExecutor(1) as other:
        with opened.store.write() as tx:
            opened.log.append(tx, [draft("slow")])
            quick = other.submit(append, opened, draft("quick"))
            time.sleep(0.1)
            assert not quick.done()
            tail.look()
            assert tail.entries == []
        assert quick.result(WAIT_S) == [1]
    tail.look()
    assert [entry.recorded().stream for entry in tail.entries] == [
        "opinion-slow",
        "opinion-quick",
    ]


@pytest.mark.parametrize(
    "statement", ["log_open ({log_no}, 'opinion-1')", "log_open_all ({log_no}, ARRAY['opinion-1'])"]
)
def test_the_plan_that_is_kept_looks_a_stream_up_by_its_index(
    on_postgresql: Opened, statement: str
) -> None:
    append(on_postgresql, *(draft(str(number)) for number in range(500)))
    with on_postgresql.store.write() as tx:
        on_postgresql.log.open(tx, ["opinion-1"])
        tx.connection.execute(sa.text("SET LOCAL plan_cache_mode = force_generic_plan"))
        execute_it = statement.format(log_no=on_postgresql.log.log_no)
        plan = "\n".join(tx.connection.scalars(sa.text(f"EXPLAIN EXECUTE {execute_it}")))
    assert "Index Scan using entry_stream_version on entry" in plan
    assert "Index Cond: ((log_no = $1) AND (stream = " in plan
