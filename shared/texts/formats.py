"""Dates, numbers and shares as Vietnamese readers write them."""

from datetime import date

NOT_STATED = "—"
"""Shown for what was not stated, which is not zero."""

NO_BREAK_SPACE = "\u00a0"

_WHOLE_HUNDREDTHS = 10_000


def ngay(day: date) -> str:
    """Return `day` as dd/mm/yyyy."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def so(number: int | None) -> str:
    """Return a whole number with points between thousands; "—" when not stated."""
    return NOT_STATED if number is None else f"{number:,}".replace(",", ".")


def phan_tram(part: int | None, whole: int | None) -> str:
    """Return the share as a percentage with two decimals, rounded half up, exactly.

    1,436 of 1,448 reads 99,17 %. Only the whole reads 100,00 % and only nothing reads
    0,00 %: next to them the last decimal is held back. "—" when either number is not
    stated or the whole is zero.
    """
    if part is None or not whole:
        return NOT_STATED
    hundredths = (part * 20_000 + whole) // (2 * whole)
    if 0 < part < whole:
        hundredths = max(1, min(hundredths, _WHOLE_HUNDREDTHS - 1))
    return f"{so(hundredths // 100)},{hundredths % 100:02d}{NO_BREAK_SPACE}%"
