"""Listening to everything that goes over a broker, as a spy would."""

from collections.abc import Iterator
from typing import Any

from shared.messaging.broker import connect, drop, topic
from shared.messaging.naming import AGENCY_FEED, events_exchange
from shared.settings import SERVICES

SPY = "spy"


def listen(url: str) -> None:
    """Have a copy of every message of every exchange kept in a queue of our own."""
    connection: Any = connect(url)
    channel = connection.channel()
    channel.queue_declare(SPY, durable=True, auto_delete=False)
    for name in (*map(events_exchange, SERVICES), AGENCY_FEED):
        exchange: Any = topic(name)
        exchange(channel).declare()
        channel.queue_bind(SPY, name, "#")
    drop(connection)


def overheard(url: str) -> Iterator[bytes]:
    """Yield what was kept, a message's body with its headers and properties each."""
    connection: Any = connect(url)
    channel = connection.channel()
    while (message := channel.basic_get(SPY, no_ack=True)) is not None:
        body = message.body if isinstance(message.body, bytes) else message.body.encode()
        yield body + repr((message.headers, message.properties, message.delivery_info)).encode()
    drop(connection)
