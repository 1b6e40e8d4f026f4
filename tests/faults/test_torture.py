"""Real processes on RabbitMQ and PostgreSQL, killed at random: nothing lost, nothing doubled.

The default is a smoke of half a minute; `--long` (as `make faults` says) goes on for
minutes, with as many kills as two cores allow.
"""

import random
import time

import pytest

from tests.faults.chain.record import PEERS
from tests.faults.chain.world import World
from tests.faults.clients import Clients
from tests.servers import PrivateBroker

SEED = 20_261_122
SETTLE_S = 60.0


def kill_at_random(world: World, kills: int, dice: random.Random) -> None:
    """Kill one service after the other, each at a moment of its own, and start it again."""
    running = {process.names[0]: process for process in world.processes if process.child.alive}
    for _ in range(kills):
        time.sleep(dice.uniform(0.1, 1.5))
        name = dice.choice(sorted(running))
        running[name].child.kill9()
        running[name] = world.start(name)


@pytest.mark.destructive
@pytest.mark.timeout(900)
def test_whatever_is_killed_nothing_is_lost_and_nothing_is_doubled(
    world: World, broker: PrivateBroker, *, long_tier: bool
) -> None:
    dice = random.Random(SEED)
    kills = 8 if long_tier else 1
    for name in PEERS:
        world.start(name)
    with Clients(world) as clients:
        for _ in range(3 if long_tier else 1):
            kill_at_random(world, kills, dice)
            broker.kill9()
            kill_at_random(world, kills, dice)
            broker.start()
            kill_at_random(world, kills, dice)
            broker.wipe()
            if long_tier:
                kill_at_random(world, kills, dice)
                broker.restart()
    assert clients.complaints == []
    assert len(clients.acknowledged) > 100
    settled_s = world.settle(len(clients.acknowledged), SETTLE_S)
    for process in world.processes:
        if process.child.alive:
            process.terminate()
    assert world.verdict(clients.acknowledged) == []
    print(  # noqa: T201 - the figures of a long run, shown with -s
        f"\nacknowledged {len(clients.acknowledged)}, kills {len(world.processes) - 2}, "
        f"slowest request {clients.slowest_s:.2f} s, settled after {settled_s:.2f} s"
    )
