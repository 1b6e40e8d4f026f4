"""A recount of sessions that went the whole way: every event decided again, rows built again."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deploy.audit.archive import DatabaseArchive
from deploy.audit.fsck.check import Check
from deploy.audit.fsck.read_models import check_read_models
from deploy.audit.recount import recount
from services.sessions.definition import DEFINITION
from services.sessions.watching import notice_obligations
from shared.contracts.sessions import ObligationEvent, SessionEvent
from shared.kernel.ids import derived_id
from tests.services.opened import opened
from tests.services.sessions.room import Room, notice, raised, room_of, written
from tests.services.sessions.story import SESSION_ID

MOVED = "0b7a5f0e-0000-5000-8000-000000000003"
HEAD, DEPUTY = "thanh-cong/chu-tich", "thanh-cong/pho-chu-tich"
LINES = [derived_id("line", str(number)) for number in range(2)]


def did(answer: Any) -> Any:
    assert answer.status_code in {200, 201}, answer.get_data(as_text=True)
    return answer.json


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Yield a room whose sessions have gone every way there is without other services."""
    service = opened(DEFINITION, tmp_path)
    room = room_of(lambda _definition: service)
    go_the_whole_way(room)
    yield room
    service.runtime.close()


def go_the_whole_way(room: Room) -> None:
    place = {"venue": "nha-van-hoa", "chair": HEAD, "required_agencies": ["tnmt-ba-dinh"]}
    for session_id in (SESSION_ID, MOVED):
        did(room.plan(session_id=session_id))
    did(room.post("schedule", {"held_on": "2019-06-03", **place}))
    clash = {"held_on": "2019-06-03", **place, "override": "different_hours"}
    did(room.post("schedule", clash, session_id=MOVED))
    did(room.post("postpone", {"reason": "higher_directive"}, session_id=MOVED))
    did(room.post("schedule", {"held_on": "2019-06-20"}, session_id=MOVED))
    did(room.post("cancel", {"reason": "joined_with_another"}, session_id=MOVED))
    elsewhere = {"held_on": "2019-06-04", **place, "reason": "venue_unavailable"}
    did(room.post("reschedule", elsewhere))
    did(room.post("delegate", {"chair": DEPUTY, "reason": "official_duty"}))
    did(room.post("agenda", {"topics": [{"topic_id": "t-1", "omitted": "not_ready"}]}))
    did(room.post("convene", {}))
    room.service.set_clock(datetime(2019, 6, 4, 5, tzinfo=UTC))
    did(room.post("open", {"head_present": False}))
    did(room.post("attendance", {"groups": [{"group": "nhan_dan", "attendances": 85}]}))
    lines = [raised(line_id=line_id) for line_id in LINES]
    opinions = did(room.post("opinions", {"opinions": lines}))["opinions"]
    first, second = (each["opinion_id"] for each in opinions)
    promise = {"field": "environment", "opinion_ids": [second], "product": "Biên bản"}
    did(room.post("commitments", {"commitments": [promise]}))
    did(room.post("adjourn", {"reason": "force_majeure"}))
    did(room.post("resume", {}))
    did(room.post("answers", {"answers": [{"opinion_id": first, "outcome": "explained"}]}))
    did(room.post("end", {"speaking_turns": 3}))
    did(room.post("minutes", {"text": "Biên bản hội nghị."}))
    did(room.post("minutes/correct", {"text": "Biên bản đính chính.", "reason": "omitted"}))
    room.service.set_clock(datetime(2019, 6, 20, 5, tzinfo=UTC))
    day = {"issued_on": "2019-06-20"}
    commitment = written(opinion_ids=[second], due_on=None, due_working_days=10)
    issued = did(room.conclude(commitment, **day))["commitments"]
    changed = written(
        opinion_ids=[second],
        supersedes=issued[0]["commitment_id"],
        lead_agency="ubnd-ba-dinh",
        due_on="2019-07-31",
    )
    amended = notice(changed, number="13/TB-UBND", reason="agency_changed", **day)
    did(room.post("conclusion/amend", amended))
    did(room.post("results", {"published_on": "2019-06-20"}))
    room.service.set_clock(datetime(2021, 1, 4, 5, tzinfo=UTC))
    notice_obligations(room.service.runtime)


def archive(room: Room) -> DatabaseArchive:
    runtime = room.service.runtime
    log = runtime.ledger.log("ha-noi")
    return DatabaseArchive(
        origin=log.origin,
        store=runtime.store,
        tables=runtime.definition.log,
        log_no=log.log_no,
    )


def test_every_event_of_a_whole_process_follows_from_what_was_asked(room: Room) -> None:
    result = recount([archive(room)], room.service.runtime.provinces)
    assert [(each.code, each.facts) for each in result.findings] == []
    assert result.entries >= 30
    types = {json.loads(content)["type"] for content in archive(room).entries(0, result.entries)}
    elsewhere = {"AgendaItemPlaced", "AgendaItemRejected", "AgendaItemRemoved"}
    elsewhere |= {"CommitmentProgressed", "SessionCompleted", "SessionObligationMet"}
    names = {form.__name__ for form in (*SessionEvent.__args__, *ObligationEvent.__args__)}
    assert names - types == elsewhere  # what other services' events ask for


def test_the_read_model_of_a_whole_process_follows_from_the_log(room: Room) -> None:
    check = Check()
    check_read_models(check, "sessions", room.service.runtime.store, [archive(room)])
    assert [(each.code, each.facts) for each in check.findings.listed] == []


def test_a_notice_that_came_too_late_by_the_rules_of_the_day_is_told(room: Room) -> None:
    """A convening whose day was changed afterwards is one that nobody could have asked for."""
    found = archive(room)

    class Forged(DatabaseArchive):
        def entries(self, first: int, end: int) -> Any:
            for content in super().entries(first, end):
                yield content.replace(b'"notice_days":15', b'"notice_days":99')

    forged = Forged(
        origin=found.origin, store=found.store, tables=found.tables, log_no=found.log_no
    )
    result = recount([forged], room.service.runtime.provinces)
    told = [(each.code, each.facts.get("field"), each.is_proof) for each in result.findings]
    assert told == [("differs", "notice_days", True)]
