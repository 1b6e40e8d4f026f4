"""The chain on a broker that these tests may kill and wipe, and on PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from shared.messaging.broker import broker_errors, connect, drop
from shared.messaging.naming import queue_name
from shared.projections.cursors import consumer_name
from tests.faults.chain.record import PEERS
from tests.faults.chain.world import World
from tests.servers import PrivateBroker

StartWorld = Callable[[Callable[[str], str]], World]


@pytest.fixture(scope="session")
def broker() -> Iterator[PrivateBroker]:
    """Yield a broker of these tests alone; each leaves it running and without queues."""
    with PrivateBroker() as broker:
        yield broker


@pytest.fixture
def start_world(tmp_path: Path, broker: PrivateBroker) -> Iterator[StartWorld]:
    """Yield a function that prepares the chain on given databases."""
    worlds: list[World] = []

    def start(database: Callable[[str], str]) -> World:
        databases = {name: database(name) for name in PEERS}
        worlds.append(World(folder=tmp_path, broker=broker.url, databases=databases))
        return worlds[-1]

    yield start
    for world in worlds:
        world.close()
    with suppress(*broker_errors()):
        connection = connect(broker.url)
        for name, peer in PEERS.items():
            connection.channel().queue_delete(queue_name(consumer_name(name, peer)))
        drop(connection)


@pytest.fixture
def world(start_world: StartWorld, postgresql_database: Callable[[str], str]) -> World:
    """Return the chain, every service in its own process."""
    return start_world(postgresql_database)
