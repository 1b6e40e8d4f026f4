"""The bodies and queries that Sessions' API takes, checked before anything else looks."""

from typing import Any

import marshmallow as ma

from shared.contracts.vocabulary import (
    AttendanceBasis,
    ChangeReason,
    Mode,
    OpinionKind,
    Outcome,
    SessionKind,
)
from shared.vault import Purpose
from shared.web.schemas import KEY, Page, ProvinceBody, TextRefBody

LINES_AT_ONCE = 50
"""How many lines of the room's queue one request takes."""
ATTENDANCES_MAX = 1_000_000
PRODUCT_MAX_CHARACTERS = 2_000
STATES = (
    *("planned", "scheduled", "convened", "in_progress", "adjourned", "held"),
    *("minuted", "concluded", "completed", "cancelled"),
)

SEAT = ma.validate.Regexp(
    r"^(?=.{1,80}\Z)[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*\Z", error="not a seat"
)
_CURSOR = ma.validate.Regexp(r"^(\d{4}-\d\d-\d\d~[0-9a-f-]{36})?\Z", error="not a cursor")


def _count(most: int, **more: Any) -> ma.fields.Integer:
    return ma.fields.Integer(strict=True, validate=ma.validate.Range(min=0, max=most), **more)


class SessionBody(ma.Schema):
    """Asks something of the session in the address."""

    province = ma.fields.String(
        load_default=None, validate=KEY, metadata={"description": "may be left out"}
    )


class NewSession(ProvinceBody):
    """A session for the year's plan, or one called ad hoc."""

    session_id = ma.fields.UUID(
        load_default=None, metadata={"description": "chosen by the caller, for imports"}
    )
    unit = ma.fields.String(required=True, validate=KEY, metadata={"description": "đơn vị"})
    session_kind = ma.fields.Enum(SessionKind, by_value=True, required=True)
    mode = ma.fields.Enum(Mode, by_value=True, load_default=Mode.IN_PERSON)
    planned_year = ma.fields.Integer(
        strict=True, required=True, validate=ma.validate.Range(min=2000, max=2100)
    )
    field = ma.fields.String(load_default=None, allow_none=True, validate=KEY)
    trigger = ma.fields.String(load_default=None, allow_none=True, validate=KEY)


class Open(SessionBody):
    """Who chairs."""

    chair = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=SEAT,
        metadata={"description": "a seat; the caller's own when left out"},
    )
    head_present = ma.fields.Boolean(required=True, truthy={True}, falsy={False})
    present = _count(
        ATTENDANCES_MAX,
        load_default=None,
        allow_none=True,
        metadata={"description": "how many are there, where the regulation asks for a quorum"},
    )


class GroupBody(ma.Schema):
    """How many attended in one group."""

    group = ma.fields.String(required=True, validate=KEY)
    attendances = _count(ATTENDANCES_MAX, required=True)
    basis = ma.fields.Enum(AttendanceBasis, by_value=True, load_default=AttendanceBasis.COUNTED)


class Attendance(SessionBody):
    """Attendances by group; a group stated again is a correction."""

    groups = ma.fields.List(
        ma.fields.Nested(GroupBody),
        required=True,
        validate=ma.validate.Length(min=1, max=LINES_AT_ONCE),
    )


class RaisedBody(ma.Schema):
    """An opinion first heard in the room; its words were deposited with Intake."""

    line_id = ma.fields.UUID(
        load_default=None,
        metadata={"description": "the room's own, so that a line sent again is the same opinion"},
    )
    field = ma.fields.String(required=True, validate=KEY, metadata={"description": "lĩnh vực"})
    opinion_kind = ma.fields.Enum(OpinionKind, by_value=True, required=True)
    voices = ma.fields.Integer(
        strict=True, load_default=1, validate=ma.validate.Range(min=1, max=10**7)
    )
    text = ma.fields.Nested(TextRefBody, required=True)


class Raise(SessionBody):
    """Lines of the room's queue: all or none are taken."""

    opinions = ma.fields.List(
        ma.fields.Nested(RaisedBody),
        required=True,
        validate=ma.validate.Length(min=1, max=LINES_AT_ONCE),
    )


class AnswerBody(ma.Schema):
    """An answer given in the room."""

    opinion_id = ma.fields.UUID(required=True)
    outcome = ma.fields.Enum(Outcome, by_value=True, required=True)


class Answers(SessionBody):
    """Answers given in the room: all or none are taken."""

    answers = ma.fields.List(
        ma.fields.Nested(AnswerBody),
        required=True,
        validate=ma.validate.Length(min=1, max=LINES_AT_ONCE),
    )


class StatedBody(ma.Schema):
    """A promise of the chair; the conclusion says the rest."""

    line_id = ma.fields.UUID(
        load_default=None,
        metadata={"description": "the room's own, so that a line sent again is the same promise"},
    )
    field = ma.fields.String(required=True, validate=KEY, metadata={"description": "lĩnh vực"})
    opinion_ids = ma.fields.List(
        ma.fields.UUID(), load_default=list, validate=ma.validate.Length(max=LINES_AT_ONCE)
    )
    lead_agency = ma.fields.String(load_default=None, allow_none=True, validate=KEY)
    due_on = ma.fields.Date("iso", load_default=None, allow_none=True)
    product = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Length(min=1, max=PRODUCT_MAX_CHARACTERS),
    )


class Promise(SessionBody):
    """Promises given in the room: all or none are taken."""

    commitments = ma.fields.List(
        ma.fields.Nested(StatedBody),
        required=True,
        validate=ma.validate.Length(min=1, max=LINES_AT_ONCE),
    )


class Break(SessionBody):
    """Why it stops for now."""

    reason = ma.fields.Enum(ChangeReason, by_value=True, required=True)


class End(SessionBody):
    """What the minutes say at the end."""

    speaking_turns = _count(ATTENDANCES_MAX, load_default=None, allow_none=True)


class SessionQuery(Page):
    """Which sessions to list; both days are inclusive."""

    unit = ma.fields.String(load_default=None, validate=KEY)
    from_on = ma.fields.Date("iso", data_key="from", load_default=None)
    to_on = ma.fields.Date("iso", data_key="to", load_default=None)
    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf(STATES))
    after = ma.fields.String(load_default="", validate=_CURSOR)


class TextQuery(ma.Schema):
    """Why a text is read; the reading is logged."""

    purpose = ma.fields.Enum(Purpose, by_value=True, required=True)
