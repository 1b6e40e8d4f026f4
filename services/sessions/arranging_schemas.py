"""The bodies that Sessions' API takes before a session."""

import marshmallow as ma

from services.sessions.schemas import SEAT, SessionBody
from shared.contracts.vocabulary import (
    ChangeReason,
    DelegationReason,
    OmissionReason,
    OverrideReason,
)
from shared.web.schemas import KEY, ProvinceBody

AGENCIES_AT_ONCE = 50
TOPICS_AT_ONCE = 200
RRULE_MAX_CHARACTERS = 200

_HOUR = ma.validate.Regexp(r"^([01]\d|2[0-3]):[0-5]\d\Z", error="not hh:mm")


class Schedule(SessionBody):
    """The day, and what it needs."""

    held_on = ma.fields.Date("iso", required=True)
    starts_at = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=_HOUR,
        metadata={"description": "civil time, hh:mm"},
    )
    venue = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=KEY,
        metadata={"description": "key of the place, the same word each time"},
    )
    chair = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=SEAT,
        metadata={"description": "seat that is to chair"},
    )
    required_agencies = ma.fields.List(
        ma.fields.String(validate=KEY),
        load_default=list,
        validate=ma.validate.Length(max=AGENCIES_AT_ONCE),
    )
    override = ma.fields.Enum(
        OverrideReason,
        by_value=True,
        load_default=None,
        allow_none=True,
        metadata={"description": "why on a day off, or beside a session that needs the same"},
    )


class Reschedule(Schedule):
    """Another day, hour or place."""

    reason = ma.fields.Enum(ChangeReason, by_value=True, required=True)


class Change(SessionBody):
    """Why it is postponed or cancelled."""

    reason = ma.fields.Enum(ChangeReason, by_value=True, required=True)


class Delegate(SessionBody):
    """Who chairs in the head's place."""

    chair = ma.fields.String(required=True, validate=SEAT)
    reason = ma.fields.Enum(DelegationReason, by_value=True, required=True)


class TopicBody(ma.Schema):
    """A hot topic: on the agenda, or left out for a reason."""

    topic_id = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=80))
    omitted = ma.fields.Enum(OmissionReason, by_value=True, load_default=None, allow_none=True)


class Agenda(SessionBody):
    """Every confirmed hot topic of the unit, with its disposition."""

    topics = ma.fields.List(
        ma.fields.Nested(TopicBody),
        required=True,
        validate=ma.validate.Length(max=TOPICS_AT_ONCE),
    )


class Recurrence(ProvinceBody):
    """A rule by which days are proposed for a year's periodic sessions."""

    unit = ma.fields.String(required=True, validate=KEY)
    year = ma.fields.Integer(
        strict=True, required=True, validate=ma.validate.Range(min=2000, max=2100)
    )
    rrule = ma.fields.String(
        required=True,
        validate=ma.validate.Length(min=1, max=RRULE_MAX_CHARACTERS),
        metadata={"description": "RFC 5545, as in FREQ=MONTHLY;BYMONTH=4,7,10;BYMONTHDAY=15"},
    )
