"""The relay: carries committed entries of one service's logs to the broker, in order.

One per service database. A lease keeps two processes from doing the same work, but
nothing rests on it: two relays would publish twice, and followers drop what they have.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from shared.eventlog import Entry, Ledger
from shared.messaging.broker import pauses_s
from shared.messaging.naming import event_key
from shared.messaging.wire import Message, Outcome, Wire
from shared.projections import FollowTables, Lease
from shared.projections.faults import code_of, place_of
from shared.projections.outbox import Outbox, Waiting

_log = logging.getLogger(__name__)

BATCH = 256
"""Messages published before their answers are awaited, over all logs together."""
LEASE_S = 6.0
IDLE_S = (0.02, 0.25)
"""Shortest and longest pause between two looks, when no append in this process wakes it."""
GATHER_S = 0.1
"""Pause after publishing: under load one turn carries what several commits brought."""
HOLD_S = 1.0
"""A log whose message was refused is left alone for so long."""


class WireLost(ConnectionError):  # noqa: N818 - what happened, as its siblings of the library
    """The broker stopped answering."""


@dataclass(slots=True)
class RelayTally:
    """What happened since the process started, for metrics."""

    published: int = 0
    unroutable: int = 0
    """Nobody listens (yet); passed, as every follower reads the log itself."""
    refused: int = 0
    connections: int = 0


def message_of(entry: Entry) -> Message:
    """Return the message that carries `entry`: its very bytes, and where they lie."""
    return Message(
        key=event_key(entry),
        body=entry.content,
        message_id=entry.document["id"],
        headers={
            "origin": entry.origin,
            "position": entry.position,
            "leaf": entry.leaf.hex(),
        },
    )


class Relay:
    """Publishes what one service's logs hold, until it is told to stop."""

    def __init__(self, ledger: Ledger, tables: FollowTables, open_wire: Callable[[], Wire]) -> None:
        self.tally = RelayTally()
        self._name = ledger.service
        self._appended = ledger.appended
        self._outbox = Outbox(ledger, tables)
        self._lease = Lease(ledger.store, tables, f"relay:{ledger.service}", lasts_s=LEASE_S)
        self._open_wire = open_wire
        self._stop = threading.Event()
        self._held: dict[str, float] = {}

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
        pauses = pauses_s()
        while not self.stopping:
            wire = None
            try:
                wire = self._open_wire()
                self.tally.connections += 1
                for published in self._turns(wire):
                    if published:
                        pauses = pauses_s()
            except Exception as error:  # noqa: BLE001 - a relay that ends stops all delivery
                pause_s = next(pauses)
                _log.warning(
                    "the relay of %s starts again in %.1f s: %s at %s",
                    self._name,
                    pause_s,
                    code_of(error),
                    place_of(error),
                )
                self._stop.wait(pause_s)
            finally:
                if wire:
                    wire.close()
        self._lease.give_up()

    def _turns(self, wire: Wire) -> Iterator[bool]:
        """Yield after each turn whether anything was published."""
        idle_s, longest_s = IDLE_S
        pause_s = idle_s
        while not self.stopping:
            if not self._lease.is_held():
                wire.attend()
                self._stop.wait(longest_s)
                continue
            self._appended.clear()  # before looking: what comes now wakes the wait below
            waiting = self._not_held(self._outbox.waiting())
            if waiting:
                pause_s = idle_s
                self._publish(wire, waiting)
                # The first of a burst goes at once; what follows is gathered a moment.
                self._stop.wait(GATHER_S)
            else:
                wire.attend()
                self._appended.wait(pause_s)
                pause_s = min(pause_s * 2, longest_s)
            yield bool(waiting)

    def _publish(self, wire: Wire, waiting: Sequence[Waiting]) -> None:
        pages = [page for page in self._outbox.pages(waiting, BATCH) if page]
        outcomes = wire.send([message_of(entry) for page in pages for entry in page])
        moved: dict[str, int] = {}
        answers = iter(outcomes)
        for page in pages:
            # The cursor moves over the contiguous prefix that is settled, and no further.
            settled = True
            for entry in page:
                outcome = next(answers)
                self._count(outcome)
                settled = settled and outcome in {Outcome.CONFIRMED, Outcome.RETURNED}
                if settled:
                    moved[entry.origin] = entry.position
                elif outcome is Outcome.REFUSED:
                    self._held[entry.origin] = time.monotonic() + HOLD_S
        if moved:
            self._outbox.move(moved)
        if Outcome.UNSENT in outcomes:
            raise WireLost

    def _count(self, outcome: Outcome) -> None:
        self.tally.published += outcome is Outcome.CONFIRMED
        self.tally.unroutable += outcome is Outcome.RETURNED
        self.tally.refused += outcome is Outcome.REFUSED

    def _not_held(self, waiting: Sequence[Waiting]) -> list[Waiting]:
        now = time.monotonic()
        self._held = {origin: until for origin, until in self._held.items() if until > now}
        return [each for each in waiting if each.log.origin not in self._held]
