"""The feeds over a real RabbitMQ, in a virtual host of the test's own."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from services.assignment import subscriptions
from services.assignment.commands import Command, IssueAssignment
from services.assignment.decider import DECIDER
from services.assignment.feed_relay import FeedRelay, queue_arguments
from services.assignment.reactions import stream_of
from services.assignment.subscriptions import Subscription
from services.assignment.tables import FOLLOW
from shared.eventlog import Ledger, Task, execute
from shared.kernel.clock import rfc3339, system_clock
from shared.kernel.ids import derived_id
from shared.messaging.broker import connect
from shared.messaging.naming import AGENCY_FEED
from shared.messaging.relay import WireLost
from shared.messaging.wire import Outcome, Wire, open_wire
from tests.servers import BrokerServer
from tests.services.assignment.matters import ISSUED

pytestmark = pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)

ONE, OTHER = "ubnd-ba-dinh", "tnmt-ba-dinh"
MAX_LENGTH = 3


@pytest.fixture(scope="module")
def broker(rabbitmq_server: BrokerServer) -> Iterator[str]:
    url = rabbitmq_server.create("feeds")
    yield url
    rabbitmq_server.drop(url)


@pytest.fixture
def channel(broker: str) -> Iterator[Any]:
    connection: Any = connect(broker)
    channel = connection.channel()
    yield channel
    for agency in (ONE, OTHER):
        channel.queue_delete(f"agency.ha-noi.{agency}.v1")
    connection.close()


@pytest.fixture
def wire(broker: str, channel: Any) -> Iterator[Wire]:
    opened = open_wire(broker, AGENCY_FEED)
    yield opened
    opened.close()


@pytest.fixture
def relay(ledger: Ledger, broker: str, channel: Any) -> FeedRelay:
    return FeedRelay(ledger, FOLLOW, broker, queue_max_length=MAX_LENGTH, retry_s=(0.01, 0.02))


def register(ledger: Ledger, *agencies: str, after: int | None = None) -> None:
    with ledger.store.write() as tx:
        for agency in agencies:
            subscriptions.register(
                tx.connection,
                province="ha-noi",
                agency=agency,
                at=rfc3339(system_clock()),
                after=after,
            )


def issue(ledger: Ledger, agency: str, count: int) -> None:
    with ledger.store.write() as tx:
        first = ledger.log("ha-noi").size()
        tasks: list[Task[Command]] = [
            Task(
                stream=stream_of(name),
                command=IssueAssignment(
                    terms=replace(
                        ISSUED,
                        assignment_id=name,
                        agency=agency,
                        opinion_ids=(),
                        opinions=0,
                        cooperating_agencies=(),
                    )
                ),
                command_id=derived_id("test", name),
                actor="test",
                at=system_clock(),
            )
            for name in (f"{agency}-{first + number}" for number in range(count))
        ]
        execute(ledger.log("ha-noi"), tx, DECIDER, tasks)


def state(ledger: Ledger, agency: str) -> Subscription:
    with ledger.store.read() as connection:
        found = subscriptions.of_province(connection, "ha-noi")
    return next(each for each in found if each.agency == agency)


def taken(channel: Any, agency: str) -> list[Any]:
    """Return what the agency's system takes from its queue now, acknowledged."""
    found = []
    while (message := channel.basic_get(f"agency.ha-noi.{agency}.v1", no_ack=True)) is not None:
        found.append(message)
    return found


def numbers(messages: list[Any]) -> list[int]:
    return [message.headers["feed_seq"] for message in messages]


def until(condition: Callable[[], bool], timeout_s: float = 15) -> None:
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.02)


def publish_until_held(relay: FeedRelay, wire: Wire, ledger: Ledger, agency: str) -> None:
    def is_held() -> bool:
        issue(ledger, agency, 2 * MAX_LENGTH)  # RabbitMQ notices with delay that it is full
        relay.turn(wire)
        return state(ledger, agency).held_code is not None

    until(is_held)


def publish_all(relay: FeedRelay, wire: Wire, ledger: Ledger, agency: str, last: int) -> None:
    def is_done() -> bool:
        relay.turn(wire)
        return state(ledger, agency).published_seq == last

    until(is_done)


def test_a_message_is_the_stored_entry_with_its_place_in_the_feed(
    ledger: Ledger, relay: FeedRelay, wire: Wire, channel: Any
) -> None:
    register(ledger, ONE)
    issue(ledger, ONE, 2)
    assert relay.turn(wire)
    messages = taken(channel, ONE)
    stored = ledger.log("ha-noi").read(-1)
    assert [message.body for message in messages] == [each.content for each in stored]
    assert numbers(messages) == [1, 2]
    first = messages[0]
    assert first.headers["origin"] == "test.local/ha-noi/assignment"
    assert first.headers["position"] == 0
    assert first.headers["leaf"] == stored[0].leaf.hex()
    assert first.delivery_info["routing_key"] == "ha-noi.ubnd-ba-dinh.AssignmentIssued"
    assert first.content_type == "application/cloudevents+json"
    assert first.properties["message_id"] == json.loads(first.body)["id"]
    assert first.properties["delivery_mode"] == 2


def test_nothing_goes_twice_and_nothing_to_who_is_not_registered(
    ledger: Ledger, relay: FeedRelay, wire: Wire, channel: Any
) -> None:
    register(ledger, ONE)
    issue(ledger, ONE, 1)
    issue(ledger, OTHER, 1)
    assert relay.turn(wire)
    assert not relay.turn(wire)
    assert numbers(taken(channel, ONE)) == [1]


def test_a_full_queue_holds_only_its_agency_which_goes_on_where_it_stood(
    ledger: Ledger, relay: FeedRelay, wire: Wire, channel: Any
) -> None:
    register(ledger, ONE, OTHER)
    publish_until_held(relay, wire, ledger, ONE)
    last = ledger.log("ha-noi").size()
    held = state(ledger, ONE)
    assert held.held_code == "feed.queue_full"
    assert 0 < held.published_seq < last

    issue(ledger, OTHER, 2)  # others go on
    publish_all(relay, wire, ledger, OTHER, last=2)
    assert numbers(taken(channel, OTHER)) == [1, 2]
    assert state(ledger, ONE).held_code == "feed.queue_full"

    seen: set[int] = set()

    def has_caught_up() -> bool:
        seen.update(numbers(taken(channel, ONE)))
        relay.turn(wire)
        return state(ledger, ONE).published_seq == last

    until(has_caught_up)
    seen.update(numbers(taken(channel, ONE)))
    assert seen == set(range(1, last + 1))
    assert state(ledger, ONE).held_code is None


def test_a_missing_queue_holds_only_its_agency_and_is_made_again(
    ledger: Ledger, relay: FeedRelay, wire: Wire, channel: Any
) -> None:
    register(ledger, ONE, OTHER)
    issue(ledger, ONE, 1)
    issue(ledger, OTHER, 1)
    assert relay.turn(wire)
    channel.queue_delete("agency.ha-noi.ubnd-ba-dinh.v1")
    issue(ledger, ONE, 1)
    issue(ledger, OTHER, 1)
    relay.turn(wire)
    held = state(ledger, ONE)
    assert (held.held_code, held.published_seq) == ("feed.queue_missing", 1)
    assert state(ledger, OTHER).published_seq == 2
    publish_all(relay, wire, ledger, ONE, last=2)
    assert numbers(taken(channel, ONE)) == [2]
    assert state(ledger, ONE).held_code is None


def test_a_queue_of_other_settings_holds_only_its_agency(
    ledger: Ledger, relay: FeedRelay, wire: Wire, channel: Any
) -> None:
    channel.queue_declare(
        queue="agency.ha-noi.ubnd-ba-dinh.v1",
        durable=True,
        auto_delete=False,
        arguments=dict(queue_arguments(MAX_LENGTH + 1)),
    )
    register(ledger, ONE, OTHER)
    issue(ledger, ONE, 1)
    issue(ledger, OTHER, 1)
    assert relay.turn(wire)
    assert state(ledger, ONE).held_code == "feed.queue_unfit"
    assert state(ledger, OTHER).published_seq == 1


class SilentFor:
    """A wire on which one agency's queue never answers, or nobody's does."""

    def __init__(self, inner: Wire, key: str) -> None:
        self._inner, self._key = inner, key

    def send(self, messages: Any) -> list[Outcome]:
        return [
            Outcome.UNSENT if self._key in message.key else self._inner.send([message])[0]
            for message in messages
        ]


def test_a_dead_queue_holds_only_its_agency(ledger: Ledger, relay: FeedRelay, wire: Wire) -> None:
    register(ledger, ONE, OTHER)
    issue(ledger, ONE, 1)
    issue(ledger, OTHER, 2)
    with pytest.raises(WireLost):
        relay.turn(SilentFor(wire, ONE))  # type: ignore[arg-type]
    assert state(ledger, ONE).held_code == "feed.queue_silent"
    assert state(ledger, OTHER).published_seq == 2


def test_a_silent_broker_holds_nobody(ledger: Ledger, relay: FeedRelay, wire: Wire) -> None:
    register(ledger, ONE, OTHER)
    issue(ledger, ONE, 1)
    issue(ledger, OTHER, 2)
    with pytest.raises(WireLost):
        relay.turn(SilentFor(wire, "ha-noi"))  # type: ignore[arg-type]
    assert state(ledger, ONE).held_code is None
    assert state(ledger, OTHER).published_seq == 0


def test_a_cursor_that_is_moved_back_sends_again(
    ledger: Ledger, relay: FeedRelay, wire: Wire, channel: Any
) -> None:
    register(ledger, ONE)
    issue(ledger, ONE, 2)
    relay.turn(wire)
    register(ledger, ONE, after=1)
    relay.turn(wire)
    assert numbers(taken(channel, ONE)) == [1, 2, 2]


def test_a_running_relay_publishes_what_is_appended(
    ledger: Ledger, relay: FeedRelay, channel: Any
) -> None:
    register(ledger, ONE)
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        issue(ledger, ONE, 1)
        until(lambda: state(ledger, ONE).published_seq == 1)
        issue(ledger, ONE, 1)
        until(lambda: state(ledger, ONE).published_seq == 2)
    finally:
        relay.stop()
        thread.join(10)
    assert not thread.is_alive()
    assert numbers(taken(channel, ONE)) == [1, 2]


def test_without_a_broker_the_feeds_wait(ledger: Ledger) -> None:
    register(ledger, ONE)
    issue(ledger, ONE, 1)
    relay = FeedRelay(ledger, FOLLOW, "memory://")
    thread = threading.Thread(target=relay.run)
    thread.start()
    relay.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert state(ledger, ONE).published_seq == 0
