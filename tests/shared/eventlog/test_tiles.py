from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.eventlog.proof import (
    EMPTY_ROOT,
    Node,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hashes,
    root_hash,
    verify_consistency,
    verify_inclusion,
)
from shared.eventlog.tiles import (
    Bundle,
    Tile,
    bundles_of,
    decode_bundle,
    decode_tile,
    encode_bundle,
    grow,
    hashes_from,
    parse_path,
    tiles_of,
    verify_bundle,
    verify_tiles,
)
from shared.kernel.errors import ContractError, LogTampered, NotFound
from tests.shared.eventlog.refusals import read
from tests.shared.eventlog.trees import Shelf, numbered, patiently

ORIGIN = "doithoai.test/ha-noi/intake"
SIZE = 70_000
"""The example of the specification: 273 full tiles and a part of one on level 0."""

Files = dict[Tile, bytes]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """Return the hashes over the entries of the log."""
    return Shelf(numbered(SIZE))


@pytest.fixture(scope="module")
def files(shelf: Shelf) -> Files:
    """Return the tiles of the log, written all at once."""
    return dict(grow(0, shelf.leaves, nothing))


def nothing(tile: Tile) -> bytes:
    message = f"{tile.path} was read"
    raise AssertionError(message)


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("tile/0/000", Tile(0, 0)),
        ("tile/0/000.p/1", Tile(0, 0, 1)),
        ("tile/63/999.p/255", Tile(63, 999, 255)),
        ("tile/1/x001/000", Tile(1, 1_000)),
        ("tile/0/x001/x234/067", Tile(0, 1_234_067)),  # the example of the specification
        ("tile/entries/x001/x234/067", Bundle(1_234_067)),
        ("tile/entries/x123/x456/078.p/2", Bundle(123_456_078, 2)),
        ("tile/9/x999/x999/x999/x999/x999/x999/999", Tile(9, 10**21 - 1)),
    ],
)
def test_a_tile_stands_at_its_path(path: str, named: Tile | Bundle) -> None:
    assert named.path == path
    assert parse_path(path) == named


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/x001/x002",
        "tile/00/001",
        "tile/-1/001",
        "tile/64/001",
        "tile/100/001",
        "tile/data/001",
        "tile/entries",
        "tile/8/0/001",
        "tile/0/001.p",
        "tile/0/001.p/",
        "tile/0/001.p/0",
        "tile/0/001.p/01",
        "tile/0/001.p/256",
        "tile/0/001.p/1000",
        "tile/0/001/",
        "tile/0/001 ",
        "tile/0/001\n",
        "/tile/0/001",
        "tile/0/../001",
        "tile/0/..%2f001",
        "tile/0/٠٠١",
        "tile/0/" + "x001/" * 7 + "001",
        "tile/0/" + "x001/" * 100_000 + "001",
        "tile/0/" + "0" * 1_000_000,
    ],
)
def test_what_is_no_path_of_a_tile_is_not_found(path: str) -> None:
    with pytest.raises(NotFound, match="^eventlog.no_such_tile$"):
        parse_path(path)


@patiently
@given(st.integers(0, 63), st.integers(0, 10**21 - 1), st.integers(1, 256))
def test_every_tile_is_found_again_by_its_path(level: int, index: int, width: int) -> None:
    for named in (Tile(level, index, width), Bundle(index, width)):
        assert parse_path(named.path) == named


@patiently
@given(
    st.text(max_size=30)
    | st.lists(st.sampled_from(["tile", "entries", "0", "x001", "000", "07", "p", ".p/9"])).map(
        "/".join
    )
)
def test_whatever_path_is_read_was_spelt_as_we_would(path: str) -> None:
    found = read(parse_path, path)
    assert found is None or found.path == path


def test_the_example_of_the_specification_has_the_tiles_it_names() -> None:
    partial = [tile for tile in tiles_of(SIZE) if tile.width < 256]
    assert partial == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert [tile for tile in tiles_of(SIZE) if tile.width == 256] == [
        *(Tile(0, index) for index in range(273)),
        Tile(1, 0),
    ]
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []


@patiently
@given(st.integers(0, 2**19))
def test_the_tiles_of_a_level_hold_its_hashes(size: int) -> None:
    bundles = [bundle.width for bundle in bundles_of(size)]
    assert sum(bundles) == size
    for level in range(5):
        widths = [tile.width for tile in tiles_of_level(size, level)]
        assert sum(widths) == size // 256**level
        assert all(width == 256 for width in widths[:-1])
        if level == 0:
            assert widths == bundles


def tiles_of_level(size: int, level: int) -> Iterator[Tile]:
    return (tile for tile in tiles_of(size) if tile.level == level)


def test_a_tile_knows_the_entries_below_it() -> None:
    assert Tile(0, 273, 112).positions == range(69_888, 70_000) == Bundle(273, 112).positions
    assert Tile(1, 1, 17).positions == range(65_536, 65_536 + 17 * 256)


def test_the_tiles_of_a_log_are_those_that_are_written(files: Files) -> None:
    assert list(files) == list(tiles_of(SIZE))
    for tile, content in files.items():
        assert len(content) == 32 * tile.width


def test_the_hashes_in_the_tiles_are_those_of_the_tree(files: Files, shelf: Shelf) -> None:
    for tile, content in files.items():
        nodes = [Node(8 * tile.level, 256 * tile.index + at) for at in range(tile.width)]
        assert decode_tile(tile, content) == shelf(nodes)


@settings(max_examples=25, deadline=None)
@given(counts=st.lists(st.integers(0, 900), max_size=6))
def test_a_log_that_grows_by_pieces_has_the_tiles_of_one_written_at_once(
    counts: list[int], shelf: Shelf
) -> None:
    kept: Files = {}
    size = 0
    for count in counts:
        leaves = shelf.leaves[size : size + count]
        changed = dict(grow(size, leaves, kept.__getitem__))
        assert kept.keys() & changed.keys() == set()
        kept |= changed
        size += count
    assert set(tiles_of(size)) <= set(kept)
    at_once = dict(grow(0, shelf.leaves[:size], nothing))
    assert {tile: kept[tile] for tile in tiles_of(size)} == at_once


def test_growing_reads_the_last_tile_of_a_level_and_no_other(files: Files, shelf: Shelf) -> None:
    asked: list[Tile] = []

    def read_tile(tile: Tile) -> bytes:
        asked.append(tile)
        return files[tile]

    changed = [tile for tile, _ in grow(SIZE, [bytes(32)], read_tile)]
    assert asked == [Tile(0, 273, 112)]
    assert changed == [Tile(0, 273, 113)]
    assert list(grow(SIZE, [], nothing)) == []


def test_every_proof_is_made_from_the_tiles(files: Files, shelf: Shelf) -> None:
    from_tiles = hashes_from(SIZE, files.__getitem__)
    root = root_hash(SIZE, shelf)
    assert root_hash(SIZE, from_tiles) == root
    assert Tree.read(SIZE, from_tiles).root() == root
    for place in (0, 1, 255, 256, 65_535, 65_536, 69_887, 69_888, SIZE - 1):
        path = inclusion_proof(place, SIZE, from_tiles)
        assert path == inclusion_proof(place, SIZE, shelf)
        verify_inclusion(shelf.leaves[place], place, SIZE, path, root)
        grown = consistency_proof(place + 1, SIZE, from_tiles)
        assert grown == consistency_proof(place + 1, SIZE, shelf)
        verify_consistency(place + 1, SIZE, root_hash(place + 1, from_tiles), root, grown)


def test_a_proof_reads_each_tile_once_and_few_of_them(files: Files) -> None:
    asked: list[Tile] = []

    def read_tile(tile: Tile) -> bytes:
        asked.append(tile)
        return files[tile]

    inclusion_proof(12_345, SIZE, hashes_from(SIZE, read_tile))
    assert len(asked) == len(set(asked)) <= 5


def test_a_hash_beyond_the_log_is_not_found(files: Files) -> None:
    from_tiles = hashes_from(SIZE, files.__getitem__)
    for node in (Node(0, SIZE), Node(17, 0), Node(8, 273), Node(60, 0)):
        with pytest.raises(NotFound, match="^eventlog.no_such_tile$"):
            from_tiles([node])


def test_the_tiles_of_a_sound_log_are_proven(files: Files, shelf: Shelf) -> None:
    verify_tiles(ORIGIN, SIZE, root_hash(SIZE, shelf), files.__getitem__)
    verify_tiles(ORIGIN, 0, EMPTY_ROOT, nothing)


@pytest.mark.parametrize(
    ("tile", "hash_number", "blamed"),
    [
        (Tile(0, 0), 0, Tile(0, 0)),
        (Tile(0, 100), 77, Tile(0, 100)),
        (Tile(0, 255), 255, Tile(0, 255)),
        (Tile(0, 272), 0, Tile(0, 272)),
        (Tile(1, 0), 3, Tile(1, 0)),
    ],
)
def test_an_edited_tile_is_found_and_named(
    files: Files, shelf: Shelf, tile: Tile, hash_number: int, blamed: Tile
) -> None:
    content = bytearray(files[tile])
    content[32 * hash_number + 5] ^= 1
    edited = files | {tile: bytes(content)}
    with pytest.raises(LogTampered, match="^eventlog.tile_differs") as differs:
        verify_tiles(ORIGIN, SIZE, root_hash(SIZE, shelf), edited.__getitem__)
    assert differs.value.facts == {
        "origin": ORIGIN,
        "path": blamed.path,
        "position": blamed.positions.start,
    }


@pytest.mark.parametrize("tile", [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)])
def test_an_edited_last_tile_leads_to_another_root(files: Files, shelf: Shelf, tile: Tile) -> None:
    for at in range(0, 32 * tile.width, 32):
        content = bytearray(files[tile])
        content[at] ^= 1
        edited = files | {tile: bytes(content)}
        with pytest.raises(LogTampered, match="^eventlog.tiles_differ") as differ:
            verify_tiles(ORIGIN, SIZE, root_hash(SIZE, shelf), edited.__getitem__)
        assert differ.value.facts == {"origin": ORIGIN, "size": SIZE}


@pytest.mark.parametrize("content", [b"", bytes(31), bytes(32 * 111), bytes(32 * 112 + 1)])
def test_a_tile_of_another_length_is_refused_and_named(files: Files, content: bytes) -> None:
    edited = files | {Tile(0, 273, 112): content}
    with pytest.raises(ContractError, match="^eventlog.tile_malformed path=tile/0/273.p/112$"):
        verify_tiles(ORIGIN, SIZE, bytes(32), edited.__getitem__)


ENTRIES = [b"", b"x", b"y" * 65_535, *(b"%d" % number for number in range(253))]


def test_entries_come_out_of_a_bundle_as_they_went_in() -> None:
    assert encode_bundle([b"", b"xy"]) == b"\x00\x00\x00\x02xy"
    for width in (1, 2, 3, 255, 256):
        content = encode_bundle(ENTRIES[:width])
        assert decode_bundle(Bundle(7, width), content) == ENTRIES[:width]


@pytest.mark.parametrize(
    ("width", "content"),
    [
        (1, b""),
        (1, b"\x00"),
        (1, b"\x00\x01"),
        (1, b"\x00\x02x"),
        (1, b"\x00\x01xy"),
        (1, b"\x00\x01x\x00"),
        (1, b"\x00\x00\x00\x00"),
        (2, b"\x00\x00"),
        (2, b"\x00\x00\x00"),
        (256, bytes(2 * 255)),
        (256, bytes(2 * 257)),
        (256, b"\xff" * 10_000_000),
        (256, bytes(10_000_000)),
    ],
)
def test_what_is_no_bundle_of_that_width_is_refused(width: int, content: bytes) -> None:
    bundle = Bundle(7, width)
    with pytest.raises(ContractError, match="^eventlog.bundle_malformed") as refused:
        decode_bundle(bundle, content)
    assert refused.value.facts == {"path": bundle.path}


@patiently
@given(
    st.integers(1, 4), st.binary(max_size=14) | st.lists(st.binary(max_size=3)).map(encode_bundle)
)
def test_whatever_bundle_is_read_was_spelt_as_we_would(width: int, content: bytes) -> None:
    found = read(lambda given: decode_bundle(Bundle(0, width), given), content)
    assert found is None or (encode_bundle(found) == content and len(found) == width)


def test_the_entries_of_a_bundle_are_proven_by_the_tile_above() -> None:
    files = dict(grow(0, leaf_hashes(ENTRIES), nothing))
    content = encode_bundle(ENTRIES)
    assert verify_bundle(ORIGIN, Bundle(0), content, files.__getitem__) == ENTRIES


@pytest.mark.parametrize("width", [256, 3])
def test_a_changed_entry_is_found_and_named(width: int) -> None:
    entries = [*ENTRIES * 5, *ENTRIES[:width]]
    files = dict(grow(0, leaf_hashes(entries), nothing))
    bundle = Bundle(5, width)
    for at in (0, 1, width - 1):
        changed = list(ENTRIES[:width])
        changed[at] = b"changed"
        with pytest.raises(LogTampered, match="^eventlog.entry_differs") as differs:
            verify_bundle(ORIGIN, bundle, encode_bundle(changed), files.__getitem__)
        assert differs.value.facts == {"origin": ORIGIN, "position": 5 * 256 + at}
