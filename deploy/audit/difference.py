"""What two states of a report differ by, cell by cell, down to the events that made it so."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.audit.archive import Archive
from deploy.audit.figures import counted_archives, kept, report_over
from deploy.audit.point import Sizes
from deploy.audit.verdict import Finding
from services.reporting.computing import Report
from services.reporting.counting import loaded
from services.reporting.declared import DECLARED_TYPES, MEASURES, declared_in
from services.reporting.journal import Kept
from services.reporting.questions import Question
from shared.provinces import Province

COMPUTED, DECLARED = "computed", "declared"

_Cell = tuple[str, tuple[object, ...], str]
"""Basis, row, measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one event contributes to a difference."""

    origin: str
    position: int
    event_id: str
    type: str
    amount: int
    """What the second state has more by it; of an event that only the first holds, negated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One cell that is not the same in both states."""

    basis: str
    row: Mapping[str, object]
    """Values of the report's dimensions, and the scope of a declared row of its own."""
    about: Mapping[str, Any] | None
    """What is declared in it, where it is a declared row of its own."""
    measure: str
    before: int | None
    after: int | None
    parts: Sequence[Part]

    @property
    def sum(self) -> int:
        """What all parts add up to."""
        return sum(part.amount for part in self.parts)

    @property
    def is_one(self) -> bool:
        """Whether the figures differ; nothing computed and a sum of 0 are the same."""
        if self.basis == COMPUTED:
            return (self.before or 0) != (self.after or 0)
        return self.before != self.after

    @property
    def adds_up(self) -> bool:
        """Whether the events explain the difference exactly.

        Declared results of one row may stand in for each other, so theirs need not.
        """
        return self.basis == DECLARED or (self.after or 0) - (self.before or 0) == self.sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two states of a report, and what lies between them."""

    before: Report
    after: Report
    changes: Sequence[Change]
    """In the order of the report's rows, computed before declared."""

    def findings(self) -> Iterator[Finding]:
        """Yield the cells whose difference the events do not explain."""
        for change in self.changes:
            if not change.adds_up:
                facts = {
                    "measure": change.measure,
                    "claimed": (change.after or 0) - (change.before or 0),
                    "follows": change.sum,
                }
                yield Finding(code="sum_differs", origin=change.basis, facts=facts)


def difference(
    archives: Sequence[Archive],
    asked: Question,
    states: tuple[Sizes, Sizes],
    provinces: Mapping[str, Province],
) -> Difference:
    """Return what the report differs by between two states of the logs.

    Raises:
        NotFound, LogTampered, RegulationError, ContractError: as `figures.report_over`.

    """
    counted = counted_archives(archives)
    first, second = (
        {archive.origin: state.get(archive.origin, 0) for archive in counted} for state in states
    )
    before, after = (report_over(counted, sizes, asked, provinces) for sizes in (first, second))
    between = list(_between(counted, first, second, (*asked.statistic.types, *DECLARED_TYPES)))
    parts = _computed(asked, between) | _declared(asked, before, after, between)
    old, new = (dict(_cells(asked, report.document)) for report in (before, after))
    cells = dict.fromkeys((*old, *new, *parts))
    about = {
        (*(row[name] for name in asked.by), row["scope"]): row["declared"]
        for report in (before, after)
        for row in report.document["rows"]
        if row["scope"] is not None
    }
    changes = (
        Change(
            basis=cell[0],
            row=dict(zip((*asked.by, "scope"), cell[1], strict=True)),
            about=about.get(cell[1]),
            measure=cell[2],
            before=old.get(cell),
            after=new.get(cell),
            parts=parts.get(cell, ()),
        )
        for cell in sorted(cells, key=lambda cell: cell[0])
    )
    return Difference(
        before=before,
        after=after,
        changes=[each for each in changes if each.is_one or not each.adds_up],
    )


def _cells(asked: Question, document: Mapping[str, Any]) -> Iterator[tuple[_Cell, int | None]]:
    """Yield every figure of a report: computed by row, declared by row and scope."""
    for row in document["rows"]:
        place = tuple(row[name] for name in asked.by)
        if row["scope"] is None:
            for measure in asked.statistic.measures:
                yield (COMPUTED, (*place, None), measure), row[measure] or 0
        if row["declared"] is not None:
            for measure in MEASURES:
                if row["declared"][measure] is not None:
                    yield (DECLARED, (*place, row["scope"]), measure), row["declared"][measure]


def _between(
    archives: Sequence[Archive], first: Sizes, second: Sizes, types: Sequence[str]
) -> Iterator[tuple[Kept, int]]:
    """Yield the entries that only one state holds: +1 for the second, −1 for the first."""
    for archive in sorted(archives, key=lambda each: each.origin):
        start, end = first[archive.origin], second[archive.origin]
        sign = 1 if start < end else -1
        for row in kept(archive, min(start, end), max(start, end), types):
            yield row, sign


def _computed(asked: Question, between: Sequence[tuple[Kept, int]]) -> dict[_Cell, list[Part]]:
    """Return what each event contributes to each computed figure of the report."""
    entries = {(row.origin, row.position): (row, sign) for row, sign in between}
    sums: defaultdict[tuple[_Cell, tuple[str, int]], int] = defaultdict(int)
    with loaded(row for row, _ in between if row.type in asked.statistic.types) as counted:
        counted.run(asked.statistic)
        for measure in asked.statistic.measures:
            for found in counted.contributions(asked.statistic, measure):
                if asked.period_from <= found.cell.day <= asked.period_to:
                    group = asked.group(found.cell.province, found.cell.day, found.cell.cell)
                    cell: _Cell = (COMPUTED, (*group, None), measure)
                    sums[cell, (found.origin, found.position)] += found.amount
    parts: dict[_Cell, list[Part]] = {}
    for (summed, place), amount in sums.items():
        if amount:
            parts.setdefault(summed, []).append(_part(*entries[place], amount))
    return parts


def _declared(
    asked: Question, before: Report, after: Report, between: Sequence[tuple[Kept, int]]
) -> dict[_Cell, list[Part]]:
    """Return the declarations by which each declared figure of the report differs."""
    entries = {(row.origin, row.position): (row, sign) for row, sign in between}
    rows = (row for row, _ in between if row.type in DECLARED_TYPES)
    found = {each.event.declaration_id: each for each in declared_in(rows, {})}
    old, new = (_declarations(asked, report.document) for report in (before, after))
    parts: dict[_Cell, list[Part]] = {}
    for place in dict.fromkeys((*old, *new)):
        for declaration_id in sorted(old.get(place, set()) ^ new.get(place, set())):
            declaration = found.get(declaration_id)
            if declaration is None:
                continue  # it was there in both states, and another one took its place
            row, sign = entries[declaration.origin, declaration.position]
            for measure in MEASURES:
                stated = declaration.measure(measure)
                if stated is not None:
                    cell = (DECLARED, place, measure)
                    parts.setdefault(cell, []).append(_part(row, sign, stated))
    return parts


def _declarations(
    asked: Question, document: Mapping[str, Any]
) -> dict[tuple[object, ...], set[str]]:
    return {
        (*(row[name] for name in asked.by), row["scope"]): set(row["declared"]["declarations"])
        for row in document["rows"]
        if row["declared"] is not None
    }


def _part(row: Kept, sign: int, amount: int) -> Part:
    return Part(
        origin=row.origin,
        position=row.position,
        event_id=row.event_id,
        type=row.type,
        amount=sign * amount,
    )
