"""The webhooks over real sockets, on each kind of database."""

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

import jsonschema
import pytest
import sqlalchemy as sa

from services.assignment import feed, webhook_dispatch, webhooks
from services.assignment.feed_contract import asyncapi
from services.assignment.tables import FOLLOW, VAULT, feed_webhook
from services.assignment.webhook_dispatch import DELIVERIES_MAX, RETRIES_MAX, WebhookDispatch
from services.assignment.webhook_post import post
from services.assignment.webhook_signature import secret_text
from shared.eventlog import Ledger
from shared.kernel.clock import system_clock
from tests.servers.child import free_port
from tests.services.assignment.hooks import (
    LOOPBACK,
    dispatch_of,
    register,
    resume,
    rotate,
    running,
    state,
    vault,
)
from tests.services.assignment.receiver import Received, Receiver, receiving
from tests.services.assignment.test_feed_relay import issue, until
from tests.services.assignment.test_webhook_signature import CHECK

ONE, OTHER = "ubnd-ba-dinh", "tnmt-ba-dinh"
on_sqlite = pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


@pytest.fixture
def other() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


def has(ledger: Ledger, agency: str, delivered_seq: int) -> Callable[[], bool]:
    return lambda: state(ledger, agency).delivered_seq == delivered_seq


def is_held(ledger: Ledger, agency: str, code: str) -> Callable[[], bool]:
    return lambda: state(ledger, agency).held_code == code


def is_genuine(received: Received, key: bytes | None) -> bool:
    assert key is not None
    number = CHECK(received.headers, received.body, secret_text(key), system_clock().timestamp())
    return number == received.feed_seq


def test_every_entry_arrives_once_in_order_as_it_is_stored_and_signed(
    ledger: Ledger, receiver: Receiver
) -> None:
    issue(ledger, OTHER, 1)  # in the same log, and none of the agency's business
    issue(ledger, ONE, 70)  # more than one batch
    key = register(ledger, ONE, receiver.url)
    with running(dispatch_of(ledger)):
        until(has(ledger, ONE, 70))
        issue(ledger, ONE, 2)  # what is appended later goes out as well
        until(has(ledger, ONE, 72))
    stored = [
        entry
        for first in range(-1, 73, 50)
        for entry in ledger.log("ha-noi").read(first)[:50]
        if entry.position > 0
    ]
    assert receiver.numbers() == list(range(1, 73))
    assert [each.body for each in receiver.received] == [each.content for each in stored]
    assert all(is_genuine(each, key) for each in receiver.received)
    contract = asyncapi()["channels"]["agencyWebhook"]["messages"]["AssignmentIssued"]
    schema = contract["headers"]["schema"]
    names = {name.lower(): name for name in schema["properties"]}
    first = receiver.received[0].headers
    shown = {names.get(name, name): value for name, value in first.items()}
    jsonschema.validate(shown, schema, jsonschema.Draft7Validator)
    assert first["content-type"] == "application/cloudevents+json"
    assert first["webhook-id"] == "ha-noi:ubnd-ba-dinh:1"
    assert (first["x-feed-seq"], first["x-position"]) == ("1", "1")
    assert first["x-origin"] == json.loads(stored[0].content)["source"]
    assert first["x-leaf"] == hashlib.sha256(b"\x00" + receiver.received[0].body).hexdigest()


@pytest.mark.parametrize("status", [404, 503])
def test_what_is_not_received_is_sent_again_and_nothing_goes_before_it(
    ledger: Ledger, receiver: Receiver, status: int
) -> None:
    receiver.answer = lambda received: status if len(receiver.received) < 4 else 200
    issue(ledger, ONE, 2)
    register(ledger, ONE, receiver.url)
    with running(dispatch_of(ledger)):
        until(has(ledger, ONE, 2))
    assert receiver.numbers() == [1, 1, 1, 1, 2]
    assert receiver.taken == [1, 2]
    assert len({each.headers["webhook-id"] for each in receiver.received}) == 2
    done = state(ledger, ONE)
    assert (done.state, done.held_code, done.held_status, done.attempts) == (
        "active",
        None,
        None,
        0,
    )


def test_a_hold_says_what_was_answered_and_pauses_twice_as_long_each_time(
    ledger: Ledger, receiver: Receiver
) -> None:
    receiver.answer = lambda _received: 500
    issue(ledger, ONE, 1)
    register(ledger, ONE, receiver.url)
    pauses: dict[int, float] = {}

    def has_failed_often() -> bool:
        held = state(ledger, ONE)
        if held.retry_at is not None:
            pauses[held.attempts] = round(held.retry_at - held.tried_at, 3)
        return held.attempts >= 5

    with running(dispatch_of(ledger, retry_s=(0.1, 0.4))):
        until(has_failed_often)
    assert len(pauses) > 2  # a look may miss one
    assert pauses == {number: min(0.4, round(0.1 * 2 ** (number - 1), 3)) for number in pauses}
    held = state(ledger, ONE)
    assert (held.held_code, held.held_status, held.state) == ("webhook.not_received", 500, "held")
    assert (held.delivered_seq, held.paused_code) == (0, None)


@on_sqlite
def test_who_is_away_gets_everything_when_it_is_back(ledger: Ledger) -> None:
    port = free_port()
    issue(ledger, ONE, 3)
    register(ledger, ONE, f"http://127.0.0.1:{port}/hook")
    with running(dispatch_of(ledger)):
        until(is_held(ledger, ONE, "webhook.unreachable"))
        with receiving(port) as receiver:
            until(has(ledger, ONE, 3))
    assert receiver.numbers() == [1, 2, 3]


@on_sqlite
def test_who_answers_too_late_gets_it_again(
    ledger: Ledger, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late_once(_received: Received) -> int:
        if len(receiver.received) == 1:
            time.sleep(1)
        return 200

    receiver.answer = late_once
    monkeypatch.setattr(webhook_dispatch, "post", partial(post, deadline_s=0.2))
    issue(ledger, ONE, 2)
    register(ledger, ONE, receiver.url)
    with running(dispatch_of(ledger)):
        until(is_held(ledger, ONE, "webhook.timed_out"))
        until(has(ledger, ONE, 2))
    assert receiver.numbers() == [1, 1, 2]


def test_the_next_dispatch_goes_on_where_the_last_one_stood(
    ledger: Ledger, receiver: Receiver
) -> None:
    issue(ledger, ONE, 30)
    register(ledger, ONE, receiver.url)
    for stop_after in (5, 12, 20, 30):
        with running(dispatch_of(ledger)):
            until(lambda until_=stop_after: len(receiver.taken) >= until_)  # type: ignore[misc]
    assert receiver.taken == list(range(1, 31))
    assert state(ledger, ONE).delivered_seq == 30


def test_a_redirect_is_a_refusal_and_leads_nowhere(
    ledger: Ledger, receiver: Receiver, other: Receiver
) -> None:
    receiver.answer = lambda _received: 307
    receiver.reply_headers = {"Location": other.url}
    issue(ledger, ONE, 1)
    register(ledger, ONE, receiver.url)
    with running(dispatch_of(ledger)):
        until(is_held(ledger, ONE, "webhook.redirected"))
    assert other.received == []
    assert state(ledger, ONE).delivered_seq == 0


def test_who_is_gone_is_left_alone_until_an_operator_resumes(
    ledger: Ledger, receiver: Receiver
) -> None:
    receiver.answer = lambda _received: 410
    issue(ledger, ONE, 2)
    register(ledger, ONE, receiver.url)
    with running(dispatch_of(ledger)):
        until(lambda: state(ledger, ONE).state == "paused")
        assert state(ledger, ONE).paused_code == "webhook.gone"
        issue(ledger, ONE, 1)
        time.sleep(0.5)
        assert receiver.numbers() == [1]
        receiver.answer = lambda _received: 200
        resume(ledger, ONE)
        until(has(ledger, ONE, 3))
    assert receiver.numbers() == [1, 1, 2, 3]


def test_what_an_operator_has_paused_waits(ledger: Ledger, receiver: Receiver) -> None:
    issue(ledger, ONE, 1)
    register(ledger, ONE, receiver.url)
    with ledger.store.write() as tx:
        webhook = webhooks.find(tx.connection, "ha-noi", ONE)
        webhooks.pause(tx.connection, webhook, system_clock())
    with running(dispatch_of(ledger)):
        time.sleep(0.5)
        assert receiver.received == []
        assert state(ledger, ONE).state == "paused"
        resume(ledger, ONE)
        until(has(ledger, ONE, 1))


def test_a_slow_agency_holds_no_other(ledger: Ledger, receiver: Receiver, other: Receiver) -> None:
    gate = threading.Event()

    def slowly(_received: Received) -> int:
        gate.wait(10)
        return 200

    receiver.answer = slowly
    issue(ledger, ONE, 1)
    register(ledger, ONE, receiver.url)
    register(ledger, OTHER, other.url)
    with running(dispatch_of(ledger)):
        until(lambda: len(receiver.received) == 1)
        issue(ledger, OTHER, 3)
        until(has(ledger, OTHER, 3))
        assert state(ledger, ONE).delivered_seq == 0
        gate.set()
        until(has(ledger, ONE, 1))


@on_sqlite
def test_many_that_fail_take_few_places_and_hold_none_that_receives(
    ledger: Ledger, receiver: Receiver, other: Receiver
) -> None:
    failing = [f"failing-{number}" for number in range(2 * DELIVERIES_MAX)]
    under_way: set[str] = set()
    together: list[int] = []

    def refuse(received: Received) -> int:
        under_way.add(received.headers["webhook-id"])
        together.append(len(under_way))
        time.sleep(0.2)
        under_way.discard(received.headers["webhook-id"])
        return 500

    receiver.answer = refuse
    for agency in failing:
        issue(ledger, agency, 1)
        register(ledger, agency, receiver.url)
    register(ledger, OTHER, other.url)
    with running(dispatch_of(ledger)):
        until(lambda: all(state(ledger, agency).attempts > 0 for agency in failing))
        assert max(together) == DELIVERIES_MAX  # nobody is known to fail before the first time
        together.clear()
        issue(ledger, OTHER, 10)
        until(has(ledger, OTHER, 10))
        until(lambda: len(together) > 4 * RETRIES_MAX)
    assert max(together) <= RETRIES_MAX


def test_no_private_address_is_sent_to_unless_the_setting_opens_it(
    ledger: Ledger, receiver: Receiver
) -> None:
    issue(ledger, ONE, 1)
    register(ledger, ONE, receiver.url)
    register(ledger, OTHER, receiver.url.replace("http://127.0.0.1", "https://localhost"))
    issue(ledger, OTHER, 1)
    with running(dispatch_of(ledger, networks=())):
        until(is_held(ledger, ONE, "webhook.address_refused"))
        until(is_held(ledger, OTHER, "webhook.address_refused"))
    assert receiver.received == []
    with running(dispatch_of(ledger)):
        until(has(ledger, ONE, 1))


def test_for_a_day_both_secrets_sign_and_then_the_new_one_alone(
    ledger: Ledger, receiver: Receiver
) -> None:
    former = register(ledger, ONE, receiver.url)
    issue(ledger, ONE, 1)
    with running(dispatch_of(ledger)):
        until(has(ledger, ONE, 1))
        new = rotate(ledger, ONE)
        issue(ledger, ONE, 1)
        until(has(ledger, ONE, 2))
    tomorrow = system_clock() + timedelta(seconds=webhooks.ROTATION_S)
    with ledger.store.write() as tx:
        webhooks.forget_former(tx.connection, vault().signing_keys, system_clock().timestamp())
        assert webhooks.find(tx.connection, "ha-noi", ONE).former_key_id
        webhooks.forget_former(tx.connection, vault().signing_keys, tomorrow.timestamp())
    issue(ledger, ONE, 1)
    with running(dispatch_of(ledger)):
        until(has(ledger, ONE, 3))
    before, during, after = receiver.received
    assert [is_genuine(each, former) for each in (before, during, after)] == [True, True, False]
    assert [is_genuine(each, new) for each in (before, during, after)] == [False, True, True]
    assert keys_kept(ledger) == 1


def test_a_secret_that_has_leaked_signs_nothing_more(ledger: Ledger, receiver: Receiver) -> None:
    leaked = [register(ledger, ONE, receiver.url), rotate(ledger, ONE)]
    new = rotate(ledger, ONE, at_once=True)
    issue(ledger, ONE, 1)
    with running(dispatch_of(ledger)):
        until(has(ledger, ONE, 1))
    (received,) = receiver.received
    assert is_genuine(received, new)
    assert not any(is_genuine(received, key) for key in leaked)
    assert keys_kept(ledger) == 1


def keys_kept(ledger: Ledger) -> int:
    with ledger.store.read() as connection:
        count: int = connection.execute(
            sa.select(sa.func.count()).select_from(VAULT.key)
        ).scalar_one()
    return count


@on_sqlite
def test_without_its_secret_nothing_goes_out(ledger: Ledger, receiver: Receiver) -> None:
    register(ledger, ONE, receiver.url)
    issue(ledger, ONE, 1)
    with ledger.store.write() as tx:
        tx.connection.execute(VAULT.key.delete())
    with running(dispatch_of(ledger)):
        until(is_held(ledger, ONE, "webhook.secret_lost"))
        assert receiver.received == []
        rotate(ledger, ONE, at_once=True)
        until(has(ledger, ONE, 1))


def test_what_is_under_way_does_not_undo_what_an_operator_says_meanwhile(
    ledger: Ledger, receiver: Receiver, other: Receiver
) -> None:
    gate = threading.Event()

    def slowly(_received: Received) -> int:
        gate.wait(10)
        return 200

    receiver.answer = slowly
    issue(ledger, ONE, 2)
    register(ledger, ONE, receiver.url)
    with running(dispatch_of(ledger)):
        until(lambda: len(receiver.received) == 1)
        register(ledger, ONE, other.url)  # the agency has moved
        gate.set()
        until(has(ledger, ONE, 2))
    assert other.numbers() == [1, 2]
    assert receiver.numbers() == [1]


def test_a_cursor_that_is_moved_back_sends_again(ledger: Ledger, receiver: Receiver) -> None:
    issue(ledger, ONE, 3)
    assert register(ledger, ONE, receiver.url) is not None
    with running(dispatch_of(ledger)):
        until(has(ledger, ONE, 3))
        assert register(ledger, ONE, receiver.url, after=1) is None
        until(lambda: len(receiver.received) == 5)
    assert receiver.numbers() == [1, 2, 3, 2, 3]


def test_while_a_webhook_is_held_the_feed_is_read_over_http_from_any_number(
    ledger: Ledger,
) -> None:
    issue(ledger, ONE, 5)
    register(ledger, ONE, f"http://127.0.0.1:{free_port()}/")
    with running(dispatch_of(ledger)), ledger.store.read() as connection:
        until(is_held(ledger, ONE, "webhook.unreachable"))
        for after in (3, 0):
            page = feed.read(connection, ledger.log("ha-noi"), ONE, after=after)
            assert [each.feed_seq for each in page] == list(range(after + 1, 6))


def test_of_two_dispatches_one_delivers_and_the_other_takes_over(
    ledger: Ledger, receiver: Receiver
) -> None:
    register(ledger, ONE, receiver.url)
    with running(dispatch_of(ledger)) as first:
        issue(ledger, ONE, 1)
        until(has(ledger, ONE, 1))
        with running(dispatch_of(ledger)):
            issue(ledger, ONE, 20)
            until(has(ledger, ONE, 21))
            first.stop()
            issue(ledger, ONE, 1)
            until(has(ledger, ONE, 22))
    assert receiver.numbers() == list(range(1, 23))


@on_sqlite
def test_a_database_that_fails_for_a_moment_costs_a_moment(
    ledger: Ledger, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue(ledger, ONE, 2)
    register(ledger, ONE, receiver.url)
    failures = iter(range(2))

    def failing(connection: sa.Connection, now_s: float) -> list[webhooks.Webhook]:
        if next(failures, None) is not None:
            raise sa.exc.OperationalError("SELECT", {}, Exception("Nguyễn Văn A"))
        return to_serve(connection, now_s)

    to_serve = webhooks.to_serve
    monkeypatch.setattr(webhooks, "to_serve", failing)
    with running(dispatch_of(ledger)):
        until(has(ledger, ONE, 2))
    assert receiver.numbers() == [1, 2]


def test_no_secret_no_address_and_no_answer_is_logged_or_lies_open(
    ledger: Ledger, receiver: Receiver, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.answer = lambda received: 500 if len(receiver.received) == 1 else 410
    receiver.reply_body = "Nguyễn Văn A, 0912 345 678".encode()
    key = register(ledger, ONE, receiver.url)
    assert key is not None
    issue(ledger, ONE, 1)
    with running(dispatch_of(ledger)):
        until(lambda: state(ledger, ONE).state == "paused")
    assert f"the webhook of ha-noi/{ONE} is held: webhook.gone" in caplog.text
    for word in (secret_text(key), key.hex(), "bi-mat", "/hook", "127.0.0.1", "0912", "Nguyễn"):
        assert word not in caplog.text
    with ledger.store.read() as connection:
        rows = [
            repr(tuple(row))
            for table in (feed_webhook, VAULT.key)
            for row in connection.execute(sa.select(table))
        ]
    for word in (secret_text(key), secret_text(key)[6:], repr(key)[2:-1], key.hex()):
        assert word not in "".join(rows)
    assert "bi-mat" not in repr(state(ledger, ONE))


def test_an_idle_dispatch_ends_at_once(ledger: Ledger) -> None:
    began = time.monotonic()
    with running(WebhookDispatch(ledger, FOLLOW, vault(), LOOPBACK)):
        time.sleep(0.1)
    assert time.monotonic() - began < 2


def test_a_delivery_that_hangs_delays_the_end_by_little(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    monkeypatch.setattr(webhook_dispatch, "STOP_S", 0.2)
    with ExitStack() as stack:
        receiver = stack.enter_context(receiving())
        stack.callback(gate.set)

        def hang(_received: Received) -> int:
            gate.wait(10)
            return 500

        receiver.answer = hang
        issue(ledger, ONE, 1)
        register(ledger, ONE, receiver.url)
        began = time.monotonic()
        with running(dispatch_of(ledger)):
            until(lambda: len(receiver.received) == 1)
        assert time.monotonic() - began < 3
    until(lambda: state(ledger, ONE).attempts == 1)  # the straggler is let go in order
