"""The periods that reports are asked for: as the regulation cuts the year, not the calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shared.regulations.values import ReportingPeriods

_MONTHS = {
    "quarter_1": (0, 3),
    "quarter_2": (3, 6),
    "quarter_3": (6, 9),
    "quarter_4": (9, 12),
    "months_6": (0, 6),
    "months_9": (0, 9),
    "year": (0, 12),
}
"""First month of the reporting year and the one after the last, counted from its start.

Source: Thông tư số 01/2024/TT-TTCP.
"""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPeriod:
    """A period of a reporting year; both days inclusive. Its words: `pages.period.<key>`."""

    key: str
    year: int
    first: date
    last: date


def year_of(day: date, rule: ReportingPeriods) -> int:
    """Return the reporting year that `day` lies in."""
    return day.year + 1 if day >= _start(day.year + 1, rule) else day.year


def periods_of(year: int, rule: ReportingPeriods) -> Iterator[NamedPeriod]:
    """Yield the quarters of a reporting year, then its 6 and 9 months, then the whole."""
    start = _start(year, rule)
    for key, (first, end) in _MONTHS.items():
        yield NamedPeriod(
            key=key, year=year, first=_after(start, first), last=_after(start, end) - _DAY
        )


def _start(year: int, rule: ReportingPeriods) -> date:
    in_year_before = rule.start_month > 1
    return date(year - in_year_before, rule.start_month, rule.start_day)


def _after(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, start.day)
