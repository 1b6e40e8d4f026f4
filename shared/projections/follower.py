"""The follower: applies another service's logs, in order, exactly once in effect.

The broker only makes it quick. What makes it complete is a cursor per (consumer, origin),
moved in the transaction of the effect, and the owner's replay port. So whatever the
broker brought can be acknowledged once its transaction is over: what was not applied
(a hole before it, a halted log) will be fetched.

Nothing here knows the broker or nameko; `shared.messaging` brings both.
"""

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from shared.eventlog import NOTHING, Entry
from shared.projections.applier import Applier, Handler, Run, Tally
from shared.projections.cursors import CursorMoved
from shared.projections.halts import Halt, moment
from shared.projections.holds import Holds
from shared.projections.owner import Owner, OwnerAway
from shared.projections.tables import FollowTables
from shared.store import Store

_log = logging.getLogger(__name__)

PAGE_MAX_ENTRIES = 256
AWAY_S = 2.0
"""An owner that did not answer is left alone for so long, as asking costs a time-out."""


class Follower:
    """Keeps one consumer's cursors over one owner's logs. Not for two threads at once.

    `receive` takes what the broker brings; `look_after`, every two seconds, finds what it
    did not; both note aims, and `step` fetches one page towards one of them.

    Every method may raise when the consumer's own database is away; nothing was done then,
    and the same call can be made again.
    """

    def __init__(
        self,
        consumer: str,
        store: Store,
        tables: FollowTables,
        owner: Owner,
        handler: Handler,
    ) -> None:
        self.behind: Mapping[str, int] = {}
        """Entries between cursor and head of each log, at the last look. Below zero, the
        owner has lost entries that were applied here."""
        self._applier = Applier(consumer, store, tables, handler)
        self._owner = owner
        self._aims: dict[str, int] = {}
        self._stood: dict[str, int] = {}
        self._lost: set[str] = set()
        self._holds = Holds()
        self._away_until = 0.0
        self._applier.reload()

    @property
    def consumer(self) -> str:
        """The name that its cursors stand under."""
        return self._applier.consumer

    @property
    def handler(self) -> Handler:
        """What applies entries; a service method brings it anew for each step."""
        return self._applier.handler

    @handler.setter
    def handler(self, handler: Handler) -> None:
        self._applier.handler = handler

    @property
    def tally(self) -> Tally:
        """What happened since the process started."""
        return self._applier.tally

    # -- what the broker brings

    def receive(self, entries: Iterable[Entry]) -> None:
        """Apply what can be applied now, in one transaction; aim at what lies beyond a hole."""
        # By origin, so that two followers of one service lock the logs they append to in
        # one order.
        arrived = sorted(entries, key=lambda entry: (entry.origin, entry.position))
        while True:
            runs = [
                run
                for origin, group in groupby(arrived, lambda entry: entry.origin)
                if (run := self._next_run(origin, list(group)))
            ]
            try:
                self._applier.apply(runs)
            except CursorMoved:
                self._applier.reload()
            else:
                return

    def _next_run(self, origin: str, arrived: Sequence[Entry]) -> Run | None:
        if origin in self._applier.halts:
            self.tally.passed += len(arrived)
            return None
        cursor = self._applier.cursor(origin)
        fresh = {entry.position: entry for entry in arrived if entry.position > cursor}
        self.tally.duplicates += len(arrived) - len(fresh)
        last = max(fresh, default=cursor)
        run = []
        while (entry := fresh.get(cursor + 1)) is not None:
            run.append(entry)
            cursor += 1
        if cursor < last:
            self.tally.holes += 1
            self._aim(origin, last)
        return Run(origin=origin, entries=run) if run else None

    # -- what the owner knows

    @property
    def owner_is_away(self) -> bool:
        """Whether the owner did not answer a moment ago, and is left alone for now."""
        return time.monotonic() < self._away_until

    @property
    def has_aims(self) -> bool:
        """Whether `step` has something to fetch, from an owner that isn't away."""
        return bool(self._aims) and not self.owner_is_away

    @property
    def has_due(self) -> bool:
        """Whether `retry_due` has something to try again, with an owner that isn't away."""
        return not self.owner_is_away and bool(self._due())

    def aim_at_heads(self) -> None:
        """Aim at all that the owner has now. A fixed goal: a moving one may never be reached.

        Raises:
            OwnerAway: `follower.owner_away`, `follower.owner_answers_wrongly`.

        """
        for origin, head in self._heads().items():
            self._aim(origin, head)

    def step(self) -> None:
        """Fetch and apply one page of one log that has an aim; the next time of another.

        A log whose page alone fails loses its aim and is left alone, longer each time.

        Raises:
            OwnerAway: as `aim_at_heads`; the aim stays.

        """
        origin, head = next(iter(self._aims.items()))
        del self._aims[origin]
        if origin in self._applier.halts or self._applier.cursor(origin) >= head:
            return
        self._aims[origin] = head  # the last now: whatever happens, others come before it
        # Outside any transaction: the owner may take its time.
        page = self._page(origin, min(PAGE_MAX_ENTRIES, head - self._applier.cursor(origin)))
        if page:
            self._apply_page(origin, page)
        else:  # there is less than somebody said, or it fails: the next look will tell
            del self._aims[origin]

    def catch_up(self) -> None:
        """Apply all that the owner has at this moment, as far as nothing halts.

        Raises:
            OwnerAway: as `aim_at_heads`; also, after all others, for a log that is left alone.

        """
        self.aim_at_heads()
        while self._aims:
            self.step()
        self._holds.check()

    def look_after(self) -> None:
        """Aim at what stood still since the last look: now and then, every two seconds.

        This finds a lost message that has no successor: no hole would ever show it.

        Raises:
            OwnerAway: as `aim_at_heads`.

        """
        held = set(self._applier.halts)
        self._applier.reload()  # an operator, or another process of this consumer, may have acted
        self.retry_due()
        heads = self._heads()
        for origin in held.difference(self._applier.halts):
            self._aim(origin, heads.get(origin, NOTHING))
        behind = {
            origin: cursor
            for origin, head in heads.items()
            if (cursor := self._applier.cursor(origin)) < head and origin not in self._applier.halts
        }
        for origin, cursor in behind.items():
            if self._stood.get(origin) == cursor:
                self._aim(origin, heads[origin])
        self._stood = behind
        self.behind = {
            origin: head - self._applier.cursor(origin) for origin, head in heads.items()
        }
        self._note_lost(heads)

    def retry_due(self) -> None:
        """Try again what was postponed and is due.

        Raises:
            OwnerAway: as `aim_at_heads`.

        """
        for origin, halt in self._due():
            if self._applier.cursor(origin) >= halt.position:
                self._applier.forget(halt)
            elif page := self._page(origin, 1):
                self._apply_page(origin, page)
            if origin not in self._applier.halts:
                self._aim(origin, self._heads().get(origin, NOTHING))

    def _due(self) -> list[tuple[str, Halt]]:
        """Return what was postponed and is due, of logs that aren't left alone."""
        now = moment()
        return [
            (origin, halt)
            for origin, halt in sorted(self._applier.halts.items())
            if halt.is_due(now) and origin not in self._holds
        ]

    def _aim(self, origin: str, head: int) -> None:
        if origin in self._applier.halts or origin in self._holds:
            return
        if self._applier.cursor(origin) < head:
            self._aims[origin] = max(head, self._aims.get(origin, NOTHING))

    def _page(self, origin: str, limit: int) -> Sequence[Entry]:
        """Return the entries right after the cursor, at most `limit`.

        None at the end, and none where the page fails although the owner answers: its
        other logs are not to wait for this one, which is left alone for a while.
        """
        after = self._applier.cursor(origin)
        try:
            page = self._owner.entries(origin, after, limit)
            expected = [(origin, after + number) for number in range(1, len(page) + 1)]
            if [(entry.origin, entry.position) for entry in page] != expected:
                raise OwnerAway("follower.owner_answers_wrongly", origin=origin, position=after + 1)
        except OwnerAway as error:
            self._heads()  # raises where it is the owner that is away
            if self._holds.hold(origin, error):
                _log.error("%s can't read %s for now: %s", self.consumer, origin, error.code)
            return []
        if self._holds.release(origin):
            _log.warning("%s reads %s again", self.consumer, origin)
        self.tally.fetched += len(page)
        return page

    def _heads(self) -> Mapping[str, int]:
        try:
            return self._owner.heads()
        except OwnerAway:
            self._away_until = time.monotonic() + AWAY_S
            raise

    def _note_lost(self, heads: Mapping[str, int]) -> None:
        """Cry out, once, when an owner has less than was applied: restored too old a backup."""
        lost = {origin for origin, head in heads.items() if head < self._applier.cursor(origin)}
        for origin in sorted(lost - self._lost):
            _log.error("%s has applied more of %s than its owner has", self.consumer, origin)
        self._lost = lost

    def _apply_page(self, origin: str, page: Sequence[Entry]) -> None:
        try:
            self._applier.apply([Run(origin=origin, entries=page)])
        except CursorMoved:
            self._applier.reload()
