"""A proof that a citizen keeps: it stands alone, for years, and nothing in it can be changed."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.audit.proving import inclusion
from deploy.audit.proving.trust import Trust
from shared.eventlog.note_key import KeyKind, Signer, VerifierKey
from shared.eventlog.tlog_proof import TlogProof
from shared.kernel.errors import AppError
from tests.deploy.audit.deployed import Deployed
from tests.deploy.audit.tampering import INTAKE, OTHER, keys_file


@pytest.fixture(scope="session")
def kept(clean: Deployed) -> bytes:
    """Return a proof of an event in the middle of a log."""
    archive = next(each for each in clean.logs() if each.origin == INTAKE)
    (content,) = archive.entries(100, 101)
    ended = clean.audit("prove", json.loads(content)["id"])
    assert ended.status == 0
    return ended.out.encode()


@pytest.fixture(scope="session")
def trust(clean: Deployed) -> Trust:
    """Return what the citizen was given: the log's key."""
    lines = keys_file(clean).read_text(encoding="ascii").splitlines()
    return Trust(keys=tuple(map(VerifierKey.parse, lines)))


def test_a_proof_carries_the_very_bytes_of_its_entry(
    clean: Deployed, kept: bytes, trust: Trust
) -> None:
    proof = TlogProof.parse(kept)
    archive = next(each for each in clean.logs() if each.origin == INTAKE)
    assert [proof.extra] == list(archive.entries(100, 101))
    proven = inclusion.check(kept, trust)
    assert (proven.origin, proven.position, proven.size) == (INTAKE, 100, 287)
    assert proven.document == json.loads(proof.extra or b"")


def test_the_same_proof_comes_from_an_exported_folder(
    clean: Deployed, kept: bytes, trust: Trust, tmp_path: Path
) -> None:
    out = clean.exported(tmp_path / "out")
    event_id = json.loads(TlogProof.parse(kept).extra or b"")["id"]
    file = tmp_path / "kept.tlog-proof"
    ended = clean.audit("prove", event_id, "--from", str(out), "--out", str(file), "--json")
    assert (ended.status, ended.json["position"]) == (0, 100)
    assert file.read_bytes() == kept


def test_no_byte_of_a_proof_can_be_changed(kept: bytes, trust: Trust) -> None:
    for at in range(len(kept)):
        with pytest.raises(AppError):
            inclusion.check(kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :], trust)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_no_file_upsets_the_check(kept: bytes, trust: Trust, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(kept)))
    content = data.draw(st.binary(max_size=200) | st.just(kept[:cut]))
    content += data.draw(st.binary(max_size=20))
    if content != kept:
        with pytest.raises(AppError):
            inclusion.check(content, trust)


def test_the_command_shows_what_is_proven(clean: Deployed, kept: bytes, tmp_path: Path) -> None:
    file = tmp_path / "kept.tlog-proof"
    file.write_bytes(kept)
    ended = clean.audit("check-proof", str(file), "--key", str(keys_file(clean)))
    assert ended.status == 0
    assert "OpinionReceived" in ended.out
    assert "ĐÚNG, có bằng chứng. / PROVEN." in ended.out
    told = clean.audit("check-proof", str(file), "--key", str(keys_file(clean)), "--json").json
    assert (told["verdict"], told["position"], told["origin"]) == ("proven", 100, INTAKE)
    file.write_bytes(kept.replace(b"index 100\n", b"index 101\n"))
    assert clean.audit("check-proof", str(file), "--key", str(keys_file(clean))).status == 1


def test_what_fails_ends_with_a_verdict_for_people_and_programs(
    clean: Deployed, kept: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "kept.tlog-proof"
    file.write_bytes(kept.replace(b"index 100\n", b"index 101\n"))
    keys = ("--key", str(keys_file(clean)))
    no_bundle = tmp_path / "x.zip"
    no_bundle.write_bytes(kept)
    for arguments, verdict, words in (
        (("check-proof", str(file), *keys), "disproven", "SAI, có bằng chứng. / DISPROVEN."),
        (("check-bundle", str(no_bundle)), "cannot_tell", "KHÔNG KẾT LUẬN ĐƯỢC. / "),
        (("prove", "nowhere"), "cannot_tell", "KHÔNG KẾT LUẬN ĐƯỢC. / "),
    ):
        told = clean.audit(*arguments, "--json")
        assert told.json["verdict"] == verdict
        assert told.json["findings"] == []
        assert f"({told.json['error']['code']})" in told.err
        assert set(told.json["error"]["texts"]) == {"vi", "en"}
        said = clean.audit(*arguments)
        assert said.status == told.status == {"disproven": 1, "cannot_tell": 2}[verdict]
        assert said.err.startswith(words)
        assert said.out == ""


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        (INTAKE, 2, "eventlog.checkpoint_unsigned"),
        (OTHER, 2, "audit.key_of_another_log"),
    ],
)
def test_another_key_proves_nothing(
    clean: Deployed, kept: bytes, tmp_path: Path, *, name: str, status: int, code: str
) -> None:
    file = tmp_path / "kept.tlog-proof"
    file.write_bytes(kept)
    other = Signer.generate(name, KeyKind.LOG).key
    ended = clean.audit("check-proof", str(file), "--key", str(other))
    assert (ended.status, code in ended.err) == (status, True)


def test_witnesses_that_are_missing_leave_it_open(
    clean: Deployed, kept: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "kept.tlog-proof"
    file.write_bytes(kept)
    witness = Signer.generate("nhan-chung.example.vn", KeyKind.WITNESS).key
    arguments = ["--key", str(keys_file(clean)), "--witness", str(witness)]
    ended = clean.audit("check-proof", str(file), *arguments)
    assert (ended.status, "audit.witnesses_missing" in ended.err) == (2, True)
    assert clean.audit("check-proof", str(file), *arguments, "--witnesses-min", "0").status == 0


def test_an_event_that_is_nowhere_or_not_signed_yet_has_no_proof(spoilt: Deployed) -> None:
    ended = spoilt.audit("prove", "nowhere")
    assert (ended.status, "audit.unknown_event" in ended.err) == (2, True)
    archive = next(each for each in spoilt.logs() if each.origin == INTAKE)
    (content,) = archive.entries(286, 287)
    spoilt.spoil(
        "intake",
        "DELETE FROM checkpoint WHERE size = 287",
    )
    ended = spoilt.audit("prove", json.loads(content)["id"])
    assert (ended.status, "audit.not_signed_yet" in ended.err) == (2, True)


def test_a_proof_from_spoilt_tiles_is_not_handed_out(spoilt: Deployed, kept: bytes) -> None:
    spoilt.spoil(
        "intake", "UPDATE tile SET hashes = zeroblob(8192) WHERE level = 0 AND tile_index = 0"
    )
    ended = spoilt.audit("prove", json.loads(TlogProof.parse(kept).extra or b"")["id"])
    assert (ended.status, ended.out) == (1, "")
