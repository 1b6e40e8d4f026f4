"""A zip that is a trap is refused in words: no crash, nothing written, nothing unpacked."""

import io
import os
import random
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.audit.bundle import verify_bundle
from deploy.audit.bundle.verify_bundle import Bundle, Unknown
from deploy.cli.audit_trust import trusted
from shared.kernel.errors import AppError, ContractError
from tests.deploy.audit.bundle.evidence import checked, with_members
from tests.deploy.audit.bundle.verifier import verified

CANNOT_TELL = 2
FUZZ = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


CLAIMS_NOTHING = ("README.md", "verify_bundle.py", "/keys")


def checks_as(path: Path, keys: list[str]) -> str:
    """Return how the project's own check ends: `proven`, or the code of its refusal."""
    try:
        return "proven" if checked(path, keys).report is not None else "unknown"
    except AppError as error:
        return error.code


def zip_of(*members: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for info, content in members:
            archive.writestr(info, content)
    return file.getvalue()


def member(name: str, *, mode: int = stat.S_IFREG | 0o644, method: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.compress_type = method
    return info


NAMES = [
    "../evil",
    "/etc/passwd",
    "a/../../evil",
    "a//b",
    "./a",
    "C:evil",
    "a\\..\\evil",
    "folder/",
    ".hidden",
    "a\x1b[2Jb",
    "tệp",
]
TRAPS = {
    "symlink": zip_of((member("a", mode=stat.S_IFLNK | 0o777), b"/etc/passwd")),
    "device": zip_of((member("a", mode=stat.S_IFCHR | 0o666), b"")),
    "bomb": zip_of((member("a", method=zipfile.ZIP_DEFLATED), bytes(10_000_000))),
    "lzma": zip_of((member("a", method=zipfile.ZIP_LZMA), bytes(1000))),
    **{f"name {name!r}": zip_of((member(name), b"x")) for name in NAMES},
}


def refused(content: bytes) -> str:
    with pytest.raises(Unknown) as caught:
        Bundle(io.BytesIO(content))
    return str(caught.value)


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_refused_before_anything_is_read(trap: str) -> None:
    assert refused(TRAPS[trap]).startswith("zip: ")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_stands_once() -> None:
    assert "lặp lại" in refused(zip_of((member("a"), b"1"), (member("a"), b"2")))


def test_an_encrypted_member_is_refused() -> None:
    content = bytearray(zip_of((member("a"), b"secret")))
    for signature, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(signature) + at] |= 1
    assert "mã hóa" in refused(bytes(content))


def test_members_that_overlap_can_not_add_up_to_more_than_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As in bombs that let many names share one piece of data."""
    content = zip_of((member("a"), bytes(5_000)))
    start, end = content.index(b"PK\1\2"), content.index(b"PK\5\6")
    entry = content[start:end]
    directory = b"".join(entry[:46] + bytes([97 + n]) + entry[47:] for n in range(20))
    tail = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 20, 20, len(directory), start, 0)
    assert "chồng lên nhau" in refused(content[:start] + directory + tail)


def test_a_member_larger_than_any_of_ours_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_bundle, "MEMBER_MAX_BYTES", 100)
    assert refused(zip_of((member("a"), bytes(101)))).startswith("zip: ")


def test_a_directory_too_large_to_be_read_is_refused_unread() -> None:
    content = bytearray(zip_of((member("a"), b"")))
    many = content.copy()
    many[-14:-10] = b"\xff\xff\xff\xff"
    assert "quá lớn" in refused(bytes(many))
    long = content.copy()
    long[-10:-6] = b"\xff\xff\xff\x7f"
    assert "quá lớn" in refused(bytes(long))


def test_zip64_and_comments_are_not_taken() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(member("a"), b"")
        archive.comment = b"hidden"
    assert refused(file.getvalue())
    content = zip_of((member("a"), b""))
    locator = b"PK\6\7" + bytes(16)
    assert "quá lớn" in refused(content[:-22] + locator + content[-22:])


def test_what_is_cut_off_is_refused(written: Path, bundle: bytes, keys: list[str]) -> None:
    for size in (0, 1, 21, 22, 41, 42, len(bundle) // 2, len(bundle) - 1):
        written.write_bytes(bundle[:size])
        assert verified(written, keys).status == CANNOT_TELL
        with pytest.raises(ContractError):
            checked(written, keys)


def test_a_zip_holds_nothing_beside_its_members(
    written: Path, bundle: bytes, keys: list[str]
) -> None:
    """Behind a script, or with something in a gap, a zip would be two files at once."""
    central = bundle.index(b"PK\1\2")
    for content in (b"#!/bin/sh\n" + bundle, bundle[:central] + b"gap" + bundle[central:]):
        written.write_bytes(content)
        assert verified(written, keys).status == CANNOT_TELL
        with pytest.raises(ContractError, match=r"audit\.bundle_malformed"):
            checked(written, keys)


def test_what_has_no_end_is_not_read(tmp_path: Path, keys: list[str]) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        assert verified(path, keys).status == CANNOT_TELL
        with pytest.raises(AppError, match=r"audit\.bundle_unreadable"):
            checked(path, keys)
        with pytest.raises(AppError, match=r"audit\.given_unreadable"):
            trusted((str(path),))


def test_what_is_no_file_is_refused(tmp_path: Path, keys: list[str]) -> None:
    for path in (tmp_path, tmp_path / "nothing"):
        assert verified(path, keys).status == CANNOT_TELL
        with pytest.raises(AppError, match=r"audit\.bundle_unreadable"):
            checked(path, keys)


def test_nothing_in_a_bundle_speaks_to_the_terminal(
    written: Path, bundle: bytes, keys: list[str]
) -> None:
    written.write_bytes(with_members(bundle, {"x": b"", "definition.sql": None}))
    said = verified(written, keys).out
    assert all(letter.isprintable() or letter == "\n" for letter in said)


@FUZZ
@given(seed=st.integers(0, 2**32), flips=st.integers(1, 12))
def test_a_zip_with_any_bytes_changed_ends_in_a_verdict_and_is_never_proven_otherwise(
    written: Path, bundle: bytes, keys: list[str], seed: int, flips: int
) -> None:
    """Changes crowd at the end, where the directory of the zip lies."""
    chance, content = random.Random(seed), bytearray(bundle)
    for _ in range(flips):
        start = chance.choice((0, len(content) - 2_000, len(content) - 60))
        content[chance.randrange(start, len(content))] = chance.randrange(256)
    written.write_bytes(content)
    ended = verified(written, keys)
    assert ended.status in {0, 1, 2}
    assert ended.status or "'opinions': 266" in ended.out
    code = checks_as(written, keys)
    assert code.partition(".")[0] in {"proven", "audit", "eventlog", "journal", "reference"}


@FUZZ
@given(data=st.data())
def test_a_member_of_any_content_ends_in_a_verdict(
    written: Path, bundle: bytes, keys: list[str], data: st.DataObject
) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle)) as old:
        name = data.draw(st.sampled_from([n for n in old.namelist() if "." in n or "/" in n]))
        true = old.read(name)
    cut = data.draw(st.integers(0, len(true)))
    middle = data.draw(st.binary(max_size=40) | st.sampled_from([b"[" * 99_999, b"\n\n", true]))
    other = true[:cut] + middle + true[cut + data.draw(st.integers(0, 40)) :]
    written.write_bytes(with_members(bundle, {name: other}))
    ended = verified(written, keys)
    assert ended.status in {0, 1, 2}
    is_idle = other == true or name.endswith(CLAIMS_NOTHING)
    assert ended.status or is_idle or name == "events.json"
    assert checks_as(written, keys) != "proven" or is_idle or name == "events.json"
