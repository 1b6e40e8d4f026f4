"""The mirror cosigns a log that is what was copied, and disputes any other with both notes."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.reporting import mirror
from services.reporting.collecting import bring
from services.reporting.cosigning import Mirror
from services.reporting.mirror import Mirrored, mirrored
from services.reporting.tables import dispute as dispute_table
from services.reporting.tables import mirror as mirror_table
from shared.eventlog.checkpoint import Policy
from shared.eventlog.key_handover import KeyHandover
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer, VerifierKey
from shared.eventlog.proof import Tree
from shared.store import Store
from shared.witness.cosigned import CosignedNotes
from tests.services.reporting.conftest import kept_in
from tests.services.reporting.owner import ORIGIN, Owner, entries
from tests.shared.eventlog.handovers import forged

NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
WITNESS = Signer.generate("test.local/witness", KeyKind.WITNESS)


class World:
    """A log, its owner, its copy and the mirror."""

    def __init__(self, store: Store, folder: Path, given_keys: Sequence[VerifierKey] = ()) -> None:
        self.store = store
        self.folder = folder
        self.owner = Owner()
        self.mirror = Mirror(
            store, lambda: WITNESS, folder, {ORIGIN: tuple(given_keys)}, lambda: NOW
        )

    def copy(self, count: int) -> None:
        """Copy so many entries in all."""
        kept_in(self.store, entries(count))

    def turn(self) -> int:
        """Bring what the owner shows, and judge it."""
        bring(self.store, {"sessions": self.owner})
        return self.mirror.turn()

    def grow(self, count: int) -> bytes:
        """Copy, sign and cosign so many entries in all; return the owner's note."""
        self.copy(count)
        note = self.owner.sign(entries(count))
        assert self.turn() == 1
        return note

    @property
    def log(self) -> Mirrored:
        """The log as the mirror has it."""
        (log,) = mirrored(self.store)
        return log

    @property
    def notes(self) -> CosignedNotes:
        """What the mirror remembers beside the database."""
        return CosignedNotes(self.folder, ORIGIN)

    def cosigned_size(self) -> int:
        """Return what is cosigned, by every signature that it should have."""
        cosigned = self.log.cosigned
        assert cosigned is not None
        assert self.notes.last() == cosigned.note
        policy = Policy(
            origin=ORIGIN,
            log_keys=tuple(signer.key for signer in self.owner.signers),
            witness_keys=(WITNESS.key,),
            witnesses_wanted=1,
        )
        return policy.open(cosigned.note).checkpoint.size

    def reason(self) -> str:
        """Return why the log is disputed; "" when it isn't."""
        found = self.log.dispute
        return found.reason.split(" ")[0] if found else ""


@pytest.fixture
def world(store: Store, tmp_path: Path) -> World:
    return World(store, tmp_path / "witness")


def test_what_agrees_with_the_copy_is_cosigned_once(world: World) -> None:
    for count in (1, 2, 7, 300, 301):
        world.grow(count)
        assert world.cosigned_size() == count
        assert world.turn() == 0
    log = world.log
    assert log.cosigned is not None
    assert (log.waiting, log.dispute) == (None, None)
    assert log.cosigned.by == str(WITNESS.key)
    assert Tree.decode(log.cosigned.tree).size == 301


def test_what_other_witnesses_add_to_a_note_is_nothing_new(world: World) -> None:
    note = Note.parse(world.grow(5))
    other = Signer.generate("witness.example/2", KeyKind.WITNESS)
    world.owner.note = note.also_signed([other.sign(note.text, time_s=1)]).encode()
    assert bring(world.store, {"sessions": world.owner}) == 0
    world.copy(6)
    world.owner.sign(entries(6))
    note = Note.parse(world.owner.note)
    world.owner.note = note.also_signed([other.sign(note.text, time_s=1)]).encode()
    assert world.turn() == 1
    assert bring(world.store, {"sessions": world.owner}) == 0


def test_a_note_waits_until_the_copy_has_caught_up(world: World) -> None:
    world.copy(3)
    world.owner.sign(entries(5))
    assert world.turn() == 0
    world.owner.sign(entries(6))  # not asked for: the other one waits
    asked = world.owner.asked
    assert world.turn() == 0
    assert world.owner.asked == asked
    world.copy(5)
    assert world.turn() == 1
    assert world.cosigned_size() == 5


def test_a_fork_is_reported_with_both_notes_and_the_first_entry_that_differs(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.grow(280)
    known = world.notes.last()
    world.copy(300)
    other = world.owner.sign(entries(300, other_from=290))
    assert world.turn() == 0
    found = world.log.dispute
    assert found is not None
    assert (world.reason(), found.known, found.other) == ("mirror.forked", known, other)
    assert [each.levelname for each in caplog.records] == ["CRITICAL"]
    world.turn()
    found = world.log.dispute
    assert found is not None
    assert found.position == 290
    assert world.notes.dispute() == (known, other)


@pytest.mark.parametrize("shown", [280, 279, 100, 1])
def test_a_rewritten_history_is_found_at_any_size(world: World, shown: int) -> None:
    world.grow(280)
    world.owner.sign(entries(shown, other_from=0))
    assert world.turn() == 0
    assert world.reason() == "mirror.forked"
    world.turn()
    assert world.log.dispute
    assert world.log.dispute.position == 0


def test_a_fork_before_anything_was_cosigned_is_found_too(world: World) -> None:
    world.copy(5)
    other = world.owner.sign(entries(5, other_from=3))
    assert world.turn() == 0
    found = world.log.dispute
    assert found is not None
    assert (found.known, found.other) == (b"", other)


def test_a_log_that_was_rolled_back_is_reported(world: World) -> None:
    world.grow(9)
    known = world.notes.last()
    other = world.owner.sign(entries(7))
    assert world.turn() == 0
    found = world.log.dispute
    assert found is not None
    assert (world.reason(), found.known, found.other) == ("mirror.rolled_back", known, other)
    assert world.cosigned_size() == 9


def test_a_note_that_was_asked_for_long_ago_is_no_roll_back(world: World) -> None:
    world.grow(5)
    old = world.owner.note or b""
    after = world.log.cosigned.size if world.log.cosigned else 0
    world.grow(9)
    mirror.wait(
        world.store,
        world.log.log,
        mirror.Waiting(note=old, keys=world.owner.keys(ORIGIN), after=after),
    )
    assert world.mirror.turn() == 0
    assert (world.reason(), world.log.waiting) == ("", None)


def test_what_is_disputed_is_never_cosigned_until_people_have_looked(world: World) -> None:
    world.grow(9)
    world.owner.sign(entries(7))
    world.turn()
    world.copy(12)
    world.owner.sign(entries(12))
    asked = world.owner.asked
    for _ in range(3):
        assert world.turn() == 0
    assert world.owner.asked == asked
    assert world.cosigned_size() == 9
    with world.store.write() as tx:  # a database is no way around it
        tx.connection.execute(dispute_table.delete())
    world.turn()
    assert world.reason() == "mirror.disputed"
    for file in world.notes.folder.glob("dispute.*"):
        file.unlink()
    world.turn()
    assert world.turn() in (0, 1)
    assert (world.reason(), world.cosigned_size()) == ("", 12)


def test_a_key_is_believed_at_first_sight_and_no_other_later(world: World) -> None:
    world.grow(5)
    stranger = Signer.generate(ORIGIN, KeyKind.LOG)
    mine, world.owner.signers = world.owner.signers, [stranger]
    world.copy(6)
    world.owner.sign(entries(6))
    assert world.turn() == 0
    assert world.reason() == "mirror.key_unknown"
    world.owner.signers = mine
    assert world.cosigned_size() == 5


def test_a_signature_that_anybody_added_hands_nothing_over(world: World) -> None:
    world.grow(5)
    (first,) = world.owner.signers
    stranger = Signer.generate(ORIGIN, KeyKind.LOG)
    world.owner.signers = [first, stranger]  # as anybody can add a line to a public note
    world.copy(6)
    world.owner.sign(entries(6))
    assert world.turn() == 1
    world.owner.signers = [stranger]
    world.owner.handed = [KeyHandover.sign(stranger, first.key)]
    world.copy(8)
    world.owner.sign(entries(8))
    assert world.turn() == 0
    world.owner.signers = [first]
    assert (world.reason(), world.cosigned_size()) == ("mirror.key_unknown", 6)


def test_a_forged_handover_stops_the_cosigning(world: World) -> None:
    world.grow(5)
    (first,) = world.owner.signers
    stranger = Signer.generate(ORIGIN, KeyKind.LOG)
    world.owner.signers, world.owner.handed = [stranger], [forged(first.key, stranger)]
    world.copy(6)
    world.owner.sign(entries(6))
    assert world.turn() == 0
    world.owner.signers = [first]
    assert (world.reason(), world.cosigned_size()) == ("eventlog.signature_wrong", 5)


def test_a_key_hands_over_to_the_next(world: World) -> None:
    world.grow(5)
    (first,) = world.owner.signers
    second = Signer.generate(ORIGIN, KeyKind.LOG)
    world.owner.signers = [first, second]
    world.owner.handed = [KeyHandover.sign(first, second.key)]
    world.owner.sign(entries(5))
    assert world.turn() == 1  # of the same size, for the signature that was added
    cosigned = Note.parse(world.notes.last() or b"")
    assert len(cosigned.signatures) == 3
    world.owner.signers = [second]
    world.grow(8)
    assert world.cosigned_size() == 8
    assert world.reason() == ""


def test_given_keys_are_believed_and_first_sight_is_not(store: Store, tmp_path: Path) -> None:
    given_one = Signer.generate(ORIGIN, KeyKind.LOG)
    world = World(store, tmp_path, [given_one.key])
    world.copy(5)
    world.owner.sign(entries(5))
    assert world.turn() == 0
    assert world.reason() == "mirror.key_unknown"


def test_keys_that_are_given_later_count_instead_of_the_first_seen(
    store: Store, tmp_path: Path
) -> None:
    World(store, tmp_path).grow(5)  # by somebody else's key
    world = World(store, tmp_path)
    world.mirror = Mirror(
        store,
        lambda: WITNESS,
        tmp_path,
        {ORIGIN: tuple(each.key for each in world.owner.signers)},
        lambda: NOW,
    )
    world.grow(6)
    assert world.cosigned_size() == 6


@pytest.mark.parametrize("content", [b"", b"no note", b"\xff\n\n\xe2\x80\x94 x AAAAAAAA\n"])
def test_what_is_no_note_is_dropped(world: World, content: bytes) -> None:
    world.grow(5)
    world.owner.note = content
    assert world.turn() == 0
    assert (world.reason(), world.log.waiting) == ("", None)
    world.grow(6)


def test_an_owner_that_is_away_concerns_no_other(world: World) -> None:
    world.copy(5)
    world.owner.sign(entries(5))
    away = Owner(is_away=True)
    bring(world.store, {"intake": away, "sessions": world.owner})
    assert world.mirror.turn() == 1
    world.owner.is_away = True
    assert bring(world.store, {"sessions": world.owner}) == 0


def test_killed_between_folder_and_database_it_publishes_what_it_cosigned(world: World) -> None:
    world.grow(5)
    with world.store.write() as tx:
        tx.connection.execute(mirror_table.delete())
    kept = world.notes.last()
    assert world.turn() == 1
    assert world.log.cosigned
    assert world.log.cosigned.note == kept, "cosigned a second time"


def test_a_folder_that_is_older_than_the_database_follows_it(world: World, tmp_path: Path) -> None:
    world.grow(5)
    shutil.copytree(world.folder, tmp_path / "older")
    world.grow(9)
    shutil.rmtree(world.folder)
    shutil.copytree(tmp_path / "older", world.folder)
    world.owner.sign(entries(7))
    assert world.turn() == 0
    assert world.reason() == "mirror.rolled_back"


def test_a_restored_copy_is_waited_for(world: World, tmp_path: Path) -> None:
    world.grow(9)
    fresh = Store(f"sqlite:///{tmp_path}/restored.db")
    dispute_table.metadata.create_all(fresh.engine)
    restored = World(fresh, world.folder)
    restored.owner = world.owner
    restored.copy(4)
    restored.owner.sign(entries(9))
    assert restored.turn() == 0
    assert restored.reason() == ""
    restored.copy(9)
    assert restored.turn() == 1
    assert restored.cosigned_size() == 9
    fresh.close()


def test_a_copy_that_was_changed_is_not_cosigned(world: World, tmp_path: Path) -> None:
    world.grow(9)
    fresh = Store(f"sqlite:///{tmp_path}/changed.db")
    dispute_table.metadata.create_all(fresh.engine)
    changed = World(fresh, world.folder)
    changed.owner = world.owner
    kept_in(fresh, entries(12, other_from=4))
    changed.owner.sign(entries(12, other_from=4))
    assert changed.turn() == 0
    assert changed.reason() == "mirror.copy_differs"
    fresh.close()


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(st.integers(1, 12), st.integers(1, 12), st.none() | st.integers(0, 11)),
        max_size=8,
    )
)
def test_whatever_an_owner_shows_only_the_copied_history_is_cosigned(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[int, int, int | None]],
) -> None:
    folder = tmp_path_factory.mktemp("mirror")
    store = Store(f"sqlite:///{folder}/reporting.db")
    dispute_table.metadata.create_all(store.engine)
    world = World(store, folder / "witness")
    sizes = [0]
    is_honest = True
    for copied, shown, other in steps:
        world.copy(copied)
        world.owner.sign(entries(shown, other_from=other))
        world.turn()
        is_honest = is_honest and (other is None or other >= shown) and shown >= sizes[-1]
        if world.log.cosigned:
            cosigned = Note.parse(world.log.cosigned.note)
            size = world.log.cosigned.size
            tree = Tree()
            tree.extend(each.leaf for each in entries(size))
            assert Tree.decode(world.log.cosigned.tree).root() == tree.root()
            assert cosigned.verify([WITNESS.key])
            assert size >= sizes[-1]
            sizes.append(size)
        if is_honest:
            assert world.reason() == "", "a false alarm"
    store.close()
