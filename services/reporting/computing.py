"""From a question to a report: at the newest, or at any state the journal has been in."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.reporting import figures, journal
from services.reporting.counting import Cell, count
from services.reporting.declared import DECLARED_TYPES, Declared, declared_among, read_declared
from services.reporting.figures import Figures
from services.reporting.journal import Kept
from services.reporting.questions import Question
from services.reporting.report import build
from shared import wire
from shared.kernel.aside import Aside, here
from shared.provinces import Province
from shared.runtime import Runtime
from shared.store import Store

Rows = Callable[[Sequence[str]], Iterable[Kept]]
"""Yields the entries of the named types that a report is over, by origin and position."""

_NOTHING_DECLARED = Declared(rows=(), of_other_periods=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report, and the bytes that are published."""

    document: dict[str, Any]
    content: bytes
    """Canonical JSON: the same for the same question, entries and province files."""
    sha256: str
    """Of `content`, as hex."""


def newest(opened: Runtime, asked: Question) -> Report:
    """Return the report over everything in the journal.

    Raises:
        RegulationError, ContractError: as `counting`.
        TooLarge, Unavailable: as `figures`.

    """
    figures.bring_up(opened.store, asked.statistic, asked.provinces, opened.aside)
    counted = figures.read(
        opened.store,
        asked.statistic,
        asked.provinces,
        asked.period,
        by_day=asked.is_by_time,
        aside=opened.aside,
    )
    return _report(opened, asked, counted)


def at(opened: Runtime, asked: Question, sizes: Mapping[str, int]) -> Report:
    """Return the report over the first entries of each log, as it was when it held those.

    Raises:
        NotFound: `journal.unknown_log`.
        RegulationError, ContractError: as `counting`.

    """
    rows = journal.rows_below(opened.store, sizes, asked.statistic.types)
    return _report(opened, asked, _counted(asked, sizes, rows, opened.aside))


def over(
    asked: Question,
    sizes: Mapping[str, int],
    rows: Rows,
    *,
    provinces: Mapping[str, Province],
    known_at: str | None,
) -> Report:
    """Return the report over the entries that `rows` yields: of each log those below its size.

    Raises:
        RegulationError, ContractError: as `counting`.
        TooLarge: `report.too_many_declared`.

    """
    counted = _counted(asked, sizes, rows(asked.statistic.types), here)
    declared = _NOTHING_DECLARED
    if asked.statistic.declared:
        declared = declared_among(rows(DECLARED_TYPES), provinces, asked.period)
    return _written(_document(asked, counted, declared, provinces, known_at))


def _counted(
    asked: Question, sizes: Mapping[str, int], rows: Iterable[Kept], aside: Aside
) -> Figures:
    cells: dict[Cell, int] = {}
    for cell, amount in count(asked.statistic, rows, aside).items():
        if asked.period_from <= cell.day <= asked.period_to:
            place = cell if asked.is_by_time else cell._replace(day=asked.period_from)
            cells[place] = cells.get(place, 0) + amount
    return Figures(sizes=sizes, cells={cell: amount for cell, amount in cells.items() if amount})


def _report(opened: Runtime, asked: Question, counted: Figures) -> Report:
    declared = _NOTHING_DECLARED
    if asked.statistic.declared:
        declared = read_declared(opened, counted.sizes, asked.period)
    known_at = _known_at(opened.store, counted.sizes)
    return opened.aside(
        lambda: _written(_document(asked, counted, declared, opened.provinces, known_at))
    )


def _document(
    asked: Question,
    counted: Figures,
    declared: Declared,
    provinces: Mapping[str, Province],
    known_at: str | None,
) -> dict[str, Any]:
    used = {row.province for row in declared.rows if row.coverage}
    return build(
        asked,
        counted,
        declared,
        known_at=known_at,
        references={slug: provinces[slug].sha256 for slug in used},
    )


def _written(document: dict[str, Any]) -> Report:
    content = wire.canonical(document)
    sha256 = hashlib.sha256(content).hexdigest()
    return Report(document=document, content=content, sha256=sha256)


def _known_at(store: Store, sizes: Mapping[str, int]) -> str | None:
    """Return when the newest entry counted was recorded; None when there is none."""
    times = (journal.time_at(store, origin, size - 1) for origin, size in sizes.items())
    return max((time for time in times if time), default=None)
