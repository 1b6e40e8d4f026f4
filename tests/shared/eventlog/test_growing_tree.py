import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.eventlog.proof import EMPTY_ROOT, SIZE_MAX, Tree, root_hash
from shared.kernel.errors import ContractError
from tests.shared.eventlog.refusals import read
from tests.shared.eventlog.trees import Plain, Shelf, numbered, patiently

COUNT = 700
LEAVES = numbered(COUNT)
SHELF = Shelf(LEAVES)
PLAIN = Plain(LEAVES)


def grown(*counts: int) -> Tree:
    """Return the tree after so many entries were added at a time."""
    tree = Tree()
    for count in counts:
        tree.extend(LEAVES[tree.size : tree.size + count])
    return tree


def test_a_tree_without_entries_has_the_root_of_nothing() -> None:
    assert (Tree().size, Tree().root(), Tree().peaks) == (0, EMPTY_ROOT, ())


def test_after_each_entry_the_root_is_that_of_the_rfc() -> None:
    tree = Tree()
    for size, leaf in enumerate(LEAVES, 1):
        tree.append(leaf)
        assert tree.size == size
        assert tree.root() == PLAIN.mth(0, size)


@patiently
@given(st.lists(st.integers(0, 90), max_size=7))
def test_entries_may_come_one_by_one_or_many_at_a_time(counts: list[int]) -> None:
    tree = grown(*counts)
    assert tree.size == sum(counts)
    assert tree.root() == root_hash(sum(counts), SHELF)


def test_more_entries_than_are_held_at_a_time_make_the_same_tree() -> None:
    leaves = numbered(3 * 4_096 + 77)
    tree = Tree()
    tree.append(leaves[0])
    tree.extend(iter(leaves[1:]))
    assert tree.root() == root_hash(len(leaves), Shelf(leaves))


@patiently
@given(st.integers(0, COUNT), st.integers(0, COUNT))
def test_a_tree_goes_on_from_its_state_as_if_it_had_never_stopped(one: int, other: int) -> None:
    first, second = sorted((one, other))
    tree = Tree.decode(grown(first).encode())
    assert (tree.size, tree.root()) == (first, root_hash(first, SHELF))
    tree.extend(LEAVES[first:second])
    assert tree.encode() == grown(second).encode()


@patiently
@given(st.integers(0, COUNT))
def test_a_tree_is_found_again_in_a_store_of_hashes(size: int) -> None:
    assert Tree.read(size, SHELF).encode() == grown(size).encode()


@patiently
@given(st.integers(0, COUNT))
def test_a_tree_keeps_one_hash_for_each_bit_of_its_size(size: int) -> None:
    tree = grown(size)
    assert len(tree.peaks) == size.bit_count()
    assert len(tree.encode()) == 8 + 32 * size.bit_count()


@pytest.mark.parametrize(
    "state",
    [
        b"",
        bytes(7),
        bytes(9),
        (1).to_bytes(8),
        (1).to_bytes(8) + bytes(31),
        (1).to_bytes(8) + bytes(33),
        (2).to_bytes(8) + bytes(64),
        (3).to_bytes(8) + bytes(32),
        (SIZE_MAX + 1).to_bytes(8) + bytes(32),
        bytes([255]) * 8 + bytes(32 * 64),
    ],
)
def test_what_is_no_state_of_a_tree_is_refused(state: bytes) -> None:
    with pytest.raises(ContractError, match="^eventlog.tree_malformed$"):
        Tree.decode(state)


@patiently
@given(st.binary(max_size=120))
def test_a_state_has_one_spelling(state: bytes) -> None:
    tree = read(Tree.decode, state)
    assert tree is None or tree.encode() == state
