"""Trees as RFC 6962, section 2.1, defines them: by recursion, slow, and plain to see."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path

from hypothesis import settings

from shared.eventlog.proof import Node

VECTORS = Path(__file__).parent / "vectors"
patiently = settings(deadline=None)
"""For laws: a busy machine is no reason to fail."""


def numbered(count: int) -> list[bytes]:
    """Return the leaf hashes of so many entries that say their number."""
    return [sha256(b"\x00%d" % number).digest() for number in range(count)]


@dataclass(frozen=True, eq=False)
class Plain:
    """The definitions of the RFC, over the leaf hashes D[0:n]."""

    leaves: Sequence[bytes]

    @cache  # noqa: B019 - a tree lives as long as its test
    def mth(self, start: int, end: int) -> bytes:
        """Return MTH(D[start:end])."""
        n = end - start
        if n == 0:
            return sha256(b"").digest()
        if n == 1:
            return self.leaves[start]
        k = split(n)
        left, right = self.mth(start, start + k), self.mth(start + k, end)
        return sha256(b"\x01" + left + right).digest()

    def path(self, m: int, start: int, end: int) -> list[bytes]:
        """Return PATH(m, D[start:end])."""
        n = end - start
        if n == 1:
            return []
        k = split(n)
        if m < k:
            return [*self.path(m, start, start + k), self.mth(start + k, end)]
        return [*self.path(m - k, start + k, end), self.mth(start, start + k)]

    def proof(self, m: int, n: int) -> list[bytes]:
        """Return PROOF(m, D[0:n])."""
        return self.subproof(m, 0, n, whole=True)

    def subproof(self, m: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        """Return SUBPROOF(m, D[start:end], b)."""
        n = end - start
        if m == n:
            return [] if whole else [self.mth(start, end)]
        k = split(n)
        if m <= k:
            return [*self.subproof(m, start, start + k, whole=whole), self.mth(start + k, end)]
        return [*self.subproof(m - k, start + k, end, whole=False), self.mth(start, start + k)]


def split(n: int) -> int:
    """Return k, the largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


@dataclass
class Shelf:
    """A store of subtree hashes that counts how often it is asked, and for how many."""

    leaves: Sequence[bytes]
    calls: int = 0
    hashes: int = 0
    rows: list[list[bytes]] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = [list(self.leaves)]
        while len(row := self.rows[-1]) > 1:
            pairs = zip(row[::2], row[1::2], strict=False)
            self.rows.append([sha256(b"\x01" + left + right).digest() for left, right in pairs])

    def __call__(self, nodes: Sequence[Node]) -> list[bytes]:
        self.calls += 1
        self.hashes += len(nodes)
        return [self.rows[node.level][node.index] for node in nodes]
