"""Declared results: figures from paper, kept apart from what is computed.

A declared row is shown in a report of exactly its own period, never cut or spread. Rows
add up only where they can't be about the same thing; what one of them doesn't state, the
sum doesn't state.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.reporting import journal
from services.reporting.coverage import Coverage, coverage_of
from services.reporting.questions import Group, Question
from shared.contracts.intake import SessionResultsDeclared
from shared.eventlog import Entry
from shared.provinces import Province
from shared.store import Store

MEASURES = (
    "sessions",
    "attendances",
    "participants",
    "opinions",
    "contributions",
    "speaking_turns",
    "answered",
)
ROWS_MAX = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRow:
    """One declared row and where it was recorded."""

    province: str
    origin: str
    position: int
    event: SessionResultsDeclared
    coverage: Coverage | None
    """None: it has no computed counterpart."""

    def is_of(self, period: tuple[date, date]) -> bool:
        """Tell whether it is about exactly this period."""
        return (self.event.period_from, self.event.period_to) == period

    def measure(self, name: str) -> int | None:
        """Return what it states; None: nothing."""
        value: int | None = getattr(self.event, name)
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Declared rows that stand together beside one row of a report."""

    rows: tuple[DeclaredRow, ...]

    def measure(self, name: str) -> int | None:
        """Return the sum; None when any row doesn't state it."""
        values = [row.measure(name) for row in self.rows]
        stated = [value for value in values if value is not None]
        return sum(stated) if len(stated) == len(values) else None

    @property
    def missing(self) -> list[str]:
        """Measures that some of the rows state and others don't."""
        return [
            name for name in MEASURES if len({row.measure(name) is None for row in self.rows}) > 1
        ]

    def holds(self, province: str, unit: str | None, level: str | None, kind: str | None) -> bool:
        """Tell whether the rows are about this computed cell."""
        return any(
            row.coverage is not None and row.coverage.holds(province, unit, level, kind)
            for row in self.rows
        )

    def as_json(self) -> dict[str, object]:
        """Return measures (null: not stated), marks and sources."""
        events = [row.event for row in self.rows]
        return {
            **{name: self.measure(name) for name in MEASURES},
            "missing": self.missing,
            "derived": sorted({name for event in events for name in event.derived}),
            "approximate": sorted({name for event in events for name in event.approximate}),
            "units": sorted({event.unit_name for event in events}),
            "modes": sorted({str(event.mode) for event in events if event.mode}),
            "sources": sorted({event.source for event in events}),
            "declarations": sorted(event.declaration_id for event in events),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where the declared rows of a report's own period stand."""

    by_group: Mapping[Group, Sum]
    """Beside rows of the report."""
    alone: tuple[DeclaredRow, ...]
    """Rows of their own: sectors, single modes, second sources, all communes of a unit."""
    total: Sum | None


def read_declared(
    store: Store, sizes: Mapping[str, int], provinces: Mapping[str, Province]
) -> list[DeclaredRow]:
    """Return the declared rows in the first entries of each log, by origin and position."""
    name = SessionResultsDeclared.__name__
    found: list[DeclaredRow] = []
    for kept in journal.rows_below(store, sizes, [name]):
        recorded = Entry(kept.origin, kept.position, kept.content).recorded()
        province = provinces.get(recorded.province)
        if isinstance(recorded.event, SessionResultsDeclared) and len(found) < ROWS_MAX:
            found.append(
                DeclaredRow(
                    province=recorded.province,
                    origin=kept.origin,
                    position=kept.position,
                    event=recorded.event,
                    coverage=coverage_of(recorded.event, province) if province else None,
                )
            )
    return found


def place(asked: Question, rows: Iterable[DeclaredRow]) -> Placed:
    """Return where the rows of exactly the asked period stand in the report."""
    mine = [row for row in rows if row.is_of(asked.period)]
    alone = [row for row in mine if row.coverage is None]
    comparable = [row for row in mine if row.coverage is not None]
    groups: dict[Group, list[DeclaredRow]] = {}
    for row in comparable:
        group = _group(asked, row)
        if group is not None:
            groups.setdefault(group, []).append(row)
        elif _is_of_several_units(asked, row):
            alone.append(row)
    by_group: dict[Group, Sum] = {}
    for group, candidates in groups.items():
        apart, rest = _apart(candidates)
        by_group[group] = Sum(rows=apart)
        alone += rest
    whole, _ = _apart(comparable)
    return Placed(
        by_group=by_group,
        alone=tuple(sorted(alone, key=lambda row: (row.origin, row.position))),
        total=Sum(rows=whole) if whole else None,
    )


def _group(asked: Question, row: DeclaredRow) -> Group | None:
    """Return the row of the report that `row` stands beside; None when it says too little."""
    coverage = row.coverage
    if coverage is None or asked.is_by_time:
        return None
    values = {
        "province": row.province,
        "unit": coverage.unit,
        "level": coverage.level,
        "session_kind": coverage.session_kind,
    }
    group = tuple(values.get(name) for name in asked.by)
    return None if None in group else group


def _is_of_several_units(asked: Question, row: DeclaredRow) -> bool:
    """Tell whether only the unit keeps `row` from standing beside a row of the report."""
    coverage = row.coverage
    return (
        coverage is not None
        and not asked.is_by_time
        and "unit" in asked.by
        and coverage.unit is None
        and not ("level" in asked.by and coverage.level is None)
        and not ("session_kind" in asked.by and coverage.session_kind is None)
    )


def _apart(
    rows: Sequence[DeclaredRow],
) -> tuple[tuple[DeclaredRow, ...], tuple[DeclaredRow, ...]]:
    """Return rows of which no two are about the same, and the rest.

    What a source states for the whole comes before what would have to be added up; of two
    sources that state the same, the first recorded.
    """
    taken: list[DeclaredRow] = []
    rest: list[DeclaredRow] = []
    for row in sorted(rows, key=_coarse_first):
        clash = any(
            row.coverage and other.coverage and row.coverage.overlaps(other.coverage)
            for other in taken
        )
        (rest if clash else taken).append(row)
    return tuple(taken), tuple(rest)


def _coarse_first(row: DeclaredRow) -> tuple[int, str, int]:
    breadth = row.coverage.breadth if row.coverage else 0
    return (-breadth, row.origin, row.position)
