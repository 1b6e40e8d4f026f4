"""Seats, persons and holdings, managed over HTTP within one's scope."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from services.intake.api import create_app
from services.intake.definition import DEFINITION
from shared.access import Role
from tests.services.conftest import Open
from tests.services.opened import Opened

SEAT = {
    "seat": "mttq-ba-dinh/sang-loc-1",
    "role": "screener",
    "province": "ha-noi",
    "unit": "ba-dinh",
    "valid_from": "2019-01-01",
}
PERSON = {"name": "Nguyễn Thị Kiểm Thử", "login": "sang-loc-1", "province": "ha-noi"}
Headers = dict[str, str]


@pytest.fixture
def service(open_service: Open) -> Opened:
    return open_service(DEFINITION)


@pytest.fixture
def client(service: Opened) -> FlaskClient:
    return service.client(create_app)


@pytest.fixture
def operator(service: Opened) -> Headers:
    return service.bearer(Role.OPERATOR)


@pytest.fixture
def stranger(service: Opened) -> Headers:
    """Return an operator of another province."""
    return service.bearer(Role.OPERATOR, province="ha-nam")


def post(client: FlaskClient, path: str, body: dict[str, Any], headers: Headers) -> dict[str, Any]:
    answer: dict[str, Any] = client.post(path, json=body, headers=headers).get_json()
    return answer


def test_a_person_is_put_on_a_seat_and_leaves_it(client: FlaskClient, operator: Headers) -> None:
    assert post(client, "/access/seats", SEAT, operator)["seat"] == SEAT["seat"]
    person = post(client, "/access/persons", PERSON, operator)
    assert "/intake/account/welcome/" in person["link"]
    body = {
        "seat": SEAT["seat"],
        "person_id": person["person_id"],
        "valid_from": "2019-02-01",
    }
    held = post(client, "/access/holdings", body, operator)
    assert held["valid_to"] is None
    assert post(client, "/access/holdings", body, operator)["code"] == "people.seat_held"
    end = f"/access/holdings/{held['holding_id']}/end"
    post(client, end, {"valid_to": "2019-03-31"}, operator)
    (listed,) = client.get("/access/seats", headers=operator).get_json()["seats"]
    assert listed["holdings"] == [{**held, "valid_to": "2019-03-31"}]
    assert PERSON["name"] not in str(listed)
    ended = post(client, f"/access/seats/{SEAT['seat']}/end", {"valid_to": "2019-12-31"}, operator)
    assert ended["valid_to"] == "2019-12-31"


def test_names_are_listed_to_who_manages_them_and_to_nobody_else(
    service: Opened, client: FlaskClient, operator: Headers, stranger: Headers
) -> None:
    post(client, "/access/persons", PERSON, operator)
    listed = client.get("/access/persons", headers=operator).get_json()["persons"]
    assert [each["name"] for each in listed] == [PERSON["name"]]
    assert client.get("/access/persons", headers=stranger).get_json() == {"persons": []}
    for role in (Role.SCREENER, Role.CHAIR, Role.AUDITOR):
        assert client.get("/access/persons", headers=service.bearer(role)).status_code == 403


def test_what_is_of_another_province_is_unknown(
    client: FlaskClient, operator: Headers, stranger: Headers
) -> None:
    post(client, "/access/seats", SEAT, operator)
    person_id = post(client, "/access/persons", PERSON, operator)["person_id"]
    body = {"seat": SEAT["seat"], "person_id": person_id, "valid_from": "2019-02-01"}
    held = post(client, "/access/holdings", body, operator)["holding_id"]
    day = {"valid_to": "2019-03-31"}
    for path, sent in (
        (f"/access/seats/{SEAT['seat']}/end", day),
        (f"/access/persons/{person_id}/link", {}),
        (f"/access/persons/{person_id}/disable", {}),
        ("/access/holdings", body),
        (f"/access/holdings/{held}/end", day),
    ):
        answer = client.post(path, json=sent, headers=stranger)
        assert answer.status_code in (403, 404), path
        assert person_id not in answer.get_data(as_text=True)
    for new in (SEAT, PERSON):
        path = "/access/seats" if new is SEAT else "/access/persons"
        assert client.post(path, json=new, headers=stranger).status_code == 403


def test_a_login_that_is_taken_leaves_no_person_behind(
    client: FlaskClient, operator: Headers
) -> None:
    post(client, "/access/persons", PERSON, operator)
    again = post(client, "/access/persons", {**PERSON, "name": "Người Khác"}, operator)
    assert again["code"] == "people.login_taken"
    assert len(client.get("/access/persons", headers=operator).get_json()["persons"]) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"seat": "Nguyễn Văn A"}, "access.seat_malformed"),
        ({"role": "service"}, "access.role_not_issued"),
        ({"role": "agency_clerk"}, "access.scope_incomplete"),
        ({"role": "agency_clerk", "agency": "khong-co"}, "province.unknown_agency"),
        ({"unit": "khong-co"}, "province.unknown_unit"),
        ({"valid_from": "hôm nay"}, "request.invalid"),
    ],
)
def test_a_seat_that_makes_no_sense_is_refused(
    client: FlaskClient, operator: Headers, change: dict[str, Any], code: str
) -> None:
    assert post(client, "/access/seats", {**SEAT, **change}, operator)["code"] == code


def test_a_disabled_account_and_a_new_link_sign_out_everywhere(
    service: Opened, client: FlaskClient, operator: Headers
) -> None:
    person_id = post(client, "/access/persons", PERSON, operator)["person_id"]
    people = service.runtime.people
    for path in ("link", "disable"):
        secret = people.sessions.begin(person_id)
        assert (
            client.post(f"/access/persons/{person_id}/{path}", headers=operator).status_code < 300
        )
        client.set_cookie("dt_session", secret)
        assert client.get("/opinions?province=ha-noi").status_code == 401
        client.delete_cookie("dt_session")
    assert people.accounts.find(person_id).is_disabled
