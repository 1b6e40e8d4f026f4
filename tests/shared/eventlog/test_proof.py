import base64
import json
import random
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.eventlog.proof import (
    EMPTY_ROOT,
    SIZE_MAX,
    Node,
    ProofInvalid,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    leaf_hashes,
    node_hash,
    root_hash,
    subtree_hash,
    verify_consistency,
    verify_inclusion,
)
from shared.kernel.errors import LogTampered
from tests.shared.eventlog.trees import VECTORS, Plain, Shelf, numbered, patiently

SMALL = 128
LARGE = 1_000_000


def vectors(kind: str) -> list[Any]:
    """Return the vectors of that kind, called by their file."""
    folder = VECTORS / "rfc6962" / kind
    found = sorted(folder.rglob("*.json"))
    return [
        pytest.param(json.loads(path.read_text()), id=str(path.relative_to(folder)))
        for path in found
    ]


def raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


INCLUSION, CONSISTENCY = vectors("inclusion"), vectors("consistency")


def test_no_vector_is_missing() -> None:
    assert len(INCLUSION) + len(CONSISTENCY) == 196
    accepted = [each for each in INCLUSION + CONSISTENCY if not each.values[0]["wantErr"]]
    assert len(accepted) == 12


@pytest.mark.parametrize("vector", INCLUSION)
def test_an_inclusion_proof_is_accepted_or_refused_as_the_vector_says(
    vector: dict[str, Any],
) -> None:
    def verify() -> None:
        verify_inclusion(
            raw(vector["leafHash"]),
            vector["leafIdx"],
            vector["treeSize"],
            [raw(each) for each in vector["proof"] or []],
            raw(vector["root"]),
        )

    if vector["wantErr"]:
        with pytest.raises(ProofInvalid, match="^eventlog.inclusion_unproven"):
            verify()
    else:
        verify()


@pytest.mark.parametrize("vector", CONSISTENCY)
def test_a_consistency_proof_is_accepted_or_refused_as_the_vector_says(
    vector: dict[str, Any],
) -> None:
    def verify() -> None:
        verify_consistency(
            vector["size1"],
            vector["size2"],
            raw(vector["root1"]),
            raw(vector["root2"]),
            [raw(each) for each in vector["proof"] or []],
        )

    if vector["wantErr"]:
        with pytest.raises(ProofInvalid, match="^eventlog.consistency_unproven"):
            verify()
    else:
        verify()


def test_the_proofs_of_a_public_log_of_a_billion_entries_are_accepted() -> None:
    def answer(name: str) -> Any:
        return json.loads((VECTORS / "argon2020" / f"{name}.json").read_text())

    head = answer("sth")
    size, root = head["tree_size"], raw(head["sha256_root_hash"])
    leaf = leaf_hash(raw(answer("entries")["entries"][0]["leaf_input"]))
    path = [raw(each) for each in answer("proof")["audit_path"]]
    verify_inclusion(leaf, 10_000, size, path, root)
    earlier = raw("AuIZ5V6sDUj1vn3Y1K85oOaQ7y+FJJKtyRTl1edIKBQ=")  # of the same source
    grown = [raw(each) for each in answer("consistency")["consistency"]]
    verify_consistency(3_654_490, size, earlier, root, grown)


def test_hashes_are_those_of_the_rfc() -> None:
    assert sha256(b"").digest() == EMPTY_ROOT
    assert leaf_hash(b"x") == sha256(b"\x00x").digest()
    assert leaf_hashes([b"", b"x"]) == [leaf_hash(b""), leaf_hash(b"x")]
    left, right = numbered(2)
    assert node_hash(left, right) == sha256(b"\x01" + left + right).digest()


def test_every_small_proof_is_the_one_that_the_rfc_defines_and_is_accepted() -> None:
    leaves = numbered(SMALL)
    plain, shelf = Plain(leaves), Shelf(leaves)
    for size in range(1, SMALL + 1):
        root = root_hash(size, shelf)
        assert root == plain.mth(0, size)
        for index in range(size):
            path = inclusion_proof(index, size, shelf)
            assert path == plain.path(index, 0, size)
            verify_inclusion(leaves[index], index, size, path, root)
        for earlier in range(1, size + 1):
            grown = consistency_proof(earlier, size, shelf)
            assert grown == plain.proof(earlier, size)
            verify_consistency(earlier, size, plain.mth(0, earlier), root, grown)


def test_no_small_proof_is_accepted_for_another_entry() -> None:
    leaves = numbered(33)
    shelf = Shelf(leaves)
    for size in range(1, 34):
        root = root_hash(size, shelf)
        for index in range(size):
            path = inclusion_proof(index, size, shelf)
            for other in range(size):
                if other != index:
                    with pytest.raises(ProofInvalid):
                        verify_inclusion(leaves[other], index, size, path, root)
                    with pytest.raises(ProofInvalid):
                        verify_inclusion(leaves[index], other, size, path, root)


@pytest.fixture(scope="module")
def million() -> Shelf:
    """Return a store of all hashes over a million entries."""
    return Shelf(numbered(LARGE))


def test_random_proofs_over_a_million_entries_are_accepted(million: Shelf) -> None:
    draw = random.Random(6962)
    for _ in range(500):
        size = draw.randint(1, LARGE)
        root = root_hash(size, million)
        index, earlier = draw.randrange(size), draw.randint(1, size)
        path = inclusion_proof(index, size, million)
        verify_inclusion(million.leaves[index], index, size, path, root)
        grown = consistency_proof(earlier, size, million)
        verify_consistency(earlier, size, root_hash(earlier, million), root, grown)
        with pytest.raises(ProofInvalid):
            verify_consistency(earlier, size, root_hash(earlier, million), bytes(32), grown)


class Endless:
    """A log whose entries are all the same, so that one hash stands for each row."""

    def __init__(self) -> None:
        self.reads: list[int] = []
        self.rows = [leaf_hash(b"x")]
        for _ in range(63):
            self.rows.append(node_hash(self.rows[-1], self.rows[-1]))

    def __call__(self, nodes: Sequence[Node]) -> list[bytes]:
        self.reads.append(len(nodes))
        return [self.rows[node.level] for node in nodes]


@pytest.mark.parametrize("size", [10_000_000, 2**40 - 1, 2**62 + 1, SIZE_MAX])
def test_a_proof_over_any_log_reads_as_many_hashes_as_the_size_has_bits(size: int) -> None:
    log = Endless()
    root = root_hash(size, log)
    for index in (0, 1, size // 3, size - 2, size - 1):
        verify_inclusion(log.rows[0], index, size, inclusion_proof(index, size, log), root)
    for earlier in (1, 2, size // 3, size - 1, size):
        grown = consistency_proof(earlier, size, log)
        verify_consistency(earlier, size, root_hash(earlier, log), root, grown)
    assert max(log.reads) <= 2 * size.bit_length()


def test_the_hashes_of_a_proof_are_read_in_one_call(million: Shelf) -> None:
    before = million.calls
    inclusion_proof(777_777, 999_999, million)
    consistency_proof(777_777, 999_999, million)
    assert million.calls == before + 2


def test_the_hash_over_a_row_is_that_of_its_subtree() -> None:
    plain = Plain(numbered(256))
    for count in (1, 2, 4, 128, 256):
        assert subtree_hash(plain.leaves[:count]) == plain.mth(0, count)


def test_a_proof_of_what_is_not_there_can_not_be_made() -> None:
    shelf = Shelf(numbered(8))
    for index, size in ((-1, 8), (8, 8), (0, 0)):
        with pytest.raises(ProofInvalid) as unproven:
            inclusion_proof(index, size, shelf)
        assert unproven.value.facts == {"index": index, "size": size}
    for earlier, later in ((0, 8), (0, 0), (8, 7), (-1, 8)):
        with pytest.raises(ProofInvalid) as unproven:
            consistency_proof(earlier, later, shelf)
        assert unproven.value.facts == {"size1": earlier, "size2": later}
    assert shelf.calls == 0


def test_whoever_alarms_on_a_tampered_log_alarms_on_a_false_proof() -> None:
    assert issubclass(ProofInvalid, LogTampered)


@pytest.mark.parametrize("size", [0, -1, SIZE_MAX + 1, 2**4000])
def test_a_size_that_no_log_has_is_refused_at_once(size: int) -> None:
    leaf = leaf_hash(b"x")
    with pytest.raises(ProofInvalid):
        verify_inclusion(leaf, 0, size, [], leaf)
    with pytest.raises(ProofInvalid):
        verify_consistency(size, size, leaf, leaf, [])
    with pytest.raises(ProofInvalid):
        verify_consistency(1, size, leaf, leaf, [leaf] * 63)


def test_hashes_of_other_lengths_are_refused_even_where_their_concatenation_would_do() -> None:
    left, right = numbered(2)
    root = node_hash(left, right)
    joined = left + right
    verify_inclusion(left, 0, 2, [right], root)
    for cut in (31, 33):
        with pytest.raises(ProofInvalid):
            verify_inclusion(joined[:cut], 0, 2, [joined[cut:]], root)
        with pytest.raises(ProofInvalid):
            verify_consistency(1, 2, joined[:cut], root, [joined[cut:]])


sizes = st.integers(1, 300)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(sizes)
    return draw(st.integers(0, size - 1)), size


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


FOREST = Shelf(numbered(300))


@patiently
@given(pairs(), st.data())
def test_any_flipped_bit_of_an_inclusion_proof_is_refused(
    pair: tuple[int, int], data: st.DataObject
) -> None:
    index, size = pair
    parts = [
        FOREST.leaves[index],
        root_hash(size, FOREST),
        *inclusion_proof(index, size, FOREST),
    ]
    which, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[which] = flipped(parts[which], bit)
    leaf, root, *path = parts
    with pytest.raises(ProofInvalid):
        verify_inclusion(leaf, index, size, path, root)


@patiently
@given(pairs(), st.data())
def test_any_flipped_bit_of_a_consistency_proof_is_refused(
    pair: tuple[int, int], data: st.DataObject
) -> None:
    earlier, size = pair[0] + 1, pair[1]
    parts = [
        root_hash(earlier, FOREST),
        root_hash(size, FOREST),
        *consistency_proof(earlier, size, FOREST),
    ]
    which, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[which] = flipped(parts[which], bit)
    root1, root2, *grown = parts
    with pytest.raises(ProofInvalid):
        verify_consistency(earlier, size, root1, root2, grown)


@patiently
@given(pairs(), st.data())
def test_a_longer_a_shorter_or_a_shuffled_proof_is_refused(
    pair: tuple[int, int], data: st.DataObject
) -> None:
    index, size = pair
    leaf, root = FOREST.leaves[index], root_hash(size, FOREST)
    path = inclusion_proof(index, size, FOREST)
    wrong = [[*path, root], [leaf, *path], path[1:] if path else [leaf]]
    if (shuffled := data.draw(st.permutations(path))) != path:
        wrong.append(shuffled)
    for each in wrong:
        with pytest.raises(ProofInvalid):
            verify_inclusion(leaf, index, size, each, root)


hashes = st.binary(min_size=0, max_size=40)
numbers = st.integers(-2, 70) | st.integers(SIZE_MAX - 2, SIZE_MAX + 2)


@settings(max_examples=300, deadline=None)
@given(hashes, numbers, numbers, st.lists(hashes, max_size=70), hashes)
def test_whatever_is_given_as_a_proof_is_refused_and_nothing_else_happens(
    first: bytes, one: int, other: int, proof: list[bytes], second: bytes
) -> None:
    if not (one == 0 and other == 1 and first == second and not proof):
        with pytest.raises(ProofInvalid):
            verify_inclusion(first, one, other, proof, second)
    if not (one == other and first == second and not proof):
        with pytest.raises(ProofInvalid):
            verify_consistency(one, other, first, second, proof)
