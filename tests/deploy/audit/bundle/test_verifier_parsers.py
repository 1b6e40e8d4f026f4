"""The parsers of the single-file verifier, one by one, beside those of the project."""

import hashlib
import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.audit.bundle import members, verify_bundle
from services.reporting import counting
from shared import wire
from shared.eventlog.checkpoint import Checkpoint, Policy
from shared.eventlog.lines import base64_bytes, base64_text
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer, VerifierKey
from shared.eventlog.proof import (
    ProofInvalid,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)
from shared.eventlog.signing_keys import SigningKeys
from shared.eventlog.tlog_proof import TlogProof
from shared.kernel.errors import AppError, ContractError, RegulationError
from tests.deploy.audit.bundle.evidence import Evidence, checked, with_members
from tests.deploy.audit.bundle.test_hostile_bundle import TRAPS
from tests.deploy.audit.bundle.verifier import verified
from tests.shared.eventlog.trees import Shelf, numbered

CANNOT_TELL = 2
ORIGIN = "doithoai.test/ha-noi/intake"
LOG, OTHER = (Signer.generate(ORIGIN, KeyKind.LOG) for _ in range(2))
SHELF = Shelf(numbered(70))
CHECKPOINT = Checkpoint(origin=ORIGIN, size=70, root=root_hash(70, SHELF))
NOTE = Note.sign(CHECKPOINT.text, [LOG, OTHER], time_s=0).encode()
FUZZ = settings(deadline=None, max_examples=200)


@st.composite
def damaged(draw: st.DrawFn, sample: bytes) -> bytes:
    """Draw the sample with a piece replaced, removed or added."""
    start = draw(st.integers(0, len(sample)))
    end = draw(st.integers(start, min(len(sample), start + 40)))
    return sample[:start] + draw(st.binary(max_size=5)) + sample[end:]


@FUZZ
@given(st.binary(max_size=80) | damaged(str(LOG.key).encode()))
def test_a_key_is_read_or_refused(content: bytes) -> None:
    text = content.decode(errors="surrogateescape")  # as an argument comes
    try:
        name, key_id, public = verify_bundle.parse_key(text)
    except ValueError:
        with pytest.raises(ContractError):
            VerifierKey.parse(text)
    else:
        said = b"\x01" + public.public_bytes_raw()
        assert text.strip().encode() == b"%b+%b+%b" % (
            name.encode(),
            key_id.hex().encode(),
            base64_text(said).encode(),
        )


@FUZZ
@given(st.text(max_size=40) | st.text("AQgw+/=\n ", max_size=40))
def test_bytes_have_one_spelling(text: str) -> None:
    try:
        found: bytes | None = verify_bundle.base64_of(text)
    except ValueError:
        found = None
    assert found == base64_bytes(text)


@FUZZ
@given(st.binary(max_size=200) | damaged(NOTE))
def test_no_note_says_anything_but_what_was_signed(content: bytes) -> None:
    keys = [verify_bundle.parse_key(str(LOG.key))]
    try:
        found = verify_bundle.open_note(content, ORIGIN, keys)
    except (ValueError, verify_bundle.Disproven, verify_bundle.Unknown, InvalidSignature):
        if content != NOTE:
            return
        raise
    assert found == (CHECKPOINT.size, CHECKPOINT.root)


def test_a_note_that_the_project_takes_is_taken() -> None:
    policy = Policy(origin=ORIGIN, log_keys=(OTHER.key,))
    keys = [verify_bundle.parse_key(str(OTHER.key))]
    assert policy.open(NOTE).checkpoint == CHECKPOINT
    assert verify_bundle.open_note(NOTE, ORIGIN, keys) == (CHECKPOINT.size, CHECKPOINT.root)


hashes = st.lists(st.sampled_from([*SHELF.leaves[:9], b"", b"x" * 31]), max_size=9)


def leads(index: int, size: int, proof: list[bytes]) -> bool:
    """Return whether the verifier takes the proof of an entry."""
    leaf = SHELF.leaves[index]
    found = verify_bundle.climb(index, size - 1, leaf, leaf, proof)
    return found is not None and found[1] == root_hash(size, SHELF)


def is_included(index: int, size: int, proof: list[bytes]) -> bool:
    """Return whether the project takes the proof of an entry."""
    try:
        verify_inclusion(SHELF.leaves[index], index, size, proof, root_hash(size, SHELF))
    except ProofInvalid:
        return False
    return True


def test_every_true_proof_is_taken_and_none_of_its_spoilt_ones() -> None:
    for size in range(1, 40):
        for index in range(size):
            proof = inclusion_proof(index, size, SHELF)
            assert leads(index, size, proof)
            assert not leads(index, size, [*proof, SHELF.leaves[0]])
            assert not (proof and leads(index, size, proof[1:]))
        for older in range(1, size + 1):
            proof = consistency_proof(older, size, SHELF)
            roots = root_hash(older, SHELF), root_hash(size, SHELF)
            assert verify_bundle.is_beginning(older, roots[0], size, roots[1], proof)
            assert not verify_bundle.is_beginning(older, roots[1], size, roots[0], proof) or (
                older == size
            )


@FUZZ
@given(data=st.data())
def test_both_take_the_same_proofs(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70))
    index = data.draw(st.integers(0, size - 1))
    true = inclusion_proof(index, size, SHELF)
    cut = data.draw(st.integers(0, len(true)))
    proof = [*true[:cut], *data.draw(hashes), *true[data.draw(st.integers(0, len(true))) :]]
    assert leads(index, size, proof) == is_included(index, size, proof)
    older = data.draw(st.integers(1, 70))
    roots = root_hash(older, SHELF), root_hash(size, SHELF)
    begins = verify_bundle.is_beginning(older, roots[0], size, roots[1], proof)
    try:
        verify_consistency(older, size, *roots, proof)
    except ProofInvalid:
        assert not begins
    else:
        assert begins


@pytest.mark.parametrize("trap", TRAPS)
def test_no_trap_is_opened_by_either_command(tmp_path: Path, keys: list[str], trap: str) -> None:
    path = tmp_path / "trap.zip"
    path.write_bytes(TRAPS[trap])
    assert verified(path, keys).status == CANNOT_TELL
    with pytest.raises(ContractError, match=r"audit\.bundle_malformed"):
        checked(path, keys)
    assert list(tmp_path.iterdir()) == [path]


def announced(deployed: Evidence, bundle: bytes, **changes: Any) -> bytes:
    """Return the bundle with another announcement, signed by who holds Reporting's key."""
    with zipfile.ZipFile(BytesIO(bundle)) as old:
        proof = TlogProof.parse(old.read(members.PUBLISHED))
    entry = json.loads(proof.extra or b"")
    entry["data"] |= changes
    spelt = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    content, origin = spelt.encode(), entry["source"]
    signers = SigningKeys(deployed.settings.log_keys, origin).signers()
    text = Checkpoint(origin=origin, size=1, root=leaf_hash(content)).text
    note = Note.sign(text, signers, time_s=0).encode()
    forged = TlogProof(index=0, hashes=(), checkpoint=note, extra=content)
    return with_members(bundle, {members.PUBLISHED: forged.encode()})


SIZES: list[Any] = [0, -1, -(2**62), 2**53, 2**62, 10**30, 1.5, "7", None, True, [7]]


@pytest.mark.parametrize("size", SIZES)
def test_an_absurd_size_of_a_log_ends_at_once(
    deployed: Evidence, bundle: bytes, written: Path, keys: list[str], size: object
) -> None:
    with zipfile.ZipFile(BytesIO(bundle)) as old:
        report = json.loads(old.read(members.REPORT))
    logs = [each | {"size": size} for each in report["logs"]]
    content = json.dumps(report | {"logs": logs}).encode()
    digest = hashlib.sha256(content).hexdigest()
    forged = announced(deployed, bundle, logs=logs, report_sha256=digest)
    written.write_bytes(with_members(forged, {members.REPORT: content}))
    assert verified(written, keys).status != 0
    with pytest.raises(AppError):
        checked(written, keys)


WITHOUT_END = """
SELECT a.province, a.origin, a.position, a.event_id, '2019-01-01' AS day, a.unit, a.level,
    NULL AS session_kind, 'opinions' AS measure, 1 AS amount
FROM OpinionReceived AS a, OpinionReceived AS b, OpinionReceived AS c, OpinionReceived AS d,
    OpinionReceived AS e, OpinionReceived AS f
WHERE (a.position * b.position + c.position * d.position + e.position * f.position) % 97 = 98
"""


def test_a_query_without_end_is_cut_off_by_both(
    deployed: Evidence,
    bundle: bytes,
    written: Path,
    keys: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verify_bundle, "SQL_MAX_S", 0.5)
    monkeypatch.setattr(counting, "RUN_MAX_S", 0.5)
    with zipfile.ZipFile(BytesIO(bundle)) as old:
        report, query = json.loads(old.read(members.REPORT)), old.read(members.STATISTIC)
    head = query.decode().partition("\n\n")[0]
    content = f"{head}\n{WITHOUT_END}".encode()
    statistic_sha256 = hashlib.sha256(content).hexdigest()
    told = wire.canonical(report | {"statistic_sha256": statistic_sha256})
    forged = announced(
        deployed,
        bundle,
        statistic_sha256=statistic_sha256,
        report_sha256=hashlib.sha256(told).hexdigest(),
    )
    changes = {members.REPORT: told, members.STATISTIC: content}
    written.write_bytes(with_members(forged, changes))
    ended = verified(written, keys)
    assert (ended.status, "OperationalError" in ended.out) == (CANNOT_TELL, True), ended.out
    with pytest.raises(RegulationError, match=r"statistic\.cannot_count.*InterruptException"):
        checked(written, keys)


def test_a_position_before_the_first_is_none(written: Path, bundle: bytes, keys: list[str]) -> None:
    with zipfile.ZipFile(BytesIO(bundle)) as old:
        proof = old.read(members.PUBLISHED)
    index = b"index %d\n" % TlogProof.parse(proof).index
    for wrong in (b"index -1\n", b"index 00\n", b"index +0\n", b"index 0_0\n"):
        other = proof.replace(index, wrong)
        written.write_bytes(with_members(bundle, {members.PUBLISHED: other}))
        assert verified(written, keys).status == CANNOT_TELL
