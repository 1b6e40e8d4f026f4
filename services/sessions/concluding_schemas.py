"""The bodies that Sessions' API takes after the room."""

from typing import Any

import marshmallow as ma

from services.sessions.schemas import PRODUCT_MAX_CHARACTERS, SEAT, SessionBody
from shared.contracts.vocabulary import CorrectionReason
from shared.vault import TEXT_MAX_CHARACTERS
from shared.web.schemas import KEY

COMMITMENTS_AT_ONCE = 100
OPINIONS_OF_COMMITMENT = 1_000
DUE_DAYS_MAX = 3_660

_KEY_OR_EMPTY = ma.validate.Regexp(r"^([a-z0-9][a-z0-9_-]{0,79})?\Z", error="not a key")


class Approve(SessionBody):
    """The minutes, as they are to stand."""

    text = ma.fields.String(
        required=True, validate=ma.validate.Length(min=1, max=TEXT_MAX_CHARACTERS)
    )


class Correct(Approve):
    """The minutes, as they are to stand from now on."""

    reason = ma.fields.Enum(CorrectionReason, by_value=True, required=True)


class CommitmentBody(ma.Schema):
    """A commitment as written; what is left out is named among the faults."""

    field = ma.fields.String(required=True, validate=KEY, metadata={"description": "lĩnh vực"})
    opinion_ids = ma.fields.List(
        ma.fields.UUID(),
        load_default=list,
        validate=ma.validate.Length(max=OPINIONS_OF_COMMITMENT),
    )
    lead_agency = ma.fields.String(load_default=None, allow_none=True, validate=_KEY_OR_EMPTY)
    cooperating_agencies = ma.fields.List(
        ma.fields.String(validate=KEY), load_default=list, validate=ma.validate.Length(max=50)
    )
    product = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Length(max=PRODUCT_MAX_CHARACTERS),
    )
    due_on = ma.fields.Date("iso", load_default=None, allow_none=True)
    due_working_days = ma.fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=ma.validate.Range(min=1, max=DUE_DAYS_MAX),
        metadata={"description": "instead of due_on: so many working days after the issue"},
    )
    due_calendar_days = ma.fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=ma.validate.Range(min=1, max=DUE_DAYS_MAX),
        metadata={"description": "instead of due_on: so many days after the issue"},
    )

    @ma.validates_schema
    def _one_way(self, data: dict[str, Any], **_: Any) -> None:
        ways = ("due_on", "due_working_days", "due_calendar_days")
        if sum(data.get(way) is not None for way in ways) > 1:
            raise ma.ValidationError("one way of saying it only", "due_on")


class Conclude(SessionBody):
    """The conclusion notice."""

    number = ma.fields.String(load_default="", validate=ma.validate.Length(max=80))
    issued_on = ma.fields.Date("iso", required=True)
    signer = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=SEAT,
        metadata={"description": "a seat; the caller's own when left out"},
    )
    commitments = ma.fields.List(
        ma.fields.Nested(CommitmentBody),
        required=True,
        validate=ma.validate.Length(max=COMMITMENTS_AT_ONCE),
    )


class AmendedBody(CommitmentBody):
    """A commitment of the amending notice: one kept as it is, a changed or a new one."""

    field = ma.fields.String(
        load_default="", validate=_KEY_OR_EMPTY, metadata={"description": "lĩnh vực"}
    )
    keep = ma.fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "a commitment that stays as it is; nothing else is read then"},
    )
    supersedes = ma.fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "the commitment whose place this one takes"},
    )


class Amend(Conclude):
    """The amending notice, with every commitment that is to hold from now on."""

    reason = ma.fields.Enum(CorrectionReason, by_value=True, required=True)
    commitments = ma.fields.List(
        ma.fields.Nested(AmendedBody),
        required=True,
        validate=ma.validate.Length(max=COMMITMENTS_AT_ONCE),
    )


class Publish(SessionBody):
    """When the results were made public."""

    published_on = ma.fields.Date("iso", required=True)
