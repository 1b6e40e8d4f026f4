"""No word of a text and no byte of a key outside the sealed columns."""

import base64
import logging
import traceback
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.contracts.vocabulary import Visibility
from shared.kernel.errors import AppError
from shared.vault import KeyRing, NewText, Purpose
from tests.shared.vault.conftest import KEY, OTHER_KEY, WORDS, Room

PLANTED = ("Mận", "0912", "Đội Cấn", "ngập")


def stored_bytes(directory: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(directory.iterdir()))


def test_no_word_of_a_text_and_no_key_is_found_in_the_database_file(
    sqlite_room: Room, tmp_path: Path
) -> None:
    sqlite_room.put()
    sqlite_room.read()

    found = stored_bytes(tmp_path)

    assert b"mttq-ba-dinh/can-bo-1" in found  # the bytes looked at are the right ones
    for words in PLANTED:
        assert words.encode() not in found
        assert words.encode("utf-16-le") not in found
    assert KEY not in found
    assert base64.b64encode(KEY) not in found


def test_a_destroyed_key_is_not_left_in_the_file(sqlite_room: Room, tmp_path: Path) -> None:
    sqlite_room.put()
    with sqlite_room.store.read() as connection:
        wrapped = connection.execute(sa.select(sqlite_room.tables.key.c.wrapped)).scalar_one()
    assert wrapped in stored_bytes(tmp_path)

    sqlite_room.erase()
    with sqlite_room.store.read() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()

    assert wrapped not in stored_bytes(tmp_path)


def test_no_repr_shows_a_text_a_salt_or_a_key(sqlite_room: Room) -> None:
    sqlite_room.put()
    new = NewText(text_id="t", text=WORDS, province="ha-noi", visibility=Visibility.PUBLIC)
    with sqlite_room.store.write() as tx:
        disclosure = sqlite_room.vault.disclose(
            tx.connection, text_id="t-1", reader="kiem-tra/01", purpose=Purpose.AUDIT
        )

    shown = f"{new!r} {disclosure!r} {sqlite_room.vault!r} {KeyRing(KEY)!r}"

    assert not any(words in shown for words in PLANTED)
    for secret in (disclosure.salt, KEY):
        assert repr(secret)[2:-1] not in shown
        assert secret.hex() not in shown


def test_no_error_and_no_log_line_shows_a_text(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.DEBUG)
    room.put()
    room.read()
    shown = []
    for fault in (
        lambda: room.put(text=WORDS + " Khác."),
        lambda: room.put("t-2", WORDS + "\0"),
        lambda: room.put("t-2", WORDS * 1000),
        lambda: room.put(WORDS, WORDS),
        lambda: room.read(WORDS),
        lambda: room.read(vault=room.vault_under(OTHER_KEY)),
    ):
        with pytest.raises(AppError) as caught:
            fault()
        shown.append(str(caught.value))
        shown.append(repr(caught.value.args))
        shown += traceback.format_exception_only(caught.value)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)

    everything = "\n".join(shown) + caplog.text

    assert "INSERT INTO vault_text" in caplog.text
    assert not any(words in everything for words in PLANTED)
