"""Verifying a log from its files, end to end: entries, tiles, root, signature.

As `doithoai audit log-dir` does it, from a folder of tlog-tiles that the system has read
before. All sides take the entries from the same files: the floor is a bare loop that reads
them and hashes each entry once, which is less than half of the hashes; the anchor is
pymerkle, which builds its tree from them, and compares nothing.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.audit.proving.tlog_directory import DirectoryArchive
from deploy.audit.proving.trust import Trust
from deploy.audit.proving.verification import Verification
from deploy.audit.verdict import Verdict
from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer, VerifierKey
from shared.eventlog.proof import Tree, leaf_hashes
from shared.eventlog.tiles import (
    HEIGHT,
    WIDTH,
    Tile,
    bundles_of,
    decode_bundle,
    encode_bundle,
    grow,
)
from tests.benchmarks.figures import Figure
from tests.benchmarks.verification import ENTRY_BYTES, bare, entries_of_a_log, theirs

ORIGIN = "doithoai.bench/ha-noi/intake"


def log_directory_figures(*, entries: int, fewer: int, rounds: int) -> Iterator[Figure]:
    """Yield entries a second, beside the bare loop and, over `fewer`, beside pymerkle."""
    for name, anchor, count in (("sha256", bare, entries), ("pymerkle", _theirs, fewer)):
        log = entries_of_a_log(count)
        rates: dict[str, list[float]] = {"ours": [], "anchor": []}
        with TemporaryDirectory(prefix="doithoai-bench-") as folder:
            key = _write(Path(folder), log)
            for _ in range(rounds):
                rates["ours"].append(_rate(count, lambda: _verify(Path(folder), key)))  # noqa: B023
                read = partial(_read, Path(folder), count)
                rates["anchor"].append(_rate(count, lambda: bool(anchor(read()))))  # noqa: B023
        yield Figure(
            benchmark="log-directory",
            ours=max(rates["ours"]),
            anchor=max(rates["anchor"]),
            unit="entries/s",
            conditions={
                "anchor_is": name,
                "entries": count,
                "entry_bytes": ENTRY_BYTES,
                "rounds": rounds,
            },
        )


def _verify(folder: Path, key: VerifierKey) -> bool:
    result = Verification(trust=Trust(keys=(key,)))
    verified = result.verify_foreign(DirectoryArchive(folder))
    return result.findings.verdict is Verdict.PROVEN and verified.proven == verified.size


def _read(folder: Path, size: int) -> Iterator[bytes]:
    """Yield the entries, as plainly as one can."""
    for bundle in bundles_of(size):
        yield from decode_bundle(bundle, (folder / bundle.path).read_bytes())


def _theirs(log: Iterable[bytes]) -> bytes:
    return theirs(list(log))


def _write(folder: Path, log: Sequence[bytes]) -> VerifierKey:
    """Write `log` as files; return the key that signed it."""
    tiles: dict[int, bytes] = {}
    tree = Tree()
    for bundle in bundles_of(len(log)):
        entries = log[bundle.positions.start : bundle.positions.stop]
        _put(folder / bundle.path, encode_bundle(entries))
        leaves = leaf_hashes(entries)
        for tile, hashes in grow(tree.size, leaves, lambda tile: tiles[tile.level]):
            tiles[tile.level] = hashes
            if tile.width == WIDTH:
                _put(folder / tile.path, hashes)
        tree.extend(leaves)
    for level, hashes in tiles.items():
        index, width = divmod(len(log) >> HEIGHT * level, WIDTH)
        if width:
            _put(folder / Tile(level, index, width).path, hashes)
    signer = Signer.generate(ORIGIN, KeyKind.LOG)
    text = Checkpoint(origin=ORIGIN, size=len(log), root=tree.root()).text
    _put(folder / "checkpoint", Note.sign(text, [signer], time_s=0).encode())
    return signer.key


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _rate(entries: int, verify: Callable[[], bool]) -> float:
    begun = time.process_time()
    assert verify()
    return entries / (time.process_time() - begun)
