"""What others' code says of our trees, tiles, notes and proofs.

pymerkle hashes as RFC 6962 does when its second-preimage guard is on, which is its default;
it counts entries from one. tlog-scales reads and writes C2SP tiles and checkpoints and
verifies as RFC 9162 describes, step by step: another way than ours.
"""

import random
from pathlib import Path

import pymerkle
import pytest
from cryptography.exceptions import InvalidSignature
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import PlainEd25519Signer, Vkey
from tlog_scales.tlog import Checkpoint as TheirCheckpoint
from tlog_scales.tlog import ConsistencyProof, InclusionProof
from tlog_scales.writer import TilesWriter

from shared.eventlog.checkpoint import Checkpoint, Policy
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer, VerifierKey
from shared.eventlog.proof import (
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hashes,
    root_hash,
    verify_inclusion,
)
from shared.eventlog.tiles import (
    Bundle,
    Tile,
    bundles_of,
    encode_bundle,
    grow,
    hashes_from,
    verify_bundle,
    verify_tiles,
)
from tests.shared.eventlog.trees import Shelf

ORIGIN = "doithoai.test/ha-noi/intake"
SIZE = 1_500
ENTRIES = [b"entry %d" % number for number in range(SIZE)]
LEAVES = leaf_hashes(ENTRIES)
SHELF = Shelf(LEAVES)
SIZES = [1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 1_023, 1_024, 1_025, SIZE - 1, SIZE]


def places(size: int) -> set[int]:
    """Return some positions of a log of `size` entries, its ends among them."""
    draw = random.Random(size)
    return {0, size - 1, size // 2, *(draw.randrange(size) for _ in range(20))}


@pytest.fixture(scope="module")
def theirs() -> pymerkle.InmemoryTree:
    """Return pymerkle's tree over the same entries."""
    return pymerkle.InmemoryTree.init_from_entries(ENTRIES)


def test_pymerkle_finds_the_same_root_at_every_size(theirs: pymerkle.InmemoryTree) -> None:
    tree = Tree()
    for size, leaf in enumerate(LEAVES, 1):
        tree.append(leaf)
        assert theirs.get_root(size) == tree.root()


@pytest.mark.parametrize("size", SIZES)
def test_pymerkle_makes_the_proofs_that_we_accept(theirs: pymerkle.InmemoryTree, size: int) -> None:
    root = root_hash(size, SHELF)
    for index in places(size):
        leaf, *path = theirs.prove_inclusion(index + 1, size).path
        assert leaf == LEAVES[index]
        assert path == inclusion_proof(index, size, SHELF)
        verify_inclusion(leaf, index, size, path, root)


@pytest.mark.parametrize("size", SIZES)
def test_pymerkle_accepts_that_one_state_grew_from_another(
    theirs: pymerkle.InmemoryTree, size: int
) -> None:
    for place in places(size):
        proof = theirs.prove_consistency(place + 1, size)
        pymerkle.verify_consistency(root_hash(place + 1, SHELF), root_hash(size, SHELF), proof)


@pytest.mark.parametrize("size", SIZES)
def test_tlog_scales_accepts_our_proofs(size: int) -> None:
    root = root_hash(size, SHELF)
    for place in places(size):
        path = inclusion_proof(place, size, SHELF)
        InclusionProof(place, size, path).check(LEAVES[place], root)
        grown = consistency_proof(place + 1, size, SHELF)
        ConsistencyProof(place + 1, size, grown).check(root_hash(place + 1, SHELF), root)


def written_by_us(folder: Path, signer: Signer) -> None:
    """Write the log to `folder` as it is served."""

    def nothing(tile: Tile) -> bytes:
        raise AssertionError(tile)

    checkpoint = Checkpoint(origin=ORIGIN, size=SIZE, root=root_hash(SIZE, SHELF))
    files = {tile.path: content for tile, content in grow(0, LEAVES, nothing)}
    for bundle in bundles_of(SIZE):
        start, stop = bundle.positions.start, bundle.positions.stop
        files[bundle.path] = encode_bundle(ENTRIES[start:stop])
    files["checkpoint"] = Note.sign(checkpoint.text, [signer], time_s=1).encode()
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def test_tlog_scales_reads_the_log_that_we_write(tmp_path: Path) -> None:
    signer = Signer.generate(ORIGIN, KeyKind.LOG)
    written_by_us(tmp_path, signer)
    reader = TilesReader(LocalBackend(tmp_path))
    checkpoint = reader.get_checkpoint()
    checkpoint.verify(Vkey.from_string(str(signer.key)))
    assert (checkpoint.origin, checkpoint.size) == (ORIGIN, SIZE)
    assert reader.calculate_root_hash() == checkpoint.root_hash == root_hash(SIZE, SHELF)
    for place in places(SIZE):
        assert reader.get_entry(place) == ENTRIES[place]
        path = reader.get_inclusion_proof(place, SIZE).node_hashes
        assert path == inclusion_proof(place, SIZE, SHELF)
        grown = reader.get_consistency_proof(place + 1, SIZE).node_hashes
        assert grown == consistency_proof(place + 1, SIZE, SHELF)


def test_we_read_the_log_that_tlog_scales_writes(tmp_path: Path) -> None:
    signer = PlainEd25519Signer(ORIGIN, bytes(range(32)))
    writer = TilesWriter.create(tmp_path / "log", ORIGIN)
    for start, stop in ((0, 1), (1, 256), (256, 700), (700, SIZE)):
        for entry in ENTRIES[start:stop]:
            writer.add_leaf(entry)
        writer.commit([signer])

    def read_tile(tile: Tile) -> bytes:
        return (tmp_path / "log" / tile.path).read_bytes()

    key = VerifierKey.parse(signer.vkey.serialize())  # type: ignore[no-untyped-call]
    policy = Policy(origin=ORIGIN, log_keys=(key,))
    checkpoint = policy.open((tmp_path / "log" / "checkpoint").read_bytes()).checkpoint
    assert checkpoint == Checkpoint(origin=ORIGIN, size=SIZE, root=root_hash(SIZE, SHELF))
    verify_tiles(ORIGIN, SIZE, checkpoint.root, read_tile)
    found = [
        entry
        for bundle in bundles_of(SIZE)
        for entry in verify_bundle(ORIGIN, bundle, content_of(tmp_path / "log", bundle), read_tile)
    ]
    assert found == ENTRIES
    from_tiles = hashes_from(SIZE, read_tile)
    verify_inclusion(LEAVES[7], 7, SIZE, inclusion_proof(7, SIZE, from_tiles), checkpoint.root)


def content_of(folder: Path, bundle: Bundle) -> bytes:
    return (folder / bundle.path).read_bytes()


@pytest.mark.parametrize("kind", KeyKind)
def test_tlog_scales_accepts_our_signatures_and_cosignatures(kind: KeyKind) -> None:
    signer = Signer.generate("witness.example/w1", kind)
    checkpoint = Checkpoint(origin=ORIGIN, size=SIZE, root=root_hash(SIZE, SHELF))
    content = Note.sign(checkpoint.text, [signer], time_s=1_700_000_000).encode().decode()
    key = Vkey.from_string(str(signer.key))
    TheirCheckpoint.from_text(content).verify(key)
    with pytest.raises(InvalidSignature):
        TheirCheckpoint.from_text(content.replace("1500", "1501")).verify(key)
