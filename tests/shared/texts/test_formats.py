from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.texts.formats import ngay, phan_tram, so


def test_a_date_is_day_month_year() -> None:
    assert ngay(date(2017, 5, 25)) == "25/05/2017"
    assert ngay(date(2021, 12, 1)) == "01/12/2021"


@pytest.mark.parametrize(
    ("number", "shown"), [(None, "—"), (0, "0"), (999, "999"), (1448, "1.448"), (13841, "13.841")]
)
def test_thousands_are_parted_by_points_and_not_stated_is_not_zero(
    number: int | None, shown: str
) -> None:
    assert so(number) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (1436, 1448, "99,17\u00a0%"),
        (1917, 1929, "99,38\u00a0%"),
        (224, 224, "100,00\u00a0%"),
        (99_999_999, 100_000_000, "99,99\u00a0%"),
        (1, 100_000_000, "0,01\u00a0%"),
        (0, 5, "0,00\u00a0%"),
        (0, 0, "—"),
        (None, 5, "—"),
        (5, None, "—"),
    ],
)
def test_a_share_has_two_decimals(part: int | None, whole: int | None, shown: str) -> None:
    assert phan_tram(part, whole) == shown


@given(
    st.integers(min_value=1, max_value=10**12).flatmap(
        lambda whole: st.tuples(st.integers(min_value=0, max_value=whole), st.just(whole))
    )
)
def test_only_the_whole_is_shown_as_a_hundred_and_only_nothing_as_zero(
    pair: tuple[int, int],
) -> None:
    part, whole = pair
    shown = phan_tram(part, whole)
    assert shown.startswith("100") is (part == whole)
    assert shown.startswith("0,00") is (part == 0)
