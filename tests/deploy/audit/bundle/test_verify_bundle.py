"""The single-file verifier: short, alone, and right about every member of a bundle."""

import ast
import json
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import cryptography
import pytest

from deploy.audit.bundle import verify_bundle
from shared.contracts import SCHEMA_VERSIONS
from shared.eventlog.note_key import KeyKind, Signer
from shared.wire import canonical
from tests.deploy.audit.bundle.evidence import LATER, Evidence, checked, with_members
from tests.deploy.audit.bundle.verifier import verified

FILE = Path(verify_bundle.__file__)
INTAKE = "logs/test.local/ha-noi/intake"
PROVEN, DISPROVEN, CANNOT_TELL = range(3)
CLAIMS_NOTHING = ("README.md", "verify_bundle.py", "/keys", "events.json")


def names(bundle: Path) -> list[str]:
    with zipfile.ZipFile(bundle) as members:
        return [each for each in members.namelist() if not each.endswith(CLAIMS_NOTHING)]


def read(bundle: Path, name: str) -> bytes:
    with zipfile.ZipFile(bundle) as members:
        return members.read(name)


def test_it_is_short_enough_to_be_read_before_it_is_run() -> None:
    assert len(FILE.read_text(encoding="utf-8").splitlines()) < 400


def test_it_imports_the_standard_library_and_cryptography_alone() -> None:
    tree = ast.parse(FILE.read_bytes())
    imported = {
        name.partition(".")[0]
        for each in ast.walk(tree)
        if isinstance(each, ast.Import | ast.ImportFrom)
        for name in (
            [each.module or ""]
            if isinstance(each, ast.ImportFrom)
            else [n.name for n in each.names]
        )
    }
    assert imported - sys.stdlib_module_names == {"cryptography"}


def test_a_true_bundle_is_proven_by_the_isolated_file_inside_it(
    written: Path, keys: list[str], tmp_path: Path
) -> None:
    script = tmp_path / "alone" / "verify_bundle.py"
    script.parent.mkdir()
    script.write_bytes(read(written, "verify_bundle.py"))
    options = [f"--key={key}" for key in keys]
    done = subprocess.run(
        [sys.executable, "-I", str(script), str(written), *options],
        cwd=script.parent,
        env={},
        capture_output=True,
        check=False,
        timeout=60,
    )
    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (PROVEN, b"")
    assert "ĐÚNG, có bằng chứng / PROVEN." in said
    assert "'opinions': 266" in said
    assert [path.name for path in script.parent.iterdir()] == ["verify_bundle.py"]


def test_it_runs_where_nothing_but_cryptography_is_installed(
    written: Path, keys: list[str], tmp_path: Path
) -> None:
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    (packages,) = venv.glob("lib/python*/site-packages")
    installed = Path(cryptography.__file__).parent.parent
    for needed in ("cryptography", "_cffi_backend*", "cffi"):
        for found in installed.glob(needed):
            (packages / found.name).symlink_to(found)
    options = [f"--key={key}" for key in keys]
    done = subprocess.run(
        [str(venv / "bin" / "python"), "-I", str(FILE), str(written), *options],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (PROVEN, b"")


def test_without_a_key_for_each_log_nobody_can_tell(written: Path, keys: list[str]) -> None:
    assert verified(written, []).status == CANNOT_TELL
    ended = verified(written, keys[1:])
    assert ended.status == CANNOT_TELL
    assert keys[0].partition("+")[0] in ended.out
    assert keys[1].partition("+")[0] not in ended.out


def test_a_key_that_did_not_sign_leaves_it_open(written: Path, keys: list[str]) -> None:
    for number, key in enumerate(keys):
        name = key.partition("+")[0]
        other = str(Signer.generate(name, KeyKind.LOG).key)
        wrong = [*keys[:number], other, *keys[number + 1 :]]
        ended = verified(written, wrong)
        assert ended.status == CANNOT_TELL
        assert name in ended.out


def test_a_rotated_key_may_stand_beside_the_one_that_signed(written: Path, keys: list[str]) -> None:
    more = [str(Signer.generate(key.partition("+")[0], KeyKind.LOG).key) for key in keys]
    assert verified(written, [*more, *keys]).status == PROVEN


def test_every_byte_of_every_member_counts(written: Path, bundle: bytes, keys: list[str]) -> None:
    """The member is written anew around the changed byte: no checksum helps."""
    accepted = []
    for name in names(written):
        content = read(written, name)
        for at in sorted({0, 1, len(content) // 3, len(content) // 2, len(content) - 1}):
            if not 0 <= at < len(content):
                continue
            other = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
            written.write_bytes(with_members(bundle, {name: other}))
            if verified(written, keys).status == PROVEN:
                accepted.append((name, at))
    assert accepted == []


def test_every_member_is_needed_and_no_other_is_taken(
    written: Path, bundle: bytes, keys: list[str]
) -> None:
    for name in names(written):
        written.write_bytes(with_members(bundle, {name: None}))
        ended = verified(written, keys)
        assert ended.status == CANNOT_TELL
        assert name in ended.out
        written.write_bytes(with_members(bundle, {name: b""}))
        had_nothing = name.endswith("/consistency") and "intake" not in name
        assert (verified(written, keys).status == PROVEN) == had_nothing
    written.write_bytes(with_members(bundle, {"extra": b"x"}))
    assert verified(written, keys).status == CANNOT_TELL


def test_whatever_is_said_of_the_columns_no_other_figure_is_proven(
    written: Path, bundle: bytes, keys: list[str]
) -> None:
    shapes = json.loads(read(written, "events.json"))
    for table in ("OpinionReceived", "OpinionAnswered"):
        shape = shapes[table]
        for column in shape["columns"]:
            columns = {**shape["columns"], column: "bool"}
            fewer = {name: kind for name, kind in shape["columns"].items() if name != column}
            for changed in (columns, fewer):
                said = {**shapes, table: {**shape, "columns": changed}}
                written.write_bytes(with_members(bundle, {"events.json": canonical(said)}))
                ended = verified(written, keys)
                assert ended.status in {PROVEN, CANNOT_TELL}
                assert ended.status == CANNOT_TELL or "'opinions': 266, 'voices': 796" in ended.out
    written.write_bytes(with_members(bundle, {"events.json": b"{}"}))
    assert verified(written, keys).status == CANNOT_TELL


def test_an_entry_left_out_altered_or_moved_is_detected(
    written: Path, bundle: bytes, keys: list[str]
) -> None:
    name = f"{INTAKE}/tile/entries/001.p/29"
    content = read(written, name)
    size = 2 + int.from_bytes(content[:2])
    first, rest = content[:size], content[size:]
    second = rest[: 2 + int.from_bytes(rest[:2])]
    forged = first.replace(b'"voices":3', b'"voices":4')
    changes: dict[str, dict[str, bytes | None]] = {
        "altered": {name: forged + rest},
        "moved": {name: second + first + rest[len(second) :]},
        "left out": {name: None, f"{INTAKE}/tile/entries/001.p/28": rest},
    }
    assert forged != first
    for change in changes.values():
        written.write_bytes(with_members(bundle, change))
        assert verified(written, keys).status != PROVEN
        with pytest.raises(Exception, match=r"eventlog\.|audit\.bundle_malformed"):
            checked(written, keys)


def test_logs_signed_later_are_proven_to_begin_with_what_is_counted(written: Path) -> None:
    signed = int(read(written, f"{INTAKE}/checkpoint").split(b"\n")[1])
    counted = 256 + 29
    assert signed == counted + LATER
    assert read(written, f"{INTAKE}/consistency")


def test_a_figure_that_does_not_follow_is_found_even_if_it_was_announced(
    deployed: Evidence, bundle: bytes, keys: list[str], tmp_path: Path
) -> None:
    """The publisher itself lies, and signs for it: only the entries tell."""
    path = tmp_path / "lie.zip"
    path.write_bytes(deployed.lying(bundle, b'"opinions":266', b'"opinions":267'))
    ended = verified(path, keys)
    assert ended.status == DISPROVEN
    assert "opinions: 267; tính lại / recomputed: 266" in ended.out
    with pytest.raises(Exception, match=r"audit\.bundle_figures"):
        checked(path, keys)


def test_a_declared_sum_that_does_not_follow_is_found_even_if_it_was_announced(
    deployed: Evidence, bundle: bytes, keys: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "lie.zip"
    path.write_bytes(deployed.lying(bundle, b'"opinions":7', b'"opinions":8'))
    ended = verified(path, keys)
    assert ended.status == DISPROVEN
    assert "'opinions': 8" in ended.out.partition("tính lại / recomputed")[0]
    assert "'opinions': 7" in ended.out.partition("tính lại / recomputed")[2]


def test_no_query_gets_beyond_the_events(written: Path) -> None:
    shapes = {"SessionEnded": {"versions": [1], "columns": {"unit": "text"}}}
    for query in (
        "SELECT load_extension('x') FROM SessionEnded",
        "ATTACH DATABASE '/tmp/x' AS y",
        "DROP TABLE SessionEnded",
        "INSERT INTO SessionEnded VALUES (1)",
        "SELECT randomblob(1000000000) FROM SessionEnded",
        "SELECT 1 FROM SessionEnded; SELECT 2",
        "PRAGMA page_size",
    ):
        tables = verify_bundle.Tables(shapes, "SessionEnded")
        with pytest.raises((sqlite3.Error, sqlite3.Warning)):
            list(tables.run(query, []))


def test_a_query_that_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_bundle, "SQL_MAX_S", 0.2)
    shapes = {"SessionEnded": {"versions": [1], "columns": {"unit": "text"}}}
    tables = verify_bundle.Tables(shapes, "SessionEnded")
    for position in range(200):
        data = {"type": "SessionEnded", "schemaversion": 1, "id": "e", "data": {"unit": "u"}}
        tables.add(data, "d/p/s", position)
    joined = ", ".join(f"SessionEnded AS e{n}" for n in range(6))
    query = "SELECT 'p' AS province, '' AS day, 'm' AS measure, count(*) AS amount FROM "
    query += joined
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        list(tables.run(query, []))


def test_an_entry_of_a_schema_that_is_not_named_is_not_read() -> None:
    shapes = {"SessionEnded": {"versions": [2], "columns": {"unit": "text"}}}
    tables = verify_bundle.Tables(shapes, "SessionEnded")
    data = {"type": "SessionEnded", "schemaversion": 1, "id": "e", "data": {"unit": "u"}}
    with pytest.raises(verify_bundle.Unknown):
        tables.add(data, "d/p/s", 0)
    assert SCHEMA_VERSIONS.get("SessionEnded", 1) == 1
