"""A witness killed anywhere in its work never cosigns two histories, and goes on."""

import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.note import Note
from shared.kernel.errors import AppError
from shared.witness.witness import OtherSize
from tests.shared.witness.witnessed import (
    LEAVES,
    ORIGIN,
    OTHER_LEAVES,
    WITNESS,
    root_of,
    submission,
    witness_in,
)

SEED = 20_261_125
SMOKE, LONG = 40, 400
EVENTS = (1.5, 3.5)
"""Powers of ten between which the call that is fatal is drawn."""


def in_child(work: Callable[[], None]) -> None:
    """Do `work` in a process of its own, and wait for its death."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def cosign(folder: Path, told: Path, events: int, leaves: list[bytes]) -> None:
    """Submit growing sizes; write what is cosigned to `told`; die at a call drawn before."""
    left = events

    def kill(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    witness = witness_in(folder)
    descriptor = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    old = 0
    asked = {(a, b): submission(a, b, leaves) for b in range(1, 24) for a in range(b)}
    sys.setprofile(kill)
    for size in range(1, 24):
        if size <= old:
            continue
        try:
            witness.add(asked[old, size])
        except OtherSize as error:
            old = error.size
            continue
        except AppError:
            return
        os.write(descriptor, f"{size} {leaves is LEAVES}\n".encode())
        old = size


@pytest.mark.destructive
@pytest.mark.timeout(600)
def test_a_witness_that_is_killed_anywhere_cosigns_one_history(
    tmp_path: Path, *, long_tier: bool
) -> None:
    dice = random.Random(SEED)
    died_early = 0
    for number in range(LONG if long_tier else SMOKE):
        folder, told = tmp_path / f"state-{number // 8}", tmp_path / f"told-{number // 8}"
        events = int(10 ** dice.uniform(*EVENTS))
        leaves = dice.choice((LEAVES, OTHER_LEAVES))
        in_child(lambda f=folder, t=told, e=events, h=leaves: cosign(f, t, e, h))  # type: ignore[misc]
        lines = told.read_text().splitlines() if told.exists() else []
        sizes = [int(line.split()[0]) for line in lines]
        assert sizes == sorted(sizes), "a smaller tree was cosigned after a larger one"
        note = witness_in(folder).notes(ORIGIN).last()
        if note is None:
            assert lines == []
            continue
        checkpoint = Checkpoint.parse(Note.parse(note).text)
        assert Note.parse(note).verify([WITNESS.key])
        assert checkpoint.size >= max(sizes, default=0), "cosigned, and forgotten"
        died_early += checkpoint.size < 23
        for line in lines:
            size, is_first = int(line.split()[0]), line.endswith("True")
            mine = (LEAVES if is_first else OTHER_LEAVES)[:size]
            whole = next(
                each
                for each in (LEAVES, OTHER_LEAVES)
                if root_of(each[: checkpoint.size]) == checkpoint.root
            )
            assert root_of(whole[:size]) == root_of(mine), "two histories were cosigned"
    assert died_early, "no kill came in the middle"
