"""A digest (báo cáo tổng hợp ý kiến, kiến nghị) read from a workbook into typed rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date

from services.intake.workbook.cells import Cell, Fault, Row, column_letters
from services.intake.workbook.days import day_of
from services.intake.workbook.digest_columns import (
    CHANNEL,
    COLUMNS,
    FIELD,
    KEY,
    LABELS,
    NUMBER,
    OPINION_KIND,
    ORGANISATION,
    RECEIVED_ON,
    REMARKS,
    REPORTED_ON,
    SESSION,
    SHEET_NAME,
    TEXT,
    UNIT,
    VOICES,
)
from services.intake.workbook.digest_words import CHANNELS, CHANNELS_EXPECTED, KINDS, KINDS_EXPECTED
from services.intake.workbook.folding import WORD_LIMIT_CHARACTERS, fold
from services.intake.workbook.row_cells import RowCells, flaw_facts
from services.intake.workbook.table import find_table, read_rows
from shared.contracts.vocabulary import Channel, OpinionKind
from shared.kernel.document_number import is_document_number
from shared.kernel.errors import BadInput

_REQUIRED = tuple(column.heading for column in COLUMNS if column.required)
_OPTIONAL = tuple(column.heading for column in COLUMNS if not column.required)

_KEY_SHAPE = re.compile(r"[0-9A-Za-z][0-9A-Za-z./-]{0,15}")
_SESSION_SHAPE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRow:
    """One opinion of a digest. What people wrote is kept out of its repr."""

    row: int
    """1-based row of the sheet, headings included."""
    key: str = attribute(repr=False)
    """STT: names the row within its digest, also when the file is sent again."""
    received_on: date
    unit: str = attribute(repr=False)
    """As written; not yet looked up, nor are `field` and the digest's organisation."""
    field: str = attribute(repr=False)
    opinion_kind: OpinionKind
    channel: Channel
    voices: int
    text: str = attribute(repr=False)
    session_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest workbook: the rows that can be taken, and every fault of the others."""

    organisation: str = attribute(repr=False)
    organisation_row: int
    """1-based row of the sheet in which it stands."""
    organisation_column: str
    """Letters of that column."""
    number: str
    reported_on: date
    sheet: str
    """Which sheet was read."""
    columns: Mapping[str, str]
    """Heading → letters of its column."""
    rows: tuple[DigestRow, ...]
    faults: tuple[Fault, ...]
    file_sha256: str


def read_digest(data: bytes, today: date) -> Digest:
    """Return the digest in an uploaded .xlsx or .csv file; no date in it is after `today`.

    Raises BadInput and TooLarge with a `workbook.*` code where the file as a whole can't
    be taken: those of `find_table`, and for the labels above the table
    `workbook.missing_label`, `workbook.bad_number`, and those of a date.
    """
    table = find_table(data, SHEET_NAME, required=_REQUIRED, optional=_OPTIONAL, ignored=REMARKS)
    header = _Header(table.sheet, table.above)
    organisation, number = header.name(ORGANISATION), header.number()
    organisation_row, organisation_column = header.place(ORGANISATION)
    reported_on = header.day(REPORTED_ON, today)
    first_rows: dict[str, int] = {}
    rows, faults = read_rows(table, lambda cells: _read_row(cells, today, first_rows))
    return Digest(
        organisation=organisation,
        organisation_row=organisation_row,
        organisation_column=organisation_column,
        number=number,
        reported_on=reported_on,
        sheet=table.sheet,
        columns=table.letters,
        rows=rows,
        faults=faults,
        file_sha256=table.file_sha256,
    )


def _read_row(cells: RowCells, today: date, first_rows: dict[str, int]) -> DigestRow | None:
    key = _key(cells, first_rows)
    received_on = cells.day(RECEIVED_ON, today)
    unit = cells.name(UNIT)
    field = cells.name(FIELD)
    opinion_kind = cells.word(OPINION_KIND, KINDS, KINDS_EXPECTED)
    channel = cells.word(CHANNEL, CHANNELS, CHANNELS_EXPECTED)
    voices = cells.count(VOICES, minimum=1, required=False)
    text = cells.text(TEXT)
    session_id = cells.shaped(SESSION, _SESSION_SHAPE, "workbook.bad_session_id", required=False)
    if (
        key is None
        or received_on is None
        or unit is None
        or field is None
        or opinion_kind is None
        or channel is None
        or text is None
    ):
        return None
    return DigestRow(
        row=cells.number,
        key=key,
        received_on=received_on,
        unit=unit,
        field=field,
        opinion_kind=opinion_kind,
        channel=channel,
        voices=1 if voices is None else voices,
        text=text,
        session_id=session_id,
    )


def _key(cells: RowCells, first_rows: dict[str, int]) -> str | None:
    """Return the row's key: "01", "1." and the number 1 are one and the same."""
    written = cells.text(KEY)
    if written is None:
        return None
    key = written.rstrip(".")
    if key.isdigit():
        key = key.lstrip("0") or "0"
    if _KEY_SHAPE.fullmatch(key) is None:
        cells.fault(KEY, "workbook.bad_key")
        return None
    if (first := first_rows.setdefault(key, cells.number)) != cells.number:
        cells.fault(KEY, "workbook.duplicate_key", first_row=first)
    return key


class _Header:
    """The labels above the table: a value stands to the right, or after a colon."""

    def __init__(self, sheet: str, rows: Sequence[Row]) -> None:
        self._sheet = sheet
        self._values: dict[str, tuple[int, int, Cell]] = {}
        labels = {fold(label): label for label in LABELS}
        for row in rows:
            columns = sorted(row.cells)
            for place, column in enumerate(columns):
                written, _, rest = row.cells[column].text.partition(":")
                label = labels.get(fold(written))
                if label is None or label in self._values:
                    continue
                if rest.strip():
                    self._values[label] = (row.number, column, Cell(rest.strip()))
                elif place + 1 < len(columns):
                    value_column = columns[place + 1]
                    value = (row.number, value_column, row.cells[value_column])
                    self._values[label] = value

    def name(self, label: str) -> str:
        """Return a name, single-spaced, at most 200 characters."""
        row, column, cell = self._value(label)
        if cell.day is not None:
            raise self._error("workbook.unexpected_date", label, row, column)
        if len(cell.text) > WORD_LIMIT_CHARACTERS:
            limit = WORD_LIMIT_CHARACTERS
            raise self._error("workbook.text_too_long", label, row, column, limit=limit)
        return " ".join(cell.text.split())

    def place(self, label: str) -> tuple[int, str]:
        """Return row (1-based) and letters of the column that the label's value stands in."""
        row, column, _cell = self._value(label)
        return row, column_letters(column)

    def number(self) -> str:
        """Return the number of the document."""
        number = self.name(NUMBER)
        if not is_document_number(number):
            row, column, _cell = self._value(NUMBER)
            raise self._error("workbook.bad_number", NUMBER, row, column)
        return number

    def day(self, label: str, today: date) -> date:
        """Return a civil date, `today` at the latest."""
        row, column, cell = self._value(label)
        day = day_of(cell, today)
        if isinstance(day, date):
            return day
        raise self._error(day[0], label, row, column, **day[1])

    def _value(self, label: str) -> tuple[int, int, Cell]:
        if label not in self._values:
            raise BadInput("workbook.missing_label", sheet=self._sheet, label=label)
        row, column, cell = self._values[label]
        if cell.flaw is not None:
            raise self._error(cell.flaw, label, row, column, **flaw_facts(cell.flaw))
        return row, column, cell

    def _error(self, code: str, label: str, row: int, column: int, **facts: str | int) -> BadInput:
        return Fault(
            sheet=self._sheet,
            row=row,
            column=column_letters(column),
            heading=label,
            code=code,
            facts=facts,
        ).as_error()
