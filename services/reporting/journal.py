"""The journal: Reporting's own verified copy of every log it follows, byte for byte.

Figures, reports and replays read nothing else. `keeping` adds to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from services.reporting.tables import journal_entry, journal_log
from shared.kernel.errors import NotFound
from shared.store import Store

PAGE_ENTRIES = 2_000
LOGS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A row of the journal: the bytes, and what the index says of them."""

    origin: str
    position: int
    event_id: str
    type: str
    schema_version: int
    time: str
    content: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLog:
    """How much of one log is here."""

    origin_no: int
    origin: str
    province: str
    service: str
    size: int
    last_time: str


def logs(store: Store, provinces: Sequence[str] | None = None) -> list[JournalLog]:
    """Return the logs of `provinces` (None: all), by origin; at most 1,000."""
    query = sa.select(journal_log).limit(LOGS_MAX)
    if provinces is not None:
        query = query.where(journal_log.c.province.in_(provinces))
    with store.read() as connection:
        found = [log_of(row) for row in connection.execute(query)]
    # Not by the database, whose collation may order names otherwise than Python does.
    return sorted(found, key=lambda log: log.origin)


def page(
    store: Store,
    log: JournalLog,
    first: int,
    end: int,
    *,
    types: Sequence[str] | None = None,
    containing: Sequence[bytes] = (),
    limit: int = PAGE_ENTRIES,
) -> list[Kept]:
    """Return up to `limit` rows at positions from `first` to before `end`, in order.

    With `types` only rows indexed as one of them, and only entries that have every
    sequence of bytes in `containing` somewhere.
    """
    columns = journal_entry.c
    query = (
        sa.select(journal_entry)
        .where(
            columns.origin_no == log.origin_no, columns.position >= first, columns.position < end
        )
        .order_by(columns.position)
        .limit(limit)
    )
    if types is not None:
        query = query.where(columns.type.in_(types))
    for each in containing:
        query = query.where(_place_in_entry(store, each) > 0)
    with store.read() as connection:
        return [_kept(log.origin, row) for row in connection.execute(query)]


def rows_below(
    store: Store,
    sizes: Mapping[str, int],
    types: Sequence[str] | None = None,
    containing: Sequence[bytes] = (),
) -> Iterator[Kept]:
    """Yield the rows at positions below each log's size, by origin and position, page by page.

    `types` and `containing` as `page`.

    Raises:
        NotFound: `journal.unknown_log`.

    """
    for log, size in _known(store, sizes):
        position = 0
        while found := page(store, log, position, size, types=types, containing=containing):
            yield from found
            position = found[-1].position + 1


def count_below(store: Store, sizes: Mapping[str, int], types: Sequence[str]) -> int:
    """Return how many rows of `types` are at positions below each log's size.

    Raises:
        NotFound: `journal.unknown_log`.

    """
    columns = journal_entry.c
    counted = 0
    for log, size in _known(store, sizes):
        query = (
            sa.select(sa.func.count())
            .select_from(journal_entry)
            .where(
                columns.origin_no == log.origin_no,
                columns.type.in_(types),
                columns.position < size,
            )
        )
        with store.read() as connection:
            counted += connection.execute(query).scalar_one()
    return counted


def _known(store: Store, sizes: Mapping[str, int]) -> Iterator[tuple[JournalLog, int]]:
    known = {log.origin: log for log in logs(store)}
    for origin, size in sorted(sizes.items()):
        log = known.get(origin)
        if log is None:
            raise NotFound("journal.unknown_log", origin=origin)
        yield log, size


def _place_in_entry(store: Store, content: bytes) -> sa.ColumnElement[int]:
    find = sa.func.pg_catalog.position if store.is_postgresql else sa.func.instr
    return find(journal_entry.c.entry, sa.literal(content, sa.LargeBinary), type_=sa.Integer)


def time_at(store: Store, origin: str, position: int) -> str | None:
    """Return when the entry at `position` was recorded; None where there is none."""
    query = (
        sa.select(journal_entry.c.time)
        .join(journal_log, journal_log.c.origin_no == journal_entry.c.origin_no)
        .where(journal_log.c.origin == origin, journal_entry.c.position == position)
    )
    with store.read() as connection:
        found: str | None = connection.scalar(query)
    return found


def log_of(row: sa.Row[Any]) -> JournalLog:
    """Return a row of `journal_log`."""
    return JournalLog(
        origin_no=row.origin_no,
        origin=row.origin,
        province=row.province,
        service=row.service,
        size=row.size,
        last_time=row.last_time,
    )


def _kept(origin: str, row: sa.Row[Any]) -> Kept:
    return Kept(
        origin=origin,
        position=row.position,
        event_id=row.event_id,
        type=row.type,
        schema_version=row.schema_version,
        time=row.time,
        content=bytes(row.entry),
        leaf=bytes(row.leaf),
    )
