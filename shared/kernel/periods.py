"""Dated things: what is in force from one civil day to another."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Civil days from `valid_from` to `valid_to`, both inclusive."""

    valid_from: date
    valid_to: date | None = None
    """None while no end is known."""

    def includes(self, day: date) -> bool:
        """Tell whether `day` lies in the period."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def overlaps(self, other: "Period") -> bool:
        """Tell whether some day lies in both periods."""
        starts_late = self.valid_to is not None and self.valid_to < other.valid_from
        ended_early = other.valid_to is not None and other.valid_to < self.valid_from
        return not starts_late and not ended_early


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Period):
    """Something that has a key and a period."""

    key: str


D = TypeVar("D", bound=Dated)


class Register(Generic[D]):
    """Dated things by key. One key may name several, in periods that never overlap."""

    def __init__(self, items: Iterable[D]) -> None:
        """Take `items` in any order; the caller has checked that none overlap."""
        by_key: defaultdict[str, list[D]] = defaultdict(list)
        for item in items:
            by_key[item.key].append(item)
        self._by_key = {
            key: tuple(sorted(rows, key=lambda row: row.valid_from)) for key, rows in by_key.items()
        }

    def __iter__(self) -> Iterator[D]:
        """Yield every thing, whatever its period."""
        for rows in self._by_key.values():
            yield from rows

    def ever(self, key: str) -> tuple[D, ...]:
        """Return what `key` named at any time, oldest first; empty when never anything."""
        return self._by_key.get(key, ())

    def on(self, key: str, day: date) -> D | None:
        """Return what `key` names on `day`, or None."""
        return next((row for row in self.ever(key) if row.includes(day)), None)

    def covers(self, key: str, period: Period) -> bool:
        """Tell whether `key` names something on every day of `period`."""
        return first_gap(period, self.ever(key)) is None


def first_gap(whole: Period, parts: Iterable[Period]) -> date | None:
    """Return the first day of `whole` that lies in none of `parts`, or None."""
    day = whole.valid_from
    for part in sorted(parts, key=lambda part: part.valid_from):
        if not part.includes(day):
            continue
        if part.valid_to is None or part.valid_to == date.max:
            return None
        if whole.valid_to is not None and whole.valid_to <= part.valid_to:
            return None
        day = part.valid_to + timedelta(days=1)
    return day


def first_overlap(periods: Iterable[D]) -> tuple[D, D] | None:
    """Return two things of one key whose periods overlap, the earlier first, or None."""
    latest: dict[str, D] = {}
    for row in sorted(periods, key=lambda row: row.valid_from):
        before = latest.get(row.key)
        if before is not None and before.overlaps(row):
            return before, row
        latest[row.key] = row
    return None
