"""One thing at a time is away, and everything else goes on."""

import time

import pytest

from tests.faults.chain.record import PEERS
from tests.faults.chain.world import World, wait_until
from tests.faults.clients import Clients
from tests.faults.conftest import StartWorld
from tests.servers import PrivateBroker, PrivatePostgres


def ready_in(broker: PrivateBroker, queue: str) -> int:
    listed = broker.ctl("--quiet", "list_queues", "name", "messages")
    counts = dict(line.split("\t") for line in listed.splitlines() if "\t" in line)
    return int(counts.get(queue, -1))


@pytest.mark.destructive
@pytest.mark.timeout(300)
def test_effects_go_on_while_the_broker_is_dead_and_after_it_comes_back_empty(
    world: World, broker: PrivateBroker
) -> None:
    for name in PEERS:
        world.start(name)
    assert world.ask("ha-nam", [f"a{number}" for number in range(50)])
    world.settle(50, 20)

    broker.stop()
    assert world.ask("ha-noi", [f"b{number}" for number in range(50)])
    without_broker_s = world.settle(100, 20)

    broker.start()
    broker.wipe()
    assert world.ask("ha-nam", [f"c{number}" for number in range(50)])
    world.settle(150, 20)
    # The queues are there again, and what comes now comes through them.
    wait_until(
        lambda: ready_in(broker, "replies.from-questions.v1") == 0,
        20,
        lambda: broker.ctl("--quiet", "list_queues", "name", "messages"),
    )
    assert world.ask("ha-nam", ["d0"])
    world.settle(151, 20)
    for process in world.processes:
        process.terminate()
    assert world.verdict([f"{part}{number}" for part in "abc" for number in range(50)]) == []
    print(f"\nboth hops without a broker: {without_broker_s:.2f} s")  # noqa: T201 - with -s


@pytest.mark.destructive
@pytest.mark.timeout(300)
def test_under_a_memory_alarm_effects_go_on_and_a_process_ends_when_told(
    world: World, broker: PrivateBroker
) -> None:
    for name in PEERS:
        world.start(name)
    assert world.ask("ha-nam", ["a0"])
    world.settle(1, 20)
    broker.ctl("--quiet", "set_vm_memory_high_watermark", "0.000001")
    began = time.monotonic()
    assert world.ask("ha-nam", [f"b{number}" for number in range(100)])
    world.settle(101, 30)
    during_s = time.monotonic() - began
    ends_s = [process.terminate() for process in world.processes]
    for name in PEERS:
        world.start(name)
    assert world.ask("ha-noi", ["c0"])
    world.settle(102, 30)
    broker.ctl("--quiet", "set_vm_memory_high_watermark", "0.6")
    assert world.ask("ha-noi", ["c1"])
    world.settle(103, 30)
    assert world.verdict(["a0", "c0", "c1"]) == []
    assert max(ends_s) < 10
    print(f"\nunder alarm: both hops {during_s:.2f} s, ends {ends_s}")  # noqa: T201 - with -s


@pytest.mark.destructive
@pytest.mark.timeout(300)
def test_a_polite_end_loses_no_acknowledgement(world: World, broker: PrivateBroker) -> None:
    world.start("questions")
    replies = world.start("replies")
    for part in range(20):
        assert world.ask("ha-nam", [f"{part}-{number}" for number in range(100)])
    wait_until(lambda: world.effects("replies") > 0, 20, lambda: "no effect")
    replies.terminate()
    queue = "replies.from-questions.v1"
    applied = {"count": 0}

    def is_exact() -> bool:
        """Whether the queue holds just what was not applied, once all is published."""
        applied["count"] = len(world.effects_of("replies"))
        return ready_in(broker, queue) == 2000 - applied["count"]

    wait_until(is_exact, 20, lambda: f"{applied} {ready_in(broker, queue)}")
    world.start("replies")
    world.settle(2000, 30)
    assert world.verdict([]) == []


@pytest.mark.destructive
@pytest.mark.timeout(300)
def test_of_two_processes_of_a_service_either_may_die(world: World) -> None:
    first = world.start("questions")
    world.start("replies")
    spare = world.start("replies", serves=False)
    with Clients(world, count=2) as clients:
        time.sleep(1)
        world.processes[1].child.kill9()
        third = world.start("replies")
        time.sleep(1)
        spare.child.kill9()
        time.sleep(1)
    world.settle(len(clients.acknowledged), 30)
    third.terminate()
    first.terminate()
    assert world.verdict(clients.acknowledged) == []


@pytest.mark.destructive
@pytest.mark.timeout(300)
def test_a_database_that_crashes_costs_time_only(
    start_world: StartWorld, private_postgres: PrivatePostgres
) -> None:
    world = start_world(private_postgres.server.create)
    for name in PEERS:
        world.start(name)
    with Clients(world, count=2) as clients:
        time.sleep(1)
        private_postgres.kill9()
        time.sleep(1)
        private_postgres.start()
        time.sleep(2)
    assert clients.complaints == []
    world.settle(len(clients.acknowledged), 30)
    for process in world.processes:
        process.terminate()
    assert world.verdict(clients.acknowledged) == []
