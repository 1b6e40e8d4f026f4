"""Declared results: figures from paper, kept apart from what is computed.

A declared row is shown in a report of exactly its own period, never cut or spread. Rows
add up only where they can't be about the same thing; what one of them doesn't state, the
sum doesn't state.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from services.reporting import journal
from services.reporting.coverage import Coverage, Coverages, coverage_of
from services.reporting.journal import Kept
from services.reporting.places import Place, first_after
from services.reporting.questions import Group, Question
from shared.contracts.intake import SessionResultsDeclared
from shared.eventlog import Entry
from shared.kernel.errors import TooLarge
from shared.provinces import Province
from shared.runtime import Runtime

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
"""Declared rows of one report."""

DECLARED_TYPES = (SessionResultsDeclared.__name__,)


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

    @property
    def approximate(self) -> frozenset[str]:
        """Measures that some row gives as "about"."""
        return frozenset(name for row in self.rows for name in row.event.approximate)

    @property
    def coverages(self) -> Coverages:
        """What the rows are about."""
        return Coverages(row.coverage for row in self.rows if row.coverage is not None)

    def as_json(self) -> dict[str, object]:
        """Return measures (null: not stated), marks and sources."""
        events = [row.event for row in self.rows]
        return {
            **{name: self.measure(name) for name in MEASURES},
            "missing": self.missing,
            "derived": sorted({name for event in events for name in event.derived}),
            "approximate": sorted({name for event in events for name in event.approximate}),
            "units": sorted({event.unit_name for event in events}),
            "levels": sorted({str(event.level) for event in events if event.level}),
            "session_kinds": sorted(
                {str(event.session_kind) for event in events if event.session_kind}
            ),
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
    """Rows of their own: sectors, single modes, second sources, all communes of a unit, and
    what a unit states without the level or kind that the report is broken down by."""
    total: Sum | None
    """Of what is stated for whole provinces, and for each one that is asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What is declared for a report."""

    rows: tuple[DeclaredRow, ...]
    """Those of exactly its period."""
    of_other_periods: int
    """How many others there are."""


def read_declared(opened: Runtime, sizes: Mapping[str, int], period: tuple[date, date]) -> Declared:
    """Return what is declared in the first entries of each log, by origin and position.

    Raises:
        TooLarge: `report.too_many_declared`.

    """
    found: list[Kept] = []
    for kept in journal.rows_below(opened.store, sizes, DECLARED_TYPES, containing=_named(period)):
        if len(found) == ROWS_MAX:
            raise TooLarge("report.too_many_declared", limit=ROWS_MAX)
        found.append(kept)
    rows = opened.aside(partial(declared_in, found, opened.provinces))
    mine = tuple(row for row in rows if row.is_of(period))
    everything = journal.count_below(opened.store, sizes, DECLARED_TYPES)
    return Declared(rows=mine, of_other_periods=everything - len(mine))


def declared_among(
    rows: Iterable[Kept], provinces: Mapping[str, Province], period: tuple[date, date]
) -> Declared:
    """Return what `rows`, wherever they lie, declare. Raises as `read_declared`."""
    named, others = _named(period), 0
    found: list[Kept] = []
    for kept in rows:
        if not all(end in kept.content for end in named):
            others += 1
        elif len(found) == ROWS_MAX:
            raise TooLarge("report.too_many_declared", limit=ROWS_MAX)
        else:
            found.append(kept)
    declared = declared_in(found, provinces)
    mine = tuple(row for row in declared if row.is_of(period))
    return Declared(rows=mine, of_other_periods=others + len(declared) - len(mine))


def page_of_declared(
    opened: Runtime, provinces: Sequence[str], after: Place | None, limit: int
) -> list[DeclaredRow]:
    """Return declared rows of whatever period, by origin and position, after a place."""
    found: list[Kept] = []
    for log in journal.logs(opened.store, provinces):
        start = first_after(after, log.origin)
        if start is not None and len(found) < limit:
            left = limit - len(found)
            found += journal.page(
                opened.store, log, start, log.size, types=DECLARED_TYPES, limit=left
            )
    return declared_in(found, opened.provinces)


def declared_in(found: Iterable[Kept], provinces: Mapping[str, Province]) -> list[DeclaredRow]:
    """Return the declared rows among `found`, in their order."""
    rows: list[DeclaredRow] = []
    for kept in found:
        recorded = Entry(kept.origin, kept.position, kept.content).recorded()
        province = provinces.get(recorded.province)
        if isinstance(recorded.event, SessionResultsDeclared):
            rows.append(
                DeclaredRow(
                    province=recorded.province,
                    origin=kept.origin,
                    position=kept.position,
                    event=recorded.event,
                    coverage=coverage_of(recorded.event, province) if province else None,
                )
            )
    return rows


def _named(period: tuple[date, date]) -> tuple[bytes, ...]:
    """Return how an entry, being canonical, says that it is of this period."""
    ends = zip(("period_from", "period_to"), period, strict=True)
    return tuple(f'"{name}":"{day.isoformat()}"'.encode() for name, day in ends)


def place(asked: Question, rows: Iterable[DeclaredRow]) -> Placed:
    """Return where `rows`, of exactly the asked period, stand in the report."""
    mine = list(rows)
    alone = [row for row in mine if row.coverage is None]
    comparable = [row for row in mine if row.coverage is not None]
    whole, _ = _apart([row for row in comparable if _is_of_whole_province(row)])
    if {row.province for row in whole} != set(asked.provinces):
        whole = ()
    at_total = {(row.origin, row.position) for row in whole}
    groups: dict[Group, list[DeclaredRow]] = {}
    for row in comparable:
        group = _group(asked, row)
        if group is not None:
            groups.setdefault(group, []).append(row)
        elif not asked.is_by_time and (
            (row.origin, row.position) not in at_total or _is_of_several_units(asked, row)
        ):
            alone.append(row)
    by_group: dict[Group, Sum] = {}
    for group, candidates in groups.items():
        apart, rest = _apart(candidates)
        by_group[group] = Sum(rows=apart)
        alone += rest
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
    if not set(asked.by) - {"province"} and not _is_of_whole_province(row):
        return None
    values = {
        "province": row.province,
        "unit": coverage.unit,
        "level": coverage.level,
        "session_kind": coverage.session_kind,
    }
    group = tuple(values.get(name) for name in asked.by)
    return None if None in group else group


def _is_of_whole_province(row: DeclaredRow) -> bool:
    """Tell whether `row` is about all units of its province; what it leaves out is none."""
    return row.coverage is not None and row.coverage.units is None


def _is_of_several_units(asked: Question, row: DeclaredRow) -> bool:
    """Tell whether only the unit keeps `row` from standing beside a row of the report."""
    coverage = row.coverage
    return (
        coverage is not None
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
    covered = Coverages()
    for row in sorted(rows, key=_coarse_first):
        if row.coverage is not None and covered.overlap(row.coverage):
            rest.append(row)
            continue
        taken.append(row)
        if row.coverage is not None:
            covered.add(row.coverage)
    return tuple(taken), tuple(rest)


def _coarse_first(row: DeclaredRow) -> tuple[int, str, int]:
    breadth = row.coverage.breadth if row.coverage else 0
    return (-breadth, row.origin, row.position)
