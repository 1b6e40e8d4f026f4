"""The whole way of a session over HTTP: moved, convened, minuted, concluded, amended, read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm
from icalendar import Calendar

from services.sessions.reactions import on_assignment, on_intake
from services.sessions.watching import notice_obligations
from shared.access import Role
from shared.contracts import Event
from shared.contracts.assignment import AnswerReleased, FulfilmentVerified
from shared.contracts.intake import OpinionWithdrawn, TopicConfirmed, TopicDismissed
from shared.contracts.vocabulary import (
    AssignmentSource,
    Level,
    Outcome,
    SessionKind,
)
from shared.eventlog import Draft, Entry
from shared.eventlog.entry import entry_bytes
from shared.eventlog.log import LogFrozen
from shared.projections.freezing import close
from tests.contracts.examples import minimal
from tests.services.opened import since_opened
from tests.services.sessions.room import Room, notice, written
from tests.services.sessions.story import DRAIN, HELD_ON, ISSUED_ON, MARKET, SESSION_ID
from tests.services.sessions.test_api_refusals import problem

OTHER = "0b7a5f0e-0000-5000-8000-000000000002"
DAY = {"held_on": "2019-06-20"}
_TIME = "2019-05-24T03:00:00.000000Z"


def entry_of(event: Event, owner: str, number: int) -> Any:
    origin = f"test.local/ha-noi/{owner}"
    draft = Draft(
        id=f"{owner}-{number}",
        stream=f"other-{number}",
        event=event,
        actor="mttq-thanh-cong/sang-loc",
        occurred_at=_TIME,
    )
    content = entry_bytes(draft.envelope(origin), time=_TIME, version=0)
    return Entry(origin, number, content).checked()


def hear(room: Room, event: Event, number: int = 100) -> None:
    runtime = room.service.runtime
    with runtime.store.write() as tx:
        on_intake(runtime, tx, [entry_of(event, "intake", number)])


def assigned(room: Room, event: Event, number: int = 100) -> None:
    runtime = room.service.runtime
    with runtime.store.write() as tx:
        on_assignment(runtime, tx, [entry_of(event, "assignment", number)])


def topic(topic_id: str = "topic-1", *, is_hot: bool = True) -> TopicConfirmed:
    confirmed: TopicConfirmed = replace(
        minimal(TopicConfirmed),
        topic_id=topic_id,
        unit="thanh-cong",
        level=Level.COMMUNE,
        field="environment",
        confirmed_on=HELD_ON,
        is_hot=is_hot,
    )
    return confirmed


def matter(commitment_id: str) -> dict[str, Any]:
    return {
        "assignment_id": "a-1",
        "source_kind": AssignmentSource.COMMITMENT,
        "agency": "tnmt-ba-dinh",
        "unit": "thanh-cong",
        "level": Level.COMMUNE,
        "field": "environment",
        "round": 1,
        "opinion_ids": (DRAIN, MARKET),
        "opinions": 2,
        "issued_on": ISSUED_ON,
        "due_on": date(2019, 6, 28),
        "session_id": SESSION_ID,
        "session_kind": SessionKind.PERIODIC,
        "held_on": HELD_ON,
        "commitment_id": commitment_id,
    }


def done(answer: Any, status: int = 200) -> Mapping[str, Any]:
    assert answer.status_code == status, answer.get_data(as_text=True)
    body: Mapping[str, Any] = answer.json
    return body


def types(room: Room) -> list[str]:
    return [entry.document["type"] for entry in since_opened(room.service.runtime)]


# ---- Before a session


def test_a_session_is_moved_and_its_invitation_with_it(room: Room) -> None:
    room.schedule()
    moved = {"held_on": "2019-05-21", "starts_at": "08:30", "venue": "nha-van-hoa"}
    done(room.post("reschedule", {**moved, "reason": "venue_unavailable"}))
    shown = room.shown()
    assert (shown["state"], shown["held_on"], shown["starts_at"]) == (
        "scheduled",
        "2019-05-21",
        "08:30",
    )
    answer = room.client.get(f"/sessions/{SESSION_ID}/calendar.ics", headers=room.chair)
    calendar = Calendar.from_ical(answer.get_data(as_text=True))
    (event,) = calendar.walk("VEVENT")
    assert calendar["method"] == "REQUEST"
    assert (event["uid"], event["sequence"]) == (f"session-{SESSION_ID}@test.local", 1)
    assert event.decoded("dtstart").isoformat() == "2019-05-21T08:30:00+07:00"
    assert "TZID=Asia/Ho_Chi_Minh" in answer.get_data(as_text=True)


def test_a_cancelled_sessions_invitation_is_cancelled_under_the_same_uid(room: Room) -> None:
    room.schedule()
    room.hear(DRAIN)
    done(room.post("cancel", {"reason": "joined_with_another"}))
    assert types(room)[-2:] == ["SessionCancelled", "AgendaItemRejected"]
    assert room.shown()["opinions_on_agenda"] == 0
    answer = room.client.get(f"/sessions/{SESSION_ID}/calendar.ics", headers=room.chair)
    calendar = Calendar.from_ical(answer.get_data(as_text=True))
    (event,) = calendar.walk("VEVENT")
    assert (calendar["method"], event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 1)
    assert event["uid"] == f"session-{SESSION_ID}@test.local"
    problem(room.post("schedule", DAY), 422, "session.cancelled")


def test_a_postponed_session_gets_a_day_again_and_its_sequence_only_grows(room: Room) -> None:
    room.schedule()
    done(room.post("postpone", {"reason": "force_majeure"}))
    assert (room.shown()["state"], room.shown()["held_on"]) == ("planned", None)
    done(room.post("schedule", DAY))
    assert room.shown()["sequence"] == 2


def test_a_planned_session_has_no_invitation(room: Room) -> None:
    room.plan()
    answer = room.client.get(f"/sessions/{SESSION_ID}/calendar.ics", headers=room.chair)
    problem(answer, 404, "session.no_calendar")


def test_a_unit_has_a_calendar_to_subscribe_to(room: Room) -> None:
    room.schedule()
    query = {"province": "ha-noi", "unit": "thanh-cong"}
    answer = room.client.get("/sessions/calendar.ics", query_string=query, headers=room.chair)
    calendar = Calendar.from_ical(answer.get_data(as_text=True))
    assert calendar["method"] == "PUBLISH"
    assert [str(event["uid"]) for event in calendar.walk("VEVENT")] == [
        f"session-{SESSION_ID}@test.local"
    ]


@pytest.mark.parametrize(
    ("need", "clash"),
    [
        ({"venue": "nha-van-hoa"}, "venue"),
        ({"chair": "thanh-cong/bi-thu"}, "chair"),
        ({"required_agencies": ["tnmt-ba-dinh"]}, "agency"),
    ],
)
def test_what_another_session_of_the_day_needs_is_not_given_twice(
    room: Room, need: Mapping[str, Any], clash: str
) -> None:
    for session_id in (SESSION_ID, OTHER):
        assert room.plan(session_id=session_id).status_code == 201
    done(room.post("schedule", {**DAY, **need}))
    refused = problem(
        room.post("schedule", {**DAY, **need}, session_id=OTHER), 422, "session.clash"
    )
    (found,) = refused["facts"]["found"]
    assert (found["clash"], found["session"]) == (clash, SESSION_ID)
    override = {**DAY, **need, "override": "different_hours"}
    done(room.post("schedule", override, session_id=OTHER))


def test_a_confirmed_hot_topic_is_on_the_agenda_or_left_out_with_a_reason(room: Room) -> None:
    room.plan()
    done(room.post("schedule", DAY))
    hear(room, topic())
    hear(room, topic("topic-2"), 101)
    hear(room, topic("topic-3"), 102)
    hear(room, replace(minimal(TopicDismissed), topic_id="topic-3"), 103)
    refused = problem(
        room.post("agenda", {"topics": [{"topic_id": "topic-1"}]}),
        422,
        "session.topics_without_disposition",
    )
    assert refused["facts"]["topics"] == ["topic-2"]
    problem(room.post("convene", {}), 422, "session.topics_without_disposition")
    topics = [{"topic_id": "topic-1"}, {"topic_id": "topic-2", "omitted": "not_ready"}]
    done(room.post("agenda", {"topics": topics}))
    assert room.shown()["topics"] == [
        {"topic_id": "topic-1", "omitted": None},
        {"topic_id": "topic-2", "omitted": "not_ready"},
    ]
    done(room.post("convene", {}))
    assert (room.shown()["state"], room.shown()["convened_on"]) == ("convened", "2019-05-20")


def test_the_public_has_notice_as_many_days_before_as_the_regulation_says(room: Room) -> None:
    room.plan()
    done(room.post("schedule", {"held_on": "2019-05-26"}))
    refused = problem(room.post("convene", {}), 422, "session.notice_too_short")
    assert refused["facts"]["notice_days"] == 7


def test_from_the_plan_of_2027_on_a_day_off_needs_a_reason_and_a_session_its_notice(
    room: Room,
) -> None:
    room.service.set_clock(datetime(2027, 1, 4, 5, tzinfo=UTC))
    later = {"planned_year": 2027, "unit": "phuong-ba-dinh"}
    if room.plan(**later).status_code != 201:
        pytest.fail("the unit is there in 2027")
    sunday = {"held_on": "2027-01-10"}
    problem(room.post("schedule", sunday), 422, "session.day_off")
    done(room.post("schedule", {**sunday, "override": "people_asked"}))
    room.service.set_clock(datetime(2027, 1, 10, 5, tzinfo=UTC))
    problem(room.post("open", {"head_present": True}), 422, "session.not_convened")


def test_days_are_proposed_by_a_rule_and_move_off_days_off(room: Room) -> None:
    asked = {
        "province": "ha-noi",
        "unit": "thanh-cong",
        "year": 2019,
        "rrule": "FREQ=YEARLY;BYMONTH=4,7,10;BYMONTHDAY=14",
    }
    answer = room.client.post("/sessions/recurrence", json=asked, headers=room.secretary)
    assert done(answer)["proposals"] == [
        {"held_on": "2019-04-16", "by_rule_on": "2019-04-14", "moved_because": "holiday"},
        {"held_on": "2019-07-15", "by_rule_on": "2019-07-14", "moved_because": "weekend"},
        {"held_on": "2019-10-14", "by_rule_on": "2019-10-14", "moved_because": None},
    ]
    for rule in ("FREQ=SECONDLY", "FREQ=YEARLY;INTERVAL=0", "FREQ=YEARLY;BYMONTH=99", "x"):
        asked["rrule"] = rule
        answer = room.client.post("/sessions/recurrence", json=asked, headers=room.secretary)
        problem(answer, 400, "session.rrule_malformed")


# ---- In the room and after


def test_a_withdrawn_opinion_needs_no_disposition(room: Room) -> None:
    room.hold()
    withdrawn = replace(minimal(OpinionWithdrawn), opinion_id=DRAIN, session_id=SESSION_ID)
    hear(room, withdrawn)
    assert types(room)[-1] == "AgendaItemRemoved"
    done(room.conclude(written(opinion_ids=[MARKET])), 201)


def test_minutes_are_final_and_corrected_with_a_reason(room: Room) -> None:
    room.hold()
    done(room.post("minutes", {"text": "Hội nghị bắt đầu lúc 8 giờ."}))
    groups = {"groups": [{"group": "nhan_dan", "attendances": 86}]}
    problem(room.post("attendance", groups), 422, "session.minutes_approved")
    problem(room.post("minutes", {"text": "Khác."}), 422, "session.minutes_approved")
    corrected = {"text": "Hội nghị bắt đầu lúc 9 giờ.", "reason": "clerical_error"}
    done(room.post("minutes/correct", corrected))
    answer = room.client.get(
        f"/sessions/{SESSION_ID}/minutes?purpose=supervision", headers=room.chair
    )
    assert [(each["correction"], each["text"]) for each in done(answer)["minutes"]] == [
        (0, "Hội nghị bắt đầu lúc 8 giờ."),
        (1, "Hội nghị bắt đầu lúc 9 giờ."),
    ]
    done(room.conclude(), 201)


def test_a_draft_is_checked_and_nothing_of_it_is_kept(room: Room) -> None:
    room.hold()
    before = types(room)
    lacking = notice(written(lead_agency=None, product="Sớm khắc phục"))
    checked = done(room.post("conclusion/check", lacking, **room.secretary))
    assert [fault["code"] for fault in checked["faults"]] == ["session.lead_missing"]
    assert checked["faults"][0]["texts"]["vi"]
    assert [warning["words"] for warning in checked["warnings"]] == [["sớm"]]
    assert done(room.post("conclusion/check", notice()))["faults"] == []
    assert types(room) == before
    done(room.conclude(written(product="Sản phẩm khác")), 201)  # no text of the draft was kept
    problem(room.post("conclusion/check", notice()), 422, "session.already_concluded")


def test_a_session_says_until_when_what_is_to_be_done(room: Room) -> None:
    room.plan()
    assert room.shown()["deadlines"] is None
    done(room.post("schedule", DAY))
    due = {name: each["due_on"] for name, each in room.shown()["deadlines"].items()}
    assert due == {"notice": "2019-06-13", "conclusion": "2019-07-01", "results": "2019-06-30"}
    assert all(each["citation"] for each in room.shown()["deadlines"].values())


def test_a_due_date_may_be_said_in_working_days(room: Room) -> None:
    room.hold()
    done(room.conclude(written(due_on=None, due_working_days=10)), 201)
    (commitment,) = room.shown()["conclusion"]["commitments"]
    assert commitment["due_on"] == "2019-06-07"


def test_an_amendment_keeps_replaces_and_is_printed(room: Room) -> None:
    room.hold()
    first, second = written(opinion_ids=[DRAIN]), written(opinion_ids=[MARKET])
    issued = done(room.conclude(first, second), 201)["commitments"]
    kept, old = (each["commitment_id"] for each in issued)
    changed = written(opinion_ids=[MARKET], lead_agency="ubnd-thanh-cong", supersedes=old)
    changed["cooperating_agencies"] = []
    amended = notice({"keep": kept}, changed, number="13/TB-UBND", reason="agency_changed")
    made = done(room.post("conclusion/amend", amended), 201)["commitments"]
    assert made[0]["commitment_id"] == kept
    assert made[1]["commitment_id"] not in {kept, old}
    shown = room.shown()["conclusion"]
    assert [each["supersedes"] for each in shown["commitments"]] == [None, old]
    assert [each["number"] for each in shown["amendments"]] == ["13/TB-UBND"]
    lines = printed(room)
    assert any("Sửa đổi, bổ sung Thông báo số 12/TB-UBND" in line for line in lines)
    assert any(line.endswith("(giữ nguyên)") for line in lines)
    assert any(line.endswith("(sửa đổi)") for line in lines)
    assert not any("Sửa đổi" in line for line in printed(room, amendment=0))


def test_an_amendment_that_loses_an_opinion_or_takes_a_number_twice_is_refused(room: Room) -> None:
    room.hold()
    issued = done(room.conclude(), 201)["commitments"]
    changed = written(opinion_ids=[DRAIN], supersedes=issued[0]["commitment_id"])
    refused = problem(
        room.post("conclusion/amend", {**notice(changed), "reason": "omitted"}),
        422,
        "session.conclusion_incomplete",
    )
    assert [fault["code"] for fault in refused["facts"]["faults"]] == [
        "session.number_taken",
        "session.opinion_without_disposition",
    ]


def test_a_conclusion_is_printed_in_the_form_of_the_decree(room: Room) -> None:
    room.hold()
    done(room.conclude(), 201)
    lines = printed(room)
    for wanted in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN PHƯỜNG THÀNH CÔNG",
        "Số: 12/TB-UBND",
        "THÔNG BÁO",
        "Nơi nhận:",
        "CHỦ TỊCH",
        "1. Biên bản nghiệm thu nạo vét 120 m cống ngõ 84",
        "Thời hạn hoàn thành: ngày 28/06/2019.",
    ):
        assert wanted in lines, wanted
    assert any(line.endswith("ngày 24 tháng 5 năm 2019") for line in lines)


def printed(room: Room, **query: Any) -> list[str]:
    answer = room.client.get(
        f"/sessions/{SESSION_ID}/conclusion.docx",
        query_string={"purpose": "handling", **query},
        headers=room.chair,
    )
    assert answer.status_code == 200, answer.get_data(as_text=True)
    paper = Document(BytesIO(answer.get_data()))
    section = paper.sections[0]
    left, right = section.left_margin, section.right_margin
    assert left is not None
    assert right is not None
    assert (round(left / Mm(1)), round(right / Mm(1))) == (30, 15)
    cells = [cell for table in paper.tables for row in table.rows for cell in row.cells]
    paragraphs = [*paper.paragraphs, *(each for cell in cells for each in cell.paragraphs)]
    assert {run.font.name for each in paragraphs for run in each.runs} == {"Times New Roman"}
    return [each.text for each in paragraphs if each.text]


def test_results_are_published_late_and_found_as_a_breach(room: Room) -> None:
    room.hold()
    done(room.conclude(), 201)
    room.service.later(days=10)
    query = {"province": "ha-noi", "from": "2019-01-01", "to": "2019-12-31"}
    found = breaches(room, query)
    assert [(each["kind"], each["session_ids"]) for each in found] == [
        ("results_absent", [SESSION_ID])
    ]
    done(room.post("results", {"published_on": "2019-06-01"}))
    (late,) = breaches(room, query)
    assert (late["kind"], late["due_on"], late["days_late"]) == ("results_late", "2019-05-30", 2)
    problem(room.post("results", {"published_on": "2019-06-02"}), 422, "session.published_already")


def breaches(room: Room, query: Mapping[str, str]) -> list[Mapping[str, Any]]:
    answer = room.client.get("/sessions/breaches", query_string=query, headers=room.chair)
    found: list[Mapping[str, Any]] = done(answer)["breaches"]
    return found


def test_a_session_is_complete_when_its_last_commitment_is_verified(room: Room) -> None:
    room.hold()
    (made,) = done(room.conclude(), 201)["commitments"]
    what = matter(made["commitment_id"])
    outcome = Outcome.ACCEPTED_WITH_PLAN
    released = replace(minimal(AnswerReleased), **what, released_on=ISSUED_ON, outcome=outcome)
    assigned(room, released)
    assert room.shown()["state"] == "concluded"
    verified = replace(minimal(FulfilmentVerified), **what, verified_on=date(2019, 7, 1))
    assigned(room, verified, 101)
    shown = room.shown()
    assert (shown["state"], shown["completed_on"]) == ("completed", "2019-07-01")
    assert types(room)[-3:] == ["CommitmentProgressed", "CommitmentProgressed", "SessionCompleted"]


def test_the_next_session_opens_with_what_was_promised_at_the_last(room: Room) -> None:
    room.hold()
    (made,) = done(room.conclude(), 201)["commitments"]
    assert room.plan(session_id=OTHER).status_code == 201
    room.service.later(days=60)
    answer = room.client.get(f"/sessions/{OTHER}/follow-up", headers=room.chair)
    page = done(answer)
    assert page["last"]["number"] == "12/TB-UBND"
    (commitment,) = page["commitments"]
    assert (commitment["commitment_id"], commitment["state"]) == (made["commitment_id"], "overdue")
    assert page["counts"]["overdue"] == 1


# ---- Duties


def test_a_unit_meets_or_misses_its_duty_once(room: Room) -> None:
    runtime = room.service.runtime
    assert notice_obligations(runtime, "ha-noi") == 0  # 2019 began before this log
    room.service.set_clock(datetime(2021, 1, 2, 5, tzinfo=UTC))
    missed = notice_obligations(runtime, "ha-noi")
    assert missed > 0
    assert notice_obligations(runtime, "ha-noi") == 0
    found = breaches(room, {"province": "ha-noi", "from": "2020-01-01", "to": "2020-12-31"})
    assert {each["kind"] for each in found} == {"obligation_missed"}
    assert len(found) == missed
    query = {"province": "ha-noi", "year": 2020, "unit": "thanh-cong"}
    answer = room.client.get("/sessions/obligations", query_string=query, headers=room.chair)
    (duty,) = done(answer)["obligations"]
    assert (duty["state"], duty["held"], duty["required"]) == ("missed", 0, 1)


def test_nothing_is_looked_at_in_a_province_whose_log_is_closed(room: Room) -> None:
    runtime = room.service.runtime
    close(runtime.ledger, province="ha-noi", successor="ha-nam")
    room.service.set_clock(datetime(2021, 1, 2, 5, tzinfo=UTC))
    with pytest.raises(LogFrozen):
        notice_obligations(runtime, "ha-noi")
    notice_obligations(runtime)  # the other provinces are
    assert "SessionObligationMissed" not in types(room)


def test_the_daily_look_is_asked_for_by_an_operator_only(room: Room) -> None:
    body = {"province": "ha-noi"}
    refused = room.client.post("/timers/obligations", json=body, headers=room.chair)
    problem(refused, 403, "access.not_allowed")
    operator = room.service.bearer(Role.OPERATOR, province=None)
    answer = room.client.post("/timers/obligations", json=body, headers=operator)
    assert done(answer) == {"noticed": 0}
