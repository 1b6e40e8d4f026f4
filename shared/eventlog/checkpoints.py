"""The checkpoints of one log as the database holds them, with the tiles below the newest.

Tiles and checkpoint move in one transaction, so the tiles are always those of the tree
that the newest note is about.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.key_handover import KeyHandover
from shared.eventlog.note import Note
from shared.eventlog.note_key import Signature
from shared.eventlog.proof import HashReader
from shared.eventlog.tables import LogTables
from shared.eventlog.tile_store import TileStore
from shared.eventlog.tiles import Tile, hashes_from
from shared.kernel.errors import NotFound, Unavailable
from shared.store import Store

LIST_MAX = 1_000
_SIGNING = 7_202_206
"""Any number, the same everywhere: two checkpointers of one database publish one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCheckpoint:
    """A checkpoint, with the note that carries its signatures."""

    size: int
    root: bytes
    note: bytes
    signed_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogKey:
    """A key of the log, and the sizes of the first and the last checkpoint that it signed."""

    verifier_key: str
    first_size: int
    last_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a log is signed no more, first seen when, and what was signed of it last."""

    reason: str
    signed_note: bytes
    refused_at: str


class Checkpoints:
    """What was signed of the log numbered `log_no` and called `origin`."""

    def __init__(self, store: Store, tables: LogTables, origin: str, log_no: int) -> None:
        self.origin = origin
        self._store = store
        self._log_no = log_no
        self._tables = tables
        self._tiles = TileStore(tables, origin, log_no)

    def newest(self) -> KeptCheckpoint | None:
        """Return the newest checkpoint; None before the first."""
        table = self._tables.checkpoint
        with self._store.read() as connection:
            row = connection.execute(
                sa.select(table)
                .where(table.c.log_no == self._log_no)
                .order_by(table.c.size.desc())
                .limit(1)
            ).one_or_none()
        return None if row is None else _kept(row)

    def at_least(self, size: int) -> KeptCheckpoint:
        """Return the first checkpoint that covers the first `size` entries.

        Raises:
            NotFound: `eventlog.no_checkpoint`.

        """
        table = self._tables.checkpoint
        with self._store.read() as connection:
            row = connection.execute(
                sa.select(table)
                .where(table.c.log_no == self._log_no, table.c.size >= size)
                .order_by(table.c.size)
                .limit(1)
            ).one_or_none()
        if row is None:
            raise NotFound("eventlog.no_checkpoint", origin=self.origin)
        return _kept(row)

    def log_keys(self) -> list[LogKey]:
        """Return the log's keys, the first to sign before those that came later."""
        table = self._tables.log_key
        with self._store.read() as connection:
            rows = connection.execute(
                sa.select(table)
                .where(table.c.log_no == self._log_no)
                .order_by(table.c.first_size, table.c.verifier_key)
                .limit(LIST_MAX)
            )
            return [
                LogKey(
                    verifier_key=row.verifier_key,
                    first_size=row.first_size,
                    last_size=row.last_size,
                )
                for row in rows
            ]

    def handovers(self) -> bytes:
        """Return all handovers of the log's keys, as `handovers_in` reads them."""
        table = self._tables.key_handover
        with self._store.read() as connection:
            notes = connection.scalars(
                sa.select(table.c.note)
                .where(table.c.log_no == self._log_no)
                .order_by(table.c.old_key, table.c.new_key)
                .limit(LIST_MAX)
            )
            return b"".join(map(bytes, notes))

    def tile(self, tile: Tile) -> bytes:
        """Return the content of `tile`. Raises as `TileStore.read`."""
        with self._store.read() as connection:
            return self._tiles.read(connection, tile)

    def hashes(self, size: int) -> HashReader:
        """Return what reads subtree hashes of the tree of `size` entries, from the tiles."""
        return hashes_from(size, self.tile)

    def publish(
        self,
        checkpoint: Checkpoint,
        note: Note,
        keys: Sequence[str],
        tiles: Iterable[tuple[Tile, bytes]],
        *,
        handovers: Sequence[KeyHandover] = (),
        signed_at: str,
        after: int | None,
    ) -> None:
        """Keep the checkpoint with the tiles that it adds to those of size `after`.

        Raises:
            Unavailable: `eventlog.signed_elsewhere` when the newest checkpoint isn't that
                of size `after`, None for none: another process has signed meanwhile.

        """
        row = {
            "log_no": self._log_no,
            "size": checkpoint.size,
            "root": checkpoint.root,
            "note": b"",
            "signed_at": signed_at,
        }
        with self._store.write() as tx:
            self._check_newest(tx.connection, after)
            self._tiles.write(tx.connection, tiles)
            row["note"] = self._cosigned(tx.connection, checkpoint.size, note).encode()
            tx.connection.execute(
                sa.text(
                    "INSERT INTO checkpoint (log_no, size, root, note, signed_at) "
                    "VALUES (:log_no, :size, :root, :note, :signed_at) "
                    "ON CONFLICT (log_no, size) DO UPDATE SET note = excluded.note "
                    "WHERE checkpoint.root = excluded.root"
                ),
                row,
            )
            for key in keys:
                tx.connection.execute(
                    sa.text(
                        "INSERT INTO log_key (log_no, verifier_key, first_size, last_size) "
                        "VALUES (:log_no, :key, :size, :size) "
                        "ON CONFLICT (log_no, verifier_key) DO UPDATE "
                        "SET last_size = excluded.last_size"
                    ),
                    {"log_no": self._log_no, "key": key, "size": checkpoint.size},
                )
            self._keep_handovers(tx.connection, handovers)
            self._end_refusal(tx.connection)

    def add_cosignature(self, kept: KeptCheckpoint, signature: Signature) -> None:
        """Keep a witness's signature, which was verified, beside those of `kept`."""
        table = self._tables.checkpoint
        this = (table.c.log_no == self._log_no, table.c.size == kept.size)
        with self._store.write() as tx:
            find = sa.select(table.c.note).where(*this, table.c.root == kept.root)
            note = tx.connection.scalar(find.with_for_update())
            if note is not None:
                cosigned = Note.parse(bytes(note)).also_signed([signature])
                tx.connection.execute(table.update().where(*this).values(note=cosigned.encode()))

    def refuse(self, reason: str, signed: bytes, *, refused_at: str) -> None:
        """Keep for all to see that the log is signed no more: why, and the last note."""
        table = self._tables.signing_refusal
        row = {"reason": reason, "signed_note": signed, "refused_at": refused_at}
        with self._store.write() as tx:
            is_there = sa.select(table.c.log_no).where(table.c.log_no == self._log_no)
            if tx.connection.scalar(is_there) is None:
                tx.connection.execute(table.insert(), row | {"log_no": self._log_no})

    def end_refusal(self) -> None:
        """Keep no longer that the log is signed no more: it is."""
        with self._store.write() as tx:
            self._end_refusal(tx.connection)

    def refusal(self) -> Refusal | None:
        """Return why the log is signed no more; None while it is."""
        table = self._tables.signing_refusal
        with self._store.read() as connection:
            row = connection.execute(
                sa.select(table).where(table.c.log_no == self._log_no)
            ).one_or_none()
        if row is None:
            return None
        return Refusal(
            reason=row.reason, signed_note=bytes(row.signed_note), refused_at=row.refused_at
        )

    def _check_newest(self, connection: sa.Connection, after: int | None) -> None:
        """Return when `after` is the newest size, and stays it until the transaction ends."""
        if self._store.is_postgresql:  # on SQLite a writer is alone
            lock = sa.text("SELECT pg_advisory_xact_lock(:signing, :log_no)")
            connection.execute(lock, {"signing": _SIGNING, "log_no": self._log_no})
        table = self._tables.checkpoint
        newest = connection.scalar(
            sa.select(sa.func.max(table.c.size)).where(table.c.log_no == self._log_no)
        )
        if newest != after:
            raise Unavailable("eventlog.signed_elsewhere", origin=self.origin)

    def _cosigned(self, connection: sa.Connection, size: int, note: Note) -> Note:
        """Return `note` with the signatures that it was published with before."""
        table = self._tables.checkpoint
        find = sa.select(table.c.note).where(table.c.log_no == self._log_no, table.c.size == size)
        before = connection.scalar(find.with_for_update())
        kept = None if before is None else Note.parse(bytes(before))
        if kept is None or kept.text != note.text:
            return note
        return kept.also_signed(note.signatures)

    def _keep_handovers(self, connection: sa.Connection, handovers: Sequence[KeyHandover]) -> None:
        for each in handovers:
            connection.execute(
                sa.text(
                    "INSERT INTO key_handover (log_no, old_key, new_key, note) "
                    "VALUES (:log_no, :old, :new, :note) "
                    "ON CONFLICT (log_no, old_key, new_key) DO UPDATE SET note = excluded.note"
                ),
                {
                    "log_no": self._log_no,
                    "old": str(each.old),
                    "new": str(each.new),
                    "note": each.note.encode(),
                },
            )

    def _end_refusal(self, connection: sa.Connection) -> None:
        table = self._tables.signing_refusal
        connection.execute(table.delete().where(table.c.log_no == self._log_no))


def _kept(row: sa.Row[tuple[object, ...]]) -> KeptCheckpoint:
    return KeptCheckpoint(
        size=row.size, root=bytes(row.root), note=bytes(row.note), signed_at=row.signed_at
    )
