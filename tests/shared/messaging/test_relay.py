"""The relay against a wire that answers as the test says."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from shared.messaging.relay import Relay, message_of
from shared.messaging.wire import Message, Outcome
from shared.projections import entries_unpublished
from tests.faults.chain.record import PROVINCES, ChainRuntime, ask, open_service
from tests.faults.chain.world import wait_until

HA_NAM = "doithoai.test/ha-nam/questions"
HA_NOI = "doithoai.test/ha-noi/questions"


class ScriptedWire:
    """Takes everything, but for the outcomes it was given, each used once."""

    def __init__(self, script: dict[tuple[str, int], Outcome]) -> None:
        self.script = script
        self.sent: list[tuple[str, int]] = []
        self.batches: list[int] = []
        self.closed = 0

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        places = [(each.headers["origin"], each.headers["position"]) for each in messages]
        self.sent += places
        self.batches.append(len(places))
        return [self.script.pop(place, Outcome.CONFIRMED) for place in places]

    def attend(self) -> None:
        """There is no connection."""

    def close(self) -> None:
        self.closed += 1

    def itself(self) -> "ScriptedWire":
        return self


@pytest.fixture
def questions(tmp_path: Path) -> Iterator[ChainRuntime]:
    runtime = open_service("questions", f"sqlite:///{tmp_path / 'questions'}.db")
    yield runtime
    runtime.store.close()


def unpublished(questions: ChainRuntime) -> dict[str, int]:
    definition = questions.definition
    return entries_unpublished(questions.store, definition.log, definition.follow)


def relayed(questions: ChainRuntime, wire: ScriptedWire) -> Relay:
    """Return a relay that has published everything and ended."""
    relay = Relay(questions.ledger, questions.definition.follow, lambda: wire)
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        wait_until(
            lambda: set(unpublished(questions).values()) == {0}, 10, lambda: str(wire.sent[-5:])
        )
    finally:
        relay.stop()
        thread.join(10)
    assert not thread.is_alive()
    return relay


def fill(questions: ChainRuntime, count: int) -> None:
    for province in PROVINCES:
        ask(questions, province, [f"{province}-{number}" for number in range(count)])


def test_a_message_carries_the_stored_bytes_and_where_they_lie(questions: ChainRuntime) -> None:
    ask(questions, "ha-nam", ["q0"])
    (entry,) = questions.ledger.log("ha-nam").read(-1)
    message = message_of(entry)
    assert message.body == entry.content
    assert message.key == "ha-nam.OpinionAccepted"
    assert message.message_id == entry.document["id"]
    assert message.headers == {"origin": HA_NAM, "position": 0, "leaf": entry.leaf.hex()}
    assert message.content_type == "application/cloudevents+json"


def test_every_log_is_published_in_order_in_batches_of_at_most_256(
    questions: ChainRuntime,
) -> None:
    fill(questions, 300)
    wire = ScriptedWire({})
    relay = relayed(questions, wire)
    for origin in (HA_NAM, HA_NOI):
        assert [place for where, place in wire.sent if where == origin] == list(range(300))
    assert max(wire.batches) == 256
    assert relay.tally.published == 600


def test_what_no_queue_wanted_is_counted_and_passed(questions: ChainRuntime) -> None:
    fill(questions, 4)
    wire = ScriptedWire({(HA_NAM, 1): Outcome.RETURNED, (HA_NOI, 3): Outcome.RETURNED})
    relay = relayed(questions, wire)
    assert (relay.tally.published, relay.tally.unroutable) == (6, 2)
    assert len(wire.sent) == 8


def test_a_refused_message_holds_its_own_log_until_it_is_taken(
    questions: ChainRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.messaging.relay.HOLD_S", 0.1)
    fill(questions, 4)
    wire = ScriptedWire({(HA_NAM, 1): Outcome.REFUSED})
    relay = relayed(questions, wire)
    assert [place for where, place in wire.sent if where == HA_NAM] == [0, 1, 2, 3, 1, 2, 3]
    assert [place for where, place in wire.sent if where == HA_NOI] == [0, 1, 2, 3]
    assert relay.tally.refused == 1
    assert wire.closed == 1


def test_the_cursor_moves_over_the_contiguous_prefix_when_the_broker_falls_silent(
    questions: ChainRuntime,
) -> None:
    fill(questions, 4)
    wire = ScriptedWire({(HA_NAM, 2): Outcome.UNSENT, (HA_NOI, 0): Outcome.UNSENT})
    relay = relayed(questions, wire)
    assert [place for where, place in wire.sent if where == HA_NAM] == [0, 1, 2, 3, 2, 3]
    assert [place for where, place in wire.sent if where == HA_NOI] == [0, 1, 2, 3, 0, 1, 2, 3]
    assert relay.tally.connections == 2


def test_a_relay_without_the_lease_publishes_nothing(questions: ChainRuntime) -> None:
    fill(questions, 2)
    wires = [ScriptedWire({}), ScriptedWire({})]
    follow = questions.definition.follow
    relays = [Relay(questions.ledger, follow, wire.itself) for wire in wires]
    threads = [threading.Thread(target=relay.run) for relay in relays]
    for thread in threads:
        thread.start()
    wait_until(lambda: set(unpublished(questions).values()) == {0}, 10, lambda: "not published")
    for relay in relays:
        relay.stop()
    for thread in threads:
        thread.join(10)
    assert sorted(len(wire.sent) for wire in wires) == [0, 4]


def test_an_append_wakes_the_relay(questions: ChainRuntime) -> None:
    wire = ScriptedWire({})
    relay = Relay(questions.ledger, questions.definition.follow, lambda: wire)
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        ask(questions, "ha-nam", ["q0"])
        wait_until(lambda: wire.sent == [(HA_NAM, 0)], 5, lambda: "not published")
    finally:
        relay.stop()
        thread.join(10)
