"""A .csv file read into one clean sheet."""

import csv
import io
from collections.abc import Callable, Iterator
from itertools import islice

from services.intake.workbook.cells import (
    COLUMN_LIMIT,
    DATA_ROW_LIMIT,
    HEADING_ROW_LIMIT,
    Cell,
    Row,
    Sheet,
    cell_of_text,
)
from shared.kernel.errors import BadInput, TooLarge

SHEET_NAME = "CSV"
_START_BYTES = 64
DELIMITERS = (",", ";", "\t")
"""In the order in which they are tried."""


def read_delimited(data: bytes, is_heading_row: Callable[[Row], bool]) -> Sheet:
    """Return the file's records as rows; a record is one row, however many lines it takes.

    The delimiter is the one under which a heading row appears. UTF-8 and UTF-16 are read.
    Raises BadInput: `workbook.encoding`, `workbook.csv_broken`,
    `workbook.zero_character` (all naming the line); TooLarge: `workbook.too_many_rows`.
    """
    text = _decoded(data)
    for delimiter in DELIMITERS:
        try:
            if any(map(is_heading_row, _rows(text, delimiter, HEADING_ROW_LIMIT))):
                break
        except BadInput:  # quotes that only break under this delimiter
            continue
    else:
        delimiter = DELIMITERS[0]
    rows = tuple(islice(_rows(text, delimiter), DATA_ROW_LIMIT + HEADING_ROW_LIMIT + 1))
    if len(rows) > DATA_ROW_LIMIT + HEADING_ROW_LIMIT:
        raise TooLarge("workbook.too_many_rows", limit=DATA_ROW_LIMIT)
    return Sheet(name=SHEET_NAME, rows=rows)


def _decoded(data: bytes) -> str:
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "replace").count("\n") + 1
        raise BadInput("workbook.encoding", line=line) from error
    if (place := text.find("\0")) >= 0:
        raise BadInput("workbook.zero_character", line=text.count("\n", 0, place) + 1)
    return text.removeprefix("\ufeff")


def _encoding(data: bytes) -> str:
    """Return the encoding by its mark, else by where the zero bytes of Latin letters stand.

    UTF-16 has one in at least every fourth letter of a heading, always on the same side.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = data[:_START_BYTES]
    first, second = start[::2].count(0), start[1::2].count(0)
    if len(data) % 2 == 0 and 8 * max(first, second) >= len(start):
        if first == 0:
            return "utf-16-le"
        if second == 0:
            return "utf-16-be"
    return "utf-8"


def _rows(text: str, delimiter: str, records: int | None = None) -> Iterator[Row]:
    """Yield the first records that hold something; raises BadInput `workbook.csv_broken`."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, record in enumerate(islice(reader, records), start=1):
            if not any(record):
                continue
            cells = {
                column: cell
                for column, raw in enumerate(record[:COLUMN_LIMIT])
                if raw and not (cell := _cell(raw)).blank
            }
            if cells:
                yield Row(number=number, cells=cells)
    except csv.Error as error:
        raise BadInput("workbook.csv_broken", line=reader.line_num) from error


def _cell(raw: str) -> Cell:
    """Return the cell; text that a spreadsheet program would compute is a formula here too."""
    cell = cell_of_text(raw)
    return Cell(flaw="workbook.formula") if cell.text.startswith("=") else cell
