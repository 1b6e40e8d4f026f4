"""What requests about the course of an assignment may hold."""

from typing import Any

import marshmallow as ma

from shared.contracts.vocabulary import ExtensionReason, RefusalReason
from shared.regulations.readers import DAYS_LIMIT
from shared.vault import TEXT_MAX_CHARACTERS

_KEY = ma.validate.Length(min=1, max=120)


def _key(**options: Any) -> ma.fields.String:
    return ma.fields.String(validate=_KEY, **options)


def _text(**options: Any) -> ma.fields.String:
    """Words of people: they go to the vault and into no event."""
    length = ma.validate.Length(min=1, max=3 * TEXT_MAX_CHARACTERS)
    return ma.fields.String(validate=length, **options)


class RefusalBody(ma.Schema):
    """That the matter is another agency's, and by which provision."""

    province = _key()
    reason = ma.fields.Enum(RefusalReason, by_value=True, required=True)
    legal_basis = _text(required=True)
    competent_agency = _key(required=True)


class RefusalDecisionBody(ma.Schema):
    """Whether the refusal was right; `agency` leads then, else the one held competent."""

    province = _key()
    is_upheld = ma.fields.Boolean(required=True)
    agency = _key()


class CoordinationBody(ma.Schema):
    """Who is asked to contribute."""

    province = _key()
    cooperating_agency = _key(required=True)


class WordsBody(ma.Schema):
    """A step that needs words."""

    province = _key()
    text = _text(required=True)


class PauseBody(ma.Schema):
    """Why the clock stands: a code of the regulation's list."""

    province = _key()
    reason = _key(required=True)


class ExtensionBody(ma.Schema):
    """How much more time is asked for, and why."""

    province = _key()
    working_days = ma.fields.Integer(
        required=True, validate=ma.validate.Range(min=1, max=DAYS_LIMIT)
    )
    reason = ma.fields.Enum(ExtensionReason, by_value=True, required=True)


class ExtensionDecisionBody(ma.Schema):
    """Whether there is more time."""

    province = _key()
    is_granted = ma.fields.Boolean(required=True)


class FulfilmentDecisionBody(ma.Schema):
    """Whether it is done; if not, `text` says what is missing."""

    province = _key()
    is_verified = ma.fields.Boolean(required=True)
    text = _text()

    @ma.validates_schema
    def _said(self, data: dict[str, Any], **_: Any) -> None:
        if not data["is_verified"] and "text" not in data:
            raise ma.ValidationError(field_name="text", message="required when not verified")


class AssignBody(ma.Schema):
    """Who leads what waits in triage."""

    agency = _key(required=True)


class OverdueQuery(ma.Schema):
    """Whose overdue matters; of every province when none is given."""

    province = _key()
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(min=1, max=200))


class ListQuery(ma.Schema):
    """Which province's list, and from where."""

    province = _key(required=True)
    after = ma.fields.Integer(load_default=-1, validate=ma.validate.Range(min=-1, max=2**53))
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(min=1, max=200))


class TriagedSchema(ma.Schema):
    """A matter that waits for a person to say who leads."""

    assignment_id = ma.fields.String()
    province = ma.fields.String()
    position = ma.fields.Integer()
    unit = ma.fields.String()
    level = ma.fields.String()
    field = ma.fields.String()
    opinion_id = ma.fields.String(allow_none=True)
    triaged_on = ma.fields.Date("iso")
    triage_due_on = ma.fields.Date("iso")
    due_on = ma.fields.Date("iso")
    reason = ma.fields.String()
    candidates = ma.fields.List(ma.fields.String())
    is_overdue = ma.fields.Boolean()


class TriageSchema(ma.Schema):
    """What waits in triage."""

    triage = ma.fields.List(ma.fields.Nested(TriagedSchema))
    next_after = ma.fields.Integer()


class OverdueSchema(ma.Schema):
    """A matter on the public list: nothing of what it is about."""

    province = ma.fields.String()
    assignment_id = ma.fields.String()
    agency = ma.fields.String()
    unit = ma.fields.String()
    level = ma.fields.String()
    field = ma.fields.String()
    issued_on = ma.fields.Date("iso")
    due_on = ma.fields.Date("iso")
    listed_on = ma.fields.Date("iso")
    days_late = ma.fields.Integer()


class OverdueListSchema(ma.Schema):
    """The public list of what is overdue."""

    overdue = ma.fields.List(ma.fields.Nested(OverdueSchema))
