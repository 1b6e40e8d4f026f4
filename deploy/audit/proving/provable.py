"""A log with what proves it: an archive that also has tiles, keys and every signed note."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

import sqlalchemy as sa

from deploy.audit.archive import Archive, DatabaseArchive, service_of
from services.reporting.mirror import Dispute, Mirrored, is_kept, mirrored
from shared.eventlog.checkpoints import Checkpoints, Refusal
from shared.eventlog.tiles import Tile
from shared.kernel.errors import LogTampered

PAGE_NOTES = 200
REPORTING = "reporting"
NO_MIRRORS: Mapping[str, Mirrored] = MappingProxyType({})


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

    def handovers(self) -> bytes:
        """Return what its keys said of those that follow them, as `handovers_in` reads it."""
        ...

    def tile(self, tile: Tile) -> bytes | None:
        """Return the stored content of `tile`, None when it isn't there."""
        ...

    def refusal(self) -> Refusal | None:
        """Return why its owner signs it no more; None when it does, or nobody knows."""
        ...

    def cosigned(self) -> bytes | None:
        """Return the newest note that a witness of the deployment's own has cosigned."""
        ...

    def dispute(self) -> Dispute | None:
        """Return why that witness cosigns it no more; None when it does, or nobody knows."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedLog(DatabaseArchive):
    """A log in its owner's database, which keeps every checkpoint, tile and key."""

    mirror: Mirrored | None = None
    """What Reporting holds of its checkpoints; None for a log that it doesn't copy."""

    @property
    def is_whole(self) -> bool:
        """Return as `Provable` says."""
        return True

    def entries(self, first: int, end: int) -> Iterator[bytes]:
        """Yield as `Archive` says. Raises LogTampered also where text stands for bytes."""
        try:
            yield from DatabaseArchive.entries(self, first, end)
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

    def handovers(self) -> bytes:
        """Return as `Provable` says; nothing of a database of an older release."""
        with self.store.read() as connection:
            is_kept = sa.inspect(connection).has_table(self.tables.key_handover.name)
        return self.checkpoints.handovers() if is_kept else b""

    def tile(self, tile: Tile) -> bytes | None:
        """Return as `Provable` says."""
        try:
            return self.checkpoints.tile(tile)
        except LogTampered:
            return None

    def refusal(self) -> Refusal | None:
        """Return as `Provable` says."""
        return self.checkpoints.refusal()

    def cosigned(self) -> bytes | None:
        """Return as `Provable` says."""
        found = self.mirror.cosigned if self.mirror else None
        return found.note if found else None

    def dispute(self) -> Dispute | None:
        """Return as `Provable` says."""
        return self.mirror.dispute if self.mirror else None

    @property
    def checkpoints(self) -> Checkpoints:
        """What the owner keeps of what was signed."""
        return Checkpoints(self.store, self.tables, self.origin, self.log_no)


def owned(archive: DatabaseArchive, mirrors: Mapping[str, Mirrored] = NO_MIRRORS) -> OwnedLog:
    """Return `archive` with what proves it; `mirrors` as `mirrors_of` gives them."""
    return OwnedLog(
        origin=archive.origin,
        store=archive.store,
        tables=archive.tables,
        log_no=archive.log_no,
        mirror=mirrors.get(archive.origin),
    )


def mirrors_of(archives: Iterable[Archive]) -> dict[str, Mirrored]:
    """Return what Reporting, if one of `archives` is its log, holds of the others', by log."""
    for each in archives:
        if isinstance(each, DatabaseArchive) and service_of(each) == REPORTING:
            found = mirrored(each.store) if is_kept(each.store) else []
            return {log.origin: log for log in found}
    return {}
