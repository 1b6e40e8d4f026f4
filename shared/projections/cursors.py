"""Cursors: how far a consumer has applied each log. Moved in the transaction of the effect."""

import sqlalchemy as sa

from shared.eventlog import NOTHING
from shared.kernel.errors import Conflict
from shared.projections.tables import FollowTables


class CursorMoved(Conflict):
    """Another process of the same consumer, or an operator's skip, has been here."""


def consumer_name(service: str, owner: str) -> str:
    """Return the name under which `service` keeps its cursors over the logs of `owner`."""
    return f"{service}.from-{owner}"


def cursors(connection: sa.Connection, tables: FollowTables, consumer: str) -> dict[str, int]:
    """Return each origin that `consumer` has begun, with its position. One row per log."""
    columns = tables.cursor.c
    rows = connection.execute(
        sa.select(columns.origin, columns.position).where(columns.consumer == consumer)
    )
    return dict(rows.all())


def position_of(connection: sa.Connection, tables: FollowTables, consumer: str, origin: str) -> int:
    """Return the last position that `consumer` has applied, -1 for none, locking the row."""
    columns = tables.cursor.c
    found = connection.scalar(
        sa.select(columns.position)
        .where(columns.consumer == consumer, columns.origin == origin)
        .with_for_update()
    )
    return NOTHING if found is None else int(found)


def move_cursor(
    connection: sa.Connection,
    tables: FollowTables,
    *,
    consumer: str,
    origin: str,
    before: int,
    after: int,
) -> None:
    """Move the cursor from `before` to `after`, both positions already applied then.

    Raises:
        CursorMoved: `follower.cursor_moved` when it is not at `before`.

    """
    moved = connection.execute(
        sa.text(  # with every batch: building an expression would cost more than running it
            f"UPDATE {tables.cursor.name} SET position = :after "  # noqa: S608 - our own name
            "WHERE consumer = :consumer AND origin = :origin AND position = :before"
        ),
        {"after": after, "consumer": consumer, "origin": origin, "before": before},
    ).rowcount
    if moved == 0 and before == NOTHING:
        moved = begin_cursor(connection, tables, consumer, origin, after)
    if moved != 1:
        raise CursorMoved("follower.cursor_moved", consumer=consumer, origin=origin)


def begin_cursor(
    connection: sa.Connection,
    tables: FollowTables,
    consumer: str,
    origin: str,
    position: int = NOTHING,
) -> int:
    """Make the row of a cursor that has none yet; return how many were made, 0 or 1."""
    return connection.execute(
        sa.text(
            f"INSERT INTO {tables.cursor.name} (consumer, origin, position) "  # noqa: S608 - ours
            "VALUES (:consumer, :origin, :position) ON CONFLICT DO NOTHING"
        ),
        {"consumer": consumer, "origin": origin, "position": position},
    ).rowcount
