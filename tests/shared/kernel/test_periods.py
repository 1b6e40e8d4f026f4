from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.periods import Dated, Period, Register, first_gap, first_overlap

MAY = Period(valid_from=date(2025, 5, 1), valid_to=date(2025, 5, 31))
FROM_JUNE = Period(valid_from=date(2025, 6, 1))

days = st.dates(min_value=date(2025, 1, 1), max_value=date(2025, 2, 28))
periods = st.builds(
    lambda one, other: Period(valid_from=min(one, other), valid_to=max(one, other)), days, days
)


def test_both_ends_of_a_period_belong_to_it() -> None:
    assert MAY.includes(date(2025, 5, 1))
    assert MAY.includes(date(2025, 5, 31))
    assert not MAY.includes(date(2025, 6, 1))
    assert FROM_JUNE.includes(date(2999, 1, 1))


@given(periods, periods)
def test_two_periods_overlap_when_some_day_lies_in_both(one: Period, other: Period) -> None:
    all_days = [date.fromordinal(date(2025, 1, 1).toordinal() + n) for n in range(59)]
    shared = any(one.includes(day) and other.includes(day) for day in all_days)
    assert one.overlaps(other) is shared
    assert other.overlaps(one) is shared


@given(periods, st.lists(periods, max_size=4))
def test_the_first_gap_is_the_first_day_that_nothing_covers(
    whole: Period, parts: list[Period]
) -> None:
    all_days = [date.fromordinal(date(2025, 1, 1).toordinal() + n) for n in range(59)]
    uncovered = [
        day
        for day in all_days
        if whole.includes(day) and not any(part.includes(day) for part in parts)
    ]
    assert first_gap(whole, parts) == (uncovered[0] if uncovered else None)


@pytest.mark.parametrize("last", [None, date.max])
def test_an_open_period_is_covered_only_by_one_without_an_end(last: date | None) -> None:
    assert first_gap(FROM_JUNE, [MAY, Period(valid_from=date(2025, 5, 15), valid_to=last)]) is None
    assert first_gap(FROM_JUNE, [MAY]) == date(2025, 6, 1)


def test_a_key_names_what_is_in_force_on_the_day() -> None:
    old = Dated(key="a", valid_from=date(2020, 1, 1), valid_to=date(2025, 6, 30))
    new = Dated(key="a", valid_from=date(2025, 7, 1))
    register = Register([new, old])
    assert register.on("a", date(2025, 6, 30)) is old
    assert register.on("a", date(2025, 7, 1)) is new
    assert register.on("a", date(2019, 12, 31)) is None
    assert register.ever("a") == (old, new)
    assert register.ever("b") == ()
    assert first_overlap([old, new]) is None


def test_the_later_of_two_overlapping_rows_is_found() -> None:
    one = Dated(key="a", valid_from=date(2020, 1, 1))
    other = Dated(key="a", valid_from=date(2021, 1, 1))
    assert first_overlap([other, one]) == (one, other)
