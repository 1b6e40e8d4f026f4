"""The owner's tables: every column beside an entry says what the entry says."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from deploy.audit.fsck.check import ROWS_AT_ONCE, Check
from deploy.audit.proving.provable import OwnedLog
from deploy.audit.proving.tree_check import SignedRoot, TreeCheck
from shared.eventlog import Entry
from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.note import Note
from shared.eventlog.proof import leaf_hash
from shared.eventlog.tiles import tiles_of
from shared.kernel.errors import AppError, ContractError

_SAID_BY = {
    "stream": "subject",
    "version": "streamversion",
    "id": "id",
    "type": "type",
    "time": "time",
}
"""Columns, and the attributes of the entry that they index."""


def check_index(check: Check, log: OwnedLog) -> None:
    """Compare the index, the counter row, the tiles and the checkpoints of `log`."""
    size = log.size()
    tree = TreeCheck(
        origin=log.origin,
        signed=_signed(check, log),
        stored=log.tile,
        is_whole=True,
        findings=check.findings,
    )
    position = 0
    for page in _pages(log):
        for row in page:
            if position != row.position:
                check.found("fsck.hole", log.origin, position)
            _compare(check, log, row)
            position = row.position + 1
        tree.feed([leaf_hash(bytes(row.entry)) for row in page])
        check.advance(len(page))
    if position < size:
        check.found("fsck.hole", log.origin, position)
    tree.end()
    _check_end(check, log)
    _check_tiles_end(check, log)


def _check_end(check: Check, log: OwnedLog) -> None:
    """Compare the counter row with the last entry: each in one look, as the log may grow."""
    head, entry = log.tables.log.c, log.tables.entry.c
    mine = sa.and_(head.log_no == log.log_no, entry.log_no == head.log_no)
    beyond = sa.select(sa.func.min(entry.position), sa.func.min(head.next_position)).where(
        mine, entry.position >= head.next_position
    )
    times = sa.select(entry.position, entry.time, head.last_time).where(
        mine, entry.position == head.next_position - 1
    )
    with log.store.read() as connection:
        position, size = connection.execute(beyond).one()
        last = connection.execute(times).one_or_none()
    if position is not None:
        check.found("fsck.beyond_end", log.origin, position, size=size)
    if last is not None and last.time != last.last_time:
        check.found("fsck.head_differs", log.origin, last.position)


def _pages(log: OwnedLog) -> Iterator[list[sa.Row[Any]]]:
    entry = log.tables.entry
    after = -1
    while True:
        query = (
            sa.select(entry)
            .where(entry.c.log_no == log.log_no, entry.c.position > after)
            .order_by(entry.c.position)
            .limit(ROWS_AT_ONCE)
        )
        with log.store.read() as connection:
            rows = list(connection.execute(query))
        if not rows:
            return
        yield rows
        after = rows[-1].position


def _checkpoints(log: OwnedLog) -> Iterator[sa.Row[Any]]:
    table = log.tables.checkpoint
    after = -1
    while True:
        query = (
            sa.select(table)
            .where(table.c.log_no == log.log_no, table.c.size > after)
            .order_by(table.c.size)
            .limit(ROWS_AT_ONCE)
        )
        with log.store.read() as connection:
            rows = list(connection.execute(query))
        if not rows:
            return
        yield from rows
        after = rows[-1].size


def _compare(check: Check, log: OwnedLog, row: sa.Row[Any]) -> None:
    content = bytes(row.entry)
    if bytes(row.leaf) != leaf_hash(content):
        check.found("fsck.index_differs", log.origin, row.position, column="leaf")
    try:
        document: Mapping[str, Any] = Entry(log.origin, row.position, content).document
    except ContractError:
        check.found("fsck.unreadable", log.origin, row.position)
        return
    for column, attribute in _SAID_BY.items():
        if getattr(row, column) != document.get(attribute):
            check.found("fsck.index_differs", log.origin, row.position, column=column)


def _signed(check: Check, log: OwnedLog) -> list[SignedRoot]:
    """Return the checkpoints' roots, after comparing their rows with their notes."""
    roots = []
    for row in _checkpoints(log):
        try:
            said = Checkpoint.parse(Note.parse(bytes(row.note)).text)
        except AppError:
            check.found("fsck.checkpoint_differs", log.origin, size=row.size)
            continue
        if (said.origin, said.size, said.root) != (log.origin, row.size, bytes(row.root)):
            check.found("fsck.checkpoint_differs", log.origin, size=row.size)
        if said.origin == log.origin:
            roots.append(SignedRoot(size=said.size, root=said.root))
    return sorted(roots, key=lambda each: each.size)


def _check_tiles_end(check: Check, log: OwnedLog) -> None:
    """Find tiles beyond those of the newest checkpoint: nobody has signed them."""
    table = log.tables.tile
    query = (
        sa.select(table.c.level, sa.func.count(), sa.func.max(table.c.tile_index))
        .where(table.c.log_no == log.log_no)
        .group_by(table.c.level)
    )
    with log.store.read() as connection:
        stored = connection.execute(query).all()
    newest = log.checkpoints.newest()  # looked at last: tiles come together with it
    expected: dict[int, int] = {}
    for tile in tiles_of(newest.size if newest else 0):
        expected[tile.level] = tile.index + 1
    for level, count, last in stored:
        if max(count, last + 1) > expected.get(level, 0):
            check.found("fsck.tile_beyond", log.origin, tier=level, index=last)
