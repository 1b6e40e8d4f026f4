"""Names of the test's own on the virtual host of the run: making a host takes seconds."""

import secrets
from collections.abc import Iterator

import amqp
import pytest

from shared.messaging.broker import connect, drop


@pytest.fixture
def owner() -> str:
    """Return the name of a service that no other test on the virtual host knows."""
    return f"questions-{secrets.token_hex(4)}"


@pytest.fixture
def channel(rabbitmq_url: str) -> Iterator[amqp.Channel]:
    """Yield a channel on the virtual host of this run."""
    connection = connect(rabbitmq_url)
    yield connection.channel()
    drop(connection)
