"""Tiles: the hashes of a log cut into immutable files, and its entries into bundles.

Source: https://c2sp.org/tlog-tiles. A tile holds up to 256 consecutive hashes of one row
of the tree: level 0 the leaf hashes, each higher level the hashes over full tiles of the
level below. Only the last one of a level may hold fewer. A bundle holds the entries below
one tile of level 0. Given the tiles, any proof is made, and any claim about them checked.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from shared.eventlog.proof import (
    HASH_BYTES,
    HashReader,
    Node,
    leaf_hashes,
    root_hash,
    subtree_hash,
)
from shared.kernel.errors import ContractError, LogTampered, NotFound

WIDTH = 256
"""Hashes of a full tile, entries of a full bundle."""
HEIGHT = 8
"""Rows of the tree between a tile's hashes and the hash over the tile."""
LEVEL_MAX = 63

_PATH = re.compile(
    "tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:[.]p/([1-9][0-9]{0,2}))?"
)
_LENGTH_BYTES = 2


@dataclass(frozen=True, slots=True)
class Tile:
    """Where a tile stands in the tree of its log."""

    level: int
    index: int
    """Number of full tiles before it on its level."""
    width: int = WIDTH
    """Its hashes: 1 to 256."""

    @property
    def path(self) -> str:
        """Its address below that of the log."""
        return f"tile/{self.level}/{_numbered(self.index, self.width)}"

    @property
    def positions(self) -> range:
        """Positions of the entries below it in the log."""
        below = HEIGHT * self.level
        start = self.index * WIDTH
        return range(start << below, (start + self.width) << below)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Where a bundle of entries stands in its log."""

    index: int
    width: int = WIDTH
    """Its entries: 1 to 256."""

    @property
    def path(self) -> str:
        """Its address below that of the log."""
        return f"tile/entries/{_numbered(self.index, self.width)}"

    @property
    def positions(self) -> range:
        """Positions of its entries in the log."""
        return range(self.index * WIDTH, self.index * WIDTH + self.width)


TileReader = Callable[[Tile], bytes]
"""Returns the content of a tile: its hashes, one after the other."""


def parse_path(path: str) -> Tile | Bundle:
    """Return what stands at `path`, which is spelt as `Tile.path` or `Bundle.path`.

    Raises:
        NotFound: `eventlog.no_such_tile`.

    """
    if found := _PATH.fullmatch(path):
        level, number, partial = found.groups()
        index, width = int(re.sub("[x/]", "", number)), int(partial or WIDTH)
        named = Bundle(index, width) if level == "entries" else Tile(int(level), index, width)
        if named.path == path and (level == "entries" or int(level) <= LEVEL_MAX):
            return named
    raise NotFound("eventlog.no_such_tile")


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile of the log of `size` entries, level by level from the leaves."""
    for level in _levels(size):
        yield from _row(level, size)


def bundles_of(size: int) -> Iterator[Bundle]:
    """Yield every bundle of the log of `size` entries, in order."""
    for start in range(0, size, WIDTH):
        yield Bundle(start // WIDTH, min(WIDTH, size - start))


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Return the content of a bundle: each entry of at most 65,535 bytes after its length."""
    return b"".join(len(entry).to_bytes(_LENGTH_BYTES) + entry for entry in entries)


def decode_bundle(bundle: Bundle, content: bytes) -> list[bytes]:
    """Return the entries in the content of `bundle`.

    Raises:
        ContractError: `eventlog.bundle_malformed` when they aren't as many as it says.

    """
    entries: list[bytes] = []
    at, end = 0, len(content)
    for _ in range(bundle.width):
        start = at + _LENGTH_BYTES
        if start > end:
            break
        at = start + (content[at] << 8 | content[at + 1])
        entries.append(content[start:at])
    if at != end or len(entries) != bundle.width:
        raise ContractError("eventlog.bundle_malformed", path=bundle.path)
    return entries


def decode_tile(tile: Tile, content: bytes) -> list[bytes]:
    """Return the hashes in the content of `tile`.

    Raises:
        ContractError: `eventlog.tile_malformed` when they aren't as many as it says.

    """
    if len(content) != tile.width * HASH_BYTES:
        raise ContractError("eventlog.tile_malformed", path=tile.path)
    return [content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES)]


def hashes_from(size: int, read_tile: TileReader) -> HashReader:
    """Return the hashes of the log of `size` entries, as proofs are made from, out of tiles.

    Each tile is read once for a proof. Raises as `decode_tile`.
    """

    def read(nodes: Sequence[Node]) -> list[bytes]:
        tiles: dict[Tile, list[bytes]] = {}
        return [_hash(node, tiles) for node in nodes]

    def _hash(node: Node, tiles: dict[Tile, list[bytes]]) -> bytes:
        level, rows = divmod(node.level, HEIGHT)
        index, first = divmod(node.index << rows, WIDTH)
        last = first + (1 << rows)
        tile = Tile(level, index, min(WIDTH, (size >> HEIGHT * level) - index * WIDTH))
        if last > tile.width:
            raise NotFound("eventlog.no_such_tile")
        if tile not in tiles:
            tiles[tile] = decode_tile(tile, read_tile(tile))
        return subtree_hash(tiles[tile][first:last])

    return read


def grow(size: int, leaves: Sequence[bytes], read_tile: TileReader) -> Iterator[tuple[Tile, bytes]]:
    """Yield every tile, with its content, that `leaves` add to or widen in a log of `size`.

    From the leaves upwards. Of the tiles there are, the last one of each level that isn't
    full is read. Raises as `decode_tile`.
    """
    fresh = list(leaves)
    for level in count():
        if not fresh:
            return
        index, held = divmod(size >> HEIGHT * level, WIDTH)
        if held:
            tile = Tile(level, index, held)
            fresh = decode_tile(tile, read_tile(tile)) + fresh
        above = []
        for start in range(0, len(fresh), WIDTH):
            row = fresh[start : start + WIDTH]
            yield Tile(level, index + start // WIDTH, len(row)), b"".join(row)
            if len(row) == WIDTH:
                above.append(subtree_hash(row))
        fresh = above


def verify_tiles(origin: str, size: int, root: bytes, read_tile: TileReader) -> None:
    """Return when the tiles are those of the tree of `size` entries under `root`.

    Raises:
        LogTampered: `eventlog.tiles_differ` when the last tiles don't lead to the root;
            `eventlog.tile_differs`, naming the first tile that isn't what the one above
            it says, from the top down.
        ContractError: as `decode_tile`.

    """
    if root_hash(size, hashes_from(size, read_tile)) != root:
        raise LogTampered("eventlog.tiles_differ", origin=origin, size=size)
    for level in reversed(_levels(size)[1:]):
        for tile in _row(level, size):
            hashes = decode_tile(tile, read_tile(tile))
            for index, expected in enumerate(hashes, tile.index * WIDTH):
                below = Tile(level - 1, index)
                if subtree_hash(decode_tile(below, read_tile(below))) != expected:
                    raise LogTampered(
                        "eventlog.tile_differs",
                        origin=origin,
                        path=below.path,
                        position=below.positions.start,
                    )


def verify_bundle(
    origin: str, bundle: Bundle, content: bytes, read_tile: TileReader
) -> list[bytes]:
    """Return the entries in the content of `bundle`, which are those of the tile above.

    Raises:
        LogTampered: `eventlog.entry_differs`, naming the first that isn't.
        ContractError: as `decode_bundle` and `decode_tile`.

    """
    entries = decode_bundle(bundle, content)
    tile = Tile(0, bundle.index, bundle.width)
    expected = decode_tile(tile, read_tile(tile))
    for position, leaf, wanted in zip(
        bundle.positions, leaf_hashes(entries), expected, strict=True
    ):
        if leaf != wanted:
            raise LogTampered("eventlog.entry_differs", origin=origin, position=position)
    return entries


def _levels(size: int) -> range:
    return range(-(-size.bit_length() // HEIGHT))


def _row(level: int, size: int) -> Iterator[Tile]:
    hashes = size >> HEIGHT * level
    for start in range(0, hashes, WIDTH):
        yield Tile(level, start // WIDTH, min(WIDTH, hashes - start))


def _numbered(index: int, width: int) -> str:
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    return "/".join(groups) + (f".p/{width}" if width < WIDTH else "")
