"""The full replay: every entry verified and counted again, from the first.

What comes out must be the live figures, cell by cell. It shows that no figure depends on
order, batches, restarts or anything but the journal, and that the journal is intact.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from services.reporting import figures, journal
from services.reporting.counting import Cell, Counted, loaded
from services.reporting.figures import Figures
from services.reporting.journal import JournalLog, Kept
from services.reporting.keeping import verify
from services.reporting.statistics import Statistic
from shared.kernel.aside import Aside, here
from shared.kernel.errors import LogTampered, Unavailable
from shared.store import Store

_log = logging.getLogger(__name__)

FAULTS_MAX = 100
DIFFERENCES_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A cell that the live figures and the replay don't agree on."""

    cell: Cell
    live: int
    recounted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticRecount:
    """One statistic, counted twice."""

    statistic: Statistic
    cells: int
    """How many cells are not zero, by the replay."""
    differences: tuple[Difference, ...]
    """By cell; at most 1,000."""


@dataclass(slots=True, kw_only=True)
class Recount:
    """What a replay found."""

    logs: dict[str, int]
    """Each log with how much of it was replayed."""
    entries: int = 0
    """Entries that were read and verified."""
    faults: list[LogTampered] = field(default_factory=list)
    """Entries that are not what their log wrote; at most 100. They are not counted."""
    statistics: list[StatisticRecount] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        """Whether the journal is intact and every figure the same."""
        return not self.faults and not any(each.differences for each in self.statistics)


def recount(
    store: Store,
    statistics: Iterable[Statistic],
    provinces: Sequence[str] | None = None,
    aside: Aside = here,
) -> Recount:
    """Replay the journal of `provinces` (None: all) and compare it with the live figures.

    Raises:
        RegulationError, ContractError: as `counting`.
        Unavailable: `figures.moving`.

    """
    live: list[tuple[Statistic, Figures]] = []
    for statistic in statistics:
        figures.bring_up(store, statistic, provinces, aside)
        live.append((statistic, _all_live(store, statistic, provinces, aside)))
    logs = journal.logs(store, provinces)
    result = Recount(logs={log.origin: log.size for log in logs})
    types = frozenset(name for statistic, _ in live for name in statistic.types)
    with loaded(_verified(store, logs, result, types, aside), aside) as counted:
        for statistic, known in live:
            result.statistics.append(_compare(counted, statistic, known))
    for fault in result.faults:
        _log.critical("the journal is not what was kept: %s", fault)
    return result


def _all_live(
    store: Store, statistic: Statistic, provinces: Sequence[str] | None, aside: Aside
) -> Figures:
    edition_no = figures.edition(store, statistic)
    for _ in range(figures.ATTEMPTS):
        sizes = figures.upto(store, edition_no)
        cells = figures.all_cells(store, edition_no, aside)
        if figures.upto(store, edition_no) == sizes:
            break
    else:
        raise Unavailable("figures.moving", statistic=statistic.name)
    if provinces is None:
        return Figures(sizes=sizes, cells=cells)
    return Figures(
        sizes={o: size for o, size in sizes.items() if o.split("/")[1] in provinces},
        cells={cell: amount for cell, amount in cells.items() if cell.province in provinces},
    )


def _verified(
    store: Store,
    logs: Sequence[JournalLog],
    result: Recount,
    types: frozenset[str],
    aside: Aside,
) -> Iterator[Kept]:
    for log in logs:
        position, last_time = 0, ""
        while position < log.size:
            rows = journal.page(store, log, position, log.size)
            if not rows:
                _note(result, LogTampered("journal.hole", origin=log.origin, position=position))
                break
            result.entries += len(rows)
            good, faults = aside(partial(_verified_page, rows, position, last_time))
            for fault in faults:
                _note(result, fault)
            yield from (row for row in good if row.type in types)
            position = rows[-1].position + 1
            last_time = good[-1].time if good else last_time


def _verified_page(
    rows: Sequence[Kept], position: int, last_time: str
) -> tuple[list[Kept], list[LogTampered]]:
    """Return the rows that are what their log wrote, and the faults of the others."""
    good: list[Kept] = []
    faults: list[LogTampered] = []
    for row in rows:
        try:
            verify(row, position, last_time)
        except LogTampered as fault:
            faults.append(fault)
        else:
            good.append(row)
            last_time = row.time
        position = row.position + 1
    return good, faults


def _note(result: Recount, fault: LogTampered) -> None:
    if len(result.faults) < FAULTS_MAX:
        result.faults.append(fault)


def _compare(counted: Counted, statistic: Statistic, live: Figures) -> StatisticRecount:
    counted.run(statistic, live.sizes)
    again: Mapping[Cell, int] = counted.cells(statistic)
    return counted.aside(partial(_compared, statistic, live.cells, again))


def _compared(
    statistic: Statistic, live: Mapping[Cell, int], again: Mapping[Cell, int]
) -> StatisticRecount:
    places = {cell for cell, amount in live.items() if again.get(cell, 0) != amount}
    places |= {cell for cell in again if cell not in live}
    ordered = sorted(places, key=lambda cell: (cell.day, cell.province, str(cell.cell)))
    return StatisticRecount(
        statistic=statistic,
        cells=len(again),
        differences=tuple(
            Difference(cell=cell, live=live.get(cell, 0), recounted=again.get(cell, 0))
            for cell in ordered[:DIFFERENCES_MAX]
        ),
    )
