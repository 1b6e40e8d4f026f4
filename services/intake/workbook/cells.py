"""What a workbook consists of once it is read: sheets, rows, cells, and their faults.

A cell is cleaned exactly once, where it is read: NFC, trimmed, without invisible
characters, and judged. What is wrong with it is a code, never a quotation: an opinion may
name a person, and a fault ends up on screens and in logs.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shared.kernel.errors import BadInput

COLUMN_LIMIT = 64
"""Columns that are looked at, from the left; the rest is not read."""
DATA_ROW_LIMIT = 20_000
HEADING_ROW_LIMIT = 11
"""The last row that may hold the headings."""
TEXT_LIMIT_CHARACTERS = 20_000
MARKS_LIMIT = 30
"""Combining marks on one letter. Source: UAX #15, stream-safe text format; without it,
normalising one long run of marks takes time quadratic in its length."""

ABSENT = "-"
_MARKS_END = 0x20000
"""All of Unicode's combining marks are in its first two planes (tested)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong in one place of the file, without a word of what stands there."""

    sheet: str
    row: int
    """1-based, as a spreadsheet program shows it."""
    column: str | None
    """Letters of the column; None when the fault is the whole row's."""
    heading: str | None
    """Our own word for the column, never the file's."""
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    """Limits and expected forms that complete the text of `code`."""

    def as_error(self) -> BadInput:
        """Return the fault as an error, whose text the catalogue knows."""
        return BadInput(
            self.code,
            sheet=self.sheet,
            row=self.row,
            column=self.column or ABSENT,
            heading=self.heading or ABSENT,
            **self.facts,
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """The content of one cell, cleaned, with what makes it unusable, if anything does."""

    text: str = field(default="", repr=False)
    day: date | None = field(default=None, repr=False)
    """The civil date, where the spreadsheet holds a real date; `text` is empty then."""
    numeric: bool = False
    """Whether the spreadsheet holds a number; `text` is its shortest decimal form."""
    flaw: str | None = None
    """Code of the fault that the cell itself is; `text` is empty then."""

    @property
    def blank(self) -> bool:
        """Whether nothing is in the cell."""
        return not self.text and self.day is None and self.flaw is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row with something in it."""

    number: int
    """1-based."""
    cells: Mapping[int, Cell]
    """0-based column → cell; no blank ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A merged area; all four sides inclusive."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet, in reading order, without its blank rows."""

    name: str
    rows: tuple[Row, ...]
    merged: tuple[Area, ...] = ()


BLANK = Cell()


def column_letters(column: int) -> str:
    """Return the letters of a 0-based column: 0 → A, 26 → AA."""
    letters = ""
    number = column + 1
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def _combining_marks() -> str:
    """Return a character class of every mark that normalising may have to move."""
    marks = [c for c in range(_MARKS_END) if unicodedata.combining(chr(c))]
    ranges: list[tuple[int, int]] = []
    for mark in marks:
        if ranges and ranges[-1][1] == mark - 1:
            ranges[-1] = (ranges[-1][0], mark)
        else:
            ranges.append((mark, mark))
    return "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in ranges)


_MARK_RUN = re.compile(f"[{_combining_marks()}]{{{MARKS_LIMIT + 1}}}")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_LINE_END = re.compile("\r\n?|\u0085|\u2028|\u2029")
# C0 but tab and line feed, DEL, C1, bidirectional overrides, surrogates, noncharacters.
_UNREADABLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_ERROR_WORDS = frozenset(
    (
        "#REF!",
        "#N/A",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
    )
)


def cell_of_text(raw: str) -> Cell:
    """Return the cell that holds `raw`: NFC, trimmed, lines ended by a line feed.

    Characters that show nothing and come with copying from chats are dropped; those that
    change how the rest is shown, and control characters, are a flaw.
    """
    if len(raw) > TEXT_LIMIT_CHARACTERS:
        return Cell(flaw="workbook.text_too_long")
    if raw.isascii() and raw.isprintable():
        text = raw.strip()
        return Cell(flaw="workbook.error_value") if text in _ERROR_WORDS else Cell(text)
    if _MARK_RUN.search(raw):
        return Cell(flaw="workbook.unreadable_characters")
    text = _INVISIBLE.sub("", _LINE_END.sub("\n", unicodedata.normalize("NFC", raw))).strip()
    if _UNREADABLE.search(text):
        return Cell(flaw="workbook.unreadable_characters")
    # Dropping what stood between a letter and its mark may leave a pair to compose.
    return Cell(unicodedata.normalize("NFC", text))
