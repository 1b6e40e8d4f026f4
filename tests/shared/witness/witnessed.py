"""A log that tests own, key and all, and what they ask a witness about it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer
from shared.eventlog.proof import Tree
from shared.witness.submission import Submission
from shared.witness.witness import Witness
from tests.shared.eventlog.trees import Plain, numbered

ORIGIN = "doithoai.test/ha-noi/intake"
LOG = Signer.generate(ORIGIN, KeyKind.LOG)
STRANGER = Signer.generate(ORIGIN, KeyKind.LOG)
WITNESS = Signer.generate("witness.example/1", KeyKind.WITNESS)
NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
LEAVES = numbered(64)
OTHER_LEAVES = [*LEAVES[:9], *reversed(LEAVES[9:])]
"""Of the same log, rewritten from position 9 on."""


def witness_in(folder: Path, *, signer: Signer = WITNESS) -> Witness:
    """Return a witness of the log, whose time stands still."""
    return Witness(signer, [LOG.key], folder, lambda: NOW)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over all of `leaves`."""
    tree = Tree()
    tree.extend(leaves)
    return tree.root()


def note_of(
    size: int,
    leaves: Sequence[bytes] = LEAVES,
    *signers: Signer,
    origin: str = ORIGIN,
) -> bytes:
    """Return what the log signs of its first `size` entries."""
    checkpoint = Checkpoint(origin=origin, size=size, root=root_of(leaves[:size]))
    return Note.sign(checkpoint.text, signers or (LOG,), time_s=0).encode()


def submission(old: int, size: int, leaves: Sequence[bytes] = LEAVES) -> Submission:
    """Return what the log asks when it has grown from `old` to `size`."""
    proof = Plain(leaves[:size]).proof(old, size) if 0 < old <= size else []
    return Submission(old=old, proof=tuple(proof), note=note_of(size, leaves))
