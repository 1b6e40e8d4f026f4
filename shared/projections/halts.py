"""Entries that a consumer could not apply: tried again, then halted until somebody acts.

A halt holds one origin of one consumer; all others go on. It keeps an error's code,
never its words.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from shared.eventlog import Entry
from shared.kernel.clock import system_clock
from shared.kernel.errors import NotFound
from shared.projections.cursors import CursorMoved, begin_cursor, position_of
from shared.projections.tables import FollowTables
from shared.store import Store, Transaction

DELAYS_S = (0.5, 1.0, 2.0)
"""Pauses before an entry is tried again; after the last one its origin halts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """An entry that was not applied."""

    origin: str
    position: int
    attempts: int
    retry_at: float | None
    """Seconds since 1970 by the system's clock; None: halted until somebody acts."""
    code: str

    @property
    def is_final(self) -> bool:
        """Whether only an operator can end it."""
        return self.retry_at is None

    def is_due(self, now: float) -> bool:
        """Whether the entry is to be tried again at `now`."""
        return self.retry_at is not None and self.retry_at <= now


def moment() -> float:
    """Return seconds since 1970: pauses are real time, also where dates are simulated."""
    return system_clock().timestamp()


def halts(connection: sa.Connection, tables: FollowTables, consumer: str) -> dict[str, Halt]:
    """Return the halt of each origin that has one. At most one row per log."""
    columns = tables.halt.c
    rows = connection.execute(sa.select(tables.halt).where(columns.consumer == consumer))
    return {row.origin: _halt(row) for row in rows}


def postpone(store: Store, tables: FollowTables, consumer: str, entry: Entry, code: str) -> Halt:
    """Note that `entry` failed once more; return when it is tried again, if ever.

    Raises:
        CursorMoved: `follower.cursor_moved` when another has passed it meanwhile.

    """
    columns = tables.halt.c
    mine = (columns.consumer == consumer, columns.origin == entry.origin)
    with store.write() as tx:
        begin_cursor(tx.connection, tables, consumer, entry.origin)
        if position_of(tx.connection, tables, consumer, entry.origin) != entry.position - 1:
            raise CursorMoved("follower.cursor_moved", consumer=consumer, origin=entry.origin)
        before = tx.connection.scalar(
            sa.select(columns.attempts).where(*mine, columns.position == entry.position)
        )
        attempts = (before or 0) + 1
        halt = Halt(
            origin=entry.origin,
            position=entry.position,
            attempts=attempts,
            retry_at=moment() + DELAYS_S[attempts - 1] if attempts <= len(DELAYS_S) else None,
            code=code,
        )
        tx.connection.execute(tables.halt.delete().where(*mine))
        tx.connection.execute(
            tables.halt.insert().values(
                consumer=consumer,
                origin=halt.origin,
                position=halt.position,
                attempts=halt.attempts,
                retry_at=halt.retry_at,
                code=halt.code,
            )
        )
    return halt


def end_halt(
    connection: sa.Connection, tables: FollowTables, consumer: str, origin: str, position: int
) -> None:
    """Forget the halt of an origin at or before `position`, which is applied or passed."""
    columns = tables.halt.c
    connection.execute(
        tables.halt.delete().where(
            columns.consumer == consumer,
            columns.origin == origin,
            columns.position <= position,
        )
    )


def retry(store: Store, tables: FollowTables, *, consumer: str, origin: str) -> int:
    """Have the halted entry tried again now, with all its attempts; return its position.

    Raises:
        NotFound: `follower.not_halted`.

    """
    columns = tables.halt.c
    with store.write() as tx:
        halt = find_halt(tx, tables, consumer, origin)
        tx.connection.execute(
            tables.halt.update()
            .where(columns.consumer == consumer, columns.origin == origin)
            .values(attempts=0, retry_at=moment())
        )
    return halt.position


def find_halt(tx: Transaction, tables: FollowTables, consumer: str, origin: str) -> Halt:
    """Return the halt of an origin, locking its row.

    Raises:
        NotFound: `follower.not_halted`.

    """
    columns = tables.halt.c
    row = tx.connection.execute(
        sa.select(tables.halt)
        .where(columns.consumer == consumer, columns.origin == origin)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound("follower.not_halted", consumer=consumer, origin=origin)
    return _halt(row)


def _halt(row: sa.Row[tuple[object, ...]]) -> Halt:
    return Halt(
        origin=row.origin,
        position=row.position,
        attempts=row.attempts,
        retry_at=row.retry_at,
        code=row.code,
    )
