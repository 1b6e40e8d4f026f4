"""A checkpointer killed anywhere in its work never contradicts itself, and goes on.

The default is a smoke; `--long` (as `make faults` says) kills 200 times on each database.
"""

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.signing.world import World, copy_of, signing_world

SEED = 20_261_125
SMOKE, LONG = 15, 200
EVENTS = (2.0, 5.0)
"""Powers of ten between which the call that is fatal is drawn: from the first of a turn on."""
WORK_S = 0.25
CATCHES_UP = 5
APPENDS_MAX_S = 5.0


@pytest.fixture(params=["sqlite", "postgresql"])
def world(
    request: pytest.FixtureRequest, tmp_path: Path, postgresql_database: Callable[[str], str]
) -> Iterator[World]:
    """Yield an empty log on each kind of database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/signing.db"
    else:
        url = postgresql_database("signing")
    with signing_world(url, tmp_path) as made:
        yield made


@pytest.fixture
def on_postgresql(tmp_path: Path, postgresql_database: Callable[[str], str]) -> Iterator[World]:
    """Yield an empty log on PostgreSQL."""
    with signing_world(postgresql_database("signing"), tmp_path) as made:
        yield made


@pytest.mark.destructive
@pytest.mark.timeout(1_800)
def test_a_checkpointer_that_is_killed_anywhere_contradicts_itself_never_and_goes_on(
    world: World, *, long_tier: bool
) -> None:
    dice = random.Random(SEED)
    # SQLite is one process's: there the one that signs appends as well.
    is_alone = not world.store.is_postgresql
    writer = None if is_alone else world.append(3, "writer")
    kills = LONG if long_tier else SMOKE
    for number in range(kills):
        if number % 3:
            pid = world.sign(events=int(10 ** dice.uniform(*EVENTS)), appends=is_alone)
            world.await_death(pid)
        else:
            pid = world.sign(appends=is_alone)
            time.sleep(dice.uniform(0, WORK_S))
            world.kill(pid)
        world.check()
        if number % CATCHES_UP == 0:  # or what is to be signed outgrows the time to live
            world.finish()
            world.check()
    if writer is not None:
        world.kill(writer)
    world.finish()
    world.check()
    assert len(world.notes) > kills / 5
    if long_tier:
        assert world.unpublished > 0, "no kill came between the note and its publishing"
    print(  # noqa: T201 - the figures of a long run, shown with -s
        f"\nkills {kills}, notes {len(world.notes)}, entries {world.log.size()}, "
        f"left unpublished {world.unpublished} times"
    )


@pytest.mark.destructive
@pytest.mark.timeout(300)
def test_two_checkpointers_at_once_with_one_folder_sign_one_log(on_postgresql: World) -> None:
    world = on_postgresql
    writer = world.append(10, "writer")
    for _ in range(3):
        pids = [world.sign(), world.sign()]
        time.sleep(4 * WORK_S)
        for pid in pids:
            world.kill(pid)
        world.check()
    world.kill(writer)
    world.finish()
    world.check()


@pytest.mark.destructive
@pytest.mark.timeout(300)
def test_two_checkpointers_at_once_with_copies_of_one_key_sign_one_log(
    on_postgresql: World, tmp_path: Path
) -> None:
    """No lock is shared but that of the database; the notes are still of one log."""
    world = on_postgresql
    writer = world.append(10, "writer")
    world.kill(_signs_something(world))
    copy = copy_of(world.keys, tmp_path / "copy")
    for _ in range(3):
        pids = [world.sign(), world.sign(keys=copy)]
        time.sleep(4 * WORK_S)
        for pid in pids:
            world.kill(pid)
        world.check_published()
    world.kill(writer)
    world.finish()
    world.check_published()


@pytest.mark.destructive
@pytest.mark.timeout(300)
def test_appends_go_on_while_a_long_log_is_signed(on_postgresql: World) -> None:
    world = on_postgresql
    writer = world.append(1_000, "backlog")
    time.sleep(8 * WORK_S)
    size = world.log.size()
    pid = world.sign()
    end = time.monotonic() + APPENDS_MAX_S
    while world.log.size() == size:
        assert time.monotonic() < end, "the writer waits for the checkpointer"
    time.sleep(WORK_S)
    world.kill(writer)
    world.kill(pid)
    world.finish()
    world.check()


def _signs_something(world: World) -> int:
    """Return the id of a checkpointer that has signed."""
    pid = world.sign()
    while world.checkpoints.newest() is None:
        time.sleep(0.01)
    return pid
