"""The live figures: the same query, run over what is new, added to what was there.

Cells and the mark up to which the journal is in them move in one transaction, the mark
only from where it was read. So two processes at once count nothing twice, and a process
that dies in between counts nothing at all.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.reporting import journal
from services.reporting.counting import Cell, Cells, count
from services.reporting.journal import JournalLog, Kept
from services.reporting.statistics import Statistic
from services.reporting.tables import figure_cell, figure_edition, figure_upto
from shared.kernel.aside import Aside, here
from shared.kernel.errors import Conflict, TooLarge, Unavailable
from shared.store import Store

TURN_ENTRIES = 10_000
"""Entries taken into the figures in one transaction."""

CELLS_MAX = 200_000
"""Sums that one report may be made of."""

CELLS_AT_ONCE = 10_000
"""Sums of a recount that are read at a time."""

ATTEMPTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Cells, and the entries that they count: of each log those below its size."""

    sizes: Mapping[str, int]
    cells: Cells


def bring_up(
    store: Store,
    statistic: Statistic,
    provinces: Sequence[str] | None = None,
    aside: Aside = here,
) -> int:
    """Take everything new in the journal into the figures; return how many entries that was.

    Raises as `take_turn`.
    """
    taken = 0
    while turn := take_turn(store, statistic, provinces, aside):
        taken += turn
    return taken


def take_turn(
    store: Store,
    statistic: Statistic,
    provinces: Sequence[str] | None = None,
    aside: Aside = here,
) -> int:
    """Take what is new into the figures, at most 10,000 entries; return how many that was.

    Raises:
        RegulationError, ContractError: as `counting`; the figures stay where they were.
        Unavailable: `figures.moving` when others were quicker twenty times.

    """
    for _ in range(ATTEMPTS):
        edition_no = edition(store, statistic)
        before = upto(store, edition_no)
        after = _turn(journal.logs(store, provinces), before)
        if not after:
            return 0
        rows = _rows(store, statistic, before, after)
        cells = count(statistic, rows, aside) if rows else {}
        try:
            _add(store, edition_no, before, after, cells)
        except Conflict:
            continue
        return sum(size - before.get(origin, 0) for origin, size in after.items())
    raise Unavailable("figures.moving", statistic=statistic.name)


def edition(store: Store, statistic: Statistic) -> int:
    """Return the number of the edition that counts by this very file, made now if new."""
    find = sa.select(figure_edition.c.edition_no).where(figure_edition.c.sha256 == statistic.sha256)
    with store.read() as connection:
        found: int | None = connection.scalar(find)
    if found is not None:
        return found
    with store.write() as tx:
        tx.connection.execute(
            sa.text(
                "INSERT INTO figure_edition (statistic, sha256) VALUES (:statistic, :sha256) "
                "ON CONFLICT (sha256) DO NOTHING"
            ),
            {"statistic": statistic.name, "sha256": statistic.sha256},
        )
        return int(tx.connection.execute(find).scalar_one())


def upto(store: Store, edition_no: int) -> dict[str, int]:
    """Return how much of each log the edition's figures hold. One row per log."""
    columns = figure_upto.c
    query = sa.select(columns.origin, columns.size).where(columns.edition_no == edition_no)
    with store.read() as connection:
        return {row.origin: row.size for row in connection.execute(query)}


def read(
    store: Store,
    statistic: Statistic,
    provinces: Sequence[str],
    period: tuple[date, date],
    *,
    by_day: bool,
    aside: Aside = here,
) -> Figures:
    """Return the figures of `provinces` in `period` (inclusive), as they stand.

    Unless `by_day`, all days are summed up as the first.

    Raises:
        TooLarge: `report.too_large`.
        Unavailable: `figures.moving` when they never stood still.

    """
    edition_no = edition(store, statistic)
    query = _sums(edition_no, provinces, period, by_day=by_day)
    for _ in range(ATTEMPTS):
        sizes = upto(store, edition_no)
        with store.read() as connection:
            rows = connection.execute(query).all()
        # Every change of a cell moves a mark: if none moved, the sums belong to them.
        if upto(store, edition_no) == sizes:
            break
    else:
        raise Unavailable("figures.moving", statistic=statistic.name)
    if len(rows) > CELLS_MAX:
        raise TooLarge("report.too_large", limit=CELLS_MAX)
    return Figures(
        sizes={o: size for o, size in sizes.items() if o.split("/")[1] in provinces},
        cells=aside(partial(_cells, rows)),
    )


def all_cells(store: Store, edition_no: int, aside: Aside = here) -> dict[Cell, int]:
    """Return every cell of an edition that is not zero, for a recount."""
    cells: dict[Cell, int] = {}
    query = sa.select(figure_cell).where(
        figure_cell.c.edition_no == edition_no, figure_cell.c.amount != 0
    )
    with store.read() as connection:
        for rows in connection.execute(query).partitions(CELLS_AT_ONCE):
            cells |= aside(partial(_cells, rows))
    return cells


def forget_other_editions(store: Store, statistics: Sequence[Statistic]) -> int:
    """Delete figures counted by files that are no longer there; return how many editions."""
    current = [statistic.sha256 for statistic in statistics]
    old = sa.select(figure_edition.c.edition_no).where(figure_edition.c.sha256.not_in(current))
    with store.write() as tx:
        numbers = tx.connection.scalars(old).all()
        for table in (figure_cell, figure_upto, figure_edition):
            tx.connection.execute(table.delete().where(table.c.edition_no.in_(numbers)))
    return len(numbers)


def _sums(
    edition_no: int, provinces: Sequence[str], period: tuple[date, date], *, by_day: bool
) -> sa.Select[Any]:
    columns = figure_cell.c
    group = [columns.province, columns.cell, columns.measure]
    day = sa.literal(period[0], sa.Date).label("day")
    if by_day:
        group.append(columns.day)
    return (
        sa.select(*group, *(() if by_day else (day,)), sa.func.sum(columns.amount).label("amount"))
        .where(
            columns.edition_no == edition_no,
            columns.province.in_(provinces),
            columns.day.between(*period),
        )
        .group_by(*group)
        .having(sa.func.sum(columns.amount) != 0)
        .limit(CELLS_MAX + 1)
    )


def _turn(logs: Sequence[JournalLog], before: Mapping[str, int]) -> dict[str, int]:
    """Return the sizes to go to in one turn; only logs that have something new."""
    left, after = TURN_ENTRIES, {}
    for log in logs:
        start = before.get(log.origin, 0)
        take = min(left, log.size - start)
        if take > 0:
            after[log.origin] = start + take
            left -= take
    return after


def _rows(
    store: Store, statistic: Statistic, before: Mapping[str, int], after: Mapping[str, int]
) -> list[Kept]:
    known = {log.origin: log for log in journal.logs(store)}
    return [
        row
        for origin, size in after.items()
        for row in journal.page(
            store,
            known[origin],
            before.get(origin, 0),
            size,
            types=statistic.types,
            limit=TURN_ENTRIES,
        )
    ]


def _add(
    store: Store,
    edition_no: int,
    before: Mapping[str, int],
    after: Mapping[str, int],
    cells: Cells,
) -> None:
    insert = postgresql.insert if store.is_postgresql else sqlite.insert
    statement = insert(figure_cell)
    summed = statement.on_conflict_do_update(
        index_elements=["edition_no", "province", "day", "cell", "measure"],
        set_={"amount": figure_cell.c.amount + statement.excluded.amount},
    )
    rows = [
        {
            "edition_no": edition_no,
            "province": cell.province,
            "day": cell.day,
            "cell": json.dumps(cell.cell),
            "measure": cell.measure,
            "amount": amount,
        }
        for cell, amount in cells.items()
    ]
    with store.write() as tx:
        _move(tx.connection, edition_no, before, after)
        if rows:
            tx.connection.execute(summed, rows)


def _move(
    connection: sa.Connection,
    edition_no: int,
    before: Mapping[str, int],
    after: Mapping[str, int],
) -> None:
    # One at a time from here on: cells are locked in whatever order the query gave them.
    held = connection.execute(
        sa.select(figure_edition.c.edition_no)
        .where(figure_edition.c.edition_no == edition_no)
        .with_for_update()
    ).one_or_none()
    moved = 0
    for origin, size in after.items() if held else ():
        if origin in before:
            moved += connection.execute(
                figure_upto.update()
                .where(
                    figure_upto.c.edition_no == edition_no,
                    figure_upto.c.origin == origin,
                    figure_upto.c.size == before[origin],
                )
                .values(size=size)
            ).rowcount
        else:
            moved += connection.execute(
                sa.text(
                    "INSERT INTO figure_upto (edition_no, origin, size) "
                    "VALUES (:edition_no, :origin, :size) ON CONFLICT DO NOTHING"
                ),
                {"edition_no": edition_no, "origin": origin, "size": size},
            ).rowcount
    if moved != len(after):
        raise Conflict("figures.moved")


def _cells(rows: Sequence[sa.Row[Any]]) -> dict[Cell, int]:
    return {
        Cell(row.province, row.day, tuple(json.loads(row.cell)), row.measure): int(row.amount)
        for row in rows
    }
