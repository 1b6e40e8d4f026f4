"""The mirror killed anywhere in its work cosigns one history, publishes it, and goes on."""

import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.reporting.collecting import bring
from services.reporting.cosigning import Mirror
from services.reporting.mirror import mirrored
from services.reporting.tables import METADATA
from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer
from shared.eventlog.proof import Tree
from shared.store import Store
from shared.witness.cosigned import CosignedNotes
from tests.services.reporting.conftest import kept_in
from tests.services.reporting.owner import ORIGIN, Owner, entries

SEED = 20_261_125
SMOKE, LONG = 12, 200
EVENTS = (2.5, 4.5)
"""Powers of ten between which the call that is fatal is drawn."""
ENTRIES = 40
NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
WITNESS = Signer.generate("test.local/witness", KeyKind.WITNESS)
LOG = Signer.generate(ORIGIN, KeyKind.LOG)


def turns(url: str, folder: Path, events: int) -> None:
    """Bring and judge ever longer notes; die at the call that was drawn, if there is one."""
    left = events

    def kill(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    store = Store(url)
    owner = Owner(signers=[LOG])
    mirror = Mirror(store, lambda: WITNESS, folder, {}, lambda: NOW)
    if events:
        sys.setprofile(kill)
    for size in range(1, ENTRIES + 1):
        owner.sign(entries(size))
        (log,) = mirrored(store)
        if log.cosigned is None or log.cosigned.size < size:
            bring(store, {"sessions": owner})
            mirror.turn()
    sys.setprofile(None)
    store.close()


def in_child(work: Callable[[], None]) -> None:
    """Do `work` in a process of its own, and wait for its death."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


@pytest.mark.destructive
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_mirror_that_is_killed_anywhere_disputes_nothing_and_goes_on(
    kind: str,
    tmp_path: Path,
    postgresql_database: Callable[[str], str],
    *,
    long_tier: bool,
) -> None:
    url = f"sqlite:///{tmp_path}/r.db" if kind == "sqlite" else postgresql_database("mirroring")
    setup = Store(url)
    METADATA.create_all(setup.engine)
    kept_in(setup, entries(ENTRIES))
    setup.close()
    dice = random.Random(SEED)
    folder = tmp_path / "witness"
    last = 0
    for _ in range(LONG if long_tier else SMOKE):
        events = int(10 ** dice.uniform(*EVENTS))
        in_child(lambda n=events: turns(url, folder, n))  # type: ignore[misc]
        last = max(last, checked(url, folder, last))
        if last == ENTRIES:
            break
    turns(url, folder, 0)
    assert checked(url, folder, last) == ENTRIES


def checked(url: str, folder: Path, before: int) -> int:
    """Return what was cosigned last, which nobody forgot, and which is the copied history."""
    store = Store(url)
    (log,) = mirrored(store)
    store.close()
    assert log.dispute is None
    note = CosignedNotes(folder, ORIGIN).last()
    if note is None:
        assert (log.cosigned, before) == (None, 0)
        return 0
    kept = Note.parse(note)
    assert kept.verify([WITNESS.key])
    assert kept.verify([LOG.key])
    checkpoint = Checkpoint.parse(kept.text)
    size, tree = checkpoint.size, Tree()
    tree.extend(each.leaf for each in entries(size))
    assert tree.root() == checkpoint.root, "another history was cosigned"
    assert size >= before, "cosigned, and forgotten"
    assert log.cosigned is None or log.cosigned.size <= size
    return size
