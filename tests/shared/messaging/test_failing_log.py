"""A log that its owner can't read, followed from another process."""

from pathlib import Path

import pytest

from tests.faults.chain.world import World, wait_until

HA_NAM = "doithoai.test/ha-nam/questions"


@pytest.mark.parametrize("has_broker", [False, True])
def test_a_log_that_its_owner_cannot_read_holds_no_effect_of_the_others_up(
    tmp_path: Path, request: pytest.FixtureRequest, *, has_broker: bool
) -> None:
    world = World(
        folder=tmp_path,
        # Two processes with a transport in memory each have no broker between them.
        broker=request.getfixturevalue("rabbitmq_vhost") if has_broker else "memory://",
        databases={name: f"sqlite:///{tmp_path / name}.db" for name in ("questions", "replies")},
        broken=HA_NAM,
    )
    try:
        world.start("questions")
        # Before its reader has a queue: what the broker has no place for is read as pages.
        assert world.ask("ha-nam", ["q0", "q1"])
        assert world.ask("ha-noi", [f"n{number}" for number in range(300)])
        world.start("replies")
        for number in range(300, 310):
            assert world.ask("ha-nam", [f"q{number}"])
            assert world.ask("ha-noi", [f"n{number}"])
        wait_until(
            lambda: world.effects("replies") == 310, 20, lambda: str(world.effects("replies"))
        )
        assert world.state("replies")["halted"] == []
        assert {origin for origin, _, _ in world.effects_of("replies")} == {
            "doithoai.test/ha-noi/questions"
        }
        assert world.output.count(f"can't read {HA_NAM} for now") == 1
    finally:
        world.close()
