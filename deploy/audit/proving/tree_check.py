"""The tree of a log, built again from its entries, beside the stored tiles and signed roots.

Where they part, somebody changed something. Which side it was follows from what was signed:
if the entries lead to the signed root, it was the tile; if they don't, it was the entry, and
the tiles say which one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from deploy.audit.proving.findings import Findings
from deploy.audit.verdict import Finding
from shared.eventlog.proof import HASH_BYTES, root_hash
from shared.eventlog.tiles import WIDTH, Tile, grow, hashes_from

SUSPECTS_MAX = 1_000
"""Places that are remembered until the next signed root judges them."""


class GrowingTiles:
    """The tiles of a log that grows, of which only the right edge is kept."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: dict[int, tuple[Tile, bytes]] = {}

    def extend(self, leaves: Sequence[bytes]) -> Iterator[tuple[Tile, bytes]]:
        """Add entries by their leaf hashes; yield every tile that they complete."""
        size = self.size + len(leaves)
        for tile, content in grow(self.size, leaves, self._read):
            self._edge[tile.level] = tile, content
            if tile.width == WIDTH:
                yield tile, content
        self.size = size

    def edge(self) -> list[tuple[Tile, bytes]]:
        """Return the tiles that are not complete yet, one a level at most."""
        return [(tile, content) for tile, content in self._edge.values() if tile.width < WIDTH]

    def root(self) -> bytes:
        """Return the root over all entries."""
        return root_hash(self.size, hashes_from(self.size, self._read))

    def _read(self, tile: Tile) -> bytes:
        return self._edge[tile.level][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRoot:
    """What a checkpoint says: the root over the first `size` entries."""

    size: int
    root: bytes


@dataclass(slots=True, kw_only=True)
class TreeCheck:
    """One log on its way past its tiles and its checkpoints."""

    origin: str
    signed: Sequence[SignedRoot]
    """By size."""
    stored: Callable[[Tile], bytes | None]
    """Returns a stored tile, of those below the last of `signed`."""
    is_whole: bool
    """Whether a tile that isn't there was taken away."""
    findings: Findings
    tiles: GrowingTiles = field(default_factory=GrowingTiles)
    _next: int = 0
    _proven: int = 0
    """Size up to which the entries are those that were signed."""
    _suspects: list[tuple[Tile, int]] = field(default_factory=list)
    """Tiles that differ, each with the number of the first hash that does."""
    _is_broken: bool = False

    def __post_init__(self) -> None:
        """Judge what was signed before the first entry."""
        self._judge()

    @property
    def proven(self) -> int:
        """How many entries are those that were signed, by a root that they lead to."""
        return self._proven

    def feed(self, leaves: Sequence[bytes]) -> None:
        """Take the leaf hashes of the next entries."""
        while leaves:
            room = len(leaves)
            if self._next < len(self.signed):
                room = min(room, self.signed[self._next].size - self.tiles.size)
            for tile, content in self.tiles.extend(leaves[:room]):
                self._compare(tile, content)
            leaves = leaves[room:]
            self._judge()

    def end(self) -> None:
        """Say what was signed beyond the last entry."""
        if self._next < len(self.signed):
            self._add(
                "proof.shorter_than_signed",
                position=self.tiles.size,
                size=self.tiles.size,
                signed=self.signed[-1].size,
            )

    def _judge(self) -> None:
        while self._next < len(self.signed) and self.signed[self._next].size == self.tiles.size:
            if self._next == len(self.signed) - 1:
                for tile, content in self.tiles.edge():
                    self._compare(tile, content)
            expected = self.signed[self._next].root
            self._next += 1
            if self.tiles.root() == expected and not self._is_broken:
                self._proven = self.tiles.size
                self._blame_tiles()
            elif self._proven == self.tiles.size > 0:
                self._add("proof.forked", position=None, size=self.tiles.size)
            else:
                self._blame_entries()
            self._suspects.clear()

    def _compare(self, tile: Tile, content: bytes) -> None:
        if not self.signed or tile.positions.stop > self.signed[-1].size:
            return  # beyond what was signed there are no tiles
        stored = self.stored(tile)
        if stored is None:
            self._add(
                "proof.tile_missing",
                position=tile.positions.start,
                is_proof=self.is_whole,
                path=tile.path,
            )
        elif stored != content and len(self._suspects) < SUSPECTS_MAX:
            self._suspects += [(tile, number) for number in _differing(content, stored)]

    def _blame_tiles(self) -> None:
        """The entries are those that were signed, so whatever differs is a tile's fault."""
        for tile, number in self._suspects:
            place = _below(tile, number)
            self._add("proof.tile_differs", position=place.start, path=tile.path, number=number)

    def _blame_entries(self) -> None:
        """The entries are not those that were signed; the lowest tiles say which."""
        lowest = min((tile.level for tile, _ in self._suspects), default=None)
        places = [_below(tile, number) for tile, number in self._suspects if tile.level == lowest]
        for place in places:
            if len(place) == 1:
                self._add("proof.entry_differs", position=place.start)
            elif not self._is_broken:
                self._add("proof.entries_differ", position=place.start, last=place.stop - 1)
        if not places and not self._is_broken:
            self._add(
                "proof.root_differs",
                position=self._proven,
                size=self.tiles.size,
                last=max(self.tiles.size - 1, 0),
            )
        self._is_broken = True

    def _add(
        self, code: str, *, position: int | None, is_proof: bool = True, **facts: object
    ) -> None:
        self.findings.add(
            Finding(
                code=code, origin=self.origin, position=position, is_proof=is_proof, facts=facts
            )
        )


def _below(tile: Tile, number: int) -> range:
    """Return the positions of the entries below one hash of `tile`."""
    rows = 8 * tile.level
    first = tile.index * WIDTH + number
    return range(first << rows, (first + 1) << rows)


def _differing(ours: bytes, stored: bytes) -> Iterator[int]:
    """Yield the number of each hash that isn't the same; the next one for a tile too short."""
    if len(ours) != len(stored):
        yield min(len(ours), len(stored)) // HASH_BYTES
        return
    for number in range(len(ours) // HASH_BYTES):
        here = slice(number * HASH_BYTES, (number + 1) * HASH_BYTES)
        if ours[here] != stored[here]:
            yield number
