"""`doithoai audit bundle` and `check-bundle`: the same bytes every time, and a verdict."""

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.audit.archive import DatabaseArchive
from deploy.audit.bundle import members
from deploy.audit.bundle.building import build
from deploy.audit.bundle.members import BundleWriter
from deploy.audit.deployment import owners
from shared.eventlog.note_key import KeyKind, Signer
from shared.kernel.errors import LogTampered, NotFound, TooLarge
from tests.deploy.audit.bundle.evidence import INTAKE, Evidence, with_members
from tests.deploy.commands import called

PROVEN, DISPROVEN, CANNOT_TELL = range(3)


@pytest.fixture
def key_file(keys: list[str], tmp_path: Path) -> Path:
    path = tmp_path / "keys.txt"
    path.write_text("\n".join([*keys, ""]), encoding="ascii")
    return path


def test_a_report_is_bundled_to_the_same_bytes_and_proven_without_a_deployment(
    deployed: Evidence, bundle: bytes, key_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "evidence.zip"
    made = called(deployed.environment, "audit", "bundle", deployed.report_id, f"--out={out}")
    assert made.status == 0
    assert out.read_bytes() == bundle
    assert {path.name for path in tmp_path.iterdir()} == {"keys.txt", "evidence.zip"}
    elsewhere = {"DOITHOAI_DATA": str(tmp_path / "nowhere")}
    ended = called(elsewhere, "audit", "check-bundle", str(out), f"--key={key_file}", "--json")
    assert ended.status == PROVEN
    assert ended.json["verdict"] == "proven"
    assert ended.json["totals"]["opinions"] == 266
    assert ended.json["verifier_is_of_this_release"] is True
    shown = called(elsewhere, "audit", "check-bundle", str(out), f"--key={key_file}")
    assert shown.out.endswith("ĐÚNG, có bằng chứng. / PROVEN.\n")


def test_without_keys_the_logs_are_named_and_nobody_can_tell(
    written: Path, keys: list[str]
) -> None:
    ended = called({}, "audit", "check-bundle", str(written), f"--key={keys[0]}", "--json")
    assert ended.status == CANNOT_TELL
    missing = {finding["origin"] for finding in ended.json["findings"]}
    assert missing == {key.partition("+")[0] for key in keys[1:]}
    assert ended.json["totals"] is None


def test_a_witness_that_did_not_sign_is_named_and_nobody_can_tell(
    written: Path, key_file: Path
) -> None:
    witness = str(Signer.generate("witness.example", KeyKind.WITNESS).key)
    options = (f"--key={key_file}", f"--witness={witness}", "--json")
    ended = called({}, "audit", "check-bundle", str(written), *options)
    assert ended.status == CANNOT_TELL
    assert {finding["code"] for finding in ended.json["findings"]} == {"proof.witnesses_missing"}
    assert ended.json["totals"]["opinions"] == 266


def test_a_changed_report_is_disproven_and_a_foreign_verifier_is_told(
    written: Path, bundle: bytes, key_file: Path
) -> None:
    with zipfile.ZipFile(written) as inside:
        report = inside.read(members.REPORT)
    changed = report.replace(b'"opinions":266', b'"opinions":267')
    written.write_bytes(with_members(bundle, {members.REPORT: changed}))
    ended = called({}, "audit", "check-bundle", str(written), f"--key={key_file}")
    assert ended.status == DISPROVEN
    assert "(audit.bundle_digest)" in ended.err
    written.write_bytes(with_members(bundle, {members.VERIFIER: b"print('PROVEN')"}))
    ended = called({}, "audit", "check-bundle", str(written), f"--key={key_file}")
    assert ended.status == PROVEN
    assert "verify_bundle.py trong gói khác" in ended.out


def test_a_definition_of_the_publisher_s_own_wants_somebody_s_word(
    deployed: Evidence, written: Path, bundle: bytes, key_file: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(written) as inside:
        report, query = inside.read(members.REPORT), inside.read(members.STATISTIC)
        old = hashlib.sha256(query).hexdigest().encode()
    query = query.replace(b"-- Cohorts:", b"-- Our cohorts:")
    report = report.replace(old, hashlib.sha256(query).hexdigest().encode())
    written.write_bytes(deployed.publishing(bundle, report, {members.STATISTIC: query}))
    (tmp_path / "own.sql").write_bytes(query)
    asked = ("audit", "check-bundle", str(written), f"--key={key_file}")
    ended = called({}, *asked)
    assert ended.status == CANNOT_TELL
    assert hashlib.sha256(query).hexdigest() in ended.out
    assert called({}, *asked, f"--statistic={tmp_path / 'own.sql'}").status == PROVEN


def test_keys_that_are_none_are_refused(written: Path, tmp_path: Path) -> None:
    for key in (str(tmp_path / "nothing"), "a+b+c"):
        ended = called({}, "audit", "check-bundle", str(written), f"--key={key}")
        assert ended.status == CANNOT_TELL


def test_a_report_that_was_not_published_leaves_no_file(deployed: Evidence, tmp_path: Path) -> None:
    out = tmp_path / "x.zip"
    ended = called(deployed.environment, "audit", "bundle", "nothing", f"--out={out}")
    assert ended.status == CANNOT_TELL
    assert "(report.unknown)" in ended.err
    assert list(tmp_path.iterdir()) == []
    nowhere = tmp_path / "no" / "x.zip"
    ended = called(deployed.environment, "audit", "bundle", deployed.report_id, f"--out={nowhere}")
    assert "(audit.bundle_unwritable)" in ended.err


def test_an_entry_changed_in_the_database_makes_no_bundle(
    deployed: Evidence, tmp_path: Path
) -> None:
    """A change that leaves every figure as it is: only the signed tree tells."""
    out = tmp_path / "x.zip"
    with owners(deployed.settings) as found, out.open("w+b") as file:
        logs = [
            _Forged(**{name: getattr(each, name) for name in each.__slots__})
            if each.origin == INTAKE
            else each
            for each in found
            if isinstance(each, DatabaseArchive)
        ]
        with pytest.raises(LogTampered, match=r"eventlog\.consistency_unproven"):
            build(logs, deployed.report_id, deployed.settings.provinces, file)


class _Forged(DatabaseArchive):
    def entries(self, first: int, end: int) -> Iterator[bytes]:
        for content in super().entries(first, end):
            yield content.replace(b'"mttq/can-bo"', b'"mttq/can-bi"')


def test_a_file_that_is_neither_kept_nor_in_use_is_named(
    deployed: Evidence, bundle: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgotten(*_: object) -> bytes:
        raise NotFound("reference.unknown")

    monkeypatch.setattr("deploy.audit.bundle.building.stored", forgotten)
    assert deployed.bundle() == bundle  # the files in use are the same
    with owners(deployed.settings) as found, (tmp_path / "x").open("w+b") as file:
        logs = [each for each in found if isinstance(each, DatabaseArchive)]
        with pytest.raises(NotFound, match=r"audit\.reference_missing"):
            build(logs, deployed.report_id, tmp_path, file)


def test_a_bundle_has_its_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "MEMBERS_MAX", 1)
    with (tmp_path / "x").open("w+b") as file, BundleWriter(file) as writer:
        writer.add("a", b"")
        with pytest.raises(TooLarge, match=r"audit\.bundle_too_large"):
            writer.add("b", b"")
