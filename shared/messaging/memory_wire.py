"""The wire within one process: what is put is there, until the process ends."""

from collections.abc import Sequence

from kombu.messaging import Producer

from shared.messaging.broker import connect, drop, topic
from shared.messaging.wire import Message, Outcome


class MemoryWire:
    """kombu's in-memory transport as a `Wire`."""

    def __init__(self, url: str, exchange: str) -> None:
        self._exchange = topic(exchange)
        self._connection = connect(url)
        self._channel = self._connection.channel()
        self._producer = Producer(self._channel, exchange=self._exchange)
        self._exchange(self._channel).declare()

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """See `Wire.send`."""
        return [self._publish(message) for message in messages]

    def _publish(self, message: Message) -> Outcome:
        # The transport has no `mandatory`, and nobody else to ask: look at the bindings.
        if not self._channel.typeof(self._exchange.name).lookup(
            self._channel.get_table(self._exchange.name), self._exchange.name, message.key, None
        ):
            return Outcome.RETURNED if message.mandatory else Outcome.CONFIRMED
        self._producer.publish(
            message.body,
            routing_key=message.key,
            content_type=message.content_type,
            content_encoding="binary",
            headers=dict(message.headers),
            message_id=message.message_id,
        )
        return Outcome.CONFIRMED

    def attend(self) -> None:
        """See `Wire.attend`."""

    def close(self) -> None:
        """See `Wire.close`."""
        drop(self._connection)
