"""Routing: which agency is competent for a field at a level, as a dated table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from shared.contracts.vocabulary import Level
from shared.kernel.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """The competent agency and why."""

    agency: str
    citation: str
    """File, its digest, the row, and what the row cites."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingRow(Period):
    """One row of the table. It names an agency, or the office to look for in the unit."""

    number: int
    """1-based, as in the file."""
    fields: frozenset[str] | None
    """None: every field."""
    levels: frozenset[Level] | None
    """None: every level."""
    priority: int
    """Of the rows that apply the greatest wins."""
    citation: str
    agency: str | None = None
    office: str | None = None

    @property
    def is_catch_all(self) -> bool:
        """Tell whether the row answers for everything, in every unit."""
        return self.fields is None and self.levels is None and self.agency is not None

    def applies(self, field: str, level: Level, day: date) -> bool:
        """Tell whether the row is about `field` at `level` on `day`."""
        return (
            self.includes(day)
            and (self.fields is None or field in self.fields)
            and (self.levels is None or level in self.levels)
        )

    def clashes(self, other: "RoutingRow") -> bool:
        """Tell whether both rows can apply to one matter with equal priority."""
        return (
            self.priority == other.priority
            and self.overlaps(other)
            and _meet(self.fields, other.fields)
            and _meet(self.levels, other.levels)
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
    field: str,
    level: Level,
    day: date,
    agency_of_office: Callable[[str], str | None],
) -> tuple[RoutingRow, str] | None:
    """Return the row with the greatest priority that leads to an agency, and that agency.

    A row that names an office which the unit does not have is passed over. None when no
    row is left, which a checked table with a catch-all row rules out.
    """
    applying = [row for row in rows if row.applies(field, level, day)]
    for row in sorted(applying, key=lambda row: row.priority, reverse=True):
        agency = row.agency if row.office is None else agency_of_office(row.office)
        if agency is not None:
            return row, agency
    return None
