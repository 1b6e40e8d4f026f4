"""The AMQP wire on a real broker: what becomes of each message is known."""

from collections.abc import Iterator, Sequence

import amqp
import pytest

from shared.messaging.amqp_wire import AmqpWire
from shared.messaging.broker import connect, drop
from shared.messaging.naming import AGENCY_FEED, agency_key, events_exchange
from shared.messaging.wire import Message, Outcome, Wire, open_wire
from tests.faults.chain.world import wait_until


@pytest.fixture
def exchange(owner: str) -> str:
    return events_exchange(owner)


@pytest.fixture
def wire(rabbitmq_url: str, exchange: str) -> Iterator[AmqpWire]:
    wire = AmqpWire(rabbitmq_url, exchange)
    yield wire
    wire.close()


def message(number: int, key: str = "ha-nam.OpinionAccepted") -> Message:
    return Message(key=key, body=b"%d" % number, message_id=f"m{number}")


def declare(
    channel: amqp.Channel, queue: str, exchange: str, key: str, **arguments: object
) -> None:
    """Declare a quorum queue with `x-<name>` arguments, and bind it."""
    named = {f"x-{name.replace('_', '-')}": value for name, value in arguments.items()}
    channel.queue_declare(
        queue,
        durable=True,
        auto_delete=False,
        arguments={"x-queue-type": "quorum", **named},
    )
    channel.queue_bind(queue, exchange, key)


def drained(channel: amqp.Channel, queue: str, count: int) -> list[amqp.Message]:
    found: list[amqp.Message] = []
    channel.basic_consume(queue, callback=found.append, no_ack=True)
    while len(found) < count:
        channel.connection.drain_events(timeout=5)
    return found


def test_a_batch_is_confirmed_and_arrives_in_order_as_it_was(
    wire: AmqpWire, channel: amqp.Channel, exchange: str
) -> None:
    declare(channel, f"all.{exchange}", exchange, "#")
    outcomes = wire.send([message(number) for number in range(256)])
    assert outcomes == [Outcome.CONFIRMED] * 256
    found = drained(channel, f"all.{exchange}", 256)
    assert [bytes(each.body) for each in found] == [b"%d" % number for number in range(256)]
    assert found[0].properties["delivery_mode"] == 2
    assert found[0].properties["content_type"] == "application/cloudevents+json"
    assert found[0].properties["message_id"] == "m0"


def test_what_no_queue_wants_comes_back_and_the_rest_is_confirmed(
    wire: AmqpWire, channel: amqp.Channel, exchange: str
) -> None:
    declare(channel, f"nam.{exchange}", exchange, "ha-nam.#")
    batch = [message(number, "ha-noi.X" if number % 3 else "ha-nam.X") for number in range(30)]
    assert wire.send(batch) == [
        Outcome.RETURNED if number % 3 else Outcome.CONFIRMED for number in range(30)
    ]


def test_what_need_not_be_routed_is_confirmed(wire: AmqpWire) -> None:
    lone = Message(key="a.b", body=b"1", message_id="m1", mandatory=False)
    assert wire.send([lone]) == [Outcome.CONFIRMED]


def test_a_full_queue_that_rejects_is_told_for_each_message(
    wire: AmqpWire, channel: amqp.Channel, exchange: str
) -> None:
    declare(channel, f"small.{exchange}", exchange, "#", max_length=5, overflow="reject-publish")
    first = wire.send([message(number) for number in range(5)])
    assert first == [Outcome.CONFIRMED] * 5
    # A quorum queue notices a little late that it is full.
    wait_until(lambda: wire.send([message(9)]) == [Outcome.REFUSED], 10, lambda: "never refused")


def test_an_exchange_that_is_deleted_leaves_unsent_behind_and_a_new_wire_declares_it(
    wire: AmqpWire, channel: amqp.Channel, rabbitmq_url: str, exchange: str
) -> None:
    assert wire.send([message(1)]) == [Outcome.RETURNED]
    channel.exchange_delete(exchange)
    assert wire.send([message(2)]) == [Outcome.UNSENT]
    again = AmqpWire(rabbitmq_url, exchange)
    assert again.send([message(2)]) == [Outcome.RETURNED]
    again.close()


class FeedWire:
    """How a service publishes its agencies' feeds: one wire, a cursor for each agency."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.published: dict[str, int] = {}

    def publish(self, pages: dict[str, Sequence[tuple[int, str]]]) -> None:
        """Publish `(feed_seq, event type)` of each agency, and move each one's cursor.

        What was returned (no queue) or refused (it is full) holds that agency alone.
        """
        batch = [
            (agency, feed_seq, self._message(agency, feed_seq, kind))
            for agency, page in pages.items()
            for feed_seq, kind in page
        ]
        outcomes = self._wire.send([message for _, _, message in batch])
        held = set()
        for (agency, feed_seq, _), outcome in zip(batch, outcomes, strict=True):
            if outcome is not Outcome.CONFIRMED:
                held.add(agency)
            elif agency not in held:
                self.published[agency] = feed_seq

    def _message(self, agency: str, feed_seq: int, kind: str) -> Message:
        return Message(
            key=agency_key("ha-nam", agency, kind),
            body=b"{}",
            message_id=f"{agency}-{feed_seq}",
            headers={"feed_seq": feed_seq},
        )


def test_an_agency_without_a_queue_or_with_a_full_one_holds_only_itself(
    rabbitmq_vhost: str,
) -> None:
    wire = open_wire(rabbitmq_vhost, AGENCY_FEED)
    feed = FeedWire(wire)
    connection = connect(rabbitmq_vhost)
    channel = connection.channel()
    declare(channel, "feed.ok", AGENCY_FEED, "ha-nam.so-y-te.#")
    full = {"max_length": 2, "overflow": "reject-publish"}
    declare(channel, "feed.full", AGENCY_FEED, "ha-nam.so-xay-dung.#", **full)
    kind = "AssignmentIssued"
    page = [(feed_seq, kind) for feed_seq in range(3)]
    feed.publish({"so-y-te": page, "so-xay-dung": page[:2], "so-giao-duc": page})
    assert feed.published == {"so-y-te": 2, "so-xay-dung": 1}

    for feed_seq in range(2, 40):  # a quorum queue notices a little late that it is full
        feed.publish({"so-y-te": [(feed_seq + 1, kind)], "so-xay-dung": [(feed_seq, kind)]})

    assert feed.published["so-y-te"] == 40
    assert feed.published["so-xay-dung"] < 39
    found = drained(channel, "feed.ok", 41)
    assert [each.headers["feed_seq"] for each in found] == list(range(41))
    wire.close()
    drop(connection)
