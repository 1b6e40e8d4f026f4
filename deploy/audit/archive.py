"""One log as an auditor reads it, wherever it lies: the stored bytes, in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa

from services.reporting import journal
from shared.eventlog import LogTables
from shared.eventlog.statements import page_query
from shared.kernel.errors import LogTampered
from shared.store import Store

PAGE_ENTRIES = 1_000
PAGE_BYTES = 4 * 1024 * 1024


class Archive(Protocol):
    """One log, wherever it lies."""

    @property
    def origin(self) -> str:
        """Return the log's name, `<deployment>/<province>/<service>`."""
        ...

    def size(self) -> int:
        """Return how many entries there are now: positions are 0 to `size() - 1`."""
        ...

    def entries(self, first: int, end: int) -> Iterator[bytes]:
        """Yield the stored bytes at positions from `first` to before `end`, in order.

        They are read page by page; nothing holds more than one page.

        Raises:
            LogTampered: `audit.hole` when a position below `end` has no entry.

        """
        ...

    def checkpoint(self) -> bytes | None:
        """Return the newest signed note about this log; None when there is none."""
        ...


def province_of(archive: Archive) -> str:
    """Return the slug of the province whose log this is; "" for a name that has none."""
    return _part(archive.origin, 1)


def service_of(archive: Archive) -> str:
    """Return the service that owns this log; "" for a name that has none."""
    return _part(archive.origin, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseArchive:
    """A log in the database of the service that owns it."""

    origin: str
    store: Store
    tables: LogTables
    log_no: int

    def size(self) -> int:
        """Return the next position, by the log's counter row."""
        row = self.tables.log.c
        with self.store.read() as connection:
            found = connection.execute(
                sa.select(row.next_position).where(row.log_no == self.log_no)
            )
            return int(found.scalar_one())

    def entries(self, first: int, end: int) -> Iterator[bytes]:
        """Yield as `Archive` says."""
        page = page_query(self.tables.entry, self.log_no)
        position = first
        while position < end:
            asked = {
                "after": position - 1,
                "limit": min(PAGE_ENTRIES, end - position),
                "limit_bytes": PAGE_BYTES,
            }
            with self.store.read() as connection:
                rows = connection.execute(page, asked).all()
            if not rows:
                raise LogTampered("audit.hole", origin=self.origin, position=position)
            for row in rows:
                if row.position != position:
                    raise LogTampered("audit.hole", origin=self.origin, position=position)
                yield bytes(row.entry)
                position += 1

    def checkpoint(self) -> bytes | None:
        """Return the note of the largest size that the owner has signed."""
        checkpoint = self.tables.checkpoint
        with self.store.read() as connection:
            if not sa.inspect(connection).has_table(checkpoint.name):
                return None  # a release that signed nothing has written this database
            note = connection.scalar(
                sa.select(checkpoint.c.note)
                .where(checkpoint.c.log_no == self.log_no)
                .order_by(checkpoint.c.size.desc())
                .limit(1)
            )
        return None if note is None else bytes(note)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalArchive:
    """A log as Reporting has copied it: the same bytes at the same positions."""

    origin: str
    store: Store

    def size(self) -> int:
        """Return how much of the log is copied."""
        return self._log().size

    def entries(self, first: int, end: int) -> Iterator[bytes]:
        """Yield as `Archive` says."""
        log = self._log()
        position = first
        while position < end:
            limit = min(PAGE_ENTRIES, end - position)
            rows = journal.page(self.store, log, position, end, limit=limit)
            if not rows:
                raise LogTampered("audit.hole", origin=self.origin, position=position)
            for row in rows:
                if row.position != position:
                    raise LogTampered("audit.hole", origin=self.origin, position=position)
                yield row.content
                position += 1

    def checkpoint(self) -> bytes | None:
        """Return None: the copy holds entries, and no note of its owner."""
        return None

    def _log(self) -> journal.JournalLog:
        return next(log for log in journal.logs(self.store) if log.origin == self.origin)


def _part(origin: str, number: int) -> str:
    parts = origin.split("/")
    return parts[number] if number < len(parts) else ""
