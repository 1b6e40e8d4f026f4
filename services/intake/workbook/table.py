"""A table inside a sheet: its headings found, its cells read as what they must be."""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from services.intake.workbook.cells import (
    ABSENT,
    DATA_ROW_LIMIT,
    HEADING_ROW_LIMIT,
    Fault,
    Row,
    Sheet,
    column_letters,
)
from services.intake.workbook.folding import fold
from services.intake.workbook.row_cells import RowCells, flaw_facts
from services.intake.workbook.upload import read_workbook
from shared.kernel.errors import BadInput, TooLarge

V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Where the columns are, and the rows below the headings that hold something."""

    sheet: str
    columns: Mapping[str, int]
    """Our heading → 0-based column."""
    above: Sequence[Row]
    rows: Sequence[Row]
    merged_rows: frozenset[int]
    """Numbers of data rows that a merged area touches."""
    file_sha256: str

    @property
    def letters(self) -> Mapping[str, str]:
        """Our heading → letters of its column, as a spreadsheet program shows them."""
        return {heading: column_letters(column) for heading, column in self.columns.items()}


def heading_row_test(headings: Sequence[str]) -> Callable[[Row], bool]:
    """Return a test that tells a row of headings: at least half of them stand in it."""
    known = {fold(heading) for heading in headings}

    def test(row: Row) -> bool:
        found = known & {fold(cell.text) for cell in row.cells.values()}
        return row.number <= HEADING_ROW_LIMIT and 2 * len(found) >= len(known)

    return test


def find_table(
    data: bytes,
    sheet_name: str,
    *,
    required: Sequence[str],
    optional: Sequence[str] = (),
    ignored: str = "",
) -> Table:
    """Return the table under the first row of headings of a file, in any order of columns.

    A heading that isn't known is refused rather than passed over: it may be a misspelt
    optional one, whose default would silently take its place.
    Raises BadInput: `workbook.no_heading_row`, `workbook.missing_headings`,
    `workbook.duplicate_heading`, `workbook.unknown_heading`, `workbook.no_rows`, the flaw
    of a heading's cell; TooLarge: `workbook.too_many_rows`; and those of `read_workbook`.
    """
    is_heading_row = heading_row_test(required)
    sheet = read_workbook(data, sheet_name=sheet_name, is_heading_row=is_heading_row)
    index = next((n for n, row in enumerate(sheet.rows) if is_heading_row(row)), None)
    if index is None:
        raise BadInput(
            "workbook.no_heading_row",
            sheet=sheet.name,
            limit=HEADING_ROW_LIMIT,
            headings=", ".join(required),
        )
    heading_row = sheet.rows[index]
    columns = _columns(sheet.name, heading_row, (*required, *optional), ignored)
    if missing := [heading for heading in required if heading not in columns]:
        raise BadInput(
            "workbook.missing_headings",
            sheet=sheet.name,
            row=heading_row.number,
            headings=", ".join(missing),
        )
    wanted = frozenset(columns.values())
    rows = [row for row in sheet.rows[index + 1 :] if not wanted.isdisjoint(row.cells)]
    if not rows:
        raise BadInput("workbook.no_rows", sheet=sheet.name)
    if len(rows) > DATA_ROW_LIMIT:
        raise TooLarge("workbook.too_many_rows", limit=DATA_ROW_LIMIT)
    return Table(
        sheet=sheet.name,
        columns=columns,
        above=sheet.rows[:index],
        rows=rows,
        merged_rows=_merged_rows(sheet, [row.number for row in rows], wanted),
        file_sha256=hashlib.sha256(data).hexdigest(),
    )


def _columns(sheet: str, row: Row, headings: Sequence[str], ignored: str) -> dict[str, int]:
    known = {fold(heading): heading for heading in headings}
    columns: dict[str, int] = {}
    for column, cell in sorted(row.cells.items()):
        place = {"sheet": sheet, "row": row.number, "column": column_letters(column)}
        if cell.flaw is not None:
            raise BadInput(cell.flaw, **place, heading=ABSENT, **flaw_facts(cell.flaw))
        folded = fold(cell.text)
        if folded and folded == fold(ignored):
            continue
        heading = known.get(folded)
        if heading is None:
            expected = ", ".join((*headings, *filter(None, [ignored])))
            raise BadInput("workbook.unknown_heading", **place, expected=expected)
        if heading in columns:
            raise BadInput("workbook.duplicate_heading", **place, heading=heading)
        columns[heading] = column
    return columns


def _merged_rows(sheet: Sheet, numbers: Sequence[int], wanted: frozenset[int]) -> frozenset[int]:
    """Return the rows touched, in time linear in areas and rows: one mark at each end."""
    first, last = min(wanted), max(wanted)
    marks = [0] * (len(numbers) + 1)
    for area in sheet.merged:
        if area.first_column <= last and area.last_column >= first:
            low = bisect_left(numbers, area.first_row)
            high = bisect_right(numbers, area.last_row)
            if low < high:
                marks[low] += 1
                marks[high] -= 1
    touched = zip(numbers, accumulate(marks), strict=False)
    return frozenset(number for number, areas in touched if areas)


def read_rows(
    table: Table, read: Callable[[RowCells], V | None]
) -> tuple[tuple[V, ...], tuple[Fault, ...]]:
    """Return what `read` makes of each row, and all faults; a row with one is left out whole."""
    values: list[V] = []
    faults: list[Fault] = []
    for row in table.rows:
        cells = RowCells(table.sheet, table.columns, row, faults)
        if row.number in table.merged_rows:
            cells.fault(None, "workbook.merged_cells")
        value = read(cells)
        if cells.sound and value is not None:
            values.append(value)
    return tuple(values), tuple(faults)
