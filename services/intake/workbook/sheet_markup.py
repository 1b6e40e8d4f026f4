"""The two large parts of an .xlsx package: shared strings and the cells of a sheet."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from services.intake.workbook.cells import (
    BLANK,
    COLUMN_LIMIT,
    DATA_ROW_LIMIT,
    HEADING_ROW_LIMIT,
    TEXT_LIMIT_CHARACTERS,
    Area,
    Cell,
    Row,
    cell_of_text,
    column_letters,
)
from services.intake.workbook.markup import Attributes
from shared.kernel.errors import BadInput, TooLarge

STRINGS_LIMIT = 1_300_000
"""Shared strings: one for each cell that can be looked at."""
TEXT_TOTAL_LIMIT_CHARACTERS = 50_000_000
MERGED_LIMIT = 20_000
SHEET_ROW_LIMIT = 1_048_576
"""Rows that the format itself allows."""

_COLUMNS = {column_letters(column): column for column in range(COLUMN_LIMIT)}
_REFERENCE = re.compile(r"([A-Z]{1,7})([0-9]{1,7})")
_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?")
_INTEGRAL_LIMIT = 10**15
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class TextBudget:
    """How much text may still be kept, over all strings of the workbook."""

    __slots__ = ("_left_characters",)

    def __init__(self) -> None:
        self._left_characters = TEXT_TOTAL_LIMIT_CHARACTERS

    def spend(self, characters: int) -> None:
        """Count characters; raises TooLarge `workbook.too_much_text`."""
        self._left_characters -= characters
        if self._left_characters < 0:
            raise TooLarge("workbook.too_much_text", limit=TEXT_TOTAL_LIMIT_CHARACTERS)


class _Pieces:
    """A text that arrives in pieces; no more of it is kept than shows it is too long."""

    __slots__ = ("_budget", "_characters", "_pieces")

    def __init__(self, budget: TextBudget) -> None:
        self._budget = budget
        self._characters = 0
        self._pieces: list[str] = []

    def clear(self) -> None:
        self._characters = 0
        self._pieces.clear()

    def add(self, piece: str) -> None:
        if self._characters <= TEXT_LIMIT_CHARACTERS:
            self._budget.spend(len(piece))
            self._characters += len(piece)
            self._pieces.append(piece)

    def __str__(self) -> str:
        return "".join(self._pieces)


class SharedStrings:
    """The table of texts that cells refer to, each cleaned once however often it is used."""

    def __init__(self, budget: TextBudget) -> None:
        self.cells: list[Cell] = []
        self._pieces = _Pieces(budget)
        self._phonetic = False
        self._collecting = False

    def opened(self, name: str, _attributes: Attributes) -> None:
        """Begin a string, or a run of it that is shown."""
        if name == "t":
            self._collecting = not self._phonetic
        elif name == "si":
            self._pieces.clear()
        elif name == "rPh":
            self._phonetic = True

    def text(self, text: str) -> None:
        """Keep what is shown."""
        if self._collecting:
            self._pieces.add(text)

    def closed(self, name: str) -> None:
        """End a run or a string."""
        if name == "t":
            self._collecting = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            if len(self.cells) >= STRINGS_LIMIT:
                raise TooLarge("workbook.too_many_cells", limit=STRINGS_LIMIT)
            cell = cell_of_text(_unescaped(str(self._pieces)))
            self.cells.append(BLANK if cell.blank else cell)


@dataclass(slots=True)
class _Open:
    """The cell that is being heard."""

    column: int
    kind: str
    style: str
    formula: bool = False


@dataclass(slots=True)
class SheetListener:
    """Hears a sheet and keeps its rows that hold something, hidden or not."""

    budget: TextBudget
    strings: list[Cell]
    date_styles: frozenset[str]
    epoch: date
    rows: list[Row] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    _row: int = 0
    _column: int = -1
    _cells: dict[int, Cell] | None = None
    _open: _Open | None = None
    _collecting: bool = False
    _phonetic: bool = False
    _pieces: _Pieces = field(init=False)

    def __post_init__(self) -> None:
        self._pieces = _Pieces(self.budget)

    def opened(self, name: str, attributes: Attributes) -> None:
        """Begin a row, a cell, a value, or note a merged area."""
        if name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            self._begin_row(attributes)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif self._open is None:
            return
        elif name == "v":
            self._collecting = self._open.kind != "inlineStr"
        elif name == "t":
            self._collecting = self._open.kind == "inlineStr" and not self._phonetic
        elif name == "f":
            self._open.formula = True
        elif name == "rPh":
            self._phonetic = True

    def text(self, text: str) -> None:
        """Keep the value of the open cell."""
        if self._collecting:
            self._pieces.add(text)

    def closed(self, name: str) -> None:
        """End a value, a cell, a row."""
        if name in {"v", "t"}:
            self._collecting = False
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        elif name == "rPh":
            self._phonetic = False

    def _begin_row(self, attributes: Attributes) -> None:
        number = attributes.get("r", "")
        row = self._row + 1 if not number else _whole(number)
        if not self._row < row <= SHEET_ROW_LIMIT:
            raise BadInput("workbook.damaged", part="sheet")
        self._row = row
        self._column = -1
        self._cells = {}

    def _end_row(self) -> None:
        if self._cells:
            if len(self.rows) >= DATA_ROW_LIMIT + HEADING_ROW_LIMIT:
                raise TooLarge("workbook.too_many_rows", limit=DATA_ROW_LIMIT)
            self.rows.append(Row(number=self._row, cells=self._cells))
        self._cells = None

    def _begin_cell(self, attributes: Attributes) -> None:
        if self._cells is None or self._open is not None:
            return
        reference = attributes.get("r", "")
        if reference:
            letters = reference.rstrip("0123456789")
            self._column = _COLUMNS.get(letters, COLUMN_LIMIT)
            if self._column == COLUMN_LIMIT and not _REFERENCE.fullmatch(reference):
                raise BadInput("workbook.damaged", part="sheet")
        else:
            self._column += 1
        self._pieces.clear()
        self._open = _Open(self._column, attributes.get("t", "n"), attributes.get("s", "0"))

    def _end_cell(self) -> None:
        if (opened := self._open) is None or self._cells is None:
            return
        self._open = None
        if opened.column >= COLUMN_LIMIT:
            return
        cell = Cell(flaw="workbook.formula") if opened.formula else self._value(opened)
        if cell.blank:
            return
        if opened.column in self._cells:
            raise BadInput("workbook.damaged", part="sheet")
        self._cells[opened.column] = cell

    def _value(self, opened: _Open) -> Cell:
        """Return what the cell says, by its declared kind (ECMA-376, ST_CellType)."""
        raw = str(self._pieces)
        if not raw:
            return BLANK
        match opened.kind:
            case "s":
                index = _whole(raw)
                if index >= len(self.strings):
                    raise BadInput("workbook.damaged", part="sheet")
                return self.strings[index]
            case "inlineStr" | "str":
                return cell_of_text(_unescaped(raw))
            case "n" if opened.style in self.date_styles:
                return _day(raw, self.epoch)
            case "n":
                return _number(raw)
            case "d":
                return _iso_day(raw)
            case "e":
                return Cell(flaw="workbook.error_value")
            case _:
                return Cell(flaw="workbook.wrong_type")

    def _merge(self, reference: str) -> None:
        if len(self.merged) >= MERGED_LIMIT:
            raise TooLarge("workbook.too_many_merged", limit=MERGED_LIMIT)
        first, _, last = reference.replace("$", "").partition(":")
        corners = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
        if corners[0] is None or corners[1] is None:
            raise BadInput("workbook.damaged", part="sheet")
        self.merged.append(
            Area(
                first_row=int(corners[0][2]),
                last_row=int(corners[1][2]),
                first_column=_COLUMNS.get(corners[0][1], COLUMN_LIMIT),
                last_column=_COLUMNS.get(corners[1][1], COLUMN_LIMIT),
            ),
        )


def _whole(raw: str) -> int:
    """Return a non-negative index of the format; raises `workbook.damaged`."""
    if not (raw.isascii() and raw.isdigit() and len(raw) <= len(str(SHEET_ROW_LIMIT)) + 1):
        raise BadInput("workbook.damaged", part="sheet")
    return int(raw)


def _number(raw: str) -> Cell:
    """Return the number in its shortest decimal form: 5.0 and 5E0 are 5."""
    if _NUMBER.fullmatch(raw) is None:
        return Cell(flaw="workbook.wrong_type")
    number = Decimal(raw)
    if number == number.to_integral_value() and abs(number) < _INTEGRAL_LIMIT:
        return Cell(str(int(number)), numeric=True)
    return Cell(raw, numeric=True)


def _day(raw: str, epoch: date) -> Cell:
    """Return the civil date of a serial number, its time of day left out."""
    if _NUMBER.fullmatch(raw) is None:
        return Cell(flaw="workbook.wrong_type")
    try:
        return Cell(day=epoch + timedelta(days=int(Decimal(raw))))
    except OverflowError:
        return Cell(flaw="workbook.date_impossible")


def _iso_day(raw: str) -> Cell:
    try:
        return Cell(day=date.fromisoformat(raw[: len("2000-01-01")]))
    except ValueError:
        return Cell(flaw="workbook.date_impossible")


def _unescaped(text: str) -> str:
    """Return the text without the format's `_x000D_` notation for single code units."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
