"""Sessions as iCalendar (RFC 5545, 5546): invitations, changes of them, a unit's calendar.

Names of units, agencies and seats only: nobody's own name or address.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vCalAddress

from shared.kernel.clock import CIVIL_ZONE
from shared.provinces import Province
from shared.texts import Catalogue

MEDIA_TYPE = "text/calendar"
_PRODUCT = "-//doithoai//sessions//VI"
_CIVIL_OFFSET = timedelta(hours=7)
_SINCE = datetime(1975, 6, 13)  # noqa: DTZ001 - a local onset, as the format wants it
"""Since when Viet Nam has had one time without summer time."""


def invitation(
    province: Province, row: sa.RowMapping, *, at: datetime, deployment: str, texts: Catalogue
) -> bytes:
    """Return the invitation to a session as it stands, or its cancellation.

    METHOD is REQUEST while it has a day, CANCEL once that was taken back. Its UID never
    changes, its SEQUENCE grows with every change. `at` is when this file is made.
    """
    calendar = _calendar(method(row))
    calendar.add_component(_event(province, row, at, deployment, texts))
    return bytes(calendar.to_ical())


def method(row: sa.RowMapping) -> str:
    """Return REQUEST while a session has a day and is not cancelled, else CANCEL."""
    is_off = row["held_on"] is None or row["state"] == "cancelled"
    return "CANCEL" if is_off else "REQUEST"


def feed(
    province: Province,
    rows: Iterable[sa.RowMapping],
    *,
    at: datetime,
    deployment: str,
    texts: Catalogue,
) -> bytes:
    """Return a calendar to subscribe to: every session of `rows` that has, or had, a day."""
    calendar = _calendar("PUBLISH")
    for row in rows:
        if row["held_on"] is not None:
            calendar.add_component(_event(province, row, at, deployment, texts))
    return bytes(calendar.to_ical())


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", CIVIL_ZONE.key)
    standard.add("dtstart", _SINCE)
    standard.add("tzoffsetfrom", _CIVIL_OFFSET)
    standard.add("tzoffsetto", _CIVIL_OFFSET)
    standard.add("tzname", "+07")
    zone.add_component(standard)
    calendar.add_component(zone)
    return calendar


def _event(
    province: Province, row: sa.RowMapping, at: datetime, deployment: str, texts: Catalogue
) -> Event:
    held_on: date | None = row["held_on"]
    on = held_on or row["calendar_on"]
    unit = province.territory.on(row["unit"], on)
    name = unit.name if unit is not None else row["unit"]
    event = Event()
    event.add("uid", f"session-{row['session_id']}@{deployment}")
    event.add("sequence", row["sequence"])
    event.add("dtstamp", at)
    event.add("summary", texts.text("documents.summary", kind=row["session_kind"], unit=name))
    if held_on is not None:
        event.add("dtstart", _start(held_on, row["starts_at"]))
    if row["venue"] is not None:
        event.add("location", row["venue"])
    event.add("status", _status(row))
    organizer = vCalAddress(f"urn:doithoai:unit:{province.slug}:{row['unit']}")
    organizer.params["CN"] = name
    event.add("organizer", organizer)
    for key in (row["required_agencies"] or "").split():
        agency = province.agencies.on(key, on)
        attendee = vCalAddress(f"urn:doithoai:agency:{province.slug}:{key}")
        attendee.params["CN"] = agency.name if agency is not None else key
        attendee.params["CUTYPE"] = "GROUP"
        attendee.params["RSVP"] = "TRUE"
        event.add("attendee", attendee)
    return event


def _start(held_on: date, starts_at: str | None) -> date | datetime:
    """Return the instant in civil time, or the whole day while no hour is set."""
    if starts_at is None:
        return held_on
    return datetime.combine(held_on, time.fromisoformat(starts_at), tzinfo=CIVIL_ZONE)


def _status(row: sa.RowMapping) -> str:
    match row["state"]:
        case "cancelled" | "planned":
            return "CANCELLED"
        case "scheduled":
            return "TENTATIVE"
        case _:
            return "CONFIRMED"
