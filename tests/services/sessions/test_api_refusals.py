"""Every refusal has a status, a code, and a text in Vietnamese and English."""

from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.access import Role
from tests.services.sessions.room import PRODUCT, TEXT, Room, notice, raised, written
from tests.services.sessions.story import DRAIN, DUE_ON, MARKET, SESSION_ID

OTHER_ID = "0b7a5f0e-0000-5000-8000-000000000002"
GROUPS = {"groups": [{"group": "nhan_dan", "attendances": 85}]}
OPEN = {"head_present": True}
ANSWER = {"answers": [{"opinion_id": DRAIN, "outcome": "explained"}]}
COMMANDS: dict[str, Mapping[str, Any]] = {
    "schedule": {"held_on": "2019-05-20"},
    "reschedule": {"held_on": "2019-05-21", "reason": "venue_unavailable"},
    "postpone": {"reason": "force_majeure"},
    "cancel": {"reason": "no_longer_needed"},
    "delegate": {"chair": "thanh-cong/pho-chu-tich", "reason": "official_duty"},
    "agenda": {"topics": []},
    "convene": {},
    "open": OPEN,
    "attendance": GROUPS,
    "opinions": {"opinions": [raised()]},
    "answers": ANSWER,
    "commitments": {"commitments": [{"field": "environment"}]},
    "adjourn": {"reason": "force_majeure"},
    "resume": {},
    "end": {},
    "minutes": {"text": "Biên bản hội nghị đối thoại."},
    "minutes/correct": {"text": "Biên bản đính chính.", "reason": "clerical_error"},
    "conclusion/check": notice(),
    "conclusion": notice(),
    "conclusion/amend": {**notice(), "reason": "agency_changed"},
    "results": {"published_on": "2019-05-25"},
}


def problem(response: TestResponse, status: int, code: str) -> Any:
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    body = response.json
    assert body is not None
    assert (body["code"], body["status"]) == (code, status)
    assert body["title"] == body["texts"]["vi"]
    assert not body["texts"]["vi"].isascii()
    assert body["texts"]["en"]
    assert "…" not in body["texts"]["vi"] + body["texts"]["en"]
    return body


# ---- Who calls


@pytest.mark.parametrize("what", COMMANDS)
def test_a_wrong_token_is_nobodys(room: Room, what: str) -> None:
    wrong = {"Authorization": f"Bearer dt_{'0' * 16}_{'0' * 64}"}
    problem(room.post(what, COMMANDS[what], **wrong), 401, "access.token_invalid")


@pytest.mark.parametrize("address", ["/sessions?province=ha-noi", f"/sessions/{SESSION_ID}"])
def test_nothing_is_read_without_a_token(room: Room, address: str) -> None:
    answer = room.client.get(address)
    problem(answer, 401, "access.token_missing")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("what", COMMANDS)
def test_a_wrong_role_may_not(room: Room, what: str) -> None:
    room.schedule()
    cadre = room.service.bearer(Role.CADRE)
    problem(room.post(what, COMMANDS[what], **cadre), 403, "access.not_allowed")


def test_a_secretary_does_not_issue_a_conclusion(room: Room) -> None:
    room.hold()
    refused = room.post("conclusion", notice(), **room.secretary)
    problem(refused, 403, "access.not_allowed")


@pytest.mark.parametrize("what", COMMANDS)
def test_a_seat_of_another_province_finds_no_session(room: Room, what: str) -> None:
    room.schedule()
    other = room.service.bearer(Role.CHAIR, province="ha-nam")
    problem(room.post(what, COMMANDS[what], **other), 404, "session.not_planned")


def test_another_provinces_sessions_are_neither_planned_nor_read(room: Room) -> None:
    room.schedule()
    problem(room.plan(province="ha-nam", unit="phu-ly"), 403, "access.other_province")
    other = room.service.bearer(Role.CHAIR, province="ha-nam")
    listed = room.client.get("/sessions?province=ha-noi", headers=other)
    problem(listed, 403, "access.other_province")
    read = room.client.get(f"/sessions/{SESSION_ID}", headers=other)
    problem(read, 404, "session.not_planned")


# ---- What is not there


@pytest.mark.parametrize("what", COMMANDS)
def test_an_unknown_session_is_not_found(room: Room, what: str) -> None:
    problem(room.post(what, COMMANDS[what]), 404, "session.not_planned")


def test_an_unknown_session_is_not_shown(room: Room) -> None:
    answer = room.client.get(f"/sessions/{SESSION_ID}", headers=room.chair)
    problem(answer, 404, "session.not_planned")


def test_a_session_is_not_found_under_another_province(room: Room) -> None:
    room.schedule()
    problem(room.post("open", {**OPEN, "province": "ha-nam"}), 404, "session.not_planned")


def test_an_unknown_text_is_not_found(room: Room) -> None:
    answer = room.client.get("/texts/nothing?purpose=handling", headers=room.chair)
    problem(answer, 404, "vault.unknown_text")


def test_a_text_is_read_for_a_stated_purpose_only(room: Room) -> None:
    answer = room.client.get("/texts/nothing?purpose=curiosity", headers=room.chair)
    problem(answer, 422, "request.invalid")


# ---- Planning and scheduling


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"session_kind": "ad_hoc"}, "session.trigger_missing"),
        ({"session_kind": "ad_hoc", "trigger": "because"}, "session.trigger_unknown"),
        ({"trigger": "many_people"}, "session.trigger_not_wanted"),
        ({"session_kind": "thematic"}, "session.field_missing"),
        ({"field": "education"}, "session.field_not_wanted"),
        ({"session_kind": "thematic", "field": "astrology"}, "province.unknown_field"),
        ({"unit": "nowhere"}, "province.unknown_unit"),
        ({"unit": "phuong-ba-dinh"}, "province.unknown_unit"),
        ({"planned_year": 1999}, "request.invalid"),
        ({"session_kind": "party"}, "request.invalid"),
        ({"unit": "Nguyễn Văn A"}, "request.invalid"),
    ],
)
def test_a_wrong_plan_is_refused(room: Room, changes: dict[str, Any], code: str) -> None:
    refused = problem(room.plan(**changes), 422, code)
    assert "Nguyễn" not in str(refused)


def test_another_plan_under_the_same_id_is_refused(room: Room) -> None:
    room.schedule()
    problem(room.plan(mode="online"), 422, "session.planned_differently")


def test_an_id_of_another_province_is_told_as_a_plan_that_differs(room: Room) -> None:
    room.schedule()
    body = {
        "province": "ha-nam",
        "session_id": SESSION_ID,
        "unit": "phu-ly",
        "session_kind": "periodic",
        "planned_year": 2019,
    }
    other = room.service.bearer(Role.CHAIR, province="ha-nam")
    refused = room.client.post("/sessions", json=body, headers=other)
    told = problem(refused, 422, "session.planned_differently")
    own = problem(room.plan(mode="online"), 422, "session.planned_differently")
    assert told == own


def test_a_group_that_the_regulation_does_not_have_is_refused(room: Room) -> None:
    room.open()
    misspelt = {"groups": [{"group": "nhan_dann", "attendances": 85}]}
    told = problem(room.post("attendance", misspelt), 422, "session.unknown_group")
    assert "Nhân dân (nhan_dan)" in told["texts"]["vi"]
    assert room.post("attendance", GROUPS).status_code == 200


def test_a_wrong_day_is_refused(room: Room) -> None:
    assert room.plan().status_code == 201
    late = room.post("schedule", {"held_on": "2020-01-01"})
    problem(late, 422, "session.held_outside_year")
    assert room.post("schedule", {"held_on": "2019-05-20"}).status_code == 200
    again = room.post("schedule", {"held_on": "2019-05-21"})
    assert "20/05/2019" in problem(again, 422, "session.already_scheduled")["texts"]["vi"]


def test_a_unit_holds_no_session_on_a_day_when_it_is_gone(room: Room) -> None:
    assert room.plan(planned_year=2025).status_code == 201
    gone = room.post("schedule", {"held_on": "2025-07-01"})
    problem(gone, 422, "session.unit_not_there")


# ---- The room


def test_a_session_does_not_open_early_late_or_without_a_day(room: Room) -> None:
    assert room.plan().status_code == 201
    problem(room.post("open", OPEN), 422, "session.not_scheduled")
    assert room.post("schedule", {"held_on": "2019-05-21"}).status_code == 200
    problem(room.post("open", OPEN), 422, "session.opened_too_early")
    room.service.later(days=122)
    late = problem(room.post("open", OPEN), 422, "session.opened_too_late")
    assert "18/09/2019" in late["texts"]["vi"]
    room.service.later(days=-1)
    assert room.post("open", OPEN).status_code == 200
    again = room.post("open", {"head_present": False})
    problem(again, 422, "session.opened_differently")


@pytest.mark.parametrize("what", ["attendance", "opinions", "answers", "end"])
def test_nothing_happens_in_a_room_that_is_not_open(room: Room, what: str) -> None:
    room.schedule()
    problem(room.post(what, COMMANDS[what]), 422, "session.not_opened")


@pytest.mark.parametrize(
    ("what", "body", "code"),
    [
        ("end", {}, "session.attendance_missing"),
        (
            "answers",
            {"answers": [{"opinion_id": MARKET, "outcome": "explained"}]},
            "session.opinion_not_here",
        ),
        (
            "opinions",
            {"opinions": [raised(opinion_kind="denunciation")]},
            "session.not_for_dialogue",
        ),
        (
            "opinions",
            {"opinions": [raised(text={**TEXT, "owner": "sessions"})]},
            "session.text_not_with_intake",
        ),
        (
            "opinions",
            {"opinions": [raised(text={**TEXT, "visibility": "public"})]},
            "session.text_not_with_intake",
        ),
        ("opinions", {"opinions": [raised(field="astrology")]}, "province.unknown_field"),
        ("opinions", {"opinions": [raised(voices=0)]}, "request.invalid"),
        ("opinions", {"opinions": []}, "request.invalid"),
        ("opinions", {"opinions": [raised()] * 51}, "request.invalid"),
        ("answers", {"answers": []}, "request.invalid"),
        (
            "attendance",
            {"groups": [{"group": "nhan_dan", "attendances": -1}]},
            "request.invalid",
        ),
        (
            "attendance",
            {"groups": [{"group": "nhan_dan", "attendances": 1.5}]},
            "request.invalid",
        ),
        ("end", {"speaking_turns": -1}, "request.invalid"),
        ("open", {"head_present": True, "chair": "Nguyễn Văn A"}, "request.invalid"),
    ],
)
def test_what_the_room_cannot_take_is_refused(
    room: Room, what: str, body: Mapping[str, Any], code: str
) -> None:
    room.open()
    assert "Nguyễn" not in str(problem(room.post(what, body), 422, code))


def test_what_was_said_is_not_said_differently_afterwards(room: Room) -> None:
    room.open()
    assert room.post("opinions", {"opinions": [raised()]}).status_code == 200
    assert room.post("answers", ANSWER).status_code == 200
    again = room.post("opinions", {"opinions": [raised(voices=5)]})
    problem(again, 422, "session.opinion_raised_differently")
    other = {"answers": [{"opinion_id": DRAIN, "outcome": "resolved"}]}
    problem(room.post("answers", other), 422, "session.opinion_answered_already")


def test_nothing_is_added_after_the_end(room: Room) -> None:
    room.hold()
    problem(room.post("answers", ANSWER), 422, "session.already_ended")
    problem(room.post("end", {"speaking_turns": 12}), 422, "session.already_ended")


def test_a_version_that_is_no_number_is_refused(room: Room) -> None:
    room.schedule()
    problem(room.post("open", OPEN, **{"If-Match": '"x"'}), 400, "request.bad_version")


@pytest.mark.parametrize("cursor", ["yesterday", f"2019-02-30~{SESSION_ID}"])
def test_a_page_mark_of_ones_own_making_is_refused(room: Room, cursor: str) -> None:
    address = f"/sessions?province=ha-noi&after={cursor}"
    answer = room.client.get(address, headers=room.chair)
    assert answer.status_code in {400, 422}
    assert answer.json is not None
    assert answer.json["code"] in {"session.cursor_malformed", "request.invalid"}


# ---- The conclusion


def test_a_conclusion_waits_for_the_end(room: Room) -> None:
    room.open()
    problem(room.conclude(), 422, "session.not_ended")


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"product": None}, "product", "session.product_missing"),
        ({"product": "  \n"}, "product", "session.product_missing"),
        ({"lead_agency": None}, "lead_agency", "session.lead_missing"),
        ({"lead_agency": ""}, "lead_agency", "session.lead_missing"),
        ({"lead_agency": "nobody"}, "lead_agency", "session.agency_unknown"),
        (
            {"lead_agency": "doi-ttxd-ba-dinh"},
            "lead_agency",
            "session.agency_not_competent",
        ),
        (
            {"cooperating_agencies": ["tnmt-ba-dinh"]},
            "cooperating_agencies",
            "session.lead_cooperates",
        ),
        (
            {"cooperating_agencies": ["ubnd-ba-dinh", "ubnd-ba-dinh"]},
            "cooperating_agencies",
            "session.cooperating_twice",
        ),
        ({"due_on": None}, "due_on", "session.due_on_missing"),
        ({"due_on": "2019-05-24"}, "due_on", "session.due_not_after_issue"),
        ({"field": "astrology"}, "field", "session.commitment_field_unknown"),
        (
            {"opinion_ids": [DRAIN, MARKET, OTHER_ID]},
            "opinion_ids",
            "session.opinion_not_of_session",
        ),
        (
            {"opinion_ids": [DRAIN, MARKET, DRAIN]},
            "opinion_ids",
            "session.opinion_covered_twice",
        ),
    ],
)
def test_a_commitment_that_lacks_something_is_named_with_its_reason(
    room: Room, changes: dict[str, Any], place: str, code: str
) -> None:
    room.hold()
    refused = problem(room.conclude(written(**changes)), 422, "session.conclusion_incomplete")
    (fault,) = refused["facts"]["faults"]
    assert (fault["place"], fault["code"]) == (f"commitments[1].{place}", code)
    assert not fault["texts"]["vi"].isascii()
    assert "…" not in fault["texts"]["vi"] + fault["texts"]["en"]
    assert room.shown()["state"] == "held"


def test_everything_that_is_missing_is_told_at_once(room: Room) -> None:
    room.hold()
    refused = problem(
        room.conclude({"field": "environment"}, number=" "), 422, "session.conclusion_incomplete"
    )
    assert [(each["place"], each["code"]) for each in refused["facts"]["faults"]] == [
        ("number", "session.number_missing"),
        ("commitments[1].lead_agency", "session.lead_missing"),
        ("commitments[1].product", "session.product_missing"),
        ("commitments[1].due_on", "session.due_on_missing"),
        ("opinions", "session.opinion_without_disposition"),
        ("opinions", "session.opinion_without_disposition"),
    ]
    assert "6" in refused["texts"]["vi"]


def test_an_opinion_answered_on_the_spot_is_in_no_commitment(room: Room) -> None:
    room.open()
    assert room.post("attendance", GROUPS).status_code == 200
    assert room.post("answers", ANSWER).status_code == 200
    assert room.post("end", {}).status_code == 200
    room.service.later(days=5)
    refused = room.conclude(written(opinion_ids=[DRAIN]))
    (fault,) = problem(refused, 422, "session.conclusion_incomplete")["facts"]["faults"]
    assert fault["code"] == "session.opinion_answered_on_spot"
    assert room.conclude(written(opinion_ids=[])).status_code == 201


@pytest.mark.parametrize(
    ("issued_on", "code"),
    [
        ("2019-05-19", "session.issued_before_session"),
        ("2019-05-26", "session.issued_in_future"),
    ],
)
def test_a_conclusion_is_dated_between_the_session_and_today(
    room: Room, issued_on: str, code: str
) -> None:
    room.hold()
    refused = room.conclude(issued_on=issued_on)
    (fault,) = problem(refused, 422, "session.conclusion_incomplete")["facts"]["faults"]
    assert (fault["place"], fault["code"]) == ("issued_on", code)


def test_a_conclusion_is_not_dated_further_back_than_the_regulation_allows(room: Room) -> None:
    room.hold()
    room.service.later(days=120)
    refused = room.conclude(written(due_on="2019-12-31"))
    (fault,) = problem(refused, 422, "session.conclusion_incomplete")["facts"]["faults"]
    assert (fault["code"], fault["day"]) == ("session.issued_too_long_ago", "2019-05-25")


def test_a_number_is_used_once_by_a_unit_in_a_year_whatever_its_case(room: Room) -> None:
    room.hold()
    assert room.conclude().status_code == 201
    bare = {"commitments": [], "issued_on": "2019-05-25"}
    assert room.plan(session_id=OTHER_ID).status_code == 201
    for what, body in (
        ("schedule", {"held_on": "2019-05-25"}),
        ("open", OPEN),
        ("attendance", GROUPS),
        ("end", {}),
    ):
        assert room.post(what, body, session_id=OTHER_ID).status_code == 200
    taken = room.post("conclusion", notice(number="12/tb-ubnd", **bare), session_id=OTHER_ID)
    (fault,) = problem(taken, 422, "session.conclusion_incomplete")["facts"]["faults"]
    assert fault["code"] == "session.number_taken"
    free = room.post("conclusion", notice(number="13/TB-UBND", **bare), session_id=OTHER_ID)
    assert free.status_code == 201


@pytest.mark.parametrize(
    "other",
    [
        notice(number="13/TB-UBND"),
        notice(written(product="Biên bản khác hẳn")),
        notice(written(due_on="2019-06-29")),
    ],
)
def test_a_conclusion_that_is_out_is_not_changed(room: Room, other: dict[str, Any]) -> None:
    room.hold()
    assert room.conclude().status_code == 201
    refused = problem(room.post("conclusion", other), 422, "session.already_concluded")
    assert "12/TB-UBND" in refused["texts"]["vi"]
    assert room.shown()["conclusion"]["commitments"][0]["due_on"] == DUE_ON.isoformat()


def test_no_error_repeats_the_product(room: Room) -> None:
    room.hold()
    refused = room.conclude(written(lead_agency=None))
    assert PRODUCT not in refused.get_data(as_text=True)
