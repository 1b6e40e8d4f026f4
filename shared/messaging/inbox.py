"""The inbox: one session with the broker, from which a follower takes batches of messages."""

import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from kombu.entity import Queue, binding
from kombu.messaging import Consumer

from shared.eventlog import Entry
from shared.kernel.errors import ContractError
from shared.messaging.broker import connect, drop, is_memory, topic
from shared.messaging.naming import INTERNAL_QUEUE, events_exchange, queue_name
from shared.projections.faults import code_of

_log = logging.getLogger(__name__)

BATCH_MAX_MESSAGES = 256
LINGER_S = 0.02
"""How long a batch is gathered after its first message. A pause between messages is no
limit: a steady trickle would fill every batch, and each message wait for the last."""
_GAP_S = 0.002
_ATTEND_S = 1.0


class Inbox:
    """Connection, queue and consumer; never outlives an error of the connection."""

    def __init__(self, url: str, *, consumer: str, owner: str) -> None:
        exchange = topic(events_exchange(owner))
        queue = Queue(
            queue_name(consumer),
            durable=True,
            # All of it: what is not delivered is a hole, and read from the owner.
            bindings=[binding(exchange, routing_key="#")],
            queue_arguments=dict(INTERNAL_QUEUE),
        )
        self._is_memory = is_memory(url)
        self._arrived: list[Any] = []
        self._attended = time.monotonic()
        self._connection = connect(url)
        try:
            self._consumer = Consumer(
                self._connection.channel(),
                [queue],
                on_message=self._arrived.append,
                prefetch_count=2 * BATCH_MAX_MESSAGES,
                accept=None,  # the bytes are read by us, never by kombu's serializers
            )
            self._consumer.consume()
        except BaseException:
            drop(self._connection)
            raise

    def take(self, patience_s: float) -> list[Any]:
        """Return the next messages: [] after `patience_s` without one.

        At most 256, and no later than 20 ms after the first.
        """
        with suppress(TimeoutError):
            if not self._arrived:
                self._connection.drain_events(timeout=patience_s)
            end = time.monotonic() + LINGER_S
            while len(self._arrived) < BATCH_MAX_MESSAGES and time.monotonic() < end:
                self._connection.drain_events(timeout=_GAP_S)
        self.attend()
        batch = self._arrived[:BATCH_MAX_MESSAGES]
        del self._arrived[:BATCH_MAX_MESSAGES]
        return batch

    def ack(self, messages: Sequence[Any]) -> None:
        """Acknowledge what `take` returned last, whatever became of it."""
        if self._is_memory:  # virtual transports ignore `multiple`, and would stall
            for message in messages:
                message.ack()
        elif messages:
            messages[-1].ack(multiple=True)

    def attend(self) -> None:
        """Keep the connection alive; raise when the broker has fallen silent."""
        if self._is_memory or time.monotonic() - self._attended < _ATTEND_S:
            return
        self._attended = time.monotonic()
        self._connection.heartbeat_check()

    def close(self) -> None:
        """Close politely, so that the acknowledgements are surely through."""
        try:
            self._consumer.cancel()
            self._connection.close()
        except Exception:  # noqa: BLE001 - then impolitely
            drop(self._connection)

    def drop(self) -> None:
        """Let go of a broken connection; what was not acknowledged comes again."""
        drop(self._connection)


def entries_in(messages: Sequence[Any], owner: str) -> list[Entry]:
    """Return the entries that `messages` carry.

    A message that is not as the relay of `owner` makes them is passed over: it was only a
    hint, and the log has the entry all the same.
    """
    entries = []
    for message in messages:
        try:
            entries.append(_entry_in(message, owner))
        except (ContractError, KeyError, TypeError, ValueError) as error:
            _log.error(
                "a message of %s that is no entry was passed over: %s", owner, code_of(error)
            )
    return entries


def _entry_in(message: Any, owner: str) -> Entry:
    body = message.body if isinstance(message.body, bytes) else bytes(message.body, "utf-8")
    headers = message.headers
    entry = Entry(str(headers["origin"]), int(headers["position"]), body)
    _deployment, _province, service = entry.origin.split("/")
    if service != owner or entry.position < 0 or entry.leaf.hex() != headers["leaf"]:
        raise ContractError("contract.invalid_message", service=owner)
    if entry.document.get("source") != entry.origin:
        raise ContractError("contract.invalid_message", service=owner)
    return entry
