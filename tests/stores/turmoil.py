"""Writers that roll back, repeat, collide and dawdle, and readers that tail meanwhile."""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from shared.eventlog import NOTHING, Entry, EventLog, Ledger, execute
from shared.kernel.errors import Conflict, Refused
from shared.store import Store
from tests.stores.logs import COUNTER, draft, open_ledger, task

DAWDLE_S = 0.01


class ChangedItsMindError(Exception):
    """The writer rolls back."""


def write_in_turmoil(ledger: Ledger, name: str, attempts: int) -> Counter[str]:
    """Return how many events were recorded, by province.

    The seed is the name, so every run draws the same; how it interleaves differs.
    """
    chance = random.Random(name)
    recorded: Counter[str] = Counter()
    for attempt in range(attempts):
        province = chance.choice(sorted(ledger.logs))
        with suppress(ChangedItsMindError, Conflict, Refused):
            recorded[province] += _attempt(ledger, province, f"{name}-{attempt}", chance)
    return recorded


def _attempt(ledger: Ledger, province: str, name: str, chance: random.Random) -> int:
    log = ledger.log(province)
    with ledger.store.write() as tx:
        match chance.choice(("append", "execute", "repeat", "collide", "shared")):
            case "append":
                places = log.append(
                    tx, [draft(f"{name}-{number}") for number in range(chance.randint(1, 4))]
                )
            case "execute":
                (outcome,) = execute(log, tx, COUNTER, [task(name, 2, stream=name)])
                places = list(outcome.appended)
            case "repeat":
                log.append(tx, [draft(name)])
                places = log.append(tx, [draft(name), draft(f"{name}-more")])[1:]
                assert not places[0].repeated
                places *= 2
            case "collide":
                # All writers fight for one stream; who has not seen its end loses.
                places = log.append(tx, [draft(name, stream="fought-for", expected_version=5)])
            case _:
                (outcome,) = execute(log, tx, COUNTER, [task(name, 1, stream=f"by-{province}")])
                places = list(outcome.appended)
        if chance.random() < 0.2:
            time.sleep(chance.random() * DAWDLE_S)
        if chance.random() < 0.2:
            raise ChangedItsMindError
    return len(places)


def write_by_url(url: str, name: str, threads: int, attempts: int) -> Counter[str]:
    """Do the same in a process of its own, by several threads."""
    store = Store(url, connections=threads)
    try:
        ledger = open_ledger(store)
        with ThreadPoolExecutor(threads) as pool:
            names = [f"{name}-{number}" for number in range(threads)]
            written = pool.map(lambda each: write_in_turmoil(ledger, each, attempts), names)
            return sum(written, Counter())
    finally:
        store.close()


@dataclass(slots=True)
class Tail:
    """A reader that follows one log, and notes what it sees and when it is out of order."""

    log: EventLog
    entries: list[Entry] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def cursor(self) -> int:
        """Position of the last entry seen."""
        return self.entries[-1].position if self.entries else NOTHING

    def look(self) -> None:
        """Read one page."""
        for entry in self.log.read(self.cursor, limit=50):
            if entry.position != self.cursor + 1:
                self.wrong.append(f"{entry.position} after {self.cursor}")
            self.entries.append(entry)

    def follow(self, ended: Callable[[], bool]) -> None:
        """Read until the writers have ended and everything is seen."""
        while True:
            over = ended()
            seen = len(self.entries)
            self.look()
            if over and len(self.entries) == seen:
                return
            time.sleep(0.002)


def faults_of(tail: Tail) -> list[str]:
    """Return what is wrong with a whole log, as its tailing reader saw it."""
    wrong = list(tail.wrong)
    recorded = [entry.recorded() for entry in tail.entries]
    if [each.position for each in recorded] != list(range(len(recorded))):
        wrong.append("positions are not each once, in order")
    if len({each.event_id for each in recorded}) != len(recorded):
        wrong.append("an id is there twice")
    if [each.time for each in recorded] != sorted(each.time for each in recorded):
        wrong.append("time went back")
    if {entry.document["source"] for entry in tail.entries} - {tail.log.origin}:
        wrong.append("an entry of another log")
    versions: Counter[str] = Counter()
    for each in recorded:
        if each.version != versions[each.stream]:
            wrong.append(f"version {each.version} of {each.stream} is out of turn")
        versions[each.stream] += 1
    return wrong
