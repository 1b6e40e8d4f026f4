"""Browsers that are signed in, and for which seat each acts."""

import pytest
import sqlalchemy as sa

from shared.access import Role
from shared.kernel.errors import Forbidden, NotFound, Unauthenticated
from shared.people import METADATA
from shared.people.links import LIFETIME
from shared.people.web_sessions import IDLE_MAX, LIFETIME_MAX
from tests.shared.people.conftest import DAY, TODAY, House

ONE, OTHER = "mttq-ba-dinh/sang-loc-1", "mttq-ba-dinh/giam-sat-1"
OVER = r"^people\.signed_out"


def test_whoever_is_on_one_seat_acts_for_it_at_once(house: House) -> None:
    secret = house.people.sessions.begin(house.person("can-bo-1", ONE))
    found = house.people.sessions.find(secret)
    caller = found.caller()
    assert (caller.seat, caller.role, caller.province) == (ONE, Role.SCREENER, "ha-noi")
    assert caller.token_id == f"session:{found.session_id}"
    assert secret not in repr(found)
    assert found.csrf not in repr(found)


def test_whoever_is_on_several_chooses_and_each_choice_is_written_down(house: House) -> None:
    person_id = house.person("can-bo-1", ONE, OTHER)
    secret = house.people.sessions.begin(person_id)
    found = house.people.sessions.find(secret)
    with pytest.raises(Forbidden, match=r"^people\.no_seat"):
        found.caller()
    for seat in (ONE, OTHER):
        house.people.sessions.act_for(found, seat)
        assert house.people.sessions.find(secret).caller().seat == seat
    with pytest.raises(Forbidden, match=r"^people\.not_on_seat"):
        house.people.sessions.act_for(found, "mttq-ba-dinh/khac")
    with house.store.read() as connection:
        acting = connection.execute(sa.select(METADATA.tables["acting"])).all()
    assert [(row.person_id, row.seat) for row in acting] == [(person_id, ONE), (person_id, OTHER)]


def test_a_holding_that_is_over_ends_the_acting_at_once(house: House) -> None:
    person_id = house.person("can-bo-1", ONE)
    (mine,) = house.people.holdings.of_person(person_id)
    secret = house.people.sessions.begin(person_id)
    house.people.holdings.end(mine.holding_id, TODAY - DAY)
    with pytest.raises(Forbidden, match=r"^people\.no_seat"):
        house.people.sessions.find(secret).caller()


def test_a_seat_that_is_abolished_lets_nobody_act(house: House) -> None:
    secret = house.people.sessions.begin(house.person("can-bo-1", ONE))
    house.people.seats.end(ONE, TODAY - DAY)
    assert house.people.sessions.find(secret).seat is None


def test_a_session_ends_by_idleness(house: House) -> None:
    secret = house.people.sessions.begin(house.person())
    for _ in range(3):
        house.now += IDLE_MAX * 0.9
        house.people.sessions.find(secret)
    house.now += IDLE_MAX
    with pytest.raises(Unauthenticated, match=OVER):
        house.people.sessions.find(secret)


def test_a_session_ends_after_half_a_day_however_busy(house: House) -> None:
    secret = house.people.sessions.begin(house.person())
    end = house.now + LIFETIME_MAX
    while house.now + IDLE_MAX * 0.9 < end:
        house.now += IDLE_MAX * 0.9
        house.people.sessions.find(secret)
    house.now = end
    with pytest.raises(Unauthenticated, match=OVER):
        house.people.sessions.find(secret)


def test_signing_out_ends_one_and_signing_out_everywhere_all(house: House) -> None:
    person_id = house.person()
    first, second, third = (house.people.sessions.begin(person_id) for _ in range(3))
    house.people.sessions.end(house.people.sessions.find(first))
    with pytest.raises(Unauthenticated, match=OVER):
        house.people.sessions.find(first)
    house.people.sessions.find(second)
    house.people.sessions.end_all(person_id)
    for secret in (second, third):
        with pytest.raises(Unauthenticated, match=OVER):
            house.people.sessions.find(secret)


@pytest.mark.parametrize("secret", [None, "", "x", "ế", "\ud800"])
def test_any_other_secret_is_nobody_s(house: House, secret: str | None) -> None:
    with pytest.raises(Unauthenticated, match=OVER):
        house.people.sessions.find(secret)


def test_an_address_lets_in_once_and_a_new_one_ends_the_old(house: House) -> None:
    person_id = house.person()
    old = house.people.links.make(person_id)
    new = house.people.links.make(person_id)
    assert house.people.links.owner(new) == house.people.links.use(new) == person_id
    for over in (old, new, "x", "\ud800"):
        with pytest.raises(NotFound, match=r"^people\.link_over"):
            house.people.links.owner(over)
        with pytest.raises(NotFound, match=r"^people\.link_over"):
            house.people.links.use(over)


def test_an_address_is_good_for_a_day(house: House) -> None:
    secret = house.people.links.make(house.person())
    house.now += LIFETIME
    with pytest.raises(NotFound, match=r"^people\.link_over"):
        house.people.links.use(secret)
