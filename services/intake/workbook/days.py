"""A civil date as people write it in a sheet."""

import re
from datetime import date

from services.intake.workbook.cells import Cell

EARLIEST_DAY = date(2000, 1, 1)
"""Nothing that is collected is older; an earlier date is a slip of the keyboard."""

_DAY_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SHORT_YEAR_DIGITS = 2
_CENTURY = 2000


def day_of(cell: Cell, today: date) -> date | tuple[str, dict[str, str | int]]:
    """Return the civil date that a cell states, or the code and facts of what is wrong.

    Real dates are taken, and texts as dd/mm/yyyy, d/m/yy (2000 to 2099), yyyy-mm-dd; a
    bare number is not: nobody can tell which day was meant.
    """
    try:
        day = cell.day or (None if cell.numeric else _written_day(cell.text))
    except ValueError:
        day = date.min
    if day is None:
        return "workbook.date_unreadable", {}
    if day < EARLIEST_DAY:
        return "workbook.date_impossible", {"earliest": f"{EARLIEST_DAY:%d/%m/%Y}"}
    if day > today:
        return "workbook.date_in_future", {"latest": f"{today:%d/%m/%Y}"}
    return day


def _written_day(text: str) -> date | None:
    """Return the date, None for another form; raises ValueError for a day that never was."""
    if match := _DAY_FIRST.fullmatch(text):
        year = int(match[3]) + (_CENTURY if len(match[3]) == _SHORT_YEAR_DIGITS else 0)
        return date(year, int(match[2]), int(match[1]))
    if match := _YEAR_FIRST.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    return None
