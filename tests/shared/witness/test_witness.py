"""A witness cosigns a log that goes on from what it saw, and never one that doesn't."""

import threading
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.eventlog.checkpoint import Checkpoint, Policy
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer
from shared.eventlog.proof import ProofInvalid
from shared.kernel.errors import (
    AppError,
    BadInput,
    Conflict,
    LogTampered,
    NotFound,
    Refused,
    Unavailable,
)
from shared.witness.cosigned import CosignedNotes
from shared.witness.submission import Submission
from shared.witness.witness import OtherSize, Witness
from tests.shared.eventlog.trees import patiently
from tests.shared.witness.witnessed import (
    LEAVES,
    LOG,
    NOW,
    ORIGIN,
    OTHER_LEAVES,
    STRANGER,
    WITNESS,
    note_of,
    root_of,
    submission,
    witness_in,
)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return witness_in(tmp_path)


def size_kept(witness: Witness) -> int:
    """Return what was cosigned last, by the log and by the witness."""
    note = witness.notes(ORIGIN).last()
    assert note is not None
    policy = Policy(
        origin=ORIGIN, log_keys=(LOG.key,), witness_keys=(WITNESS.key,), witnesses_wanted=1
    )
    return policy.open(note).checkpoint.size


def test_a_log_that_grows_is_cosigned_with_the_time(witness: Witness) -> None:
    for old, size in pairwise((0, 1, 9, 9, 32, 64)):
        asked = submission(old, size)
        cosignature = witness.add(asked)
        signed = WITNESS.key.verify(Note.parse(asked.note).text, cosignature)
        assert signed.time_s == int(NOW.timestamp())
        assert size_kept(witness) == size


def test_an_empty_log_is_cosigned_and_may_grow(witness: Witness) -> None:
    witness.add(submission(0, 0))
    witness.add(submission(0, 0))
    witness.add(submission(0, 3))
    assert size_kept(witness) == 3


@pytest.mark.parametrize(("old", "size"), [(5, 9), (0, 9), (7, 9), (8, 8)])
def test_whoever_begins_elsewhere_is_told_what_was_cosigned(
    witness: Witness, old: int, size: int
) -> None:
    witness.add(submission(0, 6))
    with pytest.raises(OtherSize) as told:
        witness.add(submission(old, size))
    assert told.value.size == 6
    assert size_kept(witness) == 6


def test_a_shorter_log_is_not_cosigned(witness: Witness) -> None:
    witness.add(submission(0, 9))
    with pytest.raises(OtherSize):
        witness.add(submission(4, 6))
    with pytest.raises(BadInput, match="witness.old_size_beyond"):
        witness.add(submission(9, 6))
    assert size_kept(witness) == 9


def test_a_log_that_went_on_otherwise_is_not_cosigned(witness: Witness) -> None:
    witness.add(submission(0, 20))
    with pytest.raises(ProofInvalid):
        witness.add(submission(20, 40, OTHER_LEAVES))
    assert size_kept(witness) == 20
    witness.add(submission(20, 40))  # anybody can send a wrong proof: it is held against nobody


@pytest.mark.parametrize("old", [0, 6])
def test_a_proof_where_none_is_wanted_is_refused(witness: Witness, old: int) -> None:
    if old:
        witness.add(submission(0, old))
    proof = (bytes(32),)
    size = old or 6
    with pytest.raises(ProofInvalid):
        witness.add(Submission(old=old, proof=proof, note=note_of(size)))


def test_two_roots_of_one_size_are_kept_and_the_log_is_cosigned_no_more(
    witness: Witness, caplog: pytest.LogCaptureFixture
) -> None:
    witness.add(submission(0, 20))
    known = witness.notes(ORIGIN).last()
    for old in (20, 0, 3):  # whatever was asked for
        with pytest.raises((Conflict, Refused)):
            witness.add(Submission(old=old, proof=(), note=note_of(20, OTHER_LEAVES)))
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]
    assert witness.notes(ORIGIN).dispute() == (known, note_of(20, OTHER_LEAVES))
    with pytest.raises(Refused, match="witness.disputed"):
        witness.add(submission(20, 30))
    assert size_kept(witness) == 20


def test_what_others_added_to_a_note_is_not_kept(witness: Witness) -> None:
    other = Signer.generate("witness.example/2", KeyKind.WITNESS)
    witness.add(Submission(old=0, proof=(), note=note_of(5, LEAVES, STRANGER, LOG, other)))
    kept = witness.notes(ORIGIN).last()
    assert kept is not None
    assert {each.key_id for each in Note.parse(kept).signatures} == {
        LOG.key.key_id,
        WITNESS.key.key_id,
    }


def test_only_a_key_of_the_log_can_ask(witness: Witness) -> None:
    with pytest.raises(LogTampered, match="eventlog.checkpoint_unsigned"):
        witness.add(Submission(old=0, proof=(), note=note_of(5, LEAVES, STRANGER)))
    with pytest.raises(NotFound, match="witness.unknown_log"):
        witness.add(Submission(old=0, proof=(), note=note_of(5, origin="another.test/a/b")))
    text, _, signatures = note_of(5).decode().partition("\n\n")
    changed = text.replace("\n5\n", "\n6\n") + "\n\n" + signatures
    with pytest.raises(LogTampered, match="eventlog.signature_wrong"):
        witness.add(Submission(old=0, proof=(), note=changed.encode()))
    assert witness.notes(ORIGIN).last() is None


def test_a_log_with_a_second_key_goes_on_with_either(tmp_path: Path) -> None:
    witness = Witness(WITNESS, [LOG.key, STRANGER.key], tmp_path, lambda: NOW)
    witness.add(Submission(old=0, proof=(), note=note_of(5)))
    asked = submission(5, 9)
    witness.add(Submission(old=5, proof=asked.proof, note=note_of(9, LEAVES, STRANGER)))
    assert Checkpoint.parse(Note.parse(witness.notes(ORIGIN).last() or b"").text).size == 9


def test_it_remembers_when_it_starts_again(tmp_path: Path) -> None:
    witness_in(tmp_path).add(submission(0, 9))
    with pytest.raises(OtherSize):
        witness_in(tmp_path).add(submission(0, 20, OTHER_LEAVES))
    witness_in(tmp_path).add(submission(9, 20))


def test_what_can_not_be_kept_is_not_cosigned(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: CosignedNotes, _note: bytes) -> None:
        raise OSError

    monkeypatch.setattr(CosignedNotes, "keep", full)
    with pytest.raises(Unavailable, match="witness.notes_unusable"):
        witness.add(submission(0, 9))


@patiently
@given(
    st.lists(
        st.tuples(
            st.integers(0, 24),
            st.integers(0, 24),
            st.booleans(),
            st.booleans(),
        ),
        max_size=25,
    )
)
def test_whatever_is_asked_everything_cosigned_is_of_one_growing_log(
    asked: list[tuple[int, int, bool, bool]],
) -> None:
    with TemporaryDirectory() as folder:
        witness = witness_in(Path(folder))
        cosigned: list[Checkpoint] = []
        for old, size, is_other, knows in asked:
            begin = cosigned[-1].size if knows and cosigned else old
            wanted = submission(begin, size, OTHER_LEAVES if is_other else LEAVES)
            try:
                witness.add(wanted)
            except AppError:
                continue
            cosigned.append(Checkpoint.parse(Note.parse(wanted.note).text))
        for leaves in (LEAVES, OTHER_LEAVES):
            if all(each.root == root_of(leaves[: each.size]) for each in cosigned):
                break
        else:
            pytest.fail("two histories were cosigned")
        sizes = [each.size for each in cosigned]
        assert sizes == sorted(sizes)


def winners(folder: Path) -> set[bool]:
    """Return which history was cosigned when both are submitted at once, eight times."""
    start = threading.Barrier(8)
    won: list[bool] = []

    def submit(at: int) -> None:
        is_other = at % 2 == 0
        wanted = submission(9, 20 + at // 4, OTHER_LEAVES if is_other else LEAVES)
        start.wait()
        try:
            witness_in(folder).add(wanted)
        except AppError:
            return
        won.append(is_other)

    threads = [threading.Thread(target=submit, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return set(won)


def test_of_two_histories_submitted_at_once_one_is_cosigned(tmp_path: Path) -> None:
    for number in range(20):
        folder = tmp_path / str(number)
        witness_in(folder).add(submission(0, 9))
        assert len(winners(folder)) == 1, "two histories were cosigned"
