"""A log with what proves it: an archive that also has tiles, keys and every signed note."""

from collections.abc import Iterator
from typing import Protocol

import sqlalchemy as sa

from deploy.audit.archive import Archive, DatabaseArchive
from shared.eventlog.checkpoints import Checkpoints, Refusal
from shared.eventlog.tiles import Tile
from shared.kernel.errors import LogTampered

PAGE_NOTES = 200


class Provable(Archive, Protocol):
    """One log, wherever it lies, and what was signed of it."""

    @property
    def is_whole(self) -> bool:
        """Whether everything must be there, so that what is missing was taken away."""
        ...

    def notes(self) -> Iterator[bytes]:
        """Yield every signed note about the log, the smallest size first."""
        ...

    def stated_keys(self) -> list[str]:
        """Return the verifier keys that the log itself states, the first to sign at the top."""
        ...

    def tile(self, tile: Tile) -> bytes | None:
        """Return the stored content of `tile`, None when it isn't there."""
        ...

    def refusal(self) -> Refusal | None:
        """Return why its owner signs it no more; None when it does, or nobody knows."""
        ...


class OwnedLog(DatabaseArchive):
    """A log in its owner's database, which keeps every checkpoint, tile and key."""

    is_whole = True

    def entries(self, first: int, end: int) -> Iterator[bytes]:
        """Yield as `Archive` says. Raises LogTampered also where text stands for bytes."""
        try:
            yield from super().entries(first, end)
        except TypeError:
            raise LogTampered("audit.no_bytes", origin=self.origin) from None

    def notes(self) -> Iterator[bytes]:
        """Yield as `Provable` says."""
        table = self.tables.checkpoint
        after = -1
        while True:
            query = (
                sa.select(table.c.size, table.c.note)
                .where(table.c.log_no == self.log_no, table.c.size > after)
                .order_by(table.c.size)
                .limit(PAGE_NOTES)
            )
            with self.store.read() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            for row in rows:
                yield bytes(row.note)
            after = rows[-1].size

    def stated_keys(self) -> list[str]:
        """Return as `Provable` says."""
        return [key.verifier_key for key in self.checkpoints.log_keys()]

    def tile(self, tile: Tile) -> bytes | None:
        """Return as `Provable` says."""
        try:
            return self.checkpoints.tile(tile)
        except LogTampered:
            return None

    def refusal(self) -> Refusal | None:
        """Return as `Provable` says."""
        return self.checkpoints.refusal()

    @property
    def checkpoints(self) -> Checkpoints:
        """What the owner keeps of what was signed."""
        return Checkpoints(self.store, self.tables, self.origin, self.log_no)


def owned(archive: DatabaseArchive) -> OwnedLog:
    """Return `archive` with what proves it."""
    return OwnedLog(
        origin=archive.origin,
        store=archive.store,
        tables=archive.tables,
        log_no=archive.log_no,
    )
