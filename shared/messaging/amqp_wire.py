"""The wire to RabbitMQ, with pipelined confirms: publish many, then wait once for all answers.

kombu and py-amqp wait a round trip for each message, five times slower. The answers are
ordinary events of the channel, so we listen to them instead.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from shared.messaging.broker import broker_errors, connect, drop, topic
from shared.messaging.wire import Message, Outcome
from shared.projections.faults import code_of

_log = logging.getLogger(__name__)

_TURN_S = 0.5
"""How long one wait lasts before the loop looks whether it should stop."""


class AmqpWire:
    """One connection with one confirming channel to one exchange, as a `Wire`."""

    def __init__(
        self,
        url: str,
        exchange: str,
        *,
        stopping: Callable[[], bool] = lambda: False,
        patience_s: float = 5.0,
    ) -> None:
        self._exchange = exchange
        self._stopping = stopping
        self._patience_s = patience_s
        self._lost = broker_errors()
        self._blocked = False
        self._published = 0  # delivery tags count from 1 in each channel
        self._open: dict[int, int] = {}
        """Delivery tag → index of the message; in publishing order."""
        self._messages: Sequence[Message] = ()
        self._outcomes: list[Outcome] = []
        self._connection = connect(
            url, on_blocked=self._on_blocked, on_unblocked=self._on_unblocked
        )
        try:
            self._channel = self._connection.channel()
            topic(exchange)(self._channel).declare()
            self._channel.confirm_select()
        except BaseException:
            drop(self._connection)
            raise
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """See `Wire.send`. Gives up when the broker is silent for `patience_s`."""
        self._messages = messages
        self._outcomes = [Outcome.UNSENT] * len(messages)
        self._open.clear()
        try:
            self._wait_while_blocked()
            for index, message in enumerate(messages):
                if self._blocked:
                    break
                self._publish(index, message)
            self._await_answers()
        except self._lost as error:
            _log.warning("the broker was lost while publishing: %s", code_of(error))
        return self._outcomes

    def _publish(self, index: int, message: Message) -> None:
        prepared = self._channel.prepare_message(
            message.body,
            content_type=message.content_type,
            headers=dict(message.headers),
            properties={"delivery_mode": 2, "message_id": message.message_id},
        )
        # Publishing reads the socket too: the answer may come before it returns.
        self._published += 1
        self._open[self._published] = index
        # The method that does not wait; `basic_publish` is replaced by one that does.
        self._channel._basic_publish(  # noqa: SLF001
            prepared,
            self._exchange,
            message.key,
            mandatory=message.mandatory,
            timeout=self._patience_s,
        )

    def _await_answers(self) -> None:
        deadline = time.monotonic() + self._patience_s
        while self._open:
            try:
                self._connection.drain_events(timeout=_TURN_S)
            except TimeoutError:
                self._connection.heartbeat_check()
                if self._blocked:
                    deadline = time.monotonic() + self._patience_s
            else:
                deadline = time.monotonic() + self._patience_s
            if time.monotonic() > deadline or (self._blocked and self._stopping()):
                return

    def _wait_while_blocked(self) -> None:
        while self._blocked and not self._stopping():
            with suppress(TimeoutError):
                self._connection.drain_events(timeout=_TURN_S)
            self._connection.heartbeat_check()

    def _on_ack(self, tag: int, multiple: bool) -> None:  # noqa: FBT001 - py-amqp calls it
        for index in self._settled(tag, multiple=multiple):
            # A message that no queue wanted is returned first and then confirmed.
            if self._outcomes[index] is not Outcome.RETURNED:
                self._outcomes[index] = Outcome.CONFIRMED

    def _on_nack(self, tag: int, multiple: bool) -> None:  # noqa: FBT001 - as above
        for index in self._settled(tag, multiple=multiple):
            self._outcomes[index] = Outcome.REFUSED

    def _settled(self, tag: int, *, multiple: bool) -> list[int]:
        if not multiple:
            return [self._open.pop(tag)] if tag in self._open else []
        return [self._open.pop(each) for each in list(self._open) if each <= tag]

    def _on_return(self, _error: Any, _exchange: str, key: str, returned: Any) -> None:
        """Note which message came back: it bears no tag, but its id and its key."""
        identity = (returned.properties.get("message_id"), key)
        for index in self._open.values():
            message = self._messages[index]
            if (message.message_id, message.key) == identity:
                self._outcomes[index] = Outcome.RETURNED

    def _on_blocked(self, _reason: str) -> None:
        _log.warning("the broker takes no messages for now")
        self._blocked = True

    def _on_unblocked(self) -> None:
        _log.warning("the broker takes messages again")
        self._blocked = False

    def attend(self) -> None:
        """See `Wire.attend`."""
        with suppress(TimeoutError):
            self._connection.drain_events(timeout=0.001)
        self._connection.heartbeat_check()

    def close(self) -> None:
        """See `Wire.close`."""
        drop(self._connection)
