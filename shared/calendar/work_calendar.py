"""A calendar of working days: the national one, overridden day by day."""

from collections.abc import Mapping
from datetime import date, timedelta

from shared.calendar.days import DayKind, holiday_name, national_day_kind

_DAY = timedelta(days=1)


class WorkCalendar:
    """Which days are worked. Pure: the same overrides give the same answers."""

    def __init__(
        self, overrides: Mapping[date, DayKind], citations: Mapping[date, str] | None = None
    ) -> None:
        """Take the days on which the national calendar does not hold, and by what decision."""
        self._overrides = dict(overrides)
        self._citations = dict(citations or {})

    def kind(self, day: date) -> DayKind:
        """Return what `day` is."""
        override = self._overrides.get(day)
        return national_day_kind(day) if override is None else override

    def reason(self, day: date) -> str | None:
        """Return the decision or the holiday that makes `day` what it is; None on other days."""
        if day in self._overrides:
            return self._citations.get(day)
        return holiday_name(day)

    def is_working(self, day: date) -> bool:
        """Tell whether offices are open on `day`."""
        return self.kind(day).is_working

    def first_working_day(self, day: date) -> date:
        """Return `day` if it is worked, else the next day that is."""
        while not self.is_working(day):
            day += _DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day`; `day` itself is day zero.

        With a count of 0 that is `day`, worked or not. Raises ValueError for a negative
        count.
        """
        if count < 0:
            message = f"count must not be negative: {count}"
            raise ValueError(message)
        for _ in range(count):
            day = self.first_working_day(day + _DAY)
        return day

    def working_days_between(self, after: date, until: date) -> int:
        """Count the working days d with `after` < d <= `until`; 0 when there are none."""
        days = (after + _DAY * step for step in range(1, (until - after).days + 1))
        return sum(self.is_working(day) for day in days)

    def days_unlike(self, other: "WorkCalendar", after: date, until: date) -> tuple[date, ...]:
        """Return the days d with `after` < d <= `until` that are worked by one of both only."""
        days = (after + _DAY * step for step in range(1, (until - after).days + 1))
        return tuple(day for day in days if self.is_working(day) is not other.is_working(day))
