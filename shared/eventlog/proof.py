"""Merkle trees over a log, as RFC 6962 defines them, and the proofs that they give.

A tree of n entries is known by its root. An *inclusion proof* shows that an entry stands
at its position, a *consistency proof* that a longer log begins with a shorter one; both
are some sixty hashes at most, and are checked without the log. Proofs are made from any
store of subtree hashes (`HashReader`) and read O(log n) of them, in one call.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Self

from shared.kernel.errors import ContractError, LogTampered

HASH_BYTES = 32
SIZE_MAX = 2**63 - 1
"""Largest number of entries of a tree, inclusive."""
EMPTY_ROOT = sha256(b"").digest()
"""Root of the tree without entries."""

_BATCH = 4_096
_LEAF, _NODE = sha256(b"\x00"), sha256(b"\x01")
"""Copied in the loops where the time is spent: faster than starting anew."""


class ProofInvalid(LogTampered):
    """A proof does not show what it is said to show."""


@dataclass(frozen=True, slots=True)
class Node:
    """A complete subtree: the entries from `index` x 2^`level`, 2^`level` of them."""

    level: int
    index: int


Range = tuple[int, int]
"""Entries from the first, inclusive, to the second, exclusive."""

HashReader = Callable[[Sequence[Node]], Sequence[bytes]]
"""Returns the hash of each node, in the order asked, 32 bytes each."""


def leaf_hash(content: bytes) -> bytes:
    """Return the leaf hash of an entry, 32 bytes. Source: RFC 6962, section 2.1."""
    return sha256(b"\x00" + content).digest()


def leaf_hashes(contents: Iterable[bytes]) -> list[bytes]:
    """Return the leaf hash of each entry, faster than `leaf_hash` for each."""
    hashes = []
    for content in contents:
        hasher = _LEAF.copy()
        hasher.update(content)
        hashes.append(hasher.digest())
    return hashes


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash above two hashes, 32 bytes. Source: RFC 6962, section 2.1."""
    return sha256(b"\x01" + left + right).digest()


def subtree_hash(hashes: Sequence[bytes]) -> bytes:
    """Return the hash above a complete row of hashes: 1, 2, 4, 8 … of them."""
    while len(hashes) > 1:
        hashes = _row_above(hashes)
    return hashes[0]


class Tree:
    """A growing tree of `size` entries that keeps only its right edge: O(log n) hashes.

    Its *peaks* are the roots of its complete subtrees, largest first: one for each bit
    of the size.
    """

    __slots__ = ("_peaks", "size")

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """Continue the tree of `size` entries.

        Raises:
            ContractError: `eventlog.tree_malformed` when it would have other peaks.

        """
        if not 0 <= size <= SIZE_MAX or len(peaks) != size.bit_count() or not _hashes(peaks):
            raise ContractError("eventlog.tree_malformed")
        self.size = size
        left = iter(reversed(peaks))
        self._peaks = [next(left) if size >> row & 1 else None for row in range(size.bit_length())]

    @classmethod
    def read(cls, size: int, read: HashReader) -> Self:
        """Return the tree over the first `size` entries of a store of hashes."""
        return cls(size, read(_complete(0, size)))

    @classmethod
    def decode(cls, state: bytes) -> Self:
        """Return the tree that `encode` wrote.

        Raises:
            ContractError: `eventlog.tree_malformed`.

        """
        peaks = [state[at : at + HASH_BYTES] for at in range(8, len(state), HASH_BYTES)]
        tree = cls(int.from_bytes(state[:8]), peaks)
        if tree.encode() != state:
            raise ContractError("eventlog.tree_malformed")
        return tree

    def encode(self) -> bytes:
        """Return the state: the size in 8 bytes, big-endian, then the peaks."""
        return self.size.to_bytes(8) + b"".join(self.peaks)

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """Roots of the complete subtrees, largest first."""
        return tuple(peak for peak in reversed(self._peaks) if peak is not None)

    def root(self) -> bytes:
        """Return the root hash, 32 bytes."""
        return _folded(self.peaks) if self.size else EMPTY_ROOT

    def append(self, leaf: bytes) -> None:
        """Add one entry by its leaf hash."""
        self._add([leaf])

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add entries by their leaf hashes; holds a few thousand at a time."""
        upcoming = iter(leaves)
        while row := list(islice(upcoming, _BATCH)):
            self._add(row)

    def _add(self, row: list[bytes]) -> None:
        """Add a row level by level, as one adds binary numbers: with a carry."""
        self.size += len(row)
        level = 0
        while row:
            if level == len(self._peaks):
                self._peaks.append(None)
            if (peak := self._peaks[level]) is not None:
                row.insert(0, peak)
            self._peaks[level] = row.pop() if len(row) & 1 else None
            row = _row_above(row)
            level += 1


def root_hash(size: int, read: HashReader) -> bytes:
    """Return the root over the first `size` entries, from O(log n) hashes of a store."""
    return _folded(read(_complete(0, size))) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: HashReader) -> list[bytes]:
    """Return the proof that entry `index` stands in the tree of `size` entries.

    Raises:
        ProofInvalid: `eventlog.inclusion_unproven` when there is no such entry.

    """
    if not 0 <= index < size:
        raise ProofInvalid("eventlog.inclusion_unproven", index=index, size=size)
    return _range_hashes(_inclusion_ranges(index, size), read)


def consistency_proof(size1: int, size2: int, read: HashReader) -> list[bytes]:
    """Return the proof that the tree of `size2` entries begins with that of `size1`.

    Raises:
        ProofInvalid: `eventlog.consistency_unproven` unless 0 < size1 ≤ size2: everything
            begins with nothing, so that a proof of it says nothing.

    """
    if not 0 < size1 <= size2:
        raise ProofInvalid("eventlog.consistency_unproven", size1=size1, size2=size2)
    return _range_hashes(_consistency_ranges(size1, size2), read)


def verify_inclusion(
    leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Return when `proof` shows that the entry hashing to `leaf_hash` stands at `index`.

    Raises:
        ProofInvalid: `eventlog.inclusion_unproven`.

    """
    if 0 <= index < size <= SIZE_MAX and _hashes([leaf_hash, *proof]):
        ranges = _inclusion_ranges(index, size)
        if len(proof) == len(ranges):
            above = leaf_hash
            for (start, _), beside in zip(ranges, proof, strict=True):
                above = node_hash(above, beside) if index < start else node_hash(beside, above)
            if above == root:
                return
    raise ProofInvalid("eventlog.inclusion_unproven", index=index, size=size)


def verify_consistency(
    size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]
) -> None:
    """Return when `proof` shows that the tree of `size2` entries begins with that of `size1`.

    Raises:
        ProofInvalid: `eventlog.consistency_unproven`, also when `size1` is 0.

    """
    if 0 < size1 <= size2 <= SIZE_MAX and _hashes(proof):
        ranges = _consistency_ranges(size1, size2)
        if len(proof) == len(ranges):
            older = newer = root1
            for (start, end), beside in zip(ranges, proof, strict=True):
                if end == size1:
                    older = newer = beside
                elif start >= size1:
                    newer = node_hash(newer, beside)
                else:
                    older, newer = node_hash(beside, older), node_hash(beside, newer)
            if older == root1 and newer == root2:
                return
    raise ProofInvalid("eventlog.consistency_unproven", size1=size1, size2=size2)


def _inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the entries below each hash of the proof, from the leaf's sibling upwards."""
    ranges = []
    held = (0, size)
    while held != (index, index + 1):
        held, beside = _halves(held, index)
        ranges.append(beside)
    return ranges[::-1]


def _consistency_ranges(size1: int, size2: int) -> list[Range]:
    """Return the entries below each hash of the proof, from the lowest upwards.

    The first ends at `size1` unless the old tree is itself a subtree of the new one.
    """
    ranges = []
    held = (0, size2)
    while held[1] != size1:
        held, beside = _halves(held, size1 - 1)
        ranges.append(beside)
    if held[0]:
        ranges.append(held)
    return ranges[::-1]


def _halves(whole: Range, index: int) -> tuple[Range, Range]:
    """Return what is below the child that holds `index`, and below the other child."""
    start, end = whole
    middle = start + (1 << (end - start - 1).bit_length() - 1)  # a power of two, below the size
    left, right = (start, middle), (middle, end)
    return (left, right) if index < middle else (right, left)


def _range_hashes(ranges: Sequence[Range], read: HashReader) -> list[bytes]:
    """Return the hash over each range, reading all that is needed at once."""
    parts = [_complete(start, end) for start, end in ranges]
    hashes = iter(read([node for nodes in parts for node in nodes]))
    return [_folded(list(islice(hashes, len(nodes)))) for nodes in parts]


def _complete(start: int, end: int) -> list[Node]:
    """Return the complete subtrees that make up the range, largest first.

    `start` is a multiple of the largest, as it is for every range within a tree.
    """
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append(Node(level, start >> level))
        start += 1 << level
    return nodes


def _folded(peaks: Sequence[bytes]) -> bytes:
    above = peaks[-1]
    for left in peaks[-2::-1]:
        above = node_hash(left, above)
    return above


def _row_above(row: Sequence[bytes]) -> list[bytes]:
    """Return the hash above each two of a row of even length."""
    hashes = []
    for left, right in zip(row[::2], row[1::2], strict=True):
        hasher = _NODE.copy()
        hasher.update(left + right)
        hashes.append(hasher.digest())
    return hashes


def _hashes(values: Iterable[bytes]) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
