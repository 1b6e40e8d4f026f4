"""Invitations as others' calendars read them: zone, hours, standing, and nobody's own name."""

from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from services.sessions.invitation import feed, invitation, method
from shared.provinces import Province, load_provinces
from shared.web.app import catalogue_of
from tests.services.opened import PROVINCES

AT = datetime(2019, 5, 20, 5, tzinfo=UTC)
TEXTS = catalogue_of("sessions")
ROW: dict[str, Any] = {
    "session_id": "0b7a5f0e-0000-5000-8000-000000000001",
    "state": "convened",
    "unit": "thanh-cong",
    "session_kind": "periodic",
    "held_on": date(2019, 6, 20),
    "calendar_on": date(2019, 6, 20),
    "starts_at": "08:30",
    "venue": "nha-van-hoa",
    "required_agencies": "tnmt-ba-dinh ubnd-thanh-cong",
    "sequence": 3,
}


@pytest.fixture(scope="module")
def province() -> Province:
    return load_provinces(PROVINCES)["ha-noi"]


def row(**changes: Any) -> sa.RowMapping:
    return cast(sa.RowMapping, {**ROW, **changes})


def read(made: bytes) -> tuple[Any, Any]:
    calendar = Calendar.from_ical(made)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def invited(province: Province, **changes: Any) -> tuple[Any, Any]:
    made = invitation(province, row(**changes), at=AT, deployment="test.local", texts=TEXTS)
    return read(made)


def test_the_zone_is_there_with_its_one_offset(province: Province) -> None:
    calendar, event = invited(province)
    (zone,) = calendar.walk("VTIMEZONE")
    (standard,) = zone.walk("STANDARD")
    assert zone["tzid"] == event["dtstart"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert standard["tzoffsetto"].to_ical() == standard["tzoffsetfrom"].to_ical() == "+0700"
    assert event.decoded("dtstart") == datetime(2019, 6, 20, 1, 30, tzinfo=UTC)
    assert event["dtstamp"].to_ical() == b"20190520T050000Z"


def test_a_session_without_an_hour_is_an_event_of_the_whole_day(province: Province) -> None:
    _, event = invited(province, starts_at=None)
    assert event.decoded("dtstart") == date(2019, 6, 20)
    assert event["dtstart"].params["VALUE"] == "DATE"


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"state": "scheduled"}, ("REQUEST", "TENTATIVE")),
        ({"state": "convened"}, ("REQUEST", "CONFIRMED")),
        ({"state": "cancelled"}, ("CANCEL", "CANCELLED")),
        ({"state": "planned", "held_on": None}, ("CANCEL", "CANCELLED")),
    ],
)
def test_method_and_standing_follow_the_session(
    province: Province, changes: dict[str, Any], wanted: tuple[str, str]
) -> None:
    calendar, event = invited(province, **changes)
    assert (calendar["method"], event["status"]) == wanted
    assert method(row(**changes)) == wanted[0]
    assert (event["uid"], event["sequence"]) == (f"session-{ROW['session_id']}@test.local", 3)


def test_who_is_asked_to_come_is_an_agency_by_its_name_of_that_day(province: Province) -> None:
    _, event = invited(province)
    attendees = [(str(each), each.params["CN"]) for each in event["attendee"]]
    assert attendees == [
        (
            "urn:doithoai:agency:ha-noi:tnmt-ba-dinh",
            "Phòng Tài nguyên và Môi trường quận Ba Đình",
        ),
        ("urn:doithoai:agency:ha-noi:ubnd-thanh-cong", "UBND phường Thành Công"),
    ]
    assert event["organizer"].params["CN"] == "phường Thành Công"
    assert event["summary"] == "Đối thoại định kỳ, phường Thành Công"


def test_no_mail_address_stands_in_an_invitation(province: Province) -> None:
    made = invitation(province, row(), at=AT, deployment="test.local", texts=TEXTS)
    assert b"mailto:" not in made.lower()


def test_a_calendar_to_subscribe_to_leaves_out_what_has_no_day(province: Province) -> None:
    rows = [row(), row(session_id="s-2", held_on=None, state="planned")]
    made = feed(province, rows, at=AT, deployment="test.local", texts=TEXTS)
    calendar, event = read(made)
    assert calendar["method"] == "PUBLISH"
    assert event["uid"] == f"session-{ROW['session_id']}@test.local"
