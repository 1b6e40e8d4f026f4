"""Webhooks as operators register and watch them."""

import base64
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.assignment import webhooks
from services.assignment.definition import DEFINITION
from shared.access import Role
from tests.services.assignment.test_api import Headers, json_of, problem_of
from tests.services.assignment.test_feed_api import clerk, fed, operator
from tests.services.opened import Opened

__all__ = ["clerk", "fed", "operator"]

URL = "https://ubnd.example.vn/hook?token=bi-mat"
ADDRESS = "/webhooks/ubnd-ba-dinh"
SCOPE = {"province": "ha-noi"}


def registered(client: FlaskClient, operator: Headers, **more: Any) -> dict[str, Any]:
    return json_of(client.post(ADDRESS, json=SCOPE | {"url": URL} | more, headers=operator))


def listed(client: FlaskClient, operator: Headers) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json_of(
        client.get("/webhooks?province=ha-noi", headers=operator)
    )["webhooks"]
    return found


def step(client: FlaskClient, operator: Headers, name: str, **more: Any) -> dict[str, Any]:
    return json_of(client.post(f"{ADDRESS}/{name}", json=SCOPE | more, headers=operator))


def test_an_operator_registers_a_webhook_and_sees_its_secret_once(
    fed: Opened, client: FlaskClient, operator: Headers
) -> None:
    response = client.post(ADDRESS, json=SCOPE | {"url": URL}, headers=operator)
    made = json_of(response)
    assert response.headers["Cache-Control"] == "no-store"
    assert len(base64.b64decode(made.pop("secret").removeprefix("whsec_"))) == 32
    assert made["url"] == URL
    assert (made["state"], made["delivered_seq"], made["last_seq"]) == ("active", 0, 3)
    assert (made["held_code"], made["held_texts"], made["retry_at"]) == (None, None, None)
    assert listed(client, operator) == [made]
    again = registered(client, operator)
    assert again["secret"] is None


def test_registering_again_changes_the_address_and_keeps_the_cursor_unless_it_is_moved(
    fed: Opened, client: FlaskClient, operator: Headers
) -> None:
    assert registered(client, operator, after=2)["delivered_seq"] == 2
    moved = registered(client, operator, url="https://moi.example.vn/")
    assert (moved["url"], moved["delivered_seq"]) == ("https://moi.example.vn/", 2)
    assert registered(client, operator, after=0)["delivered_seq"] == 0


def test_a_webhook_is_paused_and_resumed_and_the_list_says_so(
    fed: Opened, client: FlaskClient, operator: Headers
) -> None:
    registered(client, operator)
    paused = step(client, operator, "pause")
    assert (paused["state"], paused["held_code"]) == ("paused", "webhook.paused")
    assert paused["held_texts"]["vi"] == "Người vận hành đã tạm dừng webhook."
    assert listed(client, operator) == [paused]
    assert step(client, operator, "resume")["state"] == "active"


def test_a_new_secret_leaves_the_former_one_a_day_or_none(
    fed: Opened, client: FlaskClient, operator: Headers
) -> None:
    secrets = {registered(client, operator)["secret"]}
    rotated = step(client, operator, "rotate")
    assert rotated["former_secret_until"] is not None
    secrets.add(rotated["secret"])
    at_once = step(client, operator, "rotate", at_once=True)
    assert at_once["former_secret_until"] is None
    secrets.add(at_once["secret"])
    assert len(secrets) == 3


def test_what_holds_a_webhook_is_told_in_both_languages(
    fed: Opened, client: FlaskClient, operator: Headers
) -> None:
    registered(client, operator)
    with fed.runtime.store.write() as tx:
        webhook = webhooks.find(tx.connection, "ha-noi", "ubnd-ba-dinh")
        webhooks.hold(
            tx.connection,
            webhook,
            code="webhook.not_received",
            status=503,
            now_s=1_700_000_000,
            pause_s=2,
        )
    (held,) = listed(client, operator)
    assert (held["state"], held["held_status"], held["attempts"]) == ("held", 503, 1)
    assert held["retry_at"] == "2023-11-14T22:13:22.000000Z"
    assert set(held["held_texts"]) == {"vi", "en"}


def test_what_is_removed_is_gone_with_its_secrets(
    fed: Opened, client: FlaskClient, operator: Headers
) -> None:
    registered(client, operator)
    step(client, operator, "rotate")
    removed = json_of(client.delete(f"{ADDRESS}?province=ha-noi", headers=operator))
    assert removed["url"] == URL
    assert listed(client, operator) == []
    with fed.runtime.store.read() as connection:
        assert connection.execute(DEFINITION.vault.key.select()).all() == []
    again = client.delete(f"{ADDRESS}?province=ha-noi", headers=operator)
    problem_of(again, 404, "webhook.unknown")
    assert registered(client, operator)["secret"] is not None


@pytest.mark.parametrize("name", ["rotate", "pause", "resume"])
def test_an_agency_without_a_webhook_is_told_so(
    fed: Opened, client: FlaskClient, operator: Headers, name: str
) -> None:
    response = client.post(f"{ADDRESS}/{name}", json=SCOPE, headers=operator)
    problem_of(response, 404, "webhook.unknown")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://ubnd.example.vn/hook", "webhook.url_not_https"),
        ("https://user:bi-mat@ubnd.example.vn/", "webhook.url_unfit"),
        ("javascript:alert(1)", "webhook.url_unfit"),
        ("http://127.0.0.1:8080/", "webhook.address_refused"),
        ("https://169.254.169.254/", "webhook.address_refused"),
    ],
)
def test_an_address_that_can_t_be_is_refused_and_not_quoted(
    fed: Opened, client: FlaskClient, operator: Headers, url: str, code: str
) -> None:
    response = client.post(ADDRESS, json=SCOPE | {"url": url}, headers=operator)
    problem_of(response, 422, code)
    assert url.encode() not in response.data
    assert listed(client, operator) == []


@pytest.mark.parametrize(
    "body", [{}, {"url": URL}, SCOPE, SCOPE | {"url": ""}, SCOPE | {"url": "h" * 2_001}]
)
def test_a_registration_that_makes_no_sense_is_refused(
    fed: Opened, client: FlaskClient, operator: Headers, body: dict[str, Any]
) -> None:
    problem_of(client.post(ADDRESS, json=body, headers=operator), 422, "request.invalid")


def test_an_agency_that_the_province_never_had_has_no_webhook(
    fed: Opened, client: FlaskClient, operator: Headers
) -> None:
    body = SCOPE | {"url": URL}
    problem_of(
        client.post("/webhooks/nobody", json=body, headers=operator), 404, "feed.unknown_agency"
    )


def test_only_operators_of_the_province_see_or_change_webhooks(
    fed: Opened, client: FlaskClient, clerk: Headers, operator: Headers
) -> None:
    registered(client, operator)
    elsewhere = fed.bearer(Role.OPERATOR, province="ha-nam")
    for who, code in ((clerk, "access.not_allowed"), (elsewhere, "access.other_province")):
        answers = [
            client.get("/webhooks?province=ha-noi", headers=who),
            client.delete(f"{ADDRESS}?province=ha-noi", headers=who),
            client.post(ADDRESS, json=SCOPE | {"url": URL}, headers=who),
            *(
                client.post(f"{ADDRESS}/{name}", json=SCOPE, headers=who)
                for name in ("rotate", "pause", "resume")
            ),
        ]
        for answer in answers:
            problem_of(answer, 403, code)
    assert [each["state"] for each in listed(client, operator)] == ["active"]
