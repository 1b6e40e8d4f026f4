from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import DayKind, WorkCalendar, national_overrides

NATIONAL = WorkCalendar(national_overrides())
DAY = timedelta(days=1)

dates = st.dates(min_value=date(2014, 1, 1), max_value=date(2035, 12, 31))
overrides = st.dictionaries(
    st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 3, 31)), st.sampled_from(DayKind)
)


@pytest.mark.parametrize(
    ("received_on", "working_days", "due_on"),
    [
        (date(2025, 1, 20), 10, date(2025, 2, 10)),
        (date(2025, 4, 24), 10, date(2025, 5, 12)),
        (date(2026, 2, 10), 10, date(2026, 3, 3)),
        (date(2026, 8, 20), 10, date(2026, 9, 7)),
        (date(2026, 11, 20), 10, date(2026, 12, 7)),
        (date(2025, 12, 31), 2, date(2026, 1, 6)),
    ],
)
def test_known_due_dates_hold(received_on: date, working_days: int, due_on: date) -> None:
    assert NATIONAL.add_working_days(received_on, working_days) == due_on


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2021, 2, 10), DayKind.HOLIDAY),
        (date(2021, 5, 3), DayKind.HOLIDAY),
        (date(2021, 9, 3), DayKind.HOLIDAY),
        (date(2021, 9, 4), DayKind.WEEKEND),
        (date(2021, 9, 6), DayKind.WORKING),
        (date(2024, 4, 29), DayKind.HOLIDAY),
        (date(2024, 5, 4), DayKind.MAKE_UP),
        (date(2019, 1, 5), DayKind.MAKE_UP),
        (date(2018, 12, 31), DayKind.HOLIDAY),
        (date(2026, 1, 2), DayKind.SWAPPED_OFF),
        (date(2026, 1, 10), DayKind.MAKE_UP),
        (date(2026, 8, 22), DayKind.MAKE_UP),
        (date(2026, 11, 24), DayKind.HOLIDAY),
    ],
)
def test_days_are_what_the_state_made_them(day: date, kind: DayKind) -> None:
    assert NATIONAL.kind(day) is kind


def test_make_up_days_are_worked_and_swapped_days_are_not() -> None:
    assert NATIONAL.is_working(date(2026, 1, 10))
    assert not NATIONAL.is_working(date(2026, 1, 2))


def test_an_override_wins_over_the_library() -> None:
    monday = date(2021, 6, 7)
    assert NATIONAL.is_working(monday)
    assert not WorkCalendar({monday: DayKind.HOLIDAY}).is_working(monday)


def test_zero_working_days_is_the_day_itself_and_negative_ones_are_refused() -> None:
    sunday = date(2021, 6, 6)
    assert NATIONAL.add_working_days(sunday, 0) == sunday
    assert NATIONAL.first_working_day(sunday) == date(2021, 6, 7)
    with pytest.raises(ValueError, match="-1"):
        NATIONAL.add_working_days(sunday, -1)


def test_no_working_days_lie_between_a_day_and_itself_or_an_earlier_one() -> None:
    monday = date(2021, 6, 7)
    assert NATIONAL.working_days_between(monday, monday) == 0
    assert NATIONAL.working_days_between(monday, monday - 7 * DAY) == 0


def walked(calendar: WorkCalendar, day: date, count: int) -> date:
    left = count
    while left:
        day += DAY
        left -= calendar.kind(day) in {DayKind.WORKING, DayKind.MAKE_UP}
    return day


@given(dates, st.integers(min_value=0, max_value=60))
def test_adding_agrees_with_walking_day_by_day(day: date, count: int) -> None:
    assert NATIONAL.add_working_days(day, count) == walked(NATIONAL, day, count)


@given(overrides, st.dates(date(2025, 12, 15), date(2026, 4, 1)), st.integers(1, 30))
def test_counting_undoes_adding_under_any_overrides(
    kinds: dict[date, DayKind], day: date, count: int
) -> None:
    calendar = WorkCalendar(kinds)
    due_on = calendar.add_working_days(day, count)
    assert due_on == walked(calendar, day, count)
    assert calendar.is_working(due_on)
    assert calendar.working_days_between(day, due_on) == count
    assert calendar.working_days_between(day, due_on - DAY) == count - 1


@given(dates, st.integers(0, 40), st.integers(0, 40))
def test_limits_add_up(day: date, one: int, other: int) -> None:
    assert NATIONAL.add_working_days(
        NATIONAL.add_working_days(day, one), other
    ) == NATIONAL.add_working_days(day, one + other)


def test_days_unlike_are_those_after_the_first_up_to_the_last_that_one_calendar_works() -> None:
    monday = date(2021, 6, 7)
    days = [monday + DAY * step for step in range(4)]
    off = WorkCalendar(national_overrides() | dict.fromkeys(days, DayKind.HOLIDAY))
    assert NATIONAL.days_unlike(off, days[0], days[2]) == (days[1], days[2])
    assert off.days_unlike(NATIONAL, days[0], days[2]) == (days[1], days[2])
    assert NATIONAL.days_unlike(off, monday + 20 * DAY, monday + 30 * DAY) == ()
    assert NATIONAL.days_unlike(off, days[2], days[0]) == ()
