"""Working days in Viet Nam: weekends, holidays, swapped days off, make-up days."""

from shared.calendar.days import DayKind
from shared.calendar.overrides import (
    national_file,
    national_overrides,
    read_citations,
    read_overrides,
)
from shared.calendar.work_calendar import WorkCalendar

__all__ = [
    "DayKind",
    "WorkCalendar",
    "national_file",
    "national_overrides",
    "read_citations",
    "read_overrides",
]
