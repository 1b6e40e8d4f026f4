"""Operators issue, list and revoke tokens, each in their own scope."""

from typing import Any

import pytest

from shared.access import Role
from tests.services.intake.calling import Caller, Cast, answer, refused
from tests.services.opened import Opened

NEW: dict[str, Any] = {"seat": "mttq-thanh-cong/can-bo-1", "role": "cadre", "province": "ha-noi"}


@pytest.fixture
def cast(intake: Opened) -> Cast:
    return Cast(intake)


@pytest.fixture
def national(cast: Cast) -> Caller:
    return cast.role(Role.OPERATOR, province=None)


def listed(caller: Caller, **query: Any) -> list[str]:
    response = caller.get("/access/tokens", **query)
    assert response.status_code == 200
    return [each["token_id"] for each in answer(response)["tokens"]]


def bearing(cast: Cast, issued: dict[str, Any]) -> Caller:
    return Caller(cast.client, {"Authorization": f"Bearer {issued['bearer']}"})


def test_a_token_is_issued_and_its_bearer_is_shown_once(cast: Cast, national: Caller) -> None:
    response = national.post("/access/tokens", NEW)
    assert response.status_code == 201
    assert response.headers["Cache-Control"] == "no-store"
    issued = answer(response)
    assert (issued["seat"], issued["role"], issued["province"]) == (
        "mttq-thanh-cong/can-bo-1",
        "cadre",
        "ha-noi",
    )
    assert bearing(cast, issued).get("/opinions", province="ha-noi").status_code == 200
    assert issued["bearer"] not in national.get("/access/tokens").get_data(as_text=True)


def test_a_revoked_token_opens_nothing_any_more(cast: Cast, national: Caller) -> None:
    issued = answer(national.post("/access/tokens", NEW))
    revoked = answer(national.delete(f"/access/tokens/{issued['token_id']}"))
    assert revoked["revoked_at"] is not None
    response = bearing(cast, issued).get("/opinions", province="ha-noi")
    refused(response, 401, "access.token_invalid")
    again = answer(national.delete(f"/access/tokens/{issued['token_id']}"))
    assert again["revoked_at"] == revoked["revoked_at"]


def test_an_operator_of_a_province_issues_for_that_province_only(cast: Cast) -> None:
    operator = cast.role(Role.OPERATOR)
    assert operator.post("/access/tokens", NEW).status_code == 201
    for province in ("ha-nam", None):
        response = operator.post("/access/tokens", {**NEW, "province": province})
        refused(response, 403, "access.other_province")


def test_an_operator_of_a_province_lists_its_tokens_however_many_others_there_are(
    cast: Cast, national: Caller
) -> None:
    operator = cast.role(Role.OPERATOR)
    mine = answer(operator.post("/access/tokens", NEW))["token_id"]
    for number in range(3):
        seat = {"seat": f"mttq-phu-ly/can-bo-{number}", "province": "ha-nam"}
        national.post("/access/tokens", {**NEW, **seat})
    assert listed(operator, limit=1) == [mine]
    assert mine not in listed(national, limit=1)
    assert mine not in listed(cast.role(Role.OPERATOR, province="ha-nam"))


def test_another_provinces_token_is_as_unknown_as_none(cast: Cast, national: Caller) -> None:
    issued = answer(national.post("/access/tokens", NEW))
    stranger = cast.role(Role.OPERATOR, province="ha-nam")
    for token_id in (issued["token_id"], "0" * 16, "a%07b", "x" * 500):
        refused(stranger.delete(f"/access/tokens/{token_id}"), 404, "access.unknown_token")
    assert bearing(cast, issued).get("/opinions", province="ha-noi").status_code == 200
    own = cast.role(Role.OPERATOR)
    assert own.delete(f"/access/tokens/{issued['token_id']}").status_code == 200


@pytest.mark.parametrize("role", [Role.CADRE, Role.CHAIR, Role.AUDITOR])
def test_who_is_no_operator_manages_no_access(cast: Cast, role: Role) -> None:
    caller = cast.role(role)
    refused(caller.get("/access/tokens"), 403, "access.not_allowed")
    refused(caller.post("/access/tokens", NEW), 403, "access.not_allowed")
    refused(caller.delete(f"/access/tokens/{'0' * 16}"), 403, "access.not_allowed")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"role": "service"}, 400, "access.role_not_issued"),
        ({"seat": "Bà Hương"}, 400, "access.seat_malformed"),
        ({"role": "agency_clerk"}, 400, "access.scope_incomplete"),
        ({"agency": "tnmt-ba-dinh"}, 400, "access.scope_unfitting"),
        ({"province": "ca-mau"}, 404, "province.unknown"),
        ({"role": "agency_head", "agency": "no-such"}, 422, "province.unknown_agency"),
        ({"role": "king"}, 422, "request.invalid"),
        ({"lifetime_days": 0}, 422, "request.invalid"),
        ({"lifetime_days": 367}, 422, "request.invalid"),
    ],
)
def test_a_token_that_makes_no_sense_is_not_issued(
    national: Caller, change: dict[str, Any], status: int, code: str
) -> None:
    before = len(listed(national))
    refused(national.post("/access/tokens", {**NEW, **change}), status, code)
    assert len(listed(national)) == before


def test_an_agency_that_is_not_known_is_named(national: Caller) -> None:
    response = national.post("/access/tokens", {**NEW, "role": "agency_head", "agency": "no-such"})
    assert "“no-such”" in refused(response, 422, "province.unknown_agency")["texts"]["vi"]


def test_an_agency_that_is_gone_may_still_answer_for_its_time(national: Caller) -> None:
    body = {**NEW, "role": "agency_clerk", "agency": "doi-ttxd-ba-dinh"}
    assert national.post("/access/tokens", body).status_code == 201


@pytest.mark.parametrize("limit", [0, 1001, "x"])
def test_a_list_has_bounds(national: Caller, limit: object) -> None:
    refused(national.get("/access/tokens", limit=limit), 422, "request.invalid")
