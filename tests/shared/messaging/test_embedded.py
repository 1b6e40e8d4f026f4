"""The embedded default: one process, SQLite, kombu's in-memory transport."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.chain.services import POISON
from tests.faults.chain.world import World, wait_until

HA_NAM = "doithoai.test/ha-nam/questions"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(
        folder=tmp_path,
        broker="memory://",
        databases={name: f"sqlite:///{tmp_path / name}.db" for name in ("questions", "replies")},
        ticks=tmp_path / "ticks",
    )
    yield world
    world.close()


def test_everything_arrives_once_there_and_back_and_the_process_ends_in_order(
    world: World,
) -> None:
    process = world.start("questions", "replies")
    asked = [f"q{number}" for number in range(400)]
    for first in range(0, 400, 20):
        assert world.ask("ha-nam" if first % 40 else "ha-noi", asked[first : first + 20])
    world.settle(400, 20)
    assert process.terminate() < 5
    assert world.verdict(asked) == []


def test_what_was_under_way_at_the_end_is_applied_at_the_next_start(world: World) -> None:
    process = world.start("questions", "replies")
    asked = [f"q{number}" for number in range(600)]
    assert world.ask("ha-nam", asked)
    process.terminate()
    world.start("questions", "replies")
    world.settle(600, 20)
    assert world.verdict(asked) == []


def test_a_poison_entry_halts_its_log_and_no_word_of_its_error_is_logged(world: World) -> None:
    world.start("questions", "replies")
    assert world.ask("ha-nam", ["q0", POISON, "q1"])
    assert world.ask("ha-noi", ["q2", "q3"])
    wait_until(
        lambda: world.state("replies")["halted"] == [HA_NAM], 20, lambda: world.output[-2000:]
    )
    assert world.effects("replies") == 3
    assert "the log is HALTED" in world.output
    assert "Nguyễn" not in world.output


def test_a_job_runs_again_and_again_also_after_a_failure_that_is_logged_by_its_code(
    world: World,
) -> None:
    world.start("questions", "replies")
    ticks = world.ticks
    assert ticks is not None
    wait_until(
        lambda: ticks.exists() and len(ticks.read_text().splitlines()) >= 4,
        20,
        lambda: world.output[-2000:],
    )
    assert "job:replies.on_tick is tried again" in world.output
    assert "ValueError at services.py:" in world.output
    assert "Nguyễn" not in world.output
