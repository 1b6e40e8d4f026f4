"""Signing in: what is right, what is wrong, and what a wrong attempt teaches."""

from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa

from shared.kernel.errors import BadInput, Conflict, NotFound, Unauthenticated, Unavailable
from shared.people import METADATA
from shared.people.failures import (
    FREE_FAILURES,
    FREE_FAILURES_OF_ADDRESS,
    WAIT_MAX,
    note,
)
from tests.shared.people.conftest import PASSWORD, House

WRONG = r"^people\.sign_in_wrong"


def test_the_right_name_and_password_tell_who_it_is(house: House) -> None:
    person_id = house.person(password=PASSWORD)
    assert house.sign_in() == person_id
    assert house.sign_in(" CAN-BO-1 ") == person_id


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("can-bo-1", PASSWORD + "x"),
        ("can-bo-2", PASSWORD),
        ("can-bo-1", ""),
        ("", ""),
        ("ế\0", "x"),
    ],
)
def test_whatever_is_wrong_is_told_alike(house: House, login: str, password: str) -> None:
    house.person(password=PASSWORD)
    with pytest.raises(Unauthenticated, match=WRONG) as caught:
        house.sign_in(login, password)
    assert caught.value.facts == {}


def test_without_a_password_and_when_disabled_nobody_signs_in(house: House) -> None:
    person_id = house.people.persons.add("Người Thử", province=None)
    house.people.accounts.add(person_id, "moi")
    with pytest.raises(Unauthenticated, match=WRONG):
        house.sign_in("moi", "")
    house.people.accounts.set_password(person_id, PASSWORD)
    house.people.accounts.set_disabled(person_id, is_disabled=True)
    with pytest.raises(Unauthenticated, match=WRONG):
        house.sign_in("moi")
    house.people.accounts.set_disabled(person_id, is_disabled=False)
    assert house.sign_in("moi") == person_id


def test_failures_in_a_row_cost_more_and_more_time_even_with_the_right_password(
    house: House,
) -> None:
    person_id = house.person(password=PASSWORD)
    for _ in range(FREE_FAILURES):
        with pytest.raises(Unauthenticated):
            house.sign_in(password="x")
    with pytest.raises(Unavailable, match=r"^people\.too_many_attempts seconds=1"):
        house.sign_in()
    house.now += timedelta(seconds=1)
    with pytest.raises(Unauthenticated):
        house.sign_in(password="x")
    with pytest.raises(Unavailable, match=r"^people\.too_many_attempts seconds=2"):
        house.sign_in()
    house.now += WAIT_MAX
    assert house.sign_in() == person_id
    assert house.sign_in() == person_id  # and all is forgotten


def test_many_names_from_one_address_wait_too(house: House) -> None:
    with house.store.write() as tx:
        for _ in range(FREE_FAILURES_OF_ADDRESS):
            note(tx.connection, "address:192.0.2.7", house.now)
    with pytest.raises(Unavailable):
        house.sign_in("ten-khac")
    accounts = house.people.accounts
    with pytest.raises(Unauthenticated):
        accounts.recognise("ten-khac", "x", "", address="192.0.2.8")


def test_neither_name_nor_address_of_a_failure_is_kept(house: House) -> None:
    with pytest.raises(Unauthenticated):
        house.sign_in("ten-go-nham")
    with house.store.read() as connection:
        rows = connection.execute(sa.select(METADATA.tables["failed_sign_in"])).all()
    assert len(rows) == 2
    assert "ten-go-nham" not in str(rows)
    assert "192.0.2.7" not in str(rows)


def test_a_code_of_the_app_signs_in_once(house: House) -> None:
    person_id = house.person(password=PASSWORD)
    secret, _ = house.people.accounts.begin_second_factor(person_id)
    code = pyotp.TOTP(secret).at(house.now)
    with pytest.raises(Unauthenticated, match=r"^people\.code_wrong"):
        house.sign_in()
    with pytest.raises(Unauthenticated, match=WRONG):
        house.sign_in(password="x", code=code)
    assert house.sign_in(code=code) == person_id
    with pytest.raises(Unauthenticated, match=r"^people\.code_wrong"):
        house.sign_in(code=code)
    house.now += timedelta(seconds=60)
    with pytest.raises(Unauthenticated, match=r"^people\.code_wrong"):
        house.sign_in(code=code)
    late = pyotp.TOTP(secret).at(house.now - timedelta(seconds=30))
    assert house.sign_in(code=f"{late[:3]} {late[3:]}") == person_id


def test_a_recovery_code_signs_in_once_and_new_ones_end_the_old(house: House) -> None:
    person_id = house.person(password=PASSWORD)
    _, codes = house.people.accounts.begin_second_factor(person_id)
    assert len(set(codes)) == 8
    assert house.sign_in(code=codes[0].upper()) == person_id
    with pytest.raises(Unauthenticated, match=r"^people\.code_wrong"):
        house.sign_in(code=codes[0])
    house.people.accounts.begin_second_factor(person_id)
    with pytest.raises(Unauthenticated, match=r"^people\.code_wrong"):
        house.sign_in(code=codes[1])
    with house.store.read() as connection:
        keys = METADATA.tables["vault_key"]
        kept = connection.execute(
            sa.select(keys.c.text_id).where(keys.c.text_id.like("signing:%"))
        ).all()
    assert len(kept) == 1  # the former secret is destroyed


def test_an_issuers_subject_is_known_only_if_it_was_given_an_account(house: House) -> None:
    person_id = house.people.persons.add("Người Thử", province=None)
    house.people.accounts.add(person_id, "moi", subject="https://issuer.example|42")
    assert house.people.accounts.of_subject("https://issuer.example|42") == person_id
    for subject in ("https://issuer.example|43", "https://other.example|42"):
        with pytest.raises(Unauthenticated, match=r"^people\.sign_in_unknown"):
            house.people.accounts.of_subject(subject)


def test_logins_are_told_apart_and_well_formed(house: House) -> None:
    house.person(password=PASSWORD)
    person_id = house.people.persons.add("Người Thử", province=None)
    with pytest.raises(Conflict, match=r"^people\.login_taken"):
        house.people.accounts.add(person_id, "Can-Bo-1")
    for login in ("", "a", "nguyễn", "a b", "-a", "a" * 81):
        with pytest.raises(BadInput, match=r"^people\.login_malformed"):
            house.people.accounts.add(person_id, login)
    with pytest.raises(NotFound, match=r"^people\.no_account"):
        house.people.accounts.find(person_id)


@pytest.mark.parametrize(
    ("password", "code"),
    [("ngắn", "people.password_short"), ("x" * 201, "people.password_long")],
)
def test_a_password_is_long_enough_and_bounded(house: House, password: str, code: str) -> None:
    person_id = house.person(password=PASSWORD)
    with pytest.raises(BadInput) as caught:
        house.people.accounts.set_password(person_id, password)
    assert caught.value.code == code


def test_a_password_typed_in_another_normal_form_is_the_same(house: House) -> None:
    person_id = house.person(password=PASSWORD)
    house.people.accounts.set_password(person_id, "mật khẩu của tôi")
    assert house.sign_in(password="mật khẩu của tôi") == person_id
