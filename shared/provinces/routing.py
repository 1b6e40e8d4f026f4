"""Routing: which agency is competent for a field at a level, as a dated table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from shared.contracts.vocabulary import Level, OpinionKind, TriageReason
from shared.kernel.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """The competent agency and why."""

    agency: str
    citation: str
    """File, its digest, the row, and what the row cites."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrouted:
    """No single agency: a person must say which."""

    reason: TriageReason
    candidates: tuple[str, ...]
    """Agencies that the rows of equal priority mean; empty when none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutedMatter:
    """What a row is chosen by."""

    field: str
    level: Level
    units: frozenset[str]
    """The unit that the matter comes from, and those that it lies in."""
    opinion_kind: OpinionKind | None
    """None: not known, so that only rows for every kind apply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingRow(Period):
    """One row of the table. It names an agency, the office to look for in the unit, or triage."""

    number: int
    """1-based, as in the file."""
    fields: frozenset[str] | None
    """None: every field."""
    levels: frozenset[Level] | None
    """None: every level."""
    units: frozenset[str] | None = None
    """None: everywhere; otherwise in one of them, or in what lies in it."""
    kinds: frozenset[OpinionKind] | None = None
    """None: every kind of opinion."""
    priority: int
    """Of the rows that apply the greatest wins."""
    citation: str
    agency: str | None = None
    office: str | None = None
    is_for_triage: bool = False
    """A person decides."""

    @property
    def is_catch_all(self) -> bool:
        """Tell whether the row answers for everything, in every unit."""
        asked = (self.fields, self.levels, self.units, self.kinds)
        return asked == (None, None, None, None) and self.office is None

    def applies(self, matter: RoutedMatter, day: date) -> bool:
        """Tell whether the row is about `matter` on `day`."""
        return (
            self.includes(day)
            and (self.fields is None or matter.field in self.fields)
            and (self.levels is None or matter.level in self.levels)
            and (self.units is None or bool(matter.units & self.units))
            and (self.kinds is None or matter.opinion_kind in self.kinds)
        )

    def clashes(self, other: "RoutingRow") -> bool:
        """Tell whether both rows are sure to meet in some matter with equal priority.

        Of two units one may lie in the other; that shows with the matter, which then goes
        to a person.
        """
        return (
            self.priority == other.priority
            and self.overlaps(other)
            and _meet(self.fields, other.fields)
            and _meet(self.levels, other.levels)
            and _meet(self.units, other.units)
            and _meet(self.kinds, other.kinds)
        )


def _meet(one: frozenset[str] | None, other: frozenset[str] | None) -> bool:
    return one is None or other is None or bool(one & other)


def first_clash(rows: Sequence[RoutingRow]) -> tuple[RoutingRow, RoutingRow] | None:
    """Return two rows that clash, in the order of the file, or None."""
    for number, row in enumerate(rows):
        for other in rows[number + 1 :]:
            if row.clashes(other):
                return row, other
    return None


def choose(
    rows: Sequence[RoutingRow],
    matter: RoutedMatter,
    day: date,
    agencies_of_office: Callable[[str], tuple[str, ...]],
) -> tuple[RoutingRow, tuple[str, ...]] | None:
    """Return the row with the greatest priority that answers, and the agencies that are meant.

    One agency is competent; several contradict each other; none means that the row leaves
    it to a person. A row that names an office which the unit does not have is passed over.
    None when no row is left, which a checked table with a catch-all row rules out.
    """
    applying = [row for row in rows if row.applies(matter, day)]
    for priority in sorted({row.priority for row in applying}, reverse=True):
        found: dict[str, RoutingRow] = {}
        for row in (row for row in applying if row.priority == priority):
            if row.is_for_triage:
                return row, ()
            named = agencies_of_office(row.office) if row.office is not None else ()
            for agency in named if row.agency is None else (row.agency,):
                found.setdefault(agency, row)
        if found:
            return next(iter(found.values())), tuple(sorted(found))
    return None
