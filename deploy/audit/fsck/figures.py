"""The live figures: counted again from the journal, and compared with what is stored."""

from collections.abc import Mapping

import duckdb
import sqlalchemy as sa

from deploy.audit.fsck.check import ATTEMPTS, Check
from services.reporting import figures, journal
from services.reporting.counting import Cell, loaded
from services.reporting.figures import Figures
from services.reporting.statistics import Statistic, statistics
from services.reporting.tables import figure_edition
from shared.kernel.errors import AppError
from shared.store import Store

REPORTING = "reporting"
NOT_COUNTABLE = (AppError, ValueError, KeyError, TypeError, duckdb.Error)
"""What spoilt entries and rows come to when they are counted: found where they are, too."""


def check_figures(check: Check, store: Store) -> None:
    """Count every statistic again over as much of each log as its live figures hold."""
    known = {statistic.sha256: statistic for statistic in statistics().values()}
    with store.read() as connection:
        editions = connection.execute(sa.select(figure_edition)).all()
    for edition in editions:
        statistic = known.get(edition.sha256)
        if statistic is None or statistic.name != edition.statistic:
            check.found(
                "fsck.statistic_unknown", REPORTING, is_proof=False, statistic=edition.statistic
            )
            continue
        live = _live(store, edition.edition_no)
        if live is None:
            check.found("fsck.moving", REPORTING, is_proof=False)
            continue
        sizes = {log.origin: log.size for log in journal.logs(store)}
        for origin, size in live.sizes.items():
            if size > sizes.get(origin, 0):
                check.found("fsck.figures_ahead", origin, size, statistic=statistic.name)
        again = {o: min(size, sizes[o]) for o, size in live.sizes.items() if o in sizes}
        try:
            counted = _counted(store, statistic, again)
        except NOT_COUNTABLE as error:
            check.found(
                "fsck.not_countable",
                REPORTING,
                is_proof=False,
                statistic=statistic.name,
                reason=reason_of(error),
            )
        else:
            _compare(check, statistic, live.cells, counted)


def _live(store: Store, edition_no: int) -> Figures | None:
    """Return all figures as they stand; None when they never stood still."""
    for _ in range(ATTEMPTS):
        sizes = figures.upto(store, edition_no)
        cells = figures.all_cells(store, edition_no)
        if figures.upto(store, edition_no) == sizes:
            return Figures(sizes=sizes, cells=cells)
    return None


def _counted(store: Store, statistic: Statistic, sizes: Mapping[str, int]) -> dict[Cell, int]:
    with loaded(journal.rows_below(store, sizes, statistic.types)) as counted:
        counted.run(statistic)
        return counted.cells(statistic)


def _compare(
    check: Check, statistic: Statistic, live: Mapping[Cell, int], again: Mapping[Cell, int]
) -> None:
    for cell in sorted({*live, *again}, key=repr):
        if live.get(cell, 0) != again.get(cell, 0):
            check.found(
                "fsck.figure_differs",
                check.log_of(REPORTING, cell.province),
                statistic=statistic.name,
                measure=cell.measure,
                day=cell.day,
                cell=" ".join(str(value) for value in cell.cell),
                kept=live.get(cell, 0),
                counted=again.get(cell, 0),
            )


def reason_of(error: Exception) -> str:
    """Return a word for what happened that quotes nothing."""
    return error.code if isinstance(error, AppError) else type(error).__name__
