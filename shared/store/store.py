"""Opening a database, and the two ways to use it: a write transaction, a short read.

Knows neither nameko nor eventlet: a `threading.Lock` is green in a process that was
monkey-patched and an ordinary lock in one that was not.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from shared.kernel.errors import RegulationError

_POSTGRESQL = "postgresql+psycopg2://"
_POOL_WAIT_S = 10
_PING_AFTER_IDLE_S = 1.0
_IDLE_IN_TRANSACTION_MS = 300_000
_POSTGRESQL_OPTIONS = " ".join(
    f"-c {setting}"
    for setting in (
        r"default_transaction_isolation=read\ committed",  # the log's lock relies on it
        # A writer that froze or was cut off must not hold the lock of a log for hours.
        f"idle_in_transaction_session_timeout={_IDLE_IN_TRANSACTION_MS:d}",
    )
)
_READ_ONLY = " -c default_transaction_read_only=on"
_SQLITE_READ_WAIT_S = 10.0
"""A reader may wait for the process that writes to come or go; it is no green one."""
_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what the vault erases is overwritten
    "recursive_triggers=ON",  # else INSERT OR REPLACE deletes an entry behind its trigger
)


@dataclass(slots=True)
class Transaction:
    """An open write transaction, and what is to happen once it is committed."""

    connection: sa.Connection
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    finishes: bool = False
    """It follows from what is recorded: a log that is closed to commands takes it."""


class Store:
    """One database; the only place that knows which kind it is.

    One that `is_read_only` is only looked at, also while others write it: the database
    itself refuses any change, and a SQLite file that nobody has open stays as it is, with
    no file beside it.

    Raises:
        RegulationError: `store.unknown_database` for any other address. The bare name
            `postgresql://` means psycopg 3, which blocks eventlet's hub.

    """

    def __init__(self, url: str, *, connections: int = 12, is_read_only: bool = False) -> None:
        if url.startswith("sqlite"):
            self.engine = _sqlite_reader(url) if is_read_only else _sqlite_engine(url)
        elif url.startswith(_POSTGRESQL):
            options = _POSTGRESQL_OPTIONS + (_READ_ONLY if is_read_only else "")
            self.engine = _postgresql_engine(url, connections, options)
        else:
            raise RegulationError("store.unknown_database", expected=_POSTGRESQL)
        self.is_postgresql = self.engine.dialect.name == "postgresql"
        self._writing = self.engine.execution_options(writes=True)
        self._turn = nullcontext() if self.is_postgresql else threading.Lock()

    @contextmanager
    def write(self, *, finishes: bool = False) -> Iterator[Transaction]:
        """Yield one write transaction; commit at the end, roll back on any exception.

        On SQLite writers queue here, greenly, and never in SQLite's own busy handler,
        which would sleep in C. So nothing inside may wait for another greenlet.
        """
        with self._turn, self._writing.begin() as connection:
            transaction = Transaction(connection, finishes=finishes)
            yield transaction
        for callback in transaction.after_commit:
            callback()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Yield a connection whose every statement is a short snapshot of its own.

        A long one would hold back vacuum on the counter row of the log.
        """
        with self.engine.connect() as connection:
            if self.is_postgresql:
                yield connection.execution_options(isolation_level="AUTOCOMMIT")
            else:
                yield connection

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _postgresql_engine(url: str, connections: int, options: str) -> sa.Engine:
    engine = sa.create_engine(
        url,
        hide_parameters=True,  # an exception must not carry an entry
        pool_size=connections,
        max_overflow=4,
        pool_timeout=_POOL_WAIT_S,
        connect_args={"options": options},
    )

    @sa.event.listens_for(engine, "checkin")
    def _rest(_connection: Any, record: Any) -> None:
        record.info["idle_since_s"] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def _ping(connection: Any, record: Any, _proxy: Any) -> None:
        # Only after a rest: asking before every transaction costs a round trip of each.
        now_s = time.monotonic()
        if now_s - record.info.get("idle_since_s", now_s) < _PING_AFTER_IDLE_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            # Its words name the server; the pool makes all its connections anew.
            raise sa.exc.InvalidatePoolError from None

    return engine


def _sqlite_engine(url: str) -> sa.Engine:
    # timeout=0 turns every wait hidden in C into a visible error: there must be none.
    engine = sa.create_engine(
        url, hide_parameters=True, connect_args={"timeout": 0, "check_same_thread": False}
    )
    preparing = threading.Lock()  # the first to change the journal's mode locks the file

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        with preparing:
            for pragma in _SQLITE_PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("writes"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _sqlite_reader(url: str) -> sa.Engine:
    """Return an engine that opens the file for reading only.

    A file in WAL mode is read together with what is still in `-wal` beside it. Without that
    file nobody has the database open, and it is read as it lies: otherwise SQLite would
    make `-wal` and `-shm`, which can't be on a copy that is evidence, or on a disc.
    """
    file = Path(sa.make_url(url).database or "").absolute()

    def connect() -> sqlite3.Connection:
        mode = "mode=ro" if file.with_name(f"{file.name}-wal").exists() else "immutable=1"
        return sqlite3.connect(
            f"{file.as_uri()}?{mode}",
            uri=True,
            timeout=_SQLITE_READ_WAIT_S,
            check_same_thread=False,
        )

    return sa.create_engine(url, creator=connect, hide_parameters=True)
