"""What goes wrong around keys, notes and a second checkpointer: no note contradicts another."""

import logging
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.checkpointer import Checkpointer
from shared.eventlog.checkpoints import Checkpoints
from shared.eventlog.note import Note
from shared.eventlog.proof import EMPTY_ROOT
from shared.eventlog.signing_keys import KEYS_MAX, SigningKeys
from shared.kernel.errors import NotFound, Refused, Unavailable
from tests.stores.logs import Opened
from tests.stores.signed import (
    ORIGIN,
    grow_by,
    key_file,
    key_ids,
    newest,
    refusal_of,
    signed,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def checkpointer(on_sqlite: Opened, folder: Path) -> Checkpointer:
    return Checkpointer(on_sqlite.ledger, folder)


def killed_before_publishing(
    opened: Opened, checkpointer: Checkpointer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sign, and die between the note beside the key and the database."""

    def die(*_: object, **__: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(Checkpoints, "publish", die)
        with pytest.raises(ConnectionError):
            checkpointer.turn(at_once=True)


def test_a_note_that_was_not_published_is_published_as_it_is(
    on_sqlite: Opened, checkpointer: Checkpointer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow_by(on_sqlite, 3)
    killed_before_publishing(on_sqlite, checkpointer, monkeypatch)
    noted = SigningKeys(folder, ORIGIN).last_signed()
    grow_by(on_sqlite, 4)
    assert Checkpointer(on_sqlite.ledger, folder).turn() == 1
    assert signed(on_sqlite).at_least(1).note == noted
    assert newest(on_sqlite).size == 7


def test_a_key_that_was_added_while_a_note_was_unpublished_signs_it_too(
    on_sqlite: Opened, checkpointer: Checkpointer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow_by(on_sqlite, 3)
    killed_before_publishing(on_sqlite, checkpointer, monkeypatch)
    added = SigningKeys(folder, ORIGIN).add()
    again = Checkpointer(on_sqlite.ledger, folder)
    again.turn()
    assert Note.parse(newest(on_sqlite).note).verify([added.key])
    assert {each.first_size for each in signed(on_sqlite).log_keys()} == {3}


def test_a_note_that_was_signed_anew_but_not_published_outlives_the_retired_key(
    on_sqlite: Opened, checkpointer: Checkpointer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow_by(on_sqlite, 3)
    checkpointer.turn(at_once=True)
    keys = SigningKeys(folder, ORIGIN)
    (old,) = key_ids(folder)
    added = keys.add()
    killed_before_publishing(on_sqlite, checkpointer, monkeypatch)
    keys.retire(old)
    again = Checkpointer(on_sqlite.ledger, folder)
    again.turn()
    assert again.refused == {}
    assert Note.parse(newest(on_sqlite).note).verify([added.key])


def test_a_key_signs_from_the_next_look_on(
    on_sqlite: Opened, checkpointer: Checkpointer, folder: Path
) -> None:
    grow_by(on_sqlite, 3)
    checkpointer.turn()
    assert checkpointer.turn() == 0
    SigningKeys(folder, ORIGIN).add()
    assert checkpointer.turn() == 1
    assert checkpointer.turn() == 0


def test_keys_without_what_they_signed_last_sign_nothing(
    on_sqlite: Opened, checkpointer: Checkpointer, folder: Path
) -> None:
    grow_by(on_sqlite, 3)
    checkpointer.turn()
    note = folder / ORIGIN / "signed.note"
    content = note.read_bytes()
    note.unlink()
    grow_by(on_sqlite, 3)
    again = Checkpointer(on_sqlite.ledger, folder)
    assert again.turn() == 0
    assert refusal_of(again) == "eventlog.signed_note_missing"
    # The remedy: any copy of it, such as the checkpoint that is served.
    note.write_bytes(content)
    assert again.turn(at_once=True) == 1
    assert signed(on_sqlite).refusal() is None


def test_a_key_without_its_note_signs_no_second_root_though_the_database_forgot_the_first(
    on_sqlite: Opened, checkpointer: Checkpointer, folder: Path
) -> None:
    grow_by(on_sqlite, 3)
    checkpointer.turn()
    note = folder / ORIGIN / "signed.note"
    content = note.read_bytes()
    note.unlink()
    with on_sqlite.store.engine.begin() as connection:
        for table in ("checkpoint", "tile", "log_key"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
    again = Checkpointer(on_sqlite.ledger, folder)
    assert again.turn() == 0
    assert refusal_of(again) == "eventlog.signed_note_missing"
    assert not note.exists()
    note.write_bytes(content)
    again.turn(at_once=True)
    assert newest(on_sqlite).note == content


def test_a_first_key_that_was_made_beforehand_signs(on_sqlite: Opened, folder: Path) -> None:
    added = SigningKeys(folder, ORIGIN).add()
    grow_by(on_sqlite, 3)
    assert Checkpointer(on_sqlite.ledger, folder).turn() == 1
    assert Note.parse(newest(on_sqlite).note).verify([added.key])


def test_a_folder_of_keys_that_is_older_than_the_database_takes_up_what_that_has(
    on_sqlite: Opened, checkpointer: Checkpointer, folder: Path, tmp_path: Path
) -> None:
    grow_by(on_sqlite, 3)
    checkpointer.turn()
    shutil.copytree(folder, tmp_path / "backup")
    grow_by(on_sqlite, 3)
    checkpointer.turn(at_once=True)
    restored = Checkpointer(on_sqlite.ledger, tmp_path / "backup")
    assert restored.turn() == 0
    assert restored.refused == {}
    assert SigningKeys(tmp_path / "backup", ORIGIN).last_signed() == newest(on_sqlite).note


def test_an_altered_last_note_is_noticed(
    on_sqlite: Opened, checkpointer: Checkpointer, folder: Path
) -> None:
    grow_by(on_sqlite, 3)
    checkpointer.turn()
    note = folder / ORIGIN / "signed.note"
    note.write_bytes(note.read_bytes().replace(b"\n3\n", b"\n2\n"))
    assert checkpointer.turn() == 0
    assert refusal_of(checkpointer) == "eventlog.signature_wrong"


def test_a_key_that_others_may_read_signs_nothing_until_it_is_mended(
    on_sqlite: Opened, checkpointer: Checkpointer, folder: Path
) -> None:
    grow_by(on_sqlite, 3)
    checkpointer.turn()
    grow_by(on_sqlite, 3)
    key_file(folder).chmod(0o640)
    assert checkpointer.turn(at_once=True) == 0
    assert refusal_of(checkpointer) == "vault.key_unprotected"
    refusal = signed(on_sqlite).refusal()
    assert refusal is not None
    assert refusal.signed_note == newest(on_sqlite).note
    key_file(folder).chmod(0o600)
    assert checkpointer.turn(at_once=True) == 1
    assert (checkpointer.refused, signed(on_sqlite).refusal()) == ({}, None)


def test_a_refusal_ends_although_the_log_has_not_grown(
    on_sqlite: Opened, checkpointer: Checkpointer, folder: Path
) -> None:
    grow_by(on_sqlite, 3)
    checkpointer.turn()
    key_file(folder).chmod(0o604)
    checkpointer.turn()
    assert signed(on_sqlite).refusal() is not None
    key_file(folder).chmod(0o600)
    assert Checkpointer(on_sqlite.ledger, folder).turn() == 0
    assert signed(on_sqlite).refusal() is None


@pytest.mark.parametrize("content", [b"", b"rubbish", b"PRIVATE+KEY+a/b/c+00000000+AAAA"])
def test_a_key_file_that_is_none_signs_nothing(
    on_sqlite: Opened, checkpointer: Checkpointer, folder: Path, content: bytes
) -> None:
    grow_by(on_sqlite, 3)
    checkpointer.turn()
    key_file(folder).write_bytes(content)
    assert checkpointer.turn() == 0
    assert refusal_of(checkpointer) == "eventlog.key_malformed"


def test_a_key_of_another_log_signs_nothing(
    on_sqlite: Opened, checkpointer: Checkpointer, folder: Path
) -> None:
    other = SigningKeys(folder, "doithoai.test/ha-nam/intake").add()
    grow_by(on_sqlite, 3)
    checkpointer.turn()
    name = f"{other.key.key_id.hex()}.key"
    shutil.copy(folder / "doithoai.test/ha-nam/intake" / name, folder / ORIGIN / name)
    assert checkpointer.turn() == 0
    assert refusal_of(checkpointer) == "eventlog.key_of_another_log"


def test_what_keeps_one_log_back_keeps_back_no_other_and_is_said_once(
    on_sqlite: Opened, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    provinces = ("ha-nam", "ha-noi", "ninh-binh")
    for province in provinces:
        grow_by(on_sqlite, 3, province=province, name=province)
    (folder / "doithoai.test").mkdir(parents=True)
    (folder / "doithoai.test/ha-nam").write_text("no folder")
    SigningKeys(folder, ORIGIN).add()
    key_file(folder).chmod(0o666)
    checkpointer = Checkpointer(on_sqlite.ledger, folder)
    with caplog.at_level(logging.WARNING):
        assert checkpointer.turn() == 1
        assert checkpointer.turn() == 0
        assert checkpointer.turn(at_once=True) == 0
    assert newest(on_sqlite, "ninh-binh").size == 3
    assert [record.levelname for record in caplog.records] == ["WARNING", "CRITICAL"]


def test_a_refused_log_is_not_looked_at_each_second(
    on_sqlite: Opened, checkpointer: Checkpointer, folder: Path
) -> None:
    grow_by(on_sqlite, 3)
    checkpointer.turn()
    key_file(folder).chmod(0o666)
    checkpointer.turn()
    key_file(folder).chmod(0o600)
    grow_by(on_sqlite, 3)
    assert checkpointer.turn() == 0  # in ten seconds
    assert checkpointer.turn(at_once=True) == 1


def test_two_checkpointers_with_one_folder_take_turns(
    on_sqlite: Opened, checkpointer: Checkpointer, folder: Path
) -> None:
    other = Checkpointer(on_sqlite.ledger, folder)
    for each in (checkpointer, other, other, checkpointer):
        grow_by(on_sqlite, 3)
        assert each.turn(at_once=True) == 1
    assert checkpointer.refused == other.refused == {}
    with SigningKeys(folder, ORIGIN).held():
        grow_by(on_sqlite, 3)
        assert checkpointer.turn(at_once=True) == 0  # waits for its turn
    assert checkpointer.turn() == 1
    assert checkpointer.refused == {}


def test_of_two_checkpointers_with_keys_of_their_own_the_second_signs_nothing(
    on_sqlite: Opened, checkpointer: Checkpointer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = Checkpointer(on_sqlite.ledger, tmp_path / "others")
    grow_by(on_sqlite, 3)
    # Both start with an unsigned log: the second has signed, and finds it published.
    killed_before_publishing(on_sqlite, stranger, monkeypatch)
    checkpointer.turn()
    for _ in range(2):
        assert stranger.turn(at_once=True) == 0
        assert refusal_of(stranger) == "eventlog.checkpoint_unsigned"
        grow_by(on_sqlite, 3)
        assert checkpointer.turn(at_once=True) == 1
    assert len(signed(on_sqlite).log_keys()) == 1


@pytest.mark.parametrize("after", [None, 2, 4])
def test_what_another_process_has_published_is_never_overwritten(
    opened: Opened, folder: Path, after: int | None
) -> None:
    """Two folders that are copies of each other: no lock is shared but the database's."""
    grow_by(opened, 3)
    checkpointer = Checkpointer(opened.ledger, folder)
    checkpointer.turn()
    before = newest(opened)
    checkpoint = Checkpoint(origin=ORIGIN, size=2, root=bytes(32))
    with pytest.raises(Unavailable, match="eventlog.signed_elsewhere"):
        signed(opened).publish(
            checkpoint, Note.parse(before.note), [], [], signed_at="", after=after
        )
    assert newest(opened) == before


def test_notes_are_kept_apart_where_the_keys_can_only_be_read(
    on_sqlite: Opened, folder: Path, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    SigningKeys(folder, ORIGIN, notes).add()
    checkpointer = Checkpointer(on_sqlite.ledger, folder, notes=notes)
    grow_by(on_sqlite, 3)
    assert checkpointer.turn() == 1
    assert [file.suffix for file in (folder / ORIGIN).iterdir()] == [".key"]
    assert (notes / ORIGIN / "signed.note").read_bytes() == newest(on_sqlite).note
    assert oct((notes / ORIGIN / "signed.note").stat().st_mode)[-3:] == "600"


def test_without_keys_where_none_can_be_made_a_log_is_signed_later(
    on_sqlite: Opened, folder: Path, tmp_path: Path
) -> None:
    folder.write_text("stands for what can't be written")
    checkpointer = Checkpointer(on_sqlite.ledger, folder, notes=tmp_path / "notes")
    grow_by(on_sqlite, 3)
    assert checkpointer.turn() == 0
    assert checkpointer.refused == {}
    folder.unlink()
    assert checkpointer.turn() == 1


def freeze(opened: Opened) -> None:
    with opened.store.write() as tx:
        tx.connection.execute(
            sa.text("UPDATE log SET state = 'frozen', successor = 'x' WHERE origin = :origin"),
            {"origin": ORIGIN},
        )


@pytest.mark.parametrize("size", [0, 3])
def test_a_frozen_log_gets_a_last_checkpoint_at_once(
    opened: Opened, folder: Path, size: int
) -> None:
    checkpointer = Checkpointer(opened.ledger, folder)
    if size:
        grow_by(opened, 1)
        checkpointer.turn()
        grow_by(opened, size - 1)
    assert checkpointer.turn() == 0
    freeze(opened)
    assert checkpointer.turn() == 1
    assert newest(opened).size == size
    assert checkpointer.turn(at_once=True) == 0
    again = Checkpointer(opened.ledger, folder)
    assert (again.turn(), again.refused) == (0, {})


def test_the_last_checkpoint_of_a_log_without_entries_is_that_of_the_empty_tree(
    on_sqlite: Opened, checkpointer: Checkpointer
) -> None:
    freeze(on_sqlite)
    checkpointer.turn()
    last = newest(on_sqlite)
    said = Checkpoint.parse(Note.parse(last.note).text)
    assert (said.size, said.root) == (0, EMPTY_ROOT)


def test_a_log_has_eight_keys_at_most(folder: Path) -> None:
    keys = SigningKeys(folder, ORIGIN)
    for _ in range(KEYS_MAX):
        keys.add()
    with pytest.raises(Refused, match="eventlog.too_many_keys"):
        keys.add()
    with pytest.raises(NotFound, match="eventlog.unknown_key"):
        keys.retire("00000000")
