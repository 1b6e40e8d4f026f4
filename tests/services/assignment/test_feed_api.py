import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.access import Role
from tests.services.assignment.matters import commitment, conclusion, hear, referral
from tests.services.assignment.test_api import Headers, json_of, problem_of
from tests.services.opened import Opened, since_opened

ADDRESS = "/feeds/ubnd-ba-dinh?province=ha-noi"


@pytest.fixture
def clerk(service: Opened) -> Headers:
    return service.bearer(Role.AGENCY_CLERK, agency="ubnd-ba-dinh")


@pytest.fixture
def operator(service: Opened) -> Headers:
    return service.bearer(Role.OPERATOR, province=None)


@pytest.fixture
def fed(service: Opened) -> Opened:
    """Return the service with three entries in the feed of UBND Ba Đình."""
    hear(service.runtime, [referral("o-1"), referral("o-2")])
    hear(service.runtime, [conclusion(commitment("k-1", "o-3"))])
    return service


def test_a_feed_carries_the_stored_entries_untouched(
    fed: Opened, client: FlaskClient, clerk: Headers
) -> None:
    response = client.get(ADDRESS, headers=clerk)
    body = json_of(response)
    stored = since_opened(fed.runtime)
    assert [each["feed_seq"] for each in body["entries"]] == [1, 2, 3]
    assert (body["next_after"], body["last_seq"]) == (3, 3)
    for each, entry in zip(body["entries"], stored, strict=True):
        assert each["origin"] == "test.local/ha-noi/assignment"
        assert (each["position"], each["leaf"]) == (entry.position, entry.leaf.hex())
        assert each["entry"] == entry.document
        assert entry.content in response.data


def test_a_feed_can_be_read_again_from_any_number(
    fed: Opened, client: FlaskClient, clerk: Headers
) -> None:
    for after in (2, 0, 1, 0):
        body = json_of(client.get(f"{ADDRESS}&after={after}&limit=1", headers=clerk))
        assert [each["feed_seq"] for each in body["entries"]] == [after + 1]
        assert body["next_after"] == after + 1


def test_the_end_of_a_feed_is_an_empty_page_that_says_where_to_go_on(
    fed: Opened, client: FlaskClient, clerk: Headers
) -> None:
    body = json_of(client.get(f"{ADDRESS}&after=3", headers=clerk))
    assert body == {"entries": [], "next_after": 3, "last_seq": 3}


def test_a_feed_can_be_had_as_bare_lines(fed: Opened, client: FlaskClient, clerk: Headers) -> None:
    lines = {**clerk, "Accept": "application/x-ndjson"}
    response = client.get(f"{ADDRESS}&after=1", headers=lines)
    assert response.content_type == "application/x-ndjson"
    stored = since_opened(fed.runtime)[1:]
    assert response.data == b"".join(entry.content + b"\n" for entry in stored)
    assert response.headers["X-First-Feed-Seq"] == "2"
    assert response.headers["X-Next-After"] == "3"
    assert response.headers["X-Last-Feed-Seq"] == "3"


def test_an_agency_reads_no_other_s_feed(fed: Opened, client: FlaskClient, clerk: Headers) -> None:
    response = client.get("/feeds/tnmt-ba-dinh?province=ha-noi", headers=clerk)
    problem_of(response, 403, "access.other_agency")
    response = client.get("/feeds/ubnd-ba-dinh?province=ha-nam", headers=clerk)
    problem_of(response, 403, "access.other_province")
    cadre = fed.bearer(Role.CADRE)
    problem_of(client.get(ADDRESS, headers=cadre), 403, "access.not_allowed")


def test_an_agency_that_the_province_never_had_has_no_feed(
    fed: Opened, client: FlaskClient, operator: Headers
) -> None:
    response = client.get("/feeds/nobody?province=ha-noi", headers=operator)
    problem_of(response, 404, "feed.unknown_agency")
    body = {"province": "ha-noi"}
    response = client.post("/feeds/nobody", json=body, headers=operator)
    problem_of(response, 404, "feed.unknown_agency")


@pytest.mark.parametrize("query", ["", "?province=ha-noi&after=-1", "?province=ha-noi&limit=501"])
def test_a_page_that_makes_no_sense_is_refused(
    fed: Opened, client: FlaskClient, operator: Headers, query: str
) -> None:
    response = client.get(f"/feeds/ubnd-ba-dinh{query}", headers=operator)
    problem_of(response, 422, "request.invalid")


def registered(client: FlaskClient, operator: Headers, **more: Any) -> dict[str, Any]:
    body = {"province": "ha-noi", **more}
    return json_of(client.post("/feeds/ubnd-ba-dinh", json=body, headers=operator))


def test_an_operator_registers_a_feed_for_the_broker(
    fed: Opened, client: FlaskClient, operator: Headers
) -> None:
    made = registered(client, operator)
    assert made["queue"] == "agency.ha-noi.ubnd-ba-dinh.v1"
    assert made["exchange"] == "agency.feed"
    assert made["binding_key"] == "ha-noi.ubnd-ba-dinh.*"
    assert (made["published_seq"], made["last_seq"], made["held_code"]) == (0, 3, None)
    listed = json_of(client.get("/feeds?province=ha-noi", headers=operator))
    assert listed == {"feeds": [made]}


def test_registering_again_keeps_the_cursor_unless_it_is_moved(
    fed: Opened, client: FlaskClient, operator: Headers
) -> None:
    assert registered(client, operator, after=2)["published_seq"] == 2
    assert registered(client, operator)["published_seq"] == 2
    assert registered(client, operator, after=0)["published_seq"] == 0


def test_an_agency_registers_nothing(fed: Opened, client: FlaskClient, clerk: Headers) -> None:
    body = {"province": "ha-noi"}
    response = client.post("/feeds/ubnd-ba-dinh", json=body, headers=clerk)
    problem_of(response, 403, "access.not_allowed")


def test_the_contract_is_open_to_everybody(client: FlaskClient) -> None:
    document = json.loads(client.get("/feeds/asyncapi.json").data)
    assert document["asyncapi"] == "3.0.0"
