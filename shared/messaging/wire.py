"""A wire: publishes messages to one exchange and says what became of each of them.

    wire = open_wire(settings.broker, AGENCY_FEED, stopping=lambda: False)
    outcomes = wire.send([Message(key=agency_key(...), body=..., message_id=...)])

The relay and the agencies' feeds publish through it: the first passes what no queue
wanted, the second holds it back for that agency alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from shared.messaging.broker import is_memory
from shared.messaging.naming import CONTENT_TYPE


class Outcome(Enum):
    """What became of a message."""

    CONFIRMED = "confirmed"
    """The broker is responsible for it."""
    RETURNED = "returned"
    """No queue wanted it."""
    REFUSED = "refused"
    """A queue would not take it: it is full, or it failed."""
    UNSENT = "unsent"
    """The broker did not answer; it may have it or not. The wire is of no use any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Bytes to be published as they are."""

    key: str
    body: bytes = field(repr=False)
    message_id: str
    headers: Mapping[str, Any] = field(default_factory=dict)
    content_type: str = CONTENT_TYPE
    mandatory: bool = True


class Wire(Protocol):
    """A way to one exchange of the broker."""

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """Publish in order, then wait for all answers; return one for each message.

        64 to 256 at a time are best. Waits as long as the broker says that it is blocked.
        Loses nothing by raising: a broken connection leaves UNSENT behind.
        """

    def attend(self) -> None:
        """Keep the connection alive while there is nothing to send; call it every second.

        Raises:
            Exception: any of `broker_errors()` when the connection is lost.

        """

    def close(self) -> None:
        """Let go of the broker."""


def open_wire(url: str, exchange: str, *, stopping: Callable[[], bool] = lambda: False) -> Wire:
    """Return a wire to the durable topic exchange called `exchange`, which is declared.

    A wire that waits gives up once `stopping()` is true.

    Raises:
        Exception: any of `broker_errors()` when the broker is away.

    """
    if is_memory(url):
        from shared.messaging.memory_wire import MemoryWire  # noqa: PLC0415 - the one in use

        return MemoryWire(url, exchange)
    from shared.messaging.amqp_wire import AmqpWire  # noqa: PLC0415 - as above

    return AmqpWire(url, exchange, stopping=stopping)
