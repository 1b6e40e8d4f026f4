from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.assignment.answers import answer_text_id
from services.assignment.tables import VAULT
from services.assignment.terms import commitment_assignment_id, referral_assignment_id
from shared.access import Role
from shared.contracts.vocabulary import ReferenceKind
from tests.services.assignment.matters import commitment, conclusion, hear, referral
from tests.services.opened import Opened, since_opened

ONE = referral_assignment_id("o-1", 1)
WORDS = "Phường đã nạo vét rãnh thoát nước ngõ 12, hoàn thành ngày 03/06/2019."
OTHER_WORDS = "Chưa giải quyết được."
FIRST = 4
"""Position of the first issue: after the files that the log has adopted."""
COUNTS_DAYS_LATE = (ReferenceKind.PROVINCE, ReferenceKind.CALENDAR)
ANSWER = {"outcome": "resolved", "text": WORDS}

Headers = dict[str, str]


@pytest.fixture
def clerk(service: Opened) -> Headers:
    return service.bearer(Role.AGENCY_CLERK, agency="ubnd-ba-dinh", seat="ubnd-ba-dinh/clerk")


@pytest.fixture
def head(service: Opened) -> Headers:
    return service.bearer(Role.AGENCY_HEAD, agency="ubnd-ba-dinh", seat="ubnd-ba-dinh/head")


@pytest.fixture
def stranger(service: Opened) -> Headers:
    return service.bearer(Role.AGENCY_HEAD, agency="tnmt-ba-dinh", seat="tnmt-ba-dinh/head")


@pytest.fixture
def supervisor(service: Opened) -> Headers:
    return service.bearer(Role.SUPERVISOR)


@pytest.fixture
def operator(service: Opened) -> Headers:
    return service.bearer(Role.OPERATOR, province=None)


@pytest.fixture
def issued(service: Opened) -> Opened:
    """Return the service with one referral and one conclusion of two commitments."""
    hear(service.runtime, [referral("o-1")])
    hear(
        service.runtime,
        [conclusion(commitment("k-1", "o-2"), commitment("k-2", lead="ubnd-ha-noi"))],
    )
    return service


def json_of(response: TestResponse, status: int = 200) -> dict[str, Any]:
    assert response.status_code == status, response.text
    body = response.get_json()
    assert isinstance(body, dict)
    return body


def problem_of(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    body = json_of(response, status)
    assert response.content_type == "application/problem+json"
    assert body["code"] == code
    assert body["texts"]["vi"]
    assert body["texts"]["en"]
    assert body["texts"]["vi"] != body["texts"]["en"]
    assert code not in body["texts"]["vi"]
    return body


def answered(client: FlaskClient, clerk: Headers) -> None:
    json_of(client.post(f"/assignments/{ONE}/accept", json={}, headers=clerk))
    json_of(client.post(f"/assignments/{ONE}/answer", json=ANSWER, headers=clerk))


def test_an_agency_lists_what_it_leads_in_the_order_of_issue(
    issued: Opened, client: FlaskClient, clerk: Headers
) -> None:
    body = json_of(client.get("/assignments?province=ha-noi", headers=clerk))
    ids = [each["assignment_id"] for each in body["assignments"]]
    assert ids == [ONE, commitment_assignment_id("k-1")]
    assert body["next_after"] == FIRST + 1


def test_a_list_is_read_page_by_page(
    issued: Opened, client: FlaskClient, supervisor: Headers
) -> None:
    seen, after = [], -1
    for _page in range(4):
        address = f"/assignments?province=ha-noi&limit=1&after={after}"
        body = json_of(client.get(address, headers=supervisor))
        seen += [each["position"] for each in body["assignments"]]
        after = body["next_after"]
    assert seen == [FIRST, FIRST + 1, FIRST + 2]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("agency=ubnd-ha-noi", 1),
        ("state=accepted", 0),
        ("state=issued", 3),
        ("due_before=2019-06-10", 0),
        ("due_before=2019-06-11", 1),
    ],
)
def test_a_list_can_be_narrowed(
    issued: Opened, client: FlaskClient, supervisor: Headers, query: str, found: int
) -> None:
    body = json_of(client.get(f"/assignments?province=ha-noi&{query}", headers=supervisor))
    assert len(body["assignments"]) == found


def test_an_assignment_explains_its_due_date(
    issued: Opened, client: FlaskClient, clerk: Headers
) -> None:
    response = client.get(f"/assignments/{ONE}", headers=clerk)
    body = json_of(response)
    assert response.headers["ETag"] == '"0"'
    assert (body["state"], body["due_on"], body["opinion_ids"]) == ("issued", "2019-06-10", ["o-1"])
    explanation = body["explanation"]
    assert explanation["counted_from_on"] == "2019-05-20"
    assert explanation["working_days"] == 15
    assert [day["kind"] for day in explanation["days_off"]] == ["weekend"] * 6
    assert "10/06/2019" in explanation["texts"]["vi"]
    assert "ngày làm việc thứ 15" in explanation["texts"]["vi"]
    assert "working day number 15" in explanation["texts"]["en"]


def test_a_promised_date_is_explained_by_the_conclusion(
    issued: Opened, client: FlaskClient, clerk: Headers
) -> None:
    body = json_of(client.get(f"/assignments/{commitment_assignment_id('k-1')}", headers=clerk))
    assert "25-TB/QU" in body["explanation"]["texts"]["vi"]
    assert body["explanation"]["days_off"] == []
    assert (body["product_text_id"], body["product_owner"]) == ("product-k-1", "sessions")
    assert body["cooperating_agencies"] == ["tnmt-ba-dinh"]


def test_a_cooperating_agency_sees_the_assignment_and_no_other(
    issued: Opened, client: FlaskClient, stranger: Headers
) -> None:
    shared = commitment_assignment_id("k-1")
    json_of(client.get(f"/assignments/{shared}", headers=stranger))
    response = client.get(f"/assignments/{ONE}", headers=stranger)
    problem_of(response, 404, "assignment.unknown")


def test_an_assignment_goes_from_issue_to_release(
    issued: Opened, client: FlaskClient, clerk: Headers, head: Headers
) -> None:
    issued.later(days=2)
    body = json_of(client.post(f"/assignments/{ONE}/accept", json={}, headers=clerk))
    assert (body["state"], body["accepted_on"], body["version"]) == ("accepted", "2019-05-22", 1)
    issued.later(days=5)
    body = json_of(client.post(f"/assignments/{ONE}/answer", json=ANSWER, headers=clerk))
    assert (body["state"], body["submitted_on"], body["outcome"]) == (
        "submitted",
        "2019-05-27",
        "resolved",
    )
    assert body["text_id"] == answer_text_id(ONE, 1)
    issued.later(days=1)
    body = json_of(client.post(f"/assignments/{ONE}/release", json={}, headers=head))
    assert (body["state"], body["released_on"]) == ("released", "2019-05-28")
    assert (body["days_late"], body["missed"]) == (0, False)


def test_a_late_release_is_counted_in_calendar_and_in_working_days(
    issued: Opened, client: FlaskClient, clerk: Headers, head: Headers
) -> None:
    answered(client, clerk)
    issued.later(days=26)  # Saturday 15/06/2019
    body = json_of(client.post(f"/assignments/{ONE}/release", json={}, headers=head))
    assert (body["days_late"], body["working_days_late"], body["missed"]) == (5, 4, True)
    rules = issued.runtime.province("ha-noi").references(*COUNTS_DAYS_LATE)
    documents = [entry.document for entry in since_opened(issued.runtime)[-2:]]
    assert [(each["type"], each["references"]) for each in documents] == [
        ("DeadlineMissed", rules),
        ("AnswerReleased", rules),
    ]


def test_what_is_open_after_its_due_date_is_overdue_before_anybody_notices(
    issued: Opened, client: FlaskClient, supervisor: Headers
) -> None:
    issued.later(days=22)
    body = json_of(client.get(f"/assignments/{ONE}", headers=supervisor))
    assert (body["is_overdue"], body["missed"]) == (True, False)


def test_no_word_of_an_answer_is_in_the_log_or_in_an_answer_of_the_api(
    issued: Opened, client: FlaskClient, clerk: Headers, head: Headers
) -> None:
    answered(client, clerk)
    response = client.post(f"/assignments/{ONE}/release", json={}, headers=head)
    stored = b"".join(entry.content for entry in issued.runtime.ledger.log("ha-noi").read(-1))
    for found in (stored.decode(), response.text):
        assert "nạo vét" not in found


def test_the_author_of_an_answer_never_releases_it(
    issued: Opened, client: FlaskClient, head: Headers
) -> None:
    answered(client, head)
    response = client.post(f"/assignments/{ONE}/release", json={}, headers=head)
    problem_of(response, 422, "assignment.same_seat")


def test_an_answer_before_acceptance_is_refused_and_leaves_no_text(
    issued: Opened, client: FlaskClient, clerk: Headers, supervisor: Headers
) -> None:
    response = client.post(f"/assignments/{ONE}/answer", json=ANSWER, headers=clerk)
    problem_of(response, 422, "assignment.not_accepted")
    assert texts_kept(issued) == 0
    address = f"/texts/{answer_text_id(ONE, 1)}?purpose=supervision"
    problem_of(client.get(address, headers=supervisor), 404, "assignment.unknown_text")


def test_repeating_a_step_changes_nothing(
    issued: Opened, client: FlaskClient, clerk: Headers, head: Headers
) -> None:
    answered(client, clerk)
    answered(client, clerk)
    for _twice in range(2):
        json_of(client.post(f"/assignments/{ONE}/release", json={}, headers=head))
    assert len(since_opened(issued.runtime)) == 6


def texts_kept(service: Opened) -> int:
    with service.runtime.store.read() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(VAULT.text)) or 0)


def test_the_same_answer_again_is_answered_alike_and_recorded_once(
    issued: Opened, client: FlaskClient, clerk: Headers
) -> None:
    answered(client, clerk)
    issued.later(days=1)
    address = f"/assignments/{ONE}/answer"
    first = json_of(client.post(address, json=ANSWER, headers=clerk))
    again = json_of(client.post(address, json=ANSWER, headers=clerk))
    assert first == again
    assert (first["state"], first["submitted_on"], first["version"]) == (
        "submitted",
        "2019-05-20",
        2,
    )
    assert texts_kept(issued) == 1


@pytest.mark.parametrize(
    ("changes", "role"),
    [
        ({"text": OTHER_WORDS}, Role.AGENCY_CLERK),
        ({"outcome": "explained"}, Role.AGENCY_CLERK),
        ({"text": OTHER_WORDS, "outcome": "explained"}, Role.AGENCY_HEAD),
        ({}, Role.AGENCY_HEAD),
    ],
)
def test_another_answer_is_refused_while_one_awaits_release_and_leaves_no_text(
    issued: Opened,
    client: FlaskClient,
    changes: dict[str, str],
    role: Role,
) -> None:
    clerk, head, sent_by = (
        issued.bearer(each, agency="ubnd-ba-dinh")
        for each in (Role.AGENCY_CLERK, Role.AGENCY_HEAD, role)
    )
    answered(client, clerk)
    other = {**ANSWER, **changes}
    response = client.post(f"/assignments/{ONE}/answer", json=other, headers=sent_by)
    body = problem_of(response, 422, "assignment.answer_differs")
    assert OTHER_WORDS not in str(body)
    assert texts_kept(issued) == 1
    address = f"/texts/{answer_text_id(ONE, 1)}?purpose=handling"
    assert json_of(client.get(address, headers=head))["text"] == WORDS
    json_of(client.post(f"/assignments/{ONE}/release", json={}, headers=head))


def test_another_answer_is_refused_once_one_is_released(
    issued: Opened, client: FlaskClient, clerk: Headers, head: Headers
) -> None:
    answered(client, clerk)
    json_of(client.post(f"/assignments/{ONE}/release", json={}, headers=head))
    for changes in ({"text": OTHER_WORDS}, {"outcome": "explained"}):
        response = client.post(
            f"/assignments/{ONE}/answer", json={**ANSWER, **changes}, headers=clerk
        )
        problem_of(response, 422, "assignment.released_final")
    assert texts_kept(issued) == 1


def test_a_stale_version_is_a_conflict(issued: Opened, client: FlaskClient, clerk: Headers) -> None:
    json_of(client.post(f"/assignments/{ONE}/accept", json={}, headers=clerk))
    stale = {**clerk, "If-Match": '"0"'}
    response = client.post(f"/assignments/{ONE}/answer", json=ANSWER, headers=stale)
    problem_of(response, 409, "eventlog.stream_moved")
    fresh = {**clerk, "If-Match": '"1"'}
    json_of(client.post(f"/assignments/{ONE}/answer", json=ANSWER, headers=fresh))


def test_a_request_with_the_same_key_is_answered_as_the_first(
    issued: Opened, client: FlaskClient, clerk: Headers
) -> None:
    keyed = {**clerk, "Idempotency-Key": "k"}
    first = client.post(f"/assignments/{ONE}/accept", json={}, headers=keyed)
    again = client.post(f"/assignments/{ONE}/accept", json={}, headers=keyed)
    assert json_of(first) == json_of(again)
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("step", ["accept", "answer", "release"])
def test_only_the_lead_agency_takes_a_step(
    issued: Opened, client: FlaskClient, stranger: Headers, supervisor: Headers, step: str
) -> None:
    address = f"/assignments/{ONE}/{step}"
    body = ANSWER if step == "answer" else {}
    problem_of(client.post(address, json=body, headers=stranger), 404, "assignment.unknown")
    shared = f"/assignments/{commitment_assignment_id('k-1')}/{step}"
    problem_of(client.post(shared, json=body, headers=stranger), 403, "access.other_agency")
    problem_of(client.post(address, json=body, headers=supervisor), 403, "access.not_allowed")


def test_a_clerk_does_not_release(issued: Opened, client: FlaskClient, clerk: Headers) -> None:
    answered(client, clerk)
    response = client.post(f"/assignments/{ONE}/release", json={}, headers=clerk)
    problem_of(response, 403, "access.not_allowed")


Call = Callable[[FlaskClient, Headers], TestResponse]
CALLS: list[Call] = [
    lambda client, who: client.get("/assignments?province=ha-noi", headers=who),
    lambda client, who: client.get(f"/assignments/{ONE}", headers=who),
    lambda client, who: client.post(f"/assignments/{ONE}/accept", json={}, headers=who),
    lambda client, who: client.post(f"/assignments/{ONE}/answer", json=ANSWER, headers=who),
    lambda client, who: client.post(f"/assignments/{ONE}/release", json={}, headers=who),
    lambda client, who: client.post(
        "/assignments/accept", json={"assignment_ids": [ONE]}, headers=who
    ),
    lambda client, who: client.get("/texts/t?purpose=handling", headers=who),
    lambda client, who: client.post("/timers/deadlines", json={}, headers=who),
    lambda client, who: client.get("/feeds?province=ha-noi", headers=who),
    lambda client, who: client.get("/feeds/ubnd-ba-dinh?province=ha-noi", headers=who),
    lambda client, who: client.post(
        "/feeds/ubnd-ba-dinh", json={"province": "ha-noi"}, headers=who
    ),
]


@pytest.mark.parametrize("call", CALLS)
def test_nobody_unknown_gets_anything(issued: Opened, client: FlaskClient, call: Call) -> None:
    problem_of(call(client, {}), 401, "access.token_missing")
    wrong = {"Authorization": "Bearer dt_0123456789abcdef_" + "0" * 64}
    problem_of(call(client, wrong), 401, "access.token_invalid")


@pytest.mark.parametrize("step", ["accept", "answer", "release"])
def test_an_unknown_assignment_is_not_found(
    issued: Opened, client: FlaskClient, head: Headers, step: str
) -> None:
    body = ANSWER if step == "answer" else {}
    response = client.post(f"/assignments/none/{step}", json=body, headers=head)
    problem_of(response, 404, "assignment.unknown")


def test_an_assignment_is_not_found_in_another_province(
    issued: Opened, client: FlaskClient, clerk: Headers
) -> None:
    body = {"province": "ha-nam"}
    response = client.post(f"/assignments/{ONE}/accept", json=body, headers=clerk)
    problem_of(response, 404, "assignment.unknown")


@pytest.mark.parametrize(
    "body",
    [
        {"outcome": "resolved"},
        {"outcome": "whatever", "text": WORDS},
        {"outcome": "resolved", "text": ""},
        {**ANSWER, "more": 1},
    ],
)
def test_an_answer_that_does_not_fit_names_the_field(
    issued: Opened, client: FlaskClient, clerk: Headers, body: dict[str, Any]
) -> None:
    response = client.post(f"/assignments/{ONE}/answer", json=body, headers=clerk)
    found = problem_of(response, 422, "request.invalid")
    assert found["fields"]
    assert WORDS not in str(found)


def test_a_batch_is_accepted_whole(issued: Opened, client: FlaskClient, clerk: Headers) -> None:
    ids = [ONE, commitment_assignment_id("k-1"), ONE]
    body = json_of(client.post("/assignments/accept", json={"assignment_ids": ids}, headers=clerk))
    assert [each["state"] for each in body["assignments"]] == ["accepted", "accepted"]


def test_a_batch_is_accepted_not_at_all_when_one_can_not_be(
    issued: Opened, client: FlaskClient, clerk: Headers
) -> None:
    foreign = {"assignment_ids": [ONE, commitment_assignment_id("k-2")]}
    response = client.post("/assignments/accept", json=foreign, headers=clerk)
    problem_of(response, 404, "assignment.unknown")
    unknown = {"assignment_ids": [ONE, "none"]}
    response = client.post("/assignments/accept", json=unknown, headers=clerk)
    problem_of(response, 404, "assignment.unknown")
    assert json_of(client.get(f"/assignments/{ONE}", headers=clerk))["state"] == "issued"


@pytest.mark.parametrize("count", [0, 101])
def test_a_batch_has_one_to_a_hundred(
    issued: Opened, client: FlaskClient, clerk: Headers, count: int
) -> None:
    body = {"assignment_ids": [f"a-{number}" for number in range(count)]}
    response = client.post("/assignments/accept", json=body, headers=clerk)
    problem_of(response, 422, "request.invalid")


def test_an_answer_s_text_is_read_on_a_logged_request(
    issued: Opened, client: FlaskClient, clerk: Headers, supervisor: Headers
) -> None:
    answered(client, clerk)
    text_id = answer_text_id(ONE, 1)
    response = client.get(f"/texts/{text_id}?purpose=supervision", headers=supervisor)
    assert json_of(response) == {"text_id": text_id, "text": WORDS}
    assert response.headers["Cache-Control"] == "no-store"
    with issued.runtime.store.read() as connection:
        (access,) = issued.runtime.vault.accesses(connection, text_id=text_id, limit=10)
    assert (access.reader, access.purpose.value) == ("test/supervisor", "supervision")


def test_a_cadre_reads_an_answer_once_it_is_released(
    issued: Opened, client: FlaskClient, clerk: Headers, head: Headers
) -> None:
    cadre = issued.bearer(Role.CADRE)
    answered(client, clerk)
    address = f"/texts/{answer_text_id(ONE, 1)}?purpose=publication"
    problem_of(client.get(address, headers=cadre), 403, "assignment.answer_not_released")
    json_of(client.post(f"/assignments/{ONE}/release", json={}, headers=head))
    assert json_of(client.get(address, headers=cadre))["text"] == WORDS
    handling = address.replace("publication", "handling")
    problem_of(client.get(handling, headers=cadre), 403, "access.purpose_not_allowed")


def test_an_agency_that_takes_no_part_reads_no_text(
    issued: Opened, client: FlaskClient, clerk: Headers, stranger: Headers
) -> None:
    answered(client, clerk)
    address = f"/texts/{answer_text_id(ONE, 1)}?purpose=handling"
    assert json_of(client.get(address, headers=clerk))["text"] == WORDS
    problem_of(client.get(address, headers=stranger), 404, "assignment.unknown_text")


def test_a_text_is_not_read_without_a_purpose(
    issued: Opened, client: FlaskClient, clerk: Headers
) -> None:
    answered(client, clerk)
    response = client.get(f"/texts/{answer_text_id(ONE, 1)}", headers=clerk)
    problem_of(response, 422, "request.invalid")


def test_the_timer_is_run_by_the_operator_and_says_how_many_were_missed(
    issued: Opened, client: FlaskClient, clerk: Headers, operator: Headers
) -> None:
    issued.later(days=22)
    assert json_of(client.post("/timers/deadlines", json={}, headers=operator)) == {
        "missed": 1,
        "recorded": 5,
    }
    assert json_of(client.post("/timers/deadlines", json={}, headers=operator)) == {
        "missed": 0,
        "recorded": 0,
    }
    problem_of(client.post("/timers/deadlines", json={}, headers=clerk), 403, "access.not_allowed")
    response = client.post("/timers/deadlines", json={"province": "x"}, headers=operator)
    problem_of(response, 404, "province.unknown")
