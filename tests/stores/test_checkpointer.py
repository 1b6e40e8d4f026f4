"""Signing logs: what is grown is signed, what was changed behind the log never again."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.eventlog.checkpoint import Policy
from shared.eventlog.checkpointer import Checkpointer
from shared.eventlog.key_handover import handovers_in
from shared.eventlog.note import Note
from shared.eventlog.note_key import VerifierKey
from shared.eventlog.proof import Tree, consistency_proof, leaf_hash, verify_consistency
from shared.eventlog.signing import STEP_ENTRIES
from shared.eventlog.signing_keys import SigningKeys
from shared.eventlog.tiles import tiles_of, verify_tiles
from shared.kernel.errors import Refused
from tests.stores.logs import Opened, draft, open_ledger
from tests.stores.signed import ORIGIN, grow_by, signed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def checkpointer(opened: Opened, folder: Path) -> Checkpointer:
    return Checkpointer(opened.ledger, folder)


def naive_root(opened: Opened, size: int) -> bytes:
    tree = Tree()
    position = -1
    while tree.size < size:
        entries = opened.log.read(position, size - tree.size)
        tree.extend(leaf_hash(entry.content) for entry in entries)
        position = entries[-1].position
    return tree.root()


# What is put together here are our own words; values are bound.
OF_LOG = "log_no = (SELECT log_no FROM log WHERE origin = :origin)"


def tampering(opened: Opened, statement: str, values: Mapping[str, object]) -> None:
    """Change the entries as somebody would who owns the database."""
    with opened.store.engine.begin() as connection:
        if opened.store.is_postgresql:
            connection.exec_driver_sql("SET session_replication_role = replica")
        else:
            for verb in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS entry_is_final_{verb}")
        connection.execute(sa.text(statement), values)
        if opened.store.is_postgresql:
            connection.exec_driver_sql("SET session_replication_role = origin")


def test_what_has_grown_is_signed_and_its_tiles_are_its_tree(
    opened: Opened, checkpointer: Checkpointer
) -> None:
    for count in (1, 2, 253, 1, 300, 700):
        grow_by(opened, count)
        assert checkpointer.turn(at_once=True) == 1
        newest = signed(opened).newest()
        assert newest is not None
        assert newest.root == naive_root(opened, newest.size)
        verify_tiles(ORIGIN, newest.size, newest.root, signed(opened).tile)
        keys = tuple(VerifierKey.parse(key.verifier_key) for key in signed(opened).log_keys())
        assert Policy(origin=ORIGIN, log_keys=keys).open(newest.note).checkpoint.size == newest.size
    with opened.store.read() as connection:
        rows = connection.execute(sa.text("SELECT level, tile_index FROM tile")).all()
    assert len(rows) == len({(t.level, t.index) for t in tiles_of(1_257)})


def test_any_two_checkpoints_are_consistent(opened: Opened, checkpointer: Checkpointer) -> None:
    notes = []
    for count in (3, 600, 77):
        grow_by(opened, count)
        checkpointer.turn(at_once=True)
        newest = signed(opened).newest()
        assert newest is not None
        notes.append(newest)
    for older, newer in ((0, 1), (0, 2), (1, 2)):
        size1, size2 = notes[older].size, notes[newer].size
        proof = consistency_proof(size1, size2, signed(opened).hashes(size2))
        verify_consistency(size1, size2, notes[older].root, notes[newer].root, proof)


def test_a_log_that_has_not_grown_is_left_alone(opened: Opened, checkpointer: Checkpointer) -> None:
    assert checkpointer.turn(at_once=True) == 0  # all empty
    grow_by(opened, 5)
    assert checkpointer.turn() == 1  # the first time at once
    assert checkpointer.turn(at_once=True) == 0
    grow_by(opened, 5)
    assert checkpointer.turn() == 0  # not due yet
    grow_by(opened, 251)
    assert checkpointer.turn() == 1


def test_much_at_once_is_signed_step_by_step(opened: Opened, checkpointer: Checkpointer) -> None:
    for _ in range(5):
        grow_by(opened, 1_000)
    assert checkpointer.turn() == 1
    assert signed(opened).at_least(1).size == STEP_ENTRIES
    newest = signed(opened).newest()
    assert newest is not None
    assert newest.size == 5_000


def cut(opened: Opened, size: int) -> None:
    """Take the log back to `size`, with all that the database derives from it."""
    after = {"size": size, "origin": ORIGIN}
    tampering(opened, "DELETE FROM seen WHERE position >= :size AND origin = :origin", after)
    tampering(opened, f"DELETE FROM entry WHERE position >= :size AND {OF_LOG}", after)  # noqa: S608
    tampering(opened, f"UPDATE log SET next_position = :size WHERE {OF_LOG}", after)  # noqa: S608


@pytest.mark.parametrize("again", ["the same process", "a new process"])
def test_a_log_that_lost_its_end_is_not_signed(
    opened: Opened, checkpointer: Checkpointer, folder: Path, again: str
) -> None:
    grow_by(opened, 10)
    checkpointer.turn(at_once=True)
    before = signed(opened).newest()
    cut(opened, 6)
    if again == "a new process":
        checkpointer = Checkpointer(opened.ledger, folder)
    codes = []
    for name in ("as much", "more", "yet more"):
        assert checkpointer.turn(at_once=True) == 0
        codes.append(checkpointer.refused[ORIGIN].code)
        grow_by(opened, 4, name=name)
    assert codes == ["eventlog.shorter_than_signed", *["eventlog.entry_differs"] * 2]
    assert signed(opened).newest() == before
    refusal = signed(opened).refusal()
    assert refusal is not None
    assert before is not None
    assert refusal.signed_note == before.note


def test_what_was_signed_and_then_restored_from_a_backup_is_not_signed(
    opened: Opened, checkpointer: Checkpointer, folder: Path
) -> None:
    """Entries, tiles and checkpoints are all of one age: only the note beside the key knows."""
    grow_by(opened, 10)
    checkpointer.turn(at_once=True)
    grow_by(opened, 10)
    checkpointer.turn(at_once=True)
    cut(opened, 10)
    after = {"origin": ORIGIN}
    tampering(opened, f"DELETE FROM checkpoint WHERE size > 10 AND {OF_LOG}", after)  # noqa: S608
    tampering(opened, f"UPDATE tile SET hashes = substr(hashes, 1, 320) WHERE {OF_LOG}", after)  # noqa: S608
    restored = Checkpointer(opened.ledger, folder)
    assert restored.turn(at_once=True) == 0
    assert restored.refused[ORIGIN].code == "eventlog.shorter_than_signed"
    grow_by(opened, 30, name="another history")
    assert restored.turn(at_once=True) == 0
    assert restored.refused[ORIGIN].code == "eventlog.differs_from_signed"


def test_a_new_key_signs_beside_the_old_one_until_that_is_retired(
    opened: Opened, checkpointer: Checkpointer, folder: Path
) -> None:
    grow_by(opened, 3)
    checkpointer.turn(at_once=True)
    keys = SigningKeys(folder, ORIGIN)
    (old,) = keys.signers()
    old_id = old.key.key_id.hex()
    new = keys.add()
    with pytest.raises(Refused, match="eventlog.key_still_needed"):
        keys.retire(old_id)
    assert checkpointer.turn(at_once=True) == 1  # although the log has not grown
    newest = signed(opened).newest()
    assert newest is not None
    note = Note.parse(newest.note)
    assert len(note.verify([old.key, new.key])) == 2
    keys.retire(old_id)
    grow_by(opened, 1)
    assert checkpointer.turn(at_once=True) == 1
    newest = signed(opened).newest()
    assert newest is not None
    assert [each.key for each in Note.parse(newest.note).verify([old.key, new.key])] == [new.key]
    assert sorted((each.first_size, each.last_size) for each in signed(opened).log_keys()) == [
        (3, 3),
        (3, 4),
    ]
    (handover,) = handovers_in(signed(opened).handovers())
    assert (handover.old, handover.new) == (old.key, new.key)
    handover.verify()


def test_a_lost_folder_of_keys_does_not_make_a_new_key(
    opened: Opened, checkpointer: Checkpointer, folder: Path
) -> None:
    grow_by(opened, 3)
    checkpointer.turn(at_once=True)
    shutil.rmtree(folder)
    grow_by(opened, 3)
    again = Checkpointer(opened.ledger, folder)
    assert again.turn(at_once=True) == 0
    assert again.refused[ORIGIN].code == "eventlog.checkpoint_unsigned"
    assert not list((folder / ORIGIN).glob("*.key"))


def test_thirty_four_logs_are_signed_by_one(opened: Opened, folder: Path) -> None:
    provinces = [f"tinh-{number}" for number in range(34)]
    ledger = open_ledger(opened.store, provinces=provinces)
    for province in provinces:
        with opened.store.write() as tx:
            ledger.log(province).append(tx, [draft(f"{province}-{at}") for at in range(3)])
    assert Checkpointer(ledger, folder).turn() == 34
