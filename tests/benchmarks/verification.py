"""Verifying a log: the leaf hash of every entry, and the root over them.

The floor is a bare loop of `hashlib.sha256` over the same bytes, which is less than half
of the hashes; the anchor is pymerkle, which builds its tree from the same entries. The
sides take turns, round by round. Each is one thread that does nothing but compute, so the
best round counts, in processor time: whatever else the machine does only slows it.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice

import pymerkle

from shared.eventlog.proof import Tree, leaf_hashes
from tests.benchmarks.figures import Figure

ENTRY_BYTES = 700
"""About what an event takes, envelope and all."""
_PAGE_ENTRIES = 1_000
"""As an auditor reads them from a database or a bundle."""


def verification_figures(*, entries: int, fewer: int, rounds: int) -> Iterator[Figure]:
    """Yield entries a second, beside the bare loop and, over `fewer`, beside pymerkle."""
    log = entries_of_a_log(entries)
    for name, anchor, part in (("sha256", bare, log), ("pymerkle", theirs, log[:fewer])):
        rates: dict[str, list[float]] = {"ours": [], "anchor": []}
        for _ in range(rounds):
            rates["ours"].append(_rate(_ours, part))
            rates["anchor"].append(_rate(anchor, part))
        yield Figure(
            benchmark="verification",
            ours=max(rates["ours"]),
            anchor=max(rates["anchor"]),
            unit="entries/s",
            conditions={
                "anchor_is": name,
                "entries": len(part),
                "entry_bytes": ENTRY_BYTES,
                "rounds": rounds,
            },
        )
    assert _ours(log[:fewer]) == theirs(log[:fewer])


def entries_of_a_log(entries: int) -> list[bytes]:
    """Return so many entries; each ten are alike, so that memory holds a million."""
    filling = bytes(ENTRY_BYTES - 8)
    return [number.to_bytes(8) + filling for number in range(entries // 10)] * 10


def _ours(log: Sequence[bytes]) -> bytes:
    tree = Tree()
    upcoming = iter(log)
    while page := list(islice(upcoming, _PAGE_ENTRIES)):
        tree.extend(leaf_hashes(page))
    return tree.root()


def bare(log: Iterable[bytes]) -> bytes:
    """Hash each entry, and nothing else."""
    digest = b""
    for entry in log:
        digest = sha256(entry).digest()
    return digest


def theirs(log: Sequence[bytes]) -> bytes:
    """Return the root as pymerkle computes it."""
    root = pymerkle.InmemoryTree.init_from_entries(log).get_root()
    assert isinstance(root, bytes)
    return root


def _rate(verify: Callable[[Sequence[bytes]], bytes], log: Sequence[bytes]) -> float:
    begun = time.process_time()
    assert verify(log)
    return len(log) / (time.process_time() - begun)
