"""Connecting to the broker, telling its failures, and letting go of it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from kombu.connection import Connection
from kombu.entity import Exchange

HEARTBEAT_S = 20
CONNECT_TIMEOUT_S = 3
_POLLING_S = 0.01
_BACK_OFF_S = (0.2, 0.3, 3.0)
"""First pause, what each next one adds, the longest."""


def is_memory(url: str) -> bool:
    """Whether this is kombu's in-process transport: no confirms, heartbeats, durability."""
    return url.startswith("memory:")


def connect(url: str, **callbacks: Any) -> Connection:
    """Return an open connection; raise at once when the broker is away.

    `callbacks` may be `on_blocked(reason)` and `on_unblocked()`.
    """
    if is_memory(url):
        return Connection(url, transport_options={"polling_interval": _POLLING_S})
    connection = Connection(
        url,
        heartbeat=HEARTBEAT_S,
        connect_timeout=CONNECT_TIMEOUT_S,
        transport_options=callbacks,
    )
    connection.connect()
    return connection


def topic(name: str) -> Exchange:
    """Return the durable topic exchange called `name`."""
    return Exchange(name, type="topic", durable=True)


def broker_errors() -> tuple[type[BaseException], ...]:
    """Return everything that means: drop this connection and make another."""
    amqp = Connection("amqp://")
    return (OSError, *amqp.connection_errors, *amqp.channel_errors)


def pauses_s() -> Iterator[float]:
    """Yield for ever how long to wait before each next attempt, in seconds."""
    pause, more, longest = _BACK_OFF_S
    while True:
        yield pause
        pause = min(pause + more, longest)


def drop(connection: Connection) -> None:
    """Let go without the closing handshake: under an alarm the broker never answers it."""
    with suppress(Exception):
        inner = connection.connection
        if hasattr(inner, "collect"):
            inner.collect()
        else:
            connection.close()
