"""The chain on a broker that these tests may kill and wipe, and on PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from shared.messaging.broker import broker_errors, connect, drop
from shared.messaging.naming import consumer_name, queue_name
from tests.faults.chain.record import PEERS
from tests.faults.chain.world import World
from tests.servers import PrivateBroker


@pytest.fixture(scope="session")
def broker() -> Iterator[PrivateBroker]:
    """Yield a broker of these tests alone; each leaves it running and without queues."""
    with PrivateBroker() as broker:
        yield broker


@pytest.fixture
def world(
    tmp_path: Path, broker: PrivateBroker, postgresql_database: Callable[[str], str]
) -> Iterator[World]:
    """Yield the chain, every service in its own process."""
    world = World(
        folder=tmp_path,
        broker=broker.url,
        databases={name: postgresql_database(name) for name in PEERS},
    )
    yield world
    world.close()
    with suppress(*broker_errors()):
        connection = connect(broker.url)
        for name, peer in PEERS.items():
            connection.channel().queue_delete(queue_name(consumer_name(name, peer)))
        drop(connection)
