"""Seats are dated and held by one person at a time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from shared.access import Role
from shared.kernel.errors import AppError, BadInput, Conflict, NotFound
from tests.shared.people.conftest import DAY, TODAY, House, holding, seat

KEY = "mttq-ba-dinh/sang-loc-1"


def test_a_seat_added_again_is_the_one_there_is_and_another_role_is_a_conflict(
    house: House,
) -> None:
    assert house.people.seats.add(seat(KEY)) == house.people.seats.add(seat(KEY))
    with pytest.raises(Conflict, match=r"^people\.seat_differs"):
        house.people.seats.add(seat(KEY, Role.CADRE))
    assert [each.seat for each in house.people.seats.list(province="ha-noi")] == [KEY]
    assert house.people.seats.list(province="ha-nam") == []


@pytest.mark.parametrize("key", ["Nguyễn Văn A", "", "a//b", "a" * 81])
def test_a_seat_is_an_office_and_no_name(house: House, key: str) -> None:
    with pytest.raises(BadInput, match=r"^access\.seat_malformed"):
        house.people.seats.add(seat(key))


def test_a_seat_of_another_province_is_unknown_to_its_administrator(house: House) -> None:
    house.people.seats.add(seat(KEY))
    with pytest.raises(NotFound, match=r"^people\.unknown_seat"):
        house.people.seats.end(KEY, TODAY, province="ha-nam")
    assert house.people.seats.end(KEY, TODAY, province="ha-noi").valid_to == TODAY


def test_a_seat_has_one_person_at_a_time(house: House) -> None:
    one, other = house.person("one", KEY), house.person("other")
    with pytest.raises(Conflict, match=r"^people\.seat_held"):
        house.people.holdings.add(holding(KEY, other, TODAY + 5 * DAY))
    (mine,) = house.people.holdings.of_person(one)
    house.people.holdings.end(mine.holding_id, TODAY + 4 * DAY)
    house.people.holdings.add(holding(KEY, other, TODAY + 5 * DAY))
    assert [each.person_id for each in house.people.holdings.of_seat(KEY)] == [other, one]


@pytest.mark.parametrize(
    ("first", "last"), [(-5, 0), (0, 0), (2, 3), (4, 9), (4, None), (-5, None), (-5, 9)]
)
def test_holdings_that_share_a_day_are_refused(house: House, first: int, last: int | None) -> None:
    one, other = house.person("one"), house.person("other")
    house.people.seats.add(seat(KEY))
    house.people.holdings.add(holding(KEY, one, TODAY, TODAY + 4 * DAY))
    end = None if last is None else TODAY + last * DAY
    with pytest.raises(Conflict, match=r"^people\.seat_held"):
        house.people.holdings.add(holding(KEY, other, TODAY + first * DAY, end))


@pytest.mark.parametrize(("first", "last"), [(-5, -1), (5, 9), (5, None)])
def test_holdings_before_and_after_are_not(house: House, first: int, last: int | None) -> None:
    one, other = house.person("one"), house.person("other")
    house.people.seats.add(seat(KEY))
    house.people.holdings.add(holding(KEY, one, TODAY, TODAY + 4 * DAY))
    end = None if last is None else TODAY + last * DAY
    house.people.holdings.add(holding(KEY, other, TODAY + first * DAY, end))


def test_of_two_that_want_a_seat_at_once_one_gets_it(house: House) -> None:
    persons = [house.person("one"), house.person("other")]
    house.people.seats.add(seat(KEY))
    start = Barrier(2)

    def take(person_id: str) -> str:
        start.wait()
        try:
            house.people.holdings.add(holding(KEY, person_id))
        except AppError as error:
            return error.code
        return "held"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, persons)) == ["held", "people.seat_held"]


def test_nobody_holds_what_is_not_there(house: House) -> None:
    with pytest.raises(NotFound, match=r"^people\.unknown_seat"):
        house.people.holdings.add(holding(KEY, "nobody"))
    house.people.seats.add(seat(KEY))
    with pytest.raises(NotFound, match=r"^people\.unknown_person"):
        house.people.holdings.add(holding(KEY, "nobody"))
    with pytest.raises(NotFound, match=r"^people\.unknown_holding"):
        house.people.holdings.end("none", TODAY)
