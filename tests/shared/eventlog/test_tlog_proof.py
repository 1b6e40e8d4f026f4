import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.eventlog.checkpoint import Checkpoint, Policy
from shared.eventlog.lines import base64_text
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer
from shared.eventlog.proof import ProofInvalid, inclusion_proof, root_hash
from shared.eventlog.tlog_proof import (
    EXTRA_MAX_BYTES,
    HASHES_MAX,
    PROOF_MAX_BYTES,
    TlogProof,
)
from shared.kernel.errors import ContractError, LogTampered, TooLarge
from tests.shared.eventlog.refusals import read
from tests.shared.eventlog.trees import Shelf, numbered, patiently

ORIGIN = "doithoai.test/ha-noi/intake"
SIZE, INDEX = 70, 41
SHELF = Shelf(numbered(SIZE))
LEAF = SHELF.leaves[INDEX]
LOG = Signer.generate(ORIGIN, KeyKind.LOG)
WITNESS = Signer.generate("witness.example/w1", KeyKind.WITNESS)
POLICY = Policy(origin=ORIGIN, log_keys=(LOG.key,), witness_keys=(WITNESS.key,), witnesses_wanted=1)
CHECKPOINT = Checkpoint(origin=ORIGIN, size=SIZE, root=root_hash(SIZE, SHELF))
NOTE = Note.sign(CHECKPOINT.text, [LOG, WITNESS], time_s=1_700_000_000)
PROOF = TlogProof(
    index=INDEX,
    hashes=tuple(inclusion_proof(INDEX, SIZE, SHELF)),
    checkpoint=NOTE.encode(),
)
HEADING = "c2sp.org/tlog-proof@v1\n"
HASH = base64_text(LEAF)


def test_a_proof_is_proven_with_the_entry_and_the_keys_alone() -> None:
    kept = TlogProof.parse(PROOF.encode())
    assert kept == PROOF
    proven = kept.verify(LEAF, POLICY)
    assert proven.checkpoint == CHECKPOINT
    assert [each.key for each in proven.by_witnesses] == [WITNESS.key]


def test_a_proof_is_written_as_the_specification_shows() -> None:
    proof = TlogProof(index=5, hashes=(LEAF,), checkpoint=b"test checkpoint\n", extra=b"extra")
    assert proof.encode().decode() == (
        f"{HEADING}extra ZXh0cmE=\nindex 5\n{HASH}\n\ntest checkpoint\n"
    )
    bare = TlogProof(index=0, hashes=(), checkpoint=b"checkpoint\n")
    assert bare.encode().decode() == f"{HEADING}index 0\n\ncheckpoint\n"


@pytest.mark.parametrize("extra", [None, b"", b"x", bytes(EXTRA_MAX_BYTES)])
def test_what_is_given_along_is_kept(extra: bytes | None) -> None:
    proof = TlogProof(index=INDEX, hashes=PROOF.hashes, checkpoint=PROOF.checkpoint, extra=extra)
    assert TlogProof.parse(proof.encode()) == proof
    proof.verify(LEAF, POLICY)


def test_a_log_of_one_entry_is_proven_without_a_hash() -> None:
    checkpoint = Checkpoint(origin=ORIGIN, size=1, root=LEAF)
    note = Note.sign(checkpoint.text, [LOG, WITNESS], time_s=1)
    proof = TlogProof(index=0, hashes=(), checkpoint=note.encode())
    assert TlogProof.parse(proof.encode()).verify(LEAF, POLICY).checkpoint.size == 1


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n\n",
        "index 0\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v2\nindex 0\n\ncheckpoint\n",
        f" {HEADING}index 0\n\ncheckpoint\n",
        f"{HEADING}\ncheckpoint\n",
        f"{HEADING}\n\ncheckpoint\n",
        f"{HEADING}index 0\ncheckpoint\n",
        f"{HEADING}index\n\ncheckpoint\n",
        f"{HEADING}index \n\ncheckpoint\n",
        f"{HEADING}index x\n\ncheckpoint\n",
        f"{HEADING}index -5\n\ncheckpoint\n",
        f"{HEADING}index 05\n\ncheckpoint\n",
        f"{HEADING}index 5 \n\ncheckpoint\n",
        f"{HEADING}index 9223372036854775808\n\ncheckpoint\n",
        f"{HEADING}Index 5\n\ncheckpoint\n",
        f"{HEADING}index 5\nindex 5\n\ncheckpoint\n",
        f"{HEADING}index 5\nextra eA==\n\ncheckpoint\n",
        f"{HEADING}extra eA==\nextra eA==\nindex 5\n\ncheckpoint\n",
        f"{HEADING}extra !!\nindex 5\n\ncheckpoint\n",
        f"{HEADING}extra eB==\nindex 5\n\ncheckpoint\n",
        f"{HEADING}extra\nindex 5\n\ncheckpoint\n",
        f"{HEADING}index 5\n!!\n\ncheckpoint\n",
        f"{HEADING}index 5\n{HASH}=\n\ncheckpoint\n",
        f"{HEADING}index 5\n{HASH} \n\ncheckpoint\n",
        f"{HEADING}index 5\r\n{HASH}\r\n\r\ncheckpoint\n",
        f"{HEADING}index 5\n{base64_text(LEAF + LEAF)}\n\ncheckpoint\n",
        f"{HEADING}index 5\n" + f"{HASH}\n" * (HASHES_MAX + 1) + "\ncheckpoint\n",
        f"{HEADING}extra {base64_text(bytes(EXTRA_MAX_BYTES + 1))}\nindex 5\n\ncheckpoint\n",
    ],
)
def test_what_is_no_proof_is_refused(content: str) -> None:
    with pytest.raises(ContractError, match="^eventlog.proof_malformed$"):
        TlogProof.parse(content.encode())


def test_a_proof_has_a_largest_size() -> None:
    with pytest.raises(TooLarge, match="^eventlog.proof_too_large"):
        TlogProof.parse(HEADING.encode() + bytes(PROOF_MAX_BYTES))


@pytest.mark.parametrize("index", [INDEX - 1, INDEX + 1, SIZE, 0])
def test_another_entry_is_not_proven_and_log_and_position_are_named(index: int) -> None:
    wrong = TlogProof(index=index, hashes=PROOF.hashes, checkpoint=PROOF.checkpoint)
    with pytest.raises(ProofInvalid, match="^eventlog.entry_unproven") as unproven:
        wrong.verify(LEAF, POLICY)
    assert unproven.value.facts == {"origin": ORIGIN, "position": index, "size": SIZE}
    with pytest.raises(ProofInvalid, match="^eventlog.entry_unproven"):
        PROOF.verify(SHELF.leaves[INDEX - 1], POLICY)


def test_a_proof_of_another_log_or_by_a_stranger_is_refused() -> None:
    elsewhere = Policy(origin="doithoai.test/ha-nam/intake", log_keys=(LOG.key,))
    with pytest.raises(LogTampered, match="^eventlog.checkpoint_of_another_log"):
        PROOF.verify(LEAF, elsewhere)
    stranger = Policy(origin=ORIGIN, log_keys=(Signer.generate(ORIGIN, KeyKind.LOG).key,))
    with pytest.raises(LogTampered, match="^eventlog.checkpoint_unsigned"):
        PROOF.verify(LEAF, stranger)


WHOLE = PROOF.encode()


@patiently
@given(st.integers(0, 8 * len(WHOLE) - 1))
def test_any_flipped_bit_of_a_proof_is_refused(bit: int) -> None:
    content = bytearray(WHOLE)
    content[bit // 8] ^= 1 << bit % 8
    with pytest.raises((LogTampered, ContractError), match="^eventlog."):
        TlogProof.parse(bytes(content)).verify(LEAF, POLICY)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw the proof with some bytes replaced, removed or added."""
    start = draw(st.integers(0, len(WHOLE)))
    end = draw(st.integers(start, min(len(WHOLE), start + 3)))
    return WHOLE[:start] + draw(st.binary(max_size=3)) + WHOLE[end:]


@patiently
@given(st.binary(max_size=100) | damaged() | st.binary(max_size=99).map(HEADING.encode().__add__))
def test_whatever_is_read_was_spelt_as_we_would(content: bytes) -> None:
    found = read(TlogProof.parse, content)
    assert found is None or found.encode() == content
