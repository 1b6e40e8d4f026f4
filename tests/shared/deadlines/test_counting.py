"""The deadline function against the vectors of the law's own calendar and a day walker."""

from collections.abc import Mapping
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import DayKind, WorkCalendar, national_overrides
from shared.deadlines import Counting, Deadline, Moved, Pause, Terms, ZeroReason, deadline_of, moved
from shared.regulations import Limit, LimitBase, LimitUnit

NATIONAL = WorkCalendar(national_overrides())
DAY = timedelta(days=1)
FIRST, LAST = date(2020, 1, 1), date(2029, 12, 31)
"""Ten years."""


def terms(
    base_on: date,
    days: int,
    *,
    unit: LimitUnit = LimitUnit.WORKING_DAYS,
    base: LimitBase = LimitBase.RECEIPT,
    received_at: time | None = None,
    cutoff: time | None = time(17),
    pauses: tuple[Pause, ...] = (),
    extensions: tuple[int, ...] = (),
) -> Terms:
    return Terms(
        limit=Limit(days=days, unit=unit, base=base),
        base_on=base_on,
        received_at=received_at,
        cutoff=cutoff,
        pauses=pauses,
        extensions=extensions,
    )


def due(asked: Terms, calendar: WorkCalendar = NATIONAL) -> Deadline:
    return deadline_of(asked, calendar, citation="Quy chế")


def pause(paused_on: date, resumed_on: date) -> Pause:
    return Pause(paused_on=paused_on, resumed_on=resumed_on, reason="force_majeure")


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
    assert due(terms(received_on, working_days)).due_on == due_on


@pytest.mark.parametrize(
    ("received_on", "received_at", "zero", "reason"),
    [
        (date(2026, 2, 10), time(15), date(2026, 2, 10), ZeroReason.BASE),
        (date(2026, 2, 10), time(17), date(2026, 2, 10), ZeroReason.BASE),
        (date(2026, 2, 10), time(17, 0, 1), date(2026, 2, 11), ZeroReason.AFTER_CUTOFF),
        (date(2026, 2, 13), time(18), date(2026, 2, 23), ZeroReason.AFTER_CUTOFF),
        (date(2026, 2, 14), time(8), date(2026, 2, 23), ZeroReason.DAY_OFF),
        (date(2026, 2, 14), time(18), date(2026, 2, 23), ZeroReason.DAY_OFF),
        (date(2026, 1, 10), time(8), date(2026, 1, 10), ZeroReason.BASE),
        (date(2026, 2, 10), None, date(2026, 2, 10), ZeroReason.BASE),
    ],
)
def test_a_receipt_on_a_day_off_or_after_the_cut_off_counts_from_the_next_working_day(
    received_on: date, received_at: time | None, zero: date, reason: ZeroReason
) -> None:
    found = due(terms(received_on, 10, received_at=received_at))
    assert (found.counted_from_on, found.zero_reason) == (zero, reason)
    assert found.due_on == NATIONAL.add_working_days(zero, 10)


def test_only_a_receipt_has_a_cut_off_and_is_moved_off_a_day_off() -> None:
    saturday = date(2026, 5, 9)
    found = due(terms(saturday, 1, base=LimitBase.SESSION_DAY, received_at=time(23)))
    assert (found.counted_from_on, found.zero_reason) == (saturday, ZeroReason.BASE)
    assert found.due_on == date(2026, 5, 11)


def test_without_a_cut_off_hour_no_receipt_is_late() -> None:
    found = due(terms(date(2026, 2, 10), 1, received_at=time(23, 59), cutoff=None))
    assert found.counted_from_on == date(2026, 2, 10)


def test_no_days_are_due_on_day_zero_itself() -> None:
    found = due(terms(date(2026, 2, 10), 0))
    assert (found.due_on, found.days) == (date(2026, 2, 10), ())


def test_calendar_days_run_over_days_off_and_end_on_one() -> None:
    found = due(terms(date(2026, 2, 10), 5, unit=LimitUnit.CALENDAR_DAYS))
    assert found.due_on == date(2026, 2, 15)
    assert {day.counting for day in found.days} == {Counting.COUNTED}
    assert (found.working_days, found.calendar_days) == (None, 5)


def test_an_extension_adds_working_days_behind_the_limit() -> None:
    asked = terms(date(2026, 5, 4), 5, extensions=(3, 2))
    assert due(asked).due_on == NATIONAL.add_working_days(date(2026, 5, 4), 10)
    added = [day.number for day in due(asked).days if day.counting is Counting.ADDED]
    assert added == [1, 2, 3, 4, 5]


def test_a_pause_frees_the_working_days_after_it_began_up_to_its_end() -> None:
    monday = date(2026, 5, 4)
    found = due(terms(monday, 5, pauses=(pause(date(2026, 5, 5), date(2026, 5, 7)),)))
    assert found.due_on == date(2026, 5, 13)
    paused = [day.on for day in found.days if day.counting is Counting.PAUSED]
    assert paused == [date(2026, 5, 6), date(2026, 5, 7)]


def test_a_pause_that_ends_on_the_day_it_began_frees_nothing() -> None:
    plain = due(terms(date(2026, 5, 4), 5))
    paused = due(terms(date(2026, 5, 4), 5, pauses=(pause(date(2026, 5, 5), date(2026, 5, 5)),)))
    assert paused.due_on == plain.due_on


def test_a_day_in_two_pauses_is_freed_once() -> None:
    twice = (pause(date(2026, 5, 5), date(2026, 5, 7)), pause(date(2026, 5, 6), date(2026, 5, 8)))
    once = (pause(date(2026, 5, 5), date(2026, 5, 8)),)
    monday = date(2026, 5, 4)
    assert due(terms(monday, 5, pauses=twice)).due_on == due(terms(monday, 5, pauses=once)).due_on


def test_a_limit_in_calendar_days_gets_the_working_days_of_a_pause_behind_it() -> None:
    # Two working days were paused; 14/05 is a Thursday, so the date moves to Monday.
    paused = (pause(date(2026, 5, 5), date(2026, 5, 7)),)
    found = due(terms(date(2026, 5, 4), 10, unit=LimitUnit.CALENDAR_DAYS, pauses=paused))
    assert found.due_on == date(2026, 5, 18)


# ---- a newly announced day off ----------------------------------------------------------------


def announced(*days: date) -> WorkCalendar:
    return WorkCalendar(national_overrides() | dict.fromkeys(days, DayKind.HOLIDAY))


def move(asked: Terms, due_on: date, after: WorkCalendar) -> Moved | None:
    return moved(asked, due_on, before=NATIONAL, after=after, citation="Quy chế")


def test_a_new_day_off_before_the_due_date_moves_it_and_is_named() -> None:
    asked = terms(date(2026, 5, 4), 5)
    recorded = due(asked).due_on
    found = move(asked, recorded, announced(date(2026, 5, 6)))
    assert found is not None
    assert (found.due_on_before, found.deadline.due_on) == (recorded, date(2026, 5, 12))
    assert found.days == (date(2026, 5, 6),)
    assert (found.deadline.citation, found.deadline.is_law) == ("Quy chế", False)


def test_days_that_changed_outside_of_the_limit_are_no_cause() -> None:
    asked = terms(date(2026, 5, 4), 5)
    around = announced(date(2026, 4, 29), date(2026, 5, 6), date(2026, 5, 13), date(2026, 5, 14))
    found = move(asked, due(asked).due_on, around)
    assert found is not None
    assert found.deadline.due_on == date(2026, 5, 12)
    assert found.days == (date(2026, 5, 6),)


def test_a_date_that_moved_back_is_caused_by_days_up_to_the_former_one() -> None:
    asked = terms(date(2026, 9, 1), 0)
    worked = WorkCalendar(national_overrides() | {date(2026, 9, 2): DayKind.WORKING})
    found = move(asked, due(asked).due_on, worked)
    assert found is not None
    assert (found.due_on_before, found.deadline.due_on) == (date(2026, 9, 3), date(2026, 9, 2))
    assert found.days == (date(2026, 9, 2),)


def test_a_deadline_is_a_default_unless_it_is_said_to_be_law() -> None:
    plain = deadline_of(terms(date(2026, 5, 4), 1), NATIONAL, citation="Luật")
    law = deadline_of(terms(date(2026, 5, 4), 1), NATIONAL, citation="Luật", is_law=True)
    assert (plain.is_law, law.is_law) == (False, True)


def test_a_new_day_off_on_the_day_of_receipt_moves_day_zero() -> None:
    asked = terms(date(2026, 5, 4), 5)
    found = move(asked, due(asked).due_on, announced(date(2026, 5, 4)))
    assert found is not None
    assert found.deadline.zero_reason is ZeroReason.DAY_OFF
    assert (found.deadline.due_on, found.days) == (date(2026, 5, 12), (date(2026, 5, 4),))


def test_a_new_day_off_after_the_due_date_or_on_a_day_off_moves_nothing() -> None:
    asked = terms(date(2026, 5, 4), 5)
    for day in (date(2026, 5, 12), date(2026, 5, 9)):
        assert move(asked, due(asked).due_on, announced(day)) is None


def test_a_day_off_that_is_taken_back_moves_the_date_back() -> None:
    asked = terms(date(2026, 8, 31), 2)
    worked = WorkCalendar(national_overrides() | {date(2026, 9, 1): DayKind.WORKING})
    found = move(asked, due(asked).due_on, worked)
    assert found is not None
    assert found.deadline.due_on < found.due_on_before


def test_a_date_that_differs_under_the_same_calendar_is_not_the_calendars_doing() -> None:
    asked = terms(date(2026, 5, 4), 5)
    assert move(asked, date(2026, 5, 8), NATIONAL) is None


# ---- against a walker that counts day by day --------------------------------------------------

kinds = st.dictionaries(st.dates(FIRST, LAST), st.sampled_from(DayKind), max_size=40)
near = st.integers(0, 90).map(lambda days: timedelta(days=days))


@st.composite
def asked_terms(draw: st.DrawFn) -> Terms:
    base_on = draw(st.dates(FIRST, LAST))
    starts = draw(st.lists(st.tuples(near, near), max_size=3))
    return terms(
        base_on,
        draw(st.integers(0, 60)),
        unit=draw(st.sampled_from(LimitUnit)),
        base=draw(st.sampled_from(LimitBase)),
        received_at=draw(st.none() | st.times()),
        cutoff=draw(st.none() | st.times()),
        pauses=tuple(pause(base_on + start, base_on + start + length) for start, length in starts),
        extensions=tuple(draw(st.lists(st.integers(1, 20), max_size=2))),
    )


def is_off(day: date, overrides: Mapping[date, DayKind]) -> bool:
    kind = overrides.get(day)
    if kind is None:
        return not NATIONAL.is_working(day)
    return kind not in {DayKind.WORKING, DayKind.MAKE_UP}


def walked(asked: Terms, overrides: Mapping[date, DayKind]) -> date:
    """Return the due date by walking one day at a time, each asked what it is."""
    day = asked.base_on
    if asked.limit.base is LimitBase.RECEIPT:
        hours = (asked.received_at, asked.cutoff)
        if not is_off(day, overrides) and None not in hours and hours[0] > hours[1]:  # type: ignore[operator]
            day += DAY
        while is_off(day, overrides):
            day += DAY
    paused = {
        each.paused_on + DAY * step
        for each in asked.pauses
        for step in range(1, (each.resumed_on - each.paused_on).days + 1)
    }
    more = sum(asked.extensions)
    if asked.limit.unit is LimitUnit.CALENDAR_DAYS:
        for _ in range(asked.limit.days):
            day += DAY
            more += day in paused and not is_off(day, overrides)
    else:
        more += asked.limit.days
    while more:
        day += DAY
        more -= not is_off(day, overrides) and day not in paused
    return day


@given(asked_terms(), kinds)
def test_the_deadline_is_what_a_walker_finds_under_any_calendar(
    asked: Terms, overrides: dict[date, DayKind]
) -> None:
    found = due(asked, WorkCalendar(national_overrides() | overrides))
    assert found.due_on == walked(asked, national_overrides() | overrides)
    assert [day.on for day in found.days] == [
        found.counted_from_on + DAY * step
        for step in range(1, (found.due_on - found.counted_from_on).days + 1)
    ]
    counted = [day for day in found.days if day.counting is Counting.COUNTED]
    assert [day.number for day in counted] == list(range(1, asked.limit.days + 1))


@given(asked_terms(), st.dates(FIRST, LAST))
def test_a_day_off_more_makes_nothing_due_earlier(asked: Terms, day: date) -> None:
    before = due(asked)
    off = WorkCalendar(national_overrides() | {day: DayKind.HOLIDAY})
    # A pause of a limit in calendar days is worth a day less when one of its days is off.
    if asked.limit.unit is LimitUnit.WORKING_DAYS and not asked.pauses:
        assert due(asked, off).due_on >= before.due_on
    found = move(asked, before.due_on, off)
    assert (found is None) == (due(asked, off).due_on == before.due_on)
