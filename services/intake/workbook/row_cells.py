"""The cells of one row, read as what they must be; what can't be read is a fault."""

import re
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from services.intake.workbook.cells import (
    BLANK,
    COLUMN_LIMIT,
    TEXT_LIMIT_CHARACTERS,
    Cell,
    Fault,
    Row,
    column_letters,
)
from services.intake.workbook.days import EARLIEST_DAY, day_of
from services.intake.workbook.folding import WORD_LIMIT_CHARACTERS, fold

COUNT_LIMIT = 999_999_999

_WHOLE = re.compile(r"[0-9]+")
_NEGATIVE = re.compile(r"[-\u2212][0-9]+(?:[.,][0-9]+)?")

V = TypeVar("V")


def flaw_facts(code: str) -> dict[str, str | int]:
    """Return the limits that complete the text of a cell's own flaw."""
    match code:
        case "workbook.text_too_long":
            return {"limit": TEXT_LIMIT_CHARACTERS}
        case "workbook.date_impossible":
            return {"earliest": f"{EARLIEST_DAY:%d/%m/%Y}"}
        case _:
            return {}


class RowCells:
    """One row under the headings `columns`; once a fault is noted it is no longer sound."""

    __slots__ = ("_columns", "_faults", "_row", "_sheet", "sound")

    def __init__(
        self, sheet: str, columns: Mapping[str, int], row: Row, faults: list[Fault]
    ) -> None:
        self._sheet = sheet
        self._columns = columns
        self._row = row
        self._faults = faults
        self.sound = True

    @property
    def number(self) -> int:
        """The row's number, 1-based."""
        return self._row.number

    def fault(self, heading: str | None, code: str, **facts: str | int) -> None:
        """Note a fault of a cell, or of the whole row without `heading`."""
        column = None if heading is None else self._columns.get(heading, COLUMN_LIMIT)
        self.sound = False
        self._faults.append(
            Fault(
                sheet=self._sheet,
                row=self._row.number,
                column=None if column is None else column_letters(column),
                heading=heading,
                code=code,
                facts=facts,
            ),
        )

    def cell(self, heading: str, *, required: bool = True) -> Cell | None:
        """Return the cell, or None where nothing usable stands in it."""
        cell = self._row.cells.get(self._columns.get(heading, COLUMN_LIMIT), BLANK)
        if cell.flaw is not None:
            self.fault(heading, cell.flaw, **flaw_facts(cell.flaw))
            return None
        if cell.blank:
            if required:
                self.fault(heading, "workbook.missing_value")
            return None
        return cell

    def text(self, heading: str, *, required: bool = True) -> str | None:
        """Return the text as it stands, on any number of lines."""
        cell = self.cell(heading, required=required)
        if cell is not None and cell.day is not None:
            self.fault(heading, "workbook.unexpected_date")
            return None
        return None if cell is None else cell.text

    def name(self, heading: str, *, required: bool = True) -> str | None:
        """Return a name, single-spaced on one line, at most 200 characters."""
        text = self.text(heading, required=required)
        if text is not None and len(text) > WORD_LIMIT_CHARACTERS:
            self.fault(heading, "workbook.text_too_long", limit=WORD_LIMIT_CHARACTERS)
            return None
        return None if text is None else " ".join(text.split())

    def shaped(
        self, heading: str, shape: re.Pattern[str], code: str, *, required: bool = True
    ) -> str | None:
        """Return a text that has this shape throughout; else the fault is `code`."""
        text = self.text(heading, required=required)
        if text is not None and shape.fullmatch(text) is None:
            self.fault(heading, code)
            return None
        return text

    def word(
        self, heading: str, words: Mapping[str, V], expected: str, *, required: bool = True
    ) -> V | None:
        """Return what a folded word stands for; `expected` lists the words for people."""
        text = self.text(heading, required=required)
        if text is None:
            return None
        if (meaning := words.get(fold(text))) is None:
            self.fault(heading, "workbook.unknown_word", expected=expected)
        return meaning

    def count(self, heading: str, *, minimum: int = 0, required: bool = True) -> int | None:
        """Return a count of at least `minimum`; an empty cell is None, never zero."""
        text = self.text(heading, required=required)
        if text is None:
            return None
        if _WHOLE.fullmatch(text) is None:
            negative = _NEGATIVE.fullmatch(text) is not None
            self.fault(
                heading, "workbook.negative_count" if negative else "workbook.not_a_whole_number"
            )
            return None
        if len(text) > len(str(COUNT_LIMIT)):
            self.fault(heading, "workbook.count_too_large", limit=COUNT_LIMIT)
            return None
        if int(text) < minimum:
            self.fault(heading, "workbook.count_too_small", minimum=minimum)
            return None
        return int(text)

    def day(self, heading: str, today: date, *, required: bool = True) -> date | None:
        """Return a civil date, `today` at the latest."""
        cell = self.cell(heading, required=required)
        if cell is None:
            return None
        day = day_of(cell, today)
        if isinstance(day, date):
            return day
        self.fault(heading, day[0], **day[1])
        return None
