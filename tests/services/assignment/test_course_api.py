"""The steps between issue and answer, and after it, as agencies and the podium ask for them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.assignment.daily import look_daily
from services.assignment.terms import referral_assignment_id
from shared.access import Role
from tests.services.assignment.matters import hear, referral
from tests.services.opened import Opened

ONE = referral_assignment_id("o-1", 1)
LEAD, OTHER = "ubnd-ba-dinh", "tnmt-ba-dinh"
Ask = Callable[..., dict[str, Any]]
REFUSAL = {
    "reason": "outside_competence",
    "legal_basis": "Khoản 2 Điều 7 Quyết định 15/2018/QĐ-UBND",
    "competent_agency": OTHER,
}


@pytest.fixture
def ask(service: Opened, client: FlaskClient) -> Ask:
    """Return how somebody asks for a step of the one assignment."""
    hear(service.runtime, [referral("o-1")])
    seats = {
        "clerk": service.bearer(Role.AGENCY_CLERK, agency=LEAD, seat="ubnd/clerk"),
        "head": service.bearer(Role.AGENCY_HEAD, agency=LEAD, seat="ubnd/head"),
        "other": service.bearer(Role.AGENCY_CLERK, agency=OTHER, seat="tnmt/clerk"),
        "screener": service.bearer(Role.SCREENER),
        "chair": service.bearer(Role.CHAIR),
        "supervisor": service.bearer(Role.SUPERVISOR),
    }

    def step(who: str, what: str, body: dict[str, Any] | None = None, status: int = 200) -> Any:
        path = f"/assignments/{ONE}" + (f"/{what}" if what else "")
        method = client.get if body is None else client.post
        response = method(path, headers=seats[who], **({} if body is None else {"json": body}))
        assert response.status_code == status, response.text
        return response.get_json()

    return step


def test_a_refusal_names_who_is_competent_and_moves_the_lead_but_not_the_due_date(
    ask: Ask,
) -> None:
    due_on = ask("clerk", "")["due_on"]
    refused = ask("clerk", "refuse", REFUSAL)
    assert (refused["state"], refused["competent_agency"]) == ("refused", OTHER)
    assert refused["decision_due_on"] == "2019-05-23"
    moved = ask("screener", "refusal", {"is_upheld": True})
    assert (moved["state"], moved["agency"], moved["due_on"]) == ("issued", OTHER, due_on)
    assert [(leg["agency"], leg["to_on"]) for leg in moved["legs"]] == [
        (LEAD, "2019-05-20"),
        (OTHER, None),
    ]
    # The new lead acts, the former one no more, and the matter does not come back to it.
    assert ask("clerk", "accept", {}, 403)["code"] == "access.other_agency"
    back = {**REFUSAL, "competent_agency": LEAD}
    assert ask("other", "refuse", back, 422)["code"] == "assignment.back_to_refuser"


def test_an_overruled_refusal_counts_as_accepted(ask: Ask) -> None:
    ask("clerk", "refuse", REFUSAL)
    assert ask("chair", "refusal", {"is_upheld": False})["state"] == "accepted"
    assert ask("clerk", "refuse", REFUSAL, 422)["code"] == "assignment.not_now"


def test_an_agency_that_is_not_there_can_not_be_held_competent(ask: Ask) -> None:
    nobody = {**REFUSAL, "competent_agency": "so-xay-dung"}
    assert ask("clerk", "refuse", nobody, 422)["code"] == "province.unknown_agency"


def test_a_legal_basis_is_read_by_those_who_decide_and_stands_in_no_answer(
    ask: Ask, service: Opened, client: FlaskClient
) -> None:
    refused = ask("clerk", "refuse", REFUSAL)
    assert REFUSAL["legal_basis"] not in str(refused)
    path = f"/texts/{refused['refusal_text_id']}?purpose=screening"
    read = client.get(path, headers=service.bearer(Role.SCREENER))
    assert read.get_json()["text"] == REFUSAL["legal_basis"]
    beside = service.bearer(Role.AGENCY_CLERK, agency="ubnd-ha-noi")
    assert client.get(path, headers=beside).status_code == 404


def test_a_clock_that_stood_moves_the_due_date_by_the_working_days(
    ask: Ask, service: Opened
) -> None:
    ask("clerk", "accept", {})
    unlisted = ask("clerk", "pause", {"reason": "holiday_of_the_clerk"}, 422)
    assert unlisted["code"] == "assignment.pause_unlisted"
    assert ask("clerk", "pause", {"reason": "awaiting_clarification"})["state"] == "paused"
    service.later(days=7)
    resumed = ask("clerk", "resume", {})
    assert (resumed["state"], resumed["due_on"]) == ("accepted", "2019-06-17")
    assert (resumed["paused_working_days"], resumed["original_due_on"]) == (5, "2019-06-10")


def test_an_extension_is_asked_for_and_decided_before_the_due_date(
    ask: Ask, service: Opened
) -> None:
    ask("clerk", "accept", {})
    longer = {"working_days": 16, "reason": "complex_matter"}
    assert ask("clerk", "extension", longer, 422)["code"] == "assignment.extension_too_long"
    asked = ask("clerk", "extension", {**longer, "working_days": 5})
    assert asked["extension_working_days"] == 5
    granted = ask("screener", "extension/decision", {"is_granted": True})
    assert (granted["due_on"], granted["extended_working_days"]) == ("2019-06-17", 5)
    again = ask("clerk", "extension", {**longer, "working_days": 1}, 422)
    assert again["code"] == "assignment.extensions_used_up"
    service.later(days=40)
    late = ask("clerk", "pause", {"reason": "force_majeure"}, 422)
    assert late["code"] == "assignment.after_due"


def test_who_is_asked_contributes_and_is_charged_when_it_is_late(ask: Ask, service: Opened) -> None:
    ask("clerk", "accept", {})
    asked = ask("clerk", "coordination", {"cooperating_agency": OTHER})
    assert asked["cooperating_agencies"] == [OTHER]
    service.later(days=8)
    look_daily(service.runtime)
    body = ask("other", "contribution", {"text": "Đã khảo sát."})
    (contribution,) = body["contributions"]
    assert (contribution["is_missed"], contribution["submitted_on"]) == (True, "2019-05-28")
    assert body["missed"] is False
    service.later(days=1)
    again = ask("other", "contribution", {"text": "Nữa."}, 422)
    assert again["code"] == "assignment.contribution_not_awaited"


def test_an_answer_is_handed_back_and_written_again(ask: Ask) -> None:
    ask("clerk", "accept", {})
    ask("clerk", "answer", {"outcome": "resolved", "text": "Đã làm."})
    returned = ask("head", "return", {"text": "Ghi rõ ngày."})
    assert (returned["state"], returned["submitted_on"]) == ("accepted", None)
    ask("clerk", "answer", {"outcome": "resolved", "text": "Xong ngày 20/05/2019."})
    assert ask("head", "release", {})["state"] == "released"


def test_what_is_done_is_a_claim_until_supervision_verifies_it(ask: Ask) -> None:
    ask("clerk", "accept", {})
    ask("clerk", "answer", {"outcome": "accepted_with_plan", "text": "Sẽ làm."})
    assert ask("clerk", "fulfilment", {"text": "Xong."}, 422)["code"] == "assignment.not_now"
    ask("head", "release", {})
    assert ask("clerk", "fulfilment", {"text": "Biên bản."})["state"] == "claimed"
    verified = {"is_verified": True}
    assert ask("head", "fulfilment/decision", verified, 403)["code"] == "access.not_allowed"
    missing = ask("supervisor", "fulfilment/decision", {"is_verified": False}, 422)
    assert missing["code"] == "request.invalid"
    rejected = {"is_verified": False, "text": "Còn đoạn cuối ngõ."}
    assert ask("supervisor", "fulfilment/decision", rejected)["state"] == "released"
    ask("clerk", "fulfilment", {"text": "Biên bản lần hai."})
    assert ask("supervisor", "fulfilment/decision", verified)["state"] == "fulfilled"


def test_what_was_issued_in_error_is_cancelled_and_can_be_referred_again(
    ask: Ask, service: Opened, client: FlaskClient
) -> None:
    body = ask("chair", "cancel", {})
    assert (body["state"], body["cancel_reason"]) == ("cancelled", "issued_in_error")
    assert [leg["to_on"] for leg in body["legs"]] == ["2019-05-20"]
    hear(service.runtime, [referral("o-1", agency=OTHER)], first=9)
    listed = client.get(
        "/assignments?province=ha-noi&state=issued", headers=service.bearer(Role.SCREENER)
    )
    (again,) = listed.get_json()["assignments"]
    assert (again["agency"], again["opinion_ids"]) == (OTHER, ["o-1"])


def test_only_what_is_long_overdue_is_public(
    ask: Ask, service: Opened, client: FlaskClient
) -> None:
    address = "/overdue?province=ha-noi"
    service.later(days=40)
    look_daily(service.runtime)
    assert client.get(address).get_json() == {"overdue": []}
    service.set_clock(service.runtime.clock() + timedelta(days=30))
    look_daily(service.runtime)
    (listed,) = client.get(address).get_json()["overdue"]
    assert (listed["assignment_id"], listed["listed_on"]) == (ONE, "2019-07-08")
    assert client.get("/overdue?province=atlantis").status_code == 404
