"""What a civil day is, as far as deadlines care."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache

import holidays

_SATURDAY = 5


class DayKind(StrEnum):
    """Kind of a civil day (loại ngày)."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    """A public holiday, or the day off that stands in for one (nghỉ bù)."""
    SWAPPED_OFF = "swapped_off"
    """A day off that is worked on another day (hoán đổi ngày nghỉ)."""
    MAKE_UP = "make_up"
    """A day of the weekend that is worked instead (làm bù)."""

    @property
    def is_working(self) -> bool:
        """Tell whether offices are open."""
        return self in {DayKind.WORKING, DayKind.MAKE_UP}


@lru_cache(maxsize=512)
def _holidays_of(year: int) -> Mapping[date, str]:
    return dict(holidays.country_holidays("VN", years=year, language="vi", expand=False))


@lru_cache(maxsize=512)
def _make_up_days_of(year: int) -> frozenset[date]:
    # A day off late in December may be made up for in January, and the library learns of
    # both when it fills the year of the day off: so the neighbours are asked as well.
    known = holidays.country_holidays("VN", years=range(year - 1, year + 2), expand=False)
    return frozenset(day for day in known.weekend_workdays if day.year == year)


def national_day_kind(day: date) -> DayKind:
    """Return what `day` is by the national calendar of the `holidays` library."""
    if day in _make_up_days_of(day.year):
        return DayKind.MAKE_UP
    if day in _holidays_of(day.year):
        return DayKind.HOLIDAY
    return DayKind.WEEKEND if day.weekday() >= _SATURDAY else DayKind.WORKING


def holiday_name(day: date) -> str | None:
    """Return what the `holidays` library calls `day`, in Vietnamese; None on other days."""
    return _holidays_of(day.year).get(day)
