"""Applying entries: the effect and the cursor in one transaction, and what failed set apart."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.eventlog import NOTHING, Entry, Recorded
from shared.projections.cursors import CursorMoved, cursors, move_cursor
from shared.projections.faults import code_of, is_outage, place_of
from shared.projections.halts import Halt, end_halt, halts, postpone
from shared.projections.tables import FollowTables
from shared.store import Store, Transaction

_log = logging.getLogger(__name__)

Reaction = Callable[[Transaction, Sequence[Recorded]], None]
"""Applies entries of one origin, contiguous, in order and type-checked, inside `tx`.

It may append to the consumer's log of the same province, and must not call out, sleep,
or decide by the order in which entries of two origins arrive.
"""


@dataclass(frozen=True, slots=True)
class AsStored:
    """A handler that wants the entries' own bytes: the keeper of a copy of the log."""

    keep: Callable[[Transaction, Sequence[Entry]], None]


Handler = Reaction | AsStored


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Contiguous entries of one origin that come right after the cursor."""

    origin: str
    entries: Sequence[Entry]

    @property
    def before(self) -> int:
        """Where the cursor must be."""
        return self.entries[0].position - 1

    @property
    def last(self) -> int:
        """Where the cursor will be."""
        return self.entries[-1].position


@dataclass(slots=True)
class Tally:
    """What happened since the process started, for metrics."""

    applied: int = 0
    duplicates: int = 0
    holes: int = 0
    fetched: int = 0
    """Entries that came from the owner's replay port."""
    passed: int = 0
    """Messages of a halted log; it will be fetched once somebody has acted."""
    failed: int = 0
    transactions: int = 0


class Applier:
    """Applies runs for one consumer, and knows its cursors and halts."""

    def __init__(self, consumer: str, store: Store, tables: FollowTables, handler: Handler) -> None:
        self.consumer = consumer
        self.handler = handler
        self.tally = Tally()
        self.cursors: dict[str, int] = {}
        self.halts: dict[str, Halt] = {}
        self._store = store
        self._tables = tables

    def reload(self) -> None:
        """Read cursors and halts from the database, the only place where they are true."""
        with self._store.read() as connection:
            self.cursors = cursors(connection, self._tables, self.consumer)
            self.halts = halts(connection, self._tables, self.consumer)

    def cursor(self, origin: str) -> int:
        """Return the last position applied, as far as this process knows; -1 for none."""
        return self.cursors.get(origin, NOTHING)

    def apply(self, runs: Sequence[Run]) -> bool:
        """Apply `runs`, together if possible; return whether the last entry was applied.

        An entry that fails by its own fault is postponed, or halts its log; those before
        it are applied, those after it have to wait.

        Raises:
            CursorMoved: `follower.cursor_moved`; reload, and look what is left to do.
            Exception: an outage (`is_outage`); nothing is known to be done.

        """
        if not runs:
            return True
        try:
            self._commit(runs)
        except Exception as error:
            if isinstance(error, CursorMoved) or is_outage(error):
                raise
            if len(runs) > 1:
                return [self.apply([run]) for run in runs][-1]
            (run,) = runs
            if len(run.entries) > 1:
                # all() stops at the first that fails: what follows it has to wait.
                singles = (Run(origin=run.origin, entries=[entry]) for entry in run.entries)
                return all(self.apply([single]) for single in singles)
            self._postpone(run.entries[0], error)
            return False
        return True

    def _commit(self, runs: Sequence[Run]) -> None:
        effects = [self._effect(run) for run in runs]  # decoding needs no transaction
        with self._store.write(finishes=True) as tx:
            for run, effect in zip(runs, effects, strict=True):
                move_cursor(
                    tx.connection,
                    self._tables,
                    consumer=self.consumer,
                    origin=run.origin,
                    before=run.before,
                    after=run.last,
                )
                if run.origin in self.halts:
                    end_halt(tx.connection, self._tables, self.consumer, run.origin, run.last)
                effect(tx)
        for run in runs:
            self.cursors[run.origin] = run.last
            self.halts.pop(run.origin, None)
            self.tally.applied += len(run.entries)
        self.tally.transactions += 1

    def _effect(self, run: Run) -> Callable[[Transaction], None]:
        handler = self.handler
        if isinstance(handler, AsStored):
            keep, entries = handler.keep, run.entries
            return lambda tx: keep(tx, entries)
        recorded = [entry.checked() for entry in run.entries]
        return lambda tx: handler(tx, recorded)

    def _postpone(self, entry: Entry, error: Exception) -> None:
        halt = postpone(self._store, self._tables, self.consumer, entry, code_of(error))
        self.halts[entry.origin] = halt
        self.tally.failed += 1
        _log.error(
            "%s could not apply position %d of %s: %s at %s; %s",
            self.consumer,
            entry.position,
            entry.origin,
            halt.code,
            place_of(error),
            "the log is HALTED" if halt.is_final else "it will be tried again",
        )

    def forget(self, halt: Halt) -> None:
        """Remove a halt that another process has left behind."""
        with self._store.write() as tx:
            end_halt(tx.connection, self._tables, self.consumer, halt.origin, halt.position)
        del self.halts[halt.origin]
