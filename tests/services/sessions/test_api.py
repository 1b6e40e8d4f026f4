"""From the plan to the conclusion over HTTP."""

from datetime import date

from services.sessions.sessions import raised_opinion_id
from shared.access import Role
from shared.contracts.sessions import ConclusionIssued
from tests.services.sessions.room import PRODUCT, TEXT, Room, raised, written
from tests.services.sessions.story import DRAIN, LIGHTS, MARKET, MARKET_LINE, SESSION_ID

PATHS = {
    "/sessions",
    "/sessions/{session_id}",
    "/sessions/{session_id}/schedule",
    "/sessions/{session_id}/open",
    "/sessions/{session_id}/attendance",
    "/sessions/{session_id}/opinions",
    "/sessions/{session_id}/answers",
    "/sessions/{session_id}/end",
    "/sessions/{session_id}/conclusion",
    "/texts/{text_id}",
}


def test_the_api_describes_itself_in_openapi_3_1(room: Room) -> None:
    described = room.client.get("/openapi.json").json
    assert described is not None
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) >= PATHS


def test_a_session_goes_from_the_plan_to_its_conclusion(room: Room) -> None:
    planned = room.plan()
    assert (planned.status_code, planned.json) == (
        201,
        {"session_id": SESSION_ID, "state": "planned", "version": 0},
    )
    scheduled = room.post("schedule", {"province": "ha-noi", "held_on": "2019-05-20"})
    assert scheduled.json == {"session_id": SESSION_ID, "state": "scheduled", "version": 1}
    room.hear(DRAIN)
    room.hear(LIGHTS)
    opened = room.post("open", {"head_present": True})
    assert opened.json == {"session_id": SESSION_ID, "state": "in_progress", "version": 4}
    groups = [
        {"group": "nhan_dan", "attendances": 85},
        {"group": "can_bo", "attendances": 0, "basis": "declared"},
    ]
    attended = room.post("attendance", {"groups": groups})
    assert attended.json == {"session_id": SESSION_ID, "state": "in_progress", "version": 6}
    heard = room.post("opinions", {"opinions": [raised()]})
    assert heard.json == {
        "session_id": SESSION_ID,
        "state": "in_progress",
        "version": 7,
        "opinions": [{"opinion_id": MARKET, "repeated": False}],
    }
    answered = room.post("answers", {"answers": [{"opinion_id": LIGHTS, "outcome": "explained"}]})
    assert answered.json is not None
    assert answered.json["answers"] == [{"opinion_id": LIGHTS, "repeated": False}]
    ended = room.post("end", {"speaking_turns": 11})
    assert ended.json == {"session_id": SESSION_ID, "state": "held", "version": 9}
    room.service.later(days=5)
    concluded = room.conclude()
    assert concluded.status_code == 201
    assert concluded.json is not None
    assert concluded.json["state"] == "concluded"
    assert concluded.json["warnings"] == []
    shown = room.shown()
    assert shown["attendances"] == 85
    assert {row["opinion_id"]: row["disposition"] for row in shown["opinions"]} == {
        DRAIN: "covered",
        LIGHTS: "answered_on_spot",
        MARKET: "covered",
    }
    (commitment,) = shown["conclusion"]["commitments"]
    assert commitment["lead_agency"] == "tnmt-ba-dinh"
    assert commitment["cooperating_agencies"] == ["ubnd-thanh-cong"]
    assert commitment["due_on"] == "2019-06-28"
    assert shown["conclusion"]["signer"] == "ubnd-thanh-cong/chu-tich"


def test_the_conclusion_in_the_log_holds_a_reference_and_never_the_product(room: Room) -> None:
    room.hold()
    assert room.conclude().status_code == 201
    last = room.service.runtime.ledger.log("ha-noi").read(-1)[-1]
    assert PRODUCT.encode() not in last.content
    event = last.recorded().event
    assert isinstance(event, ConclusionIssued)
    assert event.commitments[0].product.owner == "sessions"
    assert event.commitments[0].due_on == date(2019, 6, 28)


def test_a_session_without_an_id_gets_one_from_the_request(room: Room) -> None:
    key = {**room.secretary, "Idempotency-Key": "plan-1"}
    body = {
        "province": "ha-noi",
        "unit": "ba-dinh",
        "session_kind": "ad_hoc",
        "trigger": "many_people",
        "planned_year": 2019,
    }
    first = room.client.post("/sessions", json=body, headers=key)
    again = room.client.post("/sessions", json=body, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.json is not None
    assert room.shown(first.json["session_id"])["level"] == "district"


def test_another_request_under_the_same_key_is_a_conflict(room: Room) -> None:
    room.schedule()
    key = {"Idempotency-Key": "open-1"}
    assert room.post("open", {"head_present": True}, **key).status_code == 200
    other = room.post("open", {"head_present": False}, **key)
    assert other.status_code == 409
    assert other.json is not None
    assert other.json["code"] == "request.key_reused"


def test_the_same_request_again_without_a_key_changes_nothing(room: Room) -> None:
    room.hold()
    assert room.conclude().status_code == 201
    size = room.service.runtime.ledger.log("ha-noi").size()
    repeats = [
        room.plan(),
        room.post("schedule", {"held_on": "2019-05-20"}),
        room.post("open", {"head_present": True}),
        room.post("attendance", {"groups": [{"group": "nhan_dan", "attendances": 85}]}),
        room.post("opinions", {"opinions": [raised()]}),
        room.post("end", {"speaking_turns": 11}),
        room.conclude(),
    ]
    assert [repeat.status_code for repeat in repeats] == [200] * 7
    assert room.service.runtime.ledger.log("ha-noi").size() == size


def test_a_queue_of_lines_is_taken_whole_or_not_at_all(room: Room) -> None:
    room.open()
    fresh = raised(line_id="0b7a5f0e-0000-5000-8000-0000000000b1")
    bad = raised(line_id="0b7a5f0e-0000-5000-8000-0000000000b2", opinion_kind="complaint")
    refused = room.post("opinions", {"opinions": [fresh, bad]})
    assert refused.status_code == 422
    assert refused.json is not None
    assert refused.json["facts"] == {"opinion": raised_opinion_id(SESSION_ID, bad["line_id"])}
    assert room.shown()["opinions_raised"] == 0
    taken = room.post("opinions", {"opinions": [fresh, raised()]})
    assert taken.status_code == 200
    synced_again = room.post("opinions", {"opinions": [raised(), fresh]})
    assert synced_again.json is not None
    assert [row["repeated"] for row in synced_again.json["opinions"]] == [True, True]
    assert room.shown()["opinions_raised"] == 2


def test_an_opinion_without_an_id_gets_one(room: Room) -> None:
    room.open()
    line = raised()
    del line["line_id"]
    taken = room.post("opinions", {"opinions": [line, line]})
    assert taken.json is not None
    ids = {row["opinion_id"] for row in taken.json["opinions"]}
    assert len(ids) == 2


def test_a_request_may_name_the_version_that_it_has_seen(room: Room) -> None:
    room.open()
    seen = room.client.get(f"/sessions/{SESSION_ID}", headers=room.chair).headers["ETag"]
    lines = [raised(), raised(line_id="0b7a5f0e-0000-5000-8000-0000000000b1")]
    taken = room.post("opinions", {"opinions": lines}, **{"If-Match": seen})
    assert taken.status_code == 200
    groups = {"groups": [{"group": "nhan_dan", "attendances": 1}]}
    stale = room.post("attendance", groups, **{"If-Match": seen})
    assert stale.status_code == 409
    assert stale.json is not None
    assert stale.json["code"] == "eventlog.stream_moved"


def test_vague_words_in_a_product_are_warned_about_in_both_languages(room: Room) -> None:
    room.hold()
    concluded = room.conclude(written(product="Sớm có kế hoạch nạo vét cống ngõ 84"))
    assert concluded.status_code == 201
    assert concluded.json is not None
    (warning,) = concluded.json["warnings"]
    assert warning["place"] == "commitments[1].product"
    assert (warning["code"], warning["words"]) == ("session.vague_wording", ["sớm"])
    assert "sớm" in warning["texts"]["vi"]
    assert warning["texts"]["en"].isascii() is False  # it quotes the Vietnamese word


def test_the_product_is_read_by_those_who_act_and_every_reading_is_logged(room: Room) -> None:
    room.hold()
    concluded = room.conclude()
    assert concluded.json is not None
    text_id = concluded.json["commitments"][0]["text_id"]
    clerk = room.service.bearer(
        Role.AGENCY_CLERK, agency="tnmt-ba-dinh", seat="tnmt-ba-dinh/chuyen-vien-1"
    )
    read = room.client.get(f"/texts/{text_id}?purpose=handling", headers=clerk)
    assert read.json == {"text_id": text_id, "text": PRODUCT}
    refusal = room.client.get(f"/texts/{text_id}?purpose=audit", headers=clerk)
    assert refusal.status_code == 403
    assert read.headers["Cache-Control"] == "no-store"
    runtime = room.service.runtime
    with runtime.store.read() as connection:
        (access,) = runtime.vault.accesses(connection, text_id=text_id, limit=10)
    assert (access.reader, access.purpose.value) == ("tnmt-ba-dinh/chuyen-vien-1", "handling")


def test_a_refused_conclusion_leaves_no_product_behind(room: Room) -> None:
    room.hold()
    assert room.conclude(number="").status_code == 422
    for named in ("Nguyễn Văn A 0912345678", "12/Nguyễn-Văn-A"):
        refusal = room.conclude(number=named)
        assert refusal.status_code == 422
        assert "session.number_malformed" in refusal.text
        assert "Nguyễn" not in refusal.text
    other = room.conclude(written(product="Biên bản khác hẳn"))
    assert other.status_code == 201


def test_sessions_are_listed_by_unit_day_and_state(room: Room) -> None:
    room.open()
    other = "0b7a5f0e-0000-5000-8000-000000000002"
    assert room.plan(session_id=other, unit="ba-dinh").status_code == 201

    def ids(query: str) -> list[str]:
        listed = room.client.get(f"/sessions?province=ha-noi{query}", headers=room.chair)
        assert listed.json is not None
        return [row["session_id"] for row in listed.json["sessions"]]

    assert ids("") == [SESSION_ID, other]
    assert ids("&unit=ba-dinh") == [other]
    assert ids("&state=in_progress") == [SESSION_ID]
    assert ids("&from=2019-05-20&to=2019-05-20") == [SESSION_ID]
    assert ids("&from=2019-05-21") == [other]
    page = room.client.get("/sessions?province=ha-noi&limit=1", headers=room.chair).json
    assert page is not None
    assert ids(f"&limit=1&after={page['next']}") == [other]


def test_the_narrative_of_an_opinion_is_refused_where_a_reference_belongs(room: Room) -> None:
    room.open()
    told = {**TEXT, "narrative": "Cống ngõ 84 tắc"}
    refused = room.post("opinions", {"opinions": [raised(text=told)]})
    assert refused.status_code == 422
    assert "Cống" not in refused.get_data(as_text=True)


def test_the_same_line_in_two_sessions_is_two_opinions() -> None:
    other = "0b7a5f0e-0000-5000-8000-000000000002"
    assert raised_opinion_id(SESSION_ID, MARKET_LINE) != raised_opinion_id(other, MARKET_LINE)


def test_a_room_can_not_choose_the_id_of_an_opinion_that_is_known_elsewhere(room: Room) -> None:
    room.open()
    taken = room.post("opinions", {"opinions": [raised(line_id=DRAIN)]})
    assert taken.json is not None
    assert taken.json["opinions"][0]["opinion_id"] != DRAIN
