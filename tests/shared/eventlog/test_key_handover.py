"""A handover is one key's own word about the next, and is taken for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.key_handover import (
    HANDOVERS_MAX_BYTES,
    KeyHandover,
    followed,
    handovers_in,
)
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer
from shared.kernel.errors import AppError, ContractError, LogTampered, TooLarge
from tests.shared.eventlog.handovers import forged

ORIGIN = "test.local/ha-noi/intake"
FIRST, SECOND, THIRD = (Signer.generate(ORIGIN, KeyKind.LOG) for _ in range(3))
ELSEWHERE = Signer.generate("test.local/ha-nam/intake", KeyKind.LOG)
WITNESS = Signer.generate(ORIGIN, KeyKind.WITNESS)


def test_keys_are_followed_step_by_step_in_one_direction() -> None:
    handed = [KeyHandover.sign(SECOND, THIRD.key), KeyHandover.sign(FIRST, SECOND.key)]
    assert followed([FIRST.key], handed) == (FIRST.key, SECOND.key, THIRD.key)
    assert followed([SECOND.key], handed) == (SECOND.key, THIRD.key)
    assert followed([THIRD.key], handed) == (THIRD.key,)
    assert followed([], handed) == ()
    back = KeyHandover.sign(THIRD, FIRST.key)
    assert set(followed([SECOND.key], [*handed, back])) == {FIRST.key, SECOND.key, THIRD.key}


def test_what_the_old_key_never_signed_is_found() -> None:
    with pytest.raises(LogTampered, match="eventlog.signature_wrong"):
        followed([FIRST.key], [forged(FIRST.key, SECOND)])
    assert followed([THIRD.key], [forged(FIRST.key, SECOND)]) == (THIRD.key,)
    text = KeyHandover.sign(FIRST, SECOND.key).note.text
    by_new = KeyHandover.parse(Note.sign(text, [SECOND], time_s=0).encode())
    with pytest.raises(LogTampered, match="eventlog.signature_wrong"):
        followed([FIRST.key], [by_new])


def test_a_handover_is_no_checkpoint_and_a_checkpoint_no_handover() -> None:
    handover = KeyHandover.sign(FIRST, SECOND.key)
    with pytest.raises(ContractError, match="eventlog.checkpoint_malformed"):
        Checkpoint.parse(handover.note.text)
    checkpoint = Checkpoint(origin=ORIGIN, size=1, root=bytes(32)).text
    with pytest.raises(ContractError):
        KeyHandover.parse(Note.sign(checkpoint, [FIRST, SECOND], time_s=0).encode())


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n{FIRST.key}\n{SECOND.key}\n",
        f"{ELSEWHERE.key.name} key-handover\n{FIRST.key}\n{SECOND.key}\n",
        f"{ORIGIN} key-handover\n{FIRST.key}\n",
        f"{ORIGIN} key-handover\n{FIRST.key}\n{SECOND.key}\n{THIRD.key}\n",
        f"{ORIGIN} key-handover\n{FIRST.key}\n{FIRST.key}\n",
        f"{ORIGIN} key-handover\n{FIRST.key}\n{ELSEWHERE.key}\n",
        f"{ORIGIN} key-handover\n{FIRST.key}\n{WITNESS.key}\n",
        f"{ORIGIN} key-handover\n{FIRST.key}\nx\n",
    ],
)
def test_what_is_no_handover_is_refused(text: str) -> None:
    with pytest.raises(ContractError):
        KeyHandover.parse(Note.sign(text, [FIRST], time_s=0).encode())


def test_many_stand_one_after_the_other() -> None:
    handed = [KeyHandover.sign(FIRST, SECOND.key), KeyHandover.sign(SECOND, THIRD.key)]
    content = b"".join(each.note.encode() for each in handed)
    assert handovers_in(content) == handed
    assert handovers_in(b"") == []
    with pytest.raises(TooLarge, match="eventlog.handovers_too_large"):
        handovers_in(content * (HANDOVERS_MAX_BYTES // len(content) + 1))


@given(st.binary(max_size=900), st.integers(0, 900))
def test_any_other_bytes_are_refused_or_say_what_was_signed(more: bytes, cut: int) -> None:
    handover = KeyHandover.sign(FIRST, SECOND.key)
    content = handover.note.encode()[:cut] + more
    try:
        found = handovers_in(content)
    except AppError:
        return
    assert b"".join(each.note.encode() for each in found) == content
