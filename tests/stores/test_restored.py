"""A database that is restored from an old backup is not signed: what was signed says more."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.eventlog.checkpoint import Policy
from shared.eventlog.checkpointer import Checkpointer
from shared.eventlog.note_key import VerifierKey
from tests.servers import PostgresServer
from tests.stores.logs import Opened
from tests.stores.signed import ORIGIN, grow_by, newest, refusal_of, signed

Copy = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of database: where a fresh one is, and how one that nobody has open is copied."""

    fresh: str
    copy: Copy


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest, tmp_path: Path, postgresql_server: PostgresServer) -> Kind:
    """Return each kind in turn."""
    if request.param == "postgresql":
        return Kind(
            fresh=postgresql_server.create("restored"),
            copy=lambda url: postgresql_server.copy(url, "restored"),
        )

    def copy(url: str) -> str:
        file = Path(url.removeprefix("sqlite:///"))
        names = len(list(tmp_path.glob("*.db")))
        return f"sqlite:///{shutil.copy(file, tmp_path / f'copy-{names}.db')}"

    return Kind(fresh=f"sqlite:///{tmp_path}/intake.db", copy=copy)


def test_a_restored_database_is_refused_until_it_is_what_was_signed_again(
    kind: Kind, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    # Given a backup, and two hundred entries that were signed since
    opened = Opened(url=kind.fresh)
    grow_by(opened, 300)
    Checkpointer(opened.ledger, keys).turn(at_once=True)
    opened.store.close()
    backup = kind.copy(kind.fresh)
    opened = Opened(url=kind.fresh)
    grow_by(opened, 200)
    Checkpointer(opened.ledger, keys).turn(at_once=True)
    lost = newest(opened)
    opened.store.close()
    current = kind.copy(kind.fresh)
    # When the backup is restored
    restored = Opened(url=backup)
    checkpointer = Checkpointer(restored.ledger, keys)
    assert checkpointer.turn(at_once=True) == 0
    assert refusal_of(checkpointer) == "eventlog.shorter_than_signed"
    # and the log goes on otherwise: less, as much, more
    for count in (100, 100, 700):
        grow_by(restored, count, name="another history")
        assert checkpointer.turn(at_once=True) == 0
    assert refusal_of(checkpointer) == "eventlog.differs_from_signed"
    # then nothing was signed, a new process doesn't either, and both sides are on record
    assert newest(restored).size == 300
    assert Checkpointer(restored.ledger, keys).turn(at_once=True) == 0
    refusal = signed(restored).refusal()
    assert refusal is not None
    assert refusal.signed_note == lost.note
    restored.store.close()
    # When what was lost comes back, signing goes on
    again = Opened(url=current)
    grow_by(again, 1)
    assert Checkpointer(again.ledger, keys).turn(at_once=True) == 1
    log_keys = tuple(VerifierKey.parse(each.verifier_key) for each in signed(again).log_keys())
    policy = Policy(origin=ORIGIN, log_keys=log_keys)
    assert policy.open(newest(again).note).checkpoint.size == 501
    again.store.close()


def test_an_older_database_with_the_very_same_entries_since_is_signed(
    kind: Kind, tmp_path: Path
) -> None:
    """As after the write-ahead log is replayed, or a replica takes over that lacks notes only."""
    keys = tmp_path / "keys"
    opened = Opened(url=kind.fresh)
    grow_by(opened, 300)
    Checkpointer(opened.ledger, keys).turn(at_once=True)
    grow_by(opened, 200)
    opened.store.close()
    replica = kind.copy(kind.fresh)
    opened = Opened(url=kind.fresh)
    Checkpointer(opened.ledger, keys).turn(at_once=True)
    opened.store.close()
    restored = Opened(url=replica)
    grow_by(restored, 50)
    checkpointer = Checkpointer(restored.ledger, keys)
    assert checkpointer.turn(at_once=True) == 1
    assert checkpointer.refused == {}
    assert newest(restored).size == 550
    restored.store.close()
