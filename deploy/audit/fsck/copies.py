"""Reporting's journal: every copy has its owner's bytes, and an index that says what they say."""

from collections.abc import Iterator, Sequence
from itertools import islice

import sqlalchemy as sa

from deploy.audit.archive import Archive
from deploy.audit.fsck.check import Check
from services.reporting import journal
from services.reporting.journal import JournalLog, Kept
from services.reporting.keeping import verify
from services.reporting.tables import journal_entry, journal_log
from shared.kernel.errors import LogTampered
from shared.store import Store


def check_copies(check: Check, store: Store, owners: Sequence[Archive]) -> None:
    """Compare every log in the journal of `store` with its owner's."""
    by_origin = {archive.origin: archive for archive in owners}
    for log in journal.logs(store):
        owner = by_origin.get(log.origin)
        if owner is None:
            check.found("fsck.copy_of_nothing", log.origin)
        else:
            _check_copy(check, store, log, owner)


def _check_copy(check: Check, store: Store, log: JournalLog, owner: Archive) -> None:
    _, province, service = log.origin.split("/")
    if (log.province, log.service) != (province, service):
        check.found("fsck.copy_head_differs", log.origin)
    size = owner.size()
    if log.size > size:
        check.found("fsck.copy_is_ahead", log.origin, size, size=size, copied=log.size)
    _check_end(check, store, log)
    theirs = _bytes(owner, min(size, log.size))
    position, last_time = 0, ""
    while rows := journal.page(store, log, position, log.size):
        for row in rows:
            for missing in range(position, row.position):
                check.found("fsck.copy_hole", log.origin, missing)
                next(theirs, None)
            _compare(check, row, row.position, last_time)
            content = next(theirs, None)
            if content is not None and content != row.content:
                check.found("fsck.copy_differs", log.origin, row.position)
            position, last_time = row.position + 1, row.time
        check.advance(len(rows))
    if position < log.size:
        check.found("fsck.copy_hole", log.origin, position)
    elif last_time != log.last_time:
        check.found("fsck.copy_head_differs", log.origin)


def _bytes(owner: Archive, size: int) -> Iterator[bytes]:
    """Yield what the owner has; what is wrong with that is found where it is looked at."""
    try:
        yield from islice(owner.entries(0, size), size)
    except LogTampered:
        return


def _compare(check: Check, row: Kept, position: int, last_time: str) -> None:
    try:
        verify(row, position, last_time)
    except LogTampered as error:
        check.found("fsck.copy_index_differs", row.origin, position, reason=error.code)


def _check_end(check: Check, store: Store, log: JournalLog) -> None:
    """Find copies beyond the end, in one look, as the journal may grow."""
    entry, head = journal_entry.c, journal_log.c
    query = sa.select(sa.func.min(entry.position)).where(
        head.origin_no == log.origin_no,
        entry.origin_no == head.origin_no,
        entry.position >= head.size,
    )
    with store.read() as connection:
        beyond = connection.scalar(query)
    if beyond is not None:
        check.found("fsck.copy_beyond_end", log.origin, beyond, size=log.size)
