"""What the routing table leaves to a person: waiting, listed, assigned; the due date runs."""

from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient

from services.assignment.terms import referral_assignment_id
from shared.access import Role
from shared.provinces import Province
from shared.provinces.routing import RoutingRow
from shared.runtime import Runtime
from tests.services.assignment.matters import hear, referral
from tests.services.opened import Opened

ONE = referral_assignment_id("o-1", 1)


@pytest.fixture
def waiting(service: Opened, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Return the service with one referral that a row leaves to a person."""
    former = Runtime.province
    row = RoutingRow(
        number=99,
        fields=frozenset({"urban_order"}),
        levels=None,
        priority=900,
        citation="Dự thảo",
        is_for_triage=True,
        valid_from=date(2017, 1, 1),
        valid_to=None,
    )
    asked = former(service.runtime, "ha-noi")
    left = replace(asked, routing=(*asked.routing, row))

    def province(runtime: Runtime, slug: str) -> Province:
        return left if slug == "ha-noi" else former(runtime, slug)

    monkeypatch.setattr(Runtime, "province", province)
    hear(service.runtime, [referral("o-1")])
    return service


def test_it_is_listed_until_a_person_has_said_who_leads(
    waiting: Opened, client: FlaskClient
) -> None:
    screener = waiting.bearer(Role.SCREENER)
    address = "/triage?province=ha-noi"
    (row,) = client.get(address, headers=screener).get_json()["triage"]
    assert (row["assignment_id"], row["reason"], row["opinion_id"]) == (ONE, "unmatched", "o-1")
    assert (row["triage_due_on"], row["due_on"]) == ("2019-05-22", "2019-06-10")
    waiting.later(days=3)
    (row,) = client.get(address, headers=screener).get_json()["triage"]
    assert row["is_overdue"] is True
    body = {"agency": "tnmt-ba-dinh"}
    given = client.post(f"/triage/{ONE}", json=body, headers=screener).get_json()
    assert (given["agency"], given["issued_on"]) == ("tnmt-ba-dinh", "2019-05-23")
    assert (given["due_on"], given["opinion_ids"]) == ("2019-06-10", ["o-1"])
    assert client.get(address, headers=screener).get_json()["triage"] == []
    assert client.post(f"/triage/{ONE}", json=body, headers=screener).status_code == 404


def test_heard_again_it_waits_once_and_no_conclusion_takes_it_too(
    waiting: Opened, client: FlaskClient
) -> None:
    hear(waiting.runtime, [referral("o-1")], first=5)
    listed = client.get("/triage?province=ha-noi", headers=waiting.bearer(Role.CHAIR))
    assert len(listed.get_json()["triage"]) == 1


def test_agencies_do_not_see_what_is_nobody_s_yet(waiting: Opened, client: FlaskClient) -> None:
    clerk = waiting.bearer(Role.AGENCY_CLERK, agency="ubnd-ba-dinh")
    assert client.get("/triage?province=ha-noi", headers=clerk).status_code == 403
    elsewhere = waiting.bearer(Role.SCREENER, province="ha-nam")
    body = {"agency": "tnmt-ba-dinh"}
    assert client.post(f"/triage/{ONE}", json=body, headers=elsewhere).status_code == 404


def test_an_agency_that_is_not_there_can_not_lead(waiting: Opened, client: FlaskClient) -> None:
    body = {"agency": "doi-ttxd-ba-dinh"}  # renamed in 2018
    answer = client.post(f"/triage/{ONE}", json=body, headers=waiting.bearer(Role.SCREENER))
    assert answer.get_json()["code"] == "province.agency_not_competent"
