"""The inbox on a real broker, fed by the relay's own messages."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import amqp
import pytest

from shared.eventlog import Entry
from shared.messaging.amqp_wire import AmqpWire
from shared.messaging.inbox import BATCH_MAX_MESSAGES, Inbox, entries_in
from shared.messaging.naming import (
    INTERNAL_QUEUE,
    events_exchange,
    queue_name,
)
from shared.messaging.relay import message_of
from shared.messaging.wire import Message, Outcome
from shared.projections.cursors import consumer_name
from tests.faults.chain.record import ChainRuntime, ask, open_service
from tests.faults.chain.world import wait_until


@pytest.fixture
def questions(tmp_path: Path, owner: str) -> Iterator[ChainRuntime]:
    runtime = open_service(owner, f"sqlite:///{tmp_path / 'questions'}.db")
    yield runtime
    runtime.store.close()


@pytest.fixture
def queue(owner: str) -> str:
    return queue_name(consumer_name("replies", owner))


@pytest.fixture
def waiting(channel: amqp.Channel, queue: str) -> Callable[[], int]:
    """Return a function that counts the messages ready in the queue."""

    def count() -> int:
        declared: Any = channel.queue_declare(queue, passive=True)
        return int(declared.message_count)

    return count


@pytest.fixture
def wire(rabbitmq_url: str, owner: str) -> Iterator[AmqpWire]:
    wire = AmqpWire(rabbitmq_url, events_exchange(owner))
    yield wire
    wire.close()


@pytest.fixture
def inbox(rabbitmq_url: str, owner: str) -> Iterator[Inbox]:
    inbox = open_inbox(rabbitmq_url, owner)
    yield inbox
    inbox.close()


def open_inbox(url: str, owner: str) -> Inbox:
    return Inbox(url, consumer=consumer_name("replies", owner), owner=owner)


def publish(questions: ChainRuntime, wire: AmqpWire, count: int) -> list[Message]:
    ask(questions, "ha-nam", [f"q{number}" for number in range(count)])
    messages = [message_of(entry) for entry in questions.ledger.log("ha-nam").read(-1)]
    assert set(wire.send(messages)) == {Outcome.CONFIRMED}
    return messages


def test_the_queue_is_a_bounded_quorum_queue_that_drops_its_head(
    inbox: Inbox, channel: amqp.Channel, queue: str
) -> None:
    arguments = dict(INTERNAL_QUEUE)
    assert arguments["x-queue-type"] == "quorum"
    assert arguments["x-overflow"] == "drop-head"
    assert arguments["x-single-active-consumer"] is True
    # Declaring it once more succeeds with equal arguments only.
    channel.queue_declare(queue, durable=True, auto_delete=False, arguments=arguments)
    with pytest.raises(amqp.PreconditionFailed):
        channel.queue_declare(
            queue,
            durable=True,
            auto_delete=False,
            arguments={**arguments, "x-overflow": "reject-publish"},
        )


def test_batches_are_bounded_and_carry_the_entries_as_stored(
    inbox: Inbox,
    questions: ChainRuntime,
    wire: AmqpWire,
    waiting: Callable[[], int],
    owner: str,
) -> None:
    publish(questions, wire, 300)
    found: list[Entry] = []
    sizes: list[int] = []
    while len(found) < 300:
        batch = inbox.take(5)
        assert batch
        sizes.append(len(batch))
        found += entries_in(batch, owner)
        inbox.ack(batch)
    assert max(sizes) <= BATCH_MAX_MESSAGES
    stored = questions.ledger.log("ha-nam").read(-1)
    assert [(entry.origin, entry.position, entry.content) for entry in found] == [
        (entry.origin, entry.position, entry.content) for entry in stored
    ]
    wait_until(lambda: waiting() == 0, 5, lambda: "not acknowledged")


def test_a_lone_message_does_not_wait_for_a_full_batch(
    inbox: Inbox, questions: ChainRuntime, wire: AmqpWire
) -> None:
    publish(questions, wire, 1)
    began = time.monotonic()
    assert len(inbox.take(5)) == 1
    assert time.monotonic() - began < 0.5


def test_what_was_not_acknowledged_comes_again(
    rabbitmq_url: str, questions: ChainRuntime, wire: AmqpWire, owner: str
) -> None:
    first = open_inbox(rabbitmq_url, owner)
    publish(questions, wire, 3)
    taken = first.take(5)
    first.drop()
    second = open_inbox(rabbitmq_url, owner)
    again = entries_in(second.take(5), owner)
    second.close()
    assert [entry.position for entry in again][: len(taken)] == list(range(len(taken)))


def test_a_message_that_is_no_entry_is_passed_over_and_nothing_of_it_is_logged(
    inbox: Inbox,
    questions: ChainRuntime,
    wire: AmqpWire,
    caplog: pytest.LogCaptureFixture,
    owner: str,
) -> None:
    (good,) = publish(questions, wire, 1)
    body = b"Nguyen Van A"
    headers = dict(good.headers)
    bad = [
        Message(key="a.b", body=body, message_id="1"),
        Message(key="a.b", body=body, message_id="2", headers=headers),
        Message(key="a.b", body=good.body, message_id="3", headers={**headers, "position": -1}),
        Message(key="a.b", body=good.body, message_id="4", headers={**headers, "position": "x"}),
        Message(
            key="a.b",
            body=good.body,
            message_id="5",
            headers={**headers, "origin": "doithoai.test/ha-nam/replies"},
        ),
        Message(
            key="a.b",
            body=good.body,
            message_id="6",
            headers={**headers, "origin": f"doithoai.test/ha-noi/{owner}"},
        ),
    ]
    assert set(wire.send(bad)) == {Outcome.CONFIRMED}
    taken: list[Any] = []
    while len(taken) < 7:
        taken += inbox.take(5)
    assert [entry.position for entry in entries_in(taken, owner)] == [0]
    assert caplog.text.count("was passed over") == 6
    assert "Nguyen" not in caplog.text


def test_a_queue_that_is_deleted_ends_the_session(
    inbox: Inbox, channel: amqp.Channel, rabbitmq_url: str, owner: str, queue: str
) -> None:
    inbox.take(0.1)
    channel.queue_delete(queue)
    with pytest.raises((amqp.ConsumerCancelled, amqp.RecoverableChannelError)):
        inbox.take(5)
    open_inbox(rabbitmq_url, owner).close()  # declares it again
