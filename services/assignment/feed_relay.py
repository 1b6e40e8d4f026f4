"""Publishing each agency's feed to its own queue, one agency never waiting for another.

The feed itself is the outbox, and every agency has a cursor. Whoever's queue is full,
missing or dead is held, and tried again more and more rarely; the cursor stays, and the
agency can read on over HTTP meanwhile.
"""

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.assignment import feed, subscriptions
from services.assignment.feed import FeedEntry
from services.assignment.subscriptions import Subscription
from shared.eventlog import Ledger
from shared.kernel.clock import system_clock
from shared.messaging.broker import broker_errors, connect, drop, is_memory, pauses_s, topic
from shared.messaging.naming import AGENCY_FEED
from shared.messaging.relay import WireLost
from shared.messaging.wire import Message, Outcome, Wire, open_wire
from shared.projections import FollowTables, Lease
from shared.projections.faults import code_of, place_of

_log = logging.getLogger(__name__)

BATCH = 256
"""Messages published before their answers are awaited, over all agencies together."""
QUEUE_MAX_LENGTH = 10_000
QUEUE_MAX_BYTES = 64 * 1024 * 1024
IDLE_S = 0.5
RETRY_S = (0.5, 60.0)
"""Pause before the first retry of a held agency, doubled up to the second."""
_DECLARE_TIMEOUT_S = 5.0

_HELD_BECAUSE = {
    Outcome.RETURNED: "feed.queue_missing",
    Outcome.REFUSED: "feed.queue_full",
    Outcome.UNSENT: "feed.queue_silent",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What goes out to one agency in one turn."""

    subscription: Subscription
    entries: Sequence[FeedEntry]


def queue_arguments(max_length: int = QUEUE_MAX_LENGTH) -> Mapping[str, object]:
    """Return the arguments of an agency's queue: bounded, and saying no when it is full."""
    return {
        "x-queue-type": "quorum",
        "x-overflow": "reject-publish",
        "x-max-length": max_length,
        "x-max-length-bytes": QUEUE_MAX_BYTES,
    }


def message_of(subscription: Subscription, entry: FeedEntry) -> Message:
    """Return the message that carries `entry`: its very bytes, and where they stand."""
    return Message(
        key=subscription.routing_key(entry.type),
        body=entry.content,
        message_id=entry.event_id,
        headers={
            "feed_seq": entry.feed_seq,
            "origin": entry.origin,
            "position": entry.position,
            "leaf": entry.leaf.hex(),
        },
    )


class FeedRelay:
    """Publishes all registered feeds, until it is told to stop.

    Within one process (`memory://`) no agency can listen: it then publishes nothing, and
    the cursors stay for the day when there is a broker.
    """

    def __init__(
        self,
        ledger: Ledger,
        tables: FollowTables,
        url: str,
        *,
        queue_max_length: int = QUEUE_MAX_LENGTH,
        retry_s: tuple[float, float] = RETRY_S,
    ) -> None:
        self._ledger = ledger
        self._url = url
        self._queue_max_length = queue_max_length
        self._retry_s = retry_s
        self._lease = Lease(ledger.store, tables, "relay:agency-feed")
        self._stop = threading.Event()
        self._appended = threading.Event()
        self._declared: set[str] = set()
        ledger.on_append(self._appended.set)

    @property
    def stopping(self) -> bool:
        """Whether `run` was asked to return."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask `run` to return once the batch under way is answered."""
        self._stop.set()
        self._appended.set()

    def run(self) -> None:
        """Publish until stopped. Whatever fails costs a pause and a new connection."""
        if is_memory(self._url):
            self._stop.wait()
            return
        pauses = pauses_s()
        while not self.stopping:
            wire = None
            try:
                wire = open_wire(self._url, AGENCY_FEED, stopping=lambda: self.stopping)
                self._declared.clear()  # the broker may be another one than before
                for published in self._turns(wire):
                    if published:
                        pauses = pauses_s()
            except Exception as error:  # noqa: BLE001 - a relay that ends stops every feed
                _log.warning("the feeds start again: %s at %s", code_of(error), place_of(error))
                self._stop.wait(next(pauses))
            finally:
                if wire:
                    wire.close()
        self._lease.give_up()

    def _turns(self, wire: Wire) -> Iterator[bool]:
        """Yield after each turn whether anything was published."""
        while not self.stopping:
            self._appended.clear()  # before looking: what comes now wakes the wait below
            published = self._lease.is_held() and self.turn(wire)
            if not published:
                wire.attend()
                self._appended.wait(IDLE_S)
            yield published

    def turn(self, wire: Wire) -> bool:
        """Publish the next entries of every agency that has some; return whether any went.

        Raises:
            WireLost: nothing was answered, so the fault is the broker's.

        """
        pages = [page for page in self._pages() if self._has_queue(page.subscription)]
        if not pages:
            return False
        outcomes = wire.send(
            [message_of(page.subscription, entry) for page in pages for entry in page.entries]
        )
        if all(outcome is Outcome.UNSENT for outcome in outcomes):
            raise WireLost
        answers = iter(outcomes)
        moved = [self._settle(page, [next(answers) for _entry in page.entries]) for page in pages]
        if Outcome.UNSENT in outcomes:
            raise WireLost  # the wire is of no use any more; what was answered is noted
        return any(moved)

    def _pages(self) -> list[Page]:
        with self._ledger.store.read() as connection:
            found = subscriptions.to_serve(connection, system_clock().timestamp(), BATCH)
            share = max(1, BATCH // max(1, len(found)))
            pages = [
                Page(
                    subscription=each,
                    entries=feed.read(
                        connection,
                        self._ledger.log(each.province),
                        each.agency,
                        after=each.published_seq,
                        limit=share,
                    ),
                )
                for each in found
                if each.province in self._ledger.logs
            ]
        return [page for page in pages if page.entries]

    def _settle(self, page: Page, outcomes: Sequence[Outcome]) -> bool:
        """Move the cursor over what is confirmed without a gap; hold the agency at the rest."""
        published_seq = page.subscription.published_seq
        for entry, outcome in zip(page.entries, outcomes, strict=True):
            if outcome is not Outcome.CONFIRMED:
                if outcome is Outcome.RETURNED:
                    self._declared.discard(page.subscription.queue)
                self._hold(page.subscription, published_seq, _HELD_BECAUSE[outcome])
                return published_seq > page.subscription.published_seq
            published_seq = entry.feed_seq
        with self._ledger.store.write() as tx:
            subscriptions.move(tx.connection, page.subscription, published_seq)
        return True

    def _hold(self, subscription: Subscription, published_seq: int, code: str) -> None:
        went_on = published_seq > subscription.published_seq
        attempts = 1 if went_on else subscription.attempts + 1
        first_s, longest_s = self._retry_s
        pause_s = min(longest_s, first_s * 2 ** min(attempts - 1, 16))
        with self._ledger.store.write() as tx:
            subscriptions.hold(
                tx.connection,
                subscription,
                published_seq=published_seq,
                code=code,
                attempts=attempts,
                retry_at_s=system_clock().timestamp() + pause_s,
            )
        if subscription.held_code != code:
            _log.warning("the feed of %s is held: %s", subscription.queue, code)

    def _has_queue(self, subscription: Subscription) -> bool:
        """Return whether the agency's queue is there, made and bound now if need be."""
        if subscription.queue in self._declared:
            return True
        # On a connection of its own: a refusal closes the channel, a dead queue is silent.
        connection: Any = connect(self._url, read_timeout=_DECLARE_TIMEOUT_S)
        exchange: Any = topic(AGENCY_FEED)
        try:
            channel = connection.channel()
            exchange(channel).declare()
            channel.queue_declare(
                queue=subscription.queue,
                durable=True,
                auto_delete=False,
                arguments=dict(queue_arguments(self._queue_max_length)),
            )
            channel.queue_bind(subscription.queue, AGENCY_FEED, subscription.binding_key)
        except broker_errors() as error:
            _log.warning("the queue %s can't be made: %s", subscription.queue, code_of(error))
            self._hold(subscription, subscription.published_seq, "feed.queue_unfit")
            return False
        finally:
            drop(connection)
        self._declared.add(subscription.queue)
        return True
