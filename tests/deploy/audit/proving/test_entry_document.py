"""One rule for what an entry of anybody's log says, and for files of keys."""

from pathlib import Path

import pytest

from deploy.audit.proving.entry_document import document_of
from deploy.cli.audit_trust import FILE_MAX_BYTES, trusted
from shared.eventlog.note_key import KeyKind, Signer
from shared.kernel.errors import AppError
from tests.deploy.audit.proving.oddities import BEFORE_A_KEY, READABLE, UNREADABLE

KEY = str(Signer.generate("example.org/log", KeyKind.LOG).key)


@pytest.mark.parametrize("name", READABLE)
def test_what_keeps_the_rule_is_read(name: str) -> None:
    assert (document_of(READABLE[name]) or {})["source"] == "elsewhere"


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_breaks_the_rule_says_nothing(name: str) -> None:
    assert document_of(UNREADABLE[name]) is None


@pytest.mark.parametrize("before", BEFORE_A_KEY)
def test_a_key_stands_alone_on_its_line(tmp_path: Path, before: str) -> None:
    file = tmp_path / "keys"
    file.write_bytes(f"{before}{KEY}\n".encode())
    if BEFORE_A_KEY[before]:
        assert list(map(str, trusted((str(file),)).keys)) == [KEY]
        return
    with pytest.raises(AppError, match=r"eventlog\.key_malformed"):
        trusted((str(file),))


def test_a_key_that_stands_there_often_is_one_and_no_file_is_cut_short(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"{KEY}\n" * 1500, encoding="ascii")
    assert list(map(str, trusted((str(file),)).keys)) == [KEY]
    file.write_text(f"{KEY}\n" * (FILE_MAX_BYTES // len(KEY)), encoding="ascii")
    with pytest.raises(AppError, match=r"audit\.too_many_given"):
        trusted((str(file),))
