"""The full replay: every entry verified and counted again, from the first.

What comes out must be the live figures, cell by cell. It shows that no figure depends on
order, batches, restarts or anything but the journal, and that the journal is intact.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.reporting import figures, journal
from services.reporting.counting import Cell, Counted, loaded
from services.reporting.figures import Figures
from services.reporting.journal import JournalLog, Kept
from services.reporting.keeping import verify
from services.reporting.statistics import Statistic
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
    store: Store, statistics: Iterable[Statistic], provinces: Sequence[str] | None = None
) -> Recount:
    """Replay the journal of `provinces` (None: all) and compare it with the live figures.

    Raises:
        RegulationError, ContractError: as `counting`.
        Unavailable: `figures.moving`.

    """
    live: list[tuple[Statistic, Figures]] = []
    for statistic in statistics:
        figures.bring_up(store, statistic, provinces)
        live.append((statistic, _all_live(store, statistic, provinces)))
    logs = journal.logs(store, provinces)
    result = Recount(logs={log.origin: log.size for log in logs})
    types = frozenset(name for statistic, _ in live for name in statistic.types)
    with loaded(_verified(store, logs, result, types)) as counted:
        for statistic, known in live:
            result.statistics.append(_compare(counted, statistic, known))
    for fault in result.faults:
        _log.critical("the journal is not what was kept: %s", fault)
    return result


def _all_live(store: Store, statistic: Statistic, provinces: Sequence[str] | None) -> Figures:
    edition_no = figures.edition(store, statistic)
    for _ in range(figures.ATTEMPTS):
        sizes = figures.upto(store, edition_no)
        cells = figures.all_cells(store, edition_no)
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
    store: Store, logs: Sequence[JournalLog], result: Recount, types: frozenset[str]
) -> Iterator[Kept]:
    for log in logs:
        position, last_time = 0, ""
        while position < log.size:
            rows = journal.page(store, log, position, log.size)
            if not rows:
                _note(result, LogTampered("journal.hole", origin=log.origin, position=position))
                break
            for row in rows:
                result.entries += 1
                try:
                    verify(row, position, last_time)
                except LogTampered as fault:
                    _note(result, fault)
                else:
                    last_time = row.time
                    if row.type in types:
                        yield row
                position = row.position + 1


def _note(result: Recount, fault: LogTampered) -> None:
    if len(result.faults) < FAULTS_MAX:
        result.faults.append(fault)


def _compare(counted: Counted, statistic: Statistic, live: Figures) -> StatisticRecount:
    counted.run(statistic, live.sizes)
    again: Mapping[Cell, int] = counted.cells(statistic)
    places = {cell for cell, amount in live.cells.items() if again.get(cell, 0) != amount}
    places |= {cell for cell in again if cell not in live.cells}
    ordered = sorted(places, key=lambda cell: (cell.day, cell.province, str(cell.cell)))
    return StatisticRecount(
        statistic=statistic,
        cells=len(again),
        differences=tuple(
            Difference(cell=cell, live=live.cells.get(cell, 0), recounted=again.get(cell, 0))
            for cell in ordered[:DIFFERENCES_MAX]
        ),
    )
