"""How delivery stands: for the command line, for readiness and for metrics."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from shared.eventlog import NOTHING, LogTables
from shared.projections.cursors import cursors
from shared.projections.tables import FollowTables
from shared.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowStatus:
    """One log as one consumer has applied it."""

    consumer: str
    origin: str
    position: int
    """Last position applied, -1 for none."""
    halted: bool
    """Nothing more of this log is applied until an operator retries or skips."""
    code: str | None
    """Of the error that keeps it from the next position; None when nothing does."""
    attempts: int
    retry_at: float | None
    """Seconds since 1970; None when nothing is postponed."""


def follow_status(store: Store, tables: FollowTables, limit: int = 1_000) -> list[FollowStatus]:
    """Return what each consumer has applied, by consumer and origin; at most `limit` rows.

    What is halted comes first, so that a limit can't hide it.
    """
    cursor, halt = tables.cursor.c, tables.halt.c
    halted = sa.and_(halt.code.is_not(None), halt.retry_at.is_(None))
    query = (
        sa.select(
            cursor.consumer,
            cursor.origin,
            cursor.position,
            halted.label("halted"),
            halt.code,
            sa.func.coalesce(halt.attempts, 0).label("attempts"),
            halt.retry_at,
        )
        .select_from(
            tables.cursor.outerjoin(
                tables.halt,
                sa.and_(halt.consumer == cursor.consumer, halt.origin == cursor.origin),
            )
        )
        .order_by(halt.code.is_(None), cursor.consumer, cursor.origin)
        .limit(limit)
    )
    with store.read() as connection:
        return [
            FollowStatus(
                consumer=row.consumer,
                origin=row.origin,
                position=row.position,
                halted=bool(row.halted),
                code=row.code,
                attempts=row.attempts,
                retry_at=row.retry_at,
            )
            for row in connection.execute(query)
        ]


def entries_behind(
    store: Store, tables: FollowTables, consumer: str, heads: Mapping[str, int]
) -> dict[str, int]:
    """Return how many entries `consumer` has yet to apply of each log in `heads`."""
    with store.read() as connection:
        positions = cursors(connection, tables, consumer)
    return {origin: max(0, head - positions.get(origin, NOTHING)) for origin, head in heads.items()}


def entries_unpublished(
    store: Store, log_tables: LogTables, tables: FollowTables, limit: int = 1_000
) -> dict[str, int]:
    """Return how many entries of each log its relay has yet to publish."""
    log, cursor = log_tables.log.c, tables.relay_cursor.c
    query = (
        sa.select(log.origin, log.next_position - 1 - sa.func.coalesce(cursor.position, NOTHING))
        .select_from(log_tables.log.outerjoin(tables.relay_cursor, cursor.log_no == log.log_no))
        .order_by(log.origin)
        .limit(limit)
    )
    with store.read() as connection:
        return dict(connection.execute(query).all())
