"""The stored tiles of one log: its tree up to its newest checkpoint, no further."""

from collections.abc import Iterable

import sqlalchemy as sa

from shared.eventlog.proof import HASH_BYTES
from shared.eventlog.tables import LogTables
from shared.eventlog.tiles import Tile
from shared.kernel.errors import LogTampered


class TileStore:
    """Reads and grows the tiles of the log numbered `log_no` and called `origin`."""

    def __init__(self, tables: LogTables, origin: str, log_no: int) -> None:
        self._origin = origin
        self._log_no = log_no
        table = tables.tile
        self._read = sa.select(table.c.hashes).where(
            table.c.log_no == log_no,
            table.c.level == sa.bindparam("level"),
            table.c.tile_index == sa.bindparam("tile_index"),
        )
        self._write = sa.text(
            f"INSERT INTO {table.name} (log_no, level, tile_index, hashes) "  # noqa: S608 - ours
            f"VALUES ({log_no:d}, :level, :tile_index, :hashes) "
            "ON CONFLICT (log_no, level, tile_index) DO UPDATE SET hashes = excluded.hashes"
        )

    def read(self, connection: sa.Connection, tile: Tile) -> bytes:
        """Return the hashes of `tile`, one after the other.

        Raises:
            LogTampered: `eventlog.tile_missing` when there are not so many.

        """
        found = connection.scalar(self._read, {"level": tile.level, "tile_index": tile.index})
        hashes = bytes(found or b"")[: tile.width * HASH_BYTES]
        if len(hashes) < tile.width * HASH_BYTES:
            raise LogTampered("eventlog.tile_missing", origin=self._origin, path=tile.path)
        return hashes

    def write(self, connection: sa.Connection, tiles: Iterable[tuple[Tile, bytes]]) -> None:
        """Keep `tiles`, each as wide as it is now."""
        rows = [
            {"level": tile.level, "tile_index": tile.index, "hashes": hashes}
            for tile, hashes in tiles
        ]
        if rows:
            connection.execute(self._write, rows)
