"""Checkpoints get the cosignatures of witnesses elsewhere, and signing waits for none of them."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.eventlog.checkpoint import Policy
from shared.eventlog.checkpointer import Checkpointer
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signature, Signer, VerifierKey
from shared.eventlog.signing_keys import SigningKeys
from shared.kernel.errors import AppError, Refused, Unavailable
from shared.witness import submitting
from shared.witness.asking import WitnessAddress
from shared.witness.submission import Submission
from shared.witness.submitting import Submitter
from shared.witness.witness import OtherSize, Witness
from tests.stores.logs import Opened, open_ledger
from tests.stores.signed import ORIGIN, grow_by, key_ids, newest, signed

SIGNER = Signer.generate("witness.example/1", KeyKind.WITNESS)
ADDRESS = WitnessAddress(key=SIGNER.key, url="http://witness.example")
NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


class Elsewhere:
    """A witness that is reached by a call, and counts what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[Submission] = []
        self.answer: Callable[[Submission], Signature] | None = None
        self.keys: list[VerifierKey] = []

    def __call__(self, address: WitnessAddress, asked: Submission) -> Signature:
        assert address == ADDRESS
        self.asked.append(asked)
        if self.answer is not None:
            return self.answer(asked)
        try:
            return Witness(SIGNER, self.keys, self.folder, lambda: NOW).add(asked)
        except OtherSize:
            raise
        except AppError as error:
            raise Refused("witness.refuses", witness="w", status=error.status) from error


@pytest.fixture
def elsewhere(tmp_path: Path) -> Elsewhere:
    return Elsewhere(tmp_path / "witness")


@pytest.fixture
def checkpointer(opened: Opened, tmp_path: Path) -> Checkpointer:
    return Checkpointer(opened.ledger, tmp_path / "keys")


@pytest.fixture
def submitter(opened: Opened, elsewhere: Elsewhere) -> Submitter:
    return Submitter(opened.ledger, ADDRESS, elsewhere)


def sign(opened: Opened, checkpointer: Checkpointer, elsewhere: Elsewhere, count: int) -> None:
    grow_by(opened, count)
    assert checkpointer.turn(at_once=True) == 1
    elsewhere.keys = [VerifierKey.parse(key.verifier_key) for key in signed(opened).log_keys()]


def witnessed_size(opened: Opened) -> int:
    """Return the size of the newest checkpoint, which the log and the witness have signed."""
    keys = tuple(VerifierKey.parse(key.verifier_key) for key in signed(opened).log_keys())
    policy = Policy(origin=ORIGIN, log_keys=keys, witness_keys=(SIGNER.key,), witnesses_wanted=1)
    return policy.open(newest(opened).note).checkpoint.size


def test_each_checkpoint_is_cosigned_and_asked_about_once(
    opened: Opened, checkpointer: Checkpointer, elsewhere: Elsewhere, submitter: Submitter
) -> None:
    assert submitter.turn() == 0
    size = 0
    for count in (1, 5, 300):
        sign(opened, checkpointer, elsewhere, count)
        size += count
        assert (submitter.turn(), submitter.turn()) == (1, 0)
        assert witnessed_size(opened) == size
        assert checkpointer.turn(at_once=True) == 0
        assert witnessed_size(opened) == size
    assert [each.old for each in elsewhere.asked] == [0, 1, 6]


def test_one_that_starts_again_learns_where_the_witness_is(
    opened: Opened, checkpointer: Checkpointer, elsewhere: Elsewhere, submitter: Submitter
) -> None:
    sign(opened, checkpointer, elsewhere, 5)
    submitter.turn()
    sign(opened, checkpointer, elsewhere, 5)
    again = Submitter(opened.ledger, ADDRESS, elsewhere)
    assert again.turn() == 1
    assert [each.old for each in elsewhere.asked] == [0, 0, 5]
    assert witnessed_size(opened) == 10


def test_a_cosignature_outlives_a_restart_of_the_checkpointer_and_a_new_key(
    opened: Opened,
    checkpointer: Checkpointer,
    elsewhere: Elsewhere,
    submitter: Submitter,
    tmp_path: Path,
) -> None:
    sign(opened, checkpointer, elsewhere, 5)
    submitter.turn()
    Checkpointer(open_ledger(opened.store), tmp_path / "keys").turn(at_once=True)
    assert witnessed_size(opened) == 5
    keys = SigningKeys(tmp_path / "keys", ORIGIN)
    with keys.held():
        keys.add()
    assert checkpointer.turn(at_once=True) == 1
    assert len(key_ids(tmp_path / "keys")) == 2
    assert witnessed_size(opened) == 5
    assert len(Note.parse(newest(opened).note).signatures) == 3
    sign(opened, checkpointer, elsewhere, 5)
    assert submitter.turn() == 1
    assert witnessed_size(opened) == 10


def test_two_witnesses_stand_beside_each_other(
    opened: Opened, checkpointer: Checkpointer, elsewhere: Elsewhere, submitter: Submitter
) -> None:
    other = Signer.generate("witness.example/2", KeyKind.WITNESS)
    sign(opened, checkpointer, elsewhere, 5)
    submitter.turn()

    def answer(_address: WitnessAddress, asked: Submission) -> Signature:
        return other.sign(Note.parse(asked.note).text, time_s=1)

    assert Submitter(opened.ledger, WitnessAddress(key=other.key, url="http://x"), answer).turn()
    assert newest(opened).size == witnessed_size(opened)
    assert Note.parse(newest(opened).note).verify([other.key])


def lie(asked: Submission) -> Signature:
    return SIGNER.sign("another text\n", time_s=1)


def away(asked: Submission) -> Signature:
    raise Unavailable("witness.away", witness="w")


def refuse(asked: Submission) -> Signature:
    raise Refused("witness.refuses", witness="w", status=422)


def know_more(asked: Submission) -> Signature:
    raise OtherSize(2**63 - 1)


def play_for_time(asked: Submission) -> Signature:
    raise OtherSize(1 if asked.old != 1 else 2)


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        (lie, "WARNING"),
        (away, "WARNING"),
        (refuse, "CRITICAL"),
        (know_more, "CRITICAL"),
        (play_for_time, "WARNING"),
    ],
)
def test_a_witness_that_is_away_refuses_or_lies_leaves_the_checkpoint_as_it_is(
    *,
    opened: Opened,
    checkpointer: Checkpointer,
    elsewhere: Elsewhere,
    submitter: Submitter,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    answer: Callable[[Submission], Signature],
    level: str,
) -> None:
    monkeypatch.setattr(submitting, "PAUSE_FIRST_S", 0.0)
    sign(opened, checkpointer, elsewhere, 5)
    note = newest(opened).note
    elsewhere.answer = answer
    for _ in range(3):
        assert submitter.turn() == 0
    assert newest(opened).note == note
    assert [record.levelname for record in caplog.records] == [level], "once, not each time"
    elsewhere.answer = None
    assert submitter.turn() == 1
    assert witnessed_size(opened) == 5


def test_who_is_away_is_asked_ever_more_seldom(
    opened: Opened, checkpointer: Checkpointer, elsewhere: Elsewhere, submitter: Submitter
) -> None:
    sign(opened, checkpointer, elsewhere, 5)
    elsewhere.answer = away
    for _ in range(5):
        submitter.turn()
    assert len(elsewhere.asked) == 1


def test_a_witness_that_never_answers_holds_no_signature_back(
    opened: Opened, elsewhere: Elsewhere, submitter: Submitter, tmp_path: Path
) -> None:
    asked, over = threading.Event(), threading.Event()

    def hang(_asked: Submission) -> Signature:
        asked.set()
        over.wait(60)
        raise Unavailable("witness.away", witness="w")

    elsewhere.answer = hang
    grow_by(opened, 3)
    checkpointer = Checkpointer(opened.ledger, tmp_path / "keys", beside=[submitter.begin_turn])
    sizes: list[int] = []

    def pause(_seconds: float) -> bool:
        asked.wait(0.2)
        grow_by(opened, 300)
        found = signed(opened).newest()
        sizes.append(found.size if found else 0)
        return len(sizes) == 4

    checkpointer.run(pause)
    assert asked.is_set()
    over.set()
    assert sizes == [0, 303, 603, 903]
