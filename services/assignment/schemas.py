"""What requests may hold, and what answers look like."""

from typing import Any

import marshmallow as ma

from services.assignment import feed, read_model
from shared.contracts.vocabulary import AssignmentSource, LegRole, Level, Outcome, SessionKind
from shared.vault import TEXT_MAX_CHARACTERS, Purpose

STATES = (
    *("issued", "refused", "accepted", "paused", "submitted"),
    *("released", "claimed", "fulfilled", "cancelled", "superseded"),
)
BATCH_MAX_ASSIGNMENTS = 100

_KEY = ma.validate.Length(min=1, max=120)
_POSITION_MAX = 2**53


def _key(**options: Any) -> ma.fields.String:
    return ma.fields.String(validate=_KEY, **options)


class AssignmentsQuery(ma.Schema):
    """Which assignments to list."""

    province = _key(required=True)
    agency = _key()
    state = ma.fields.String(validate=ma.validate.OneOf(STATES))
    due_before = ma.fields.Date("iso", metadata={"description": "exclusive"})
    after = ma.fields.Integer(
        load_default=-1, validate=ma.validate.Range(min=-1, max=_POSITION_MAX)
    )
    limit = ma.fields.Integer(
        load_default=50, validate=ma.validate.Range(min=1, max=read_model.PAGE_MAX_ROWS)
    )


class StepBody(ma.Schema):
    """A step that needs no more words; `province`, if given, must be the assignment's."""

    province = _key()


class BatchBody(StepBody):
    """Several assignments of one agency, all or none."""

    assignment_ids = ma.fields.List(
        _key(), required=True, validate=ma.validate.Length(min=1, max=BATCH_MAX_ASSIGNMENTS)
    )


class AnswerBody(StepBody):
    """An answer. Its text goes to the vault and into no event."""

    outcome = ma.fields.Enum(Outcome, by_value=True, required=True)
    text = ma.fields.String(
        required=True, validate=ma.validate.Length(min=1, max=3 * TEXT_MAX_CHARACTERS)
    )


class TimerBody(ma.Schema):
    """Where to look for missed deadlines; everywhere when no province is given."""

    province = _key()


class TextQuery(ma.Schema):
    """Why a text is read; it is logged."""

    purpose = ma.fields.Enum(Purpose, by_value=True, required=True)


class FeedQuery(ma.Schema):
    """Which page of a feed."""

    province = _key(required=True)
    after = ma.fields.Integer(load_default=0, validate=ma.validate.Range(min=0, max=_POSITION_MAX))
    limit = ma.fields.Integer(
        load_default=100, validate=ma.validate.Range(min=1, max=feed.PAGE_MAX_ENTRIES)
    )


class FeedsQuery(ma.Schema):
    """Whose registrations to list."""

    province = _key(required=True)


class FeedRegistration(ma.Schema):
    """A feed over the broker; `after` moves its cursor, to be sent again from there."""

    province = _key(required=True)
    after = ma.fields.Integer(validate=ma.validate.Range(min=0, max=_POSITION_MAX))


class DayOffSchema(ma.Schema):
    """A day that does not count."""

    on = ma.fields.Date("iso")
    kind = ma.fields.String()


class BothLanguages(ma.Schema):
    """A text for people."""

    vi = ma.fields.String()
    en = ma.fields.String()


class ExplanationSchema(ma.Schema):
    """How the due date came about."""

    due_on = ma.fields.Date("iso")
    counted_from_on = ma.fields.Date("iso")
    working_days = ma.fields.Integer(allow_none=True)
    days_off = ma.fields.List(ma.fields.Nested(DayOffSchema))
    citation = ma.fields.String()
    texts = ma.fields.Nested(BothLanguages)


class LegSchema(ma.Schema):
    """One agency's time with a matter."""

    agency = ma.fields.String()
    role = ma.fields.Enum(LegRole, by_value=True)
    from_on = ma.fields.Date("iso")
    to_on = ma.fields.Date("iso", allow_none=True)
    working_days = ma.fields.Integer(allow_none=True)


class ContributionSchema(ma.Schema):
    """What a cooperating agency was asked for, and what came."""

    agency = ma.fields.String()
    requested_on = ma.fields.Date("iso")
    due_on = ma.fields.Date("iso")
    submitted_on = ma.fields.Date("iso", allow_none=True)
    is_missed = ma.fields.Boolean()
    text_id = ma.fields.String(allow_none=True)


class AssignmentSchema(ma.Schema):
    """An assignment as it stands now; null is "not yet" or "does not apply"."""

    assignment_id = ma.fields.String()
    province = ma.fields.String()
    agency = ma.fields.String()
    cooperating_agencies = ma.fields.List(ma.fields.String())
    state = ma.fields.String(validate=ma.validate.OneOf(STATES))
    version = ma.fields.Integer()
    position = ma.fields.Integer()
    source_kind = ma.fields.Enum(AssignmentSource, by_value=True)
    unit = ma.fields.String()
    level = ma.fields.Enum(Level, by_value=True)
    field = ma.fields.String()
    round = ma.fields.Integer()
    opinion_ids = ma.fields.List(ma.fields.String())
    opinions = ma.fields.Integer()
    issued_on = ma.fields.Date("iso")
    due_on = ma.fields.Date("iso")
    deadline_citation = ma.fields.String()
    deadline_working_days = ma.fields.Integer(allow_none=True)
    routing_citation = ma.fields.String(allow_none=True)
    session_id = ma.fields.String(allow_none=True)
    session_kind = ma.fields.Enum(SessionKind, by_value=True, allow_none=True)
    held_on = ma.fields.Date("iso", allow_none=True)
    conclusion_id = ma.fields.String(allow_none=True)
    commitment_id = ma.fields.String(allow_none=True)
    product_text_id = ma.fields.String(allow_none=True)
    product_owner = ma.fields.String(allow_none=True)
    missed = ma.fields.Boolean()
    is_overdue = ma.fields.Boolean()
    accepted_on = ma.fields.Date("iso", allow_none=True)
    submitted_on = ma.fields.Date("iso", allow_none=True)
    released_on = ma.fields.Date("iso", allow_none=True)
    outcome = ma.fields.Enum(Outcome, by_value=True, allow_none=True)
    text_id = ma.fields.String(allow_none=True)
    days_late = ma.fields.Integer(allow_none=True)
    working_days_late = ma.fields.Integer(allow_none=True)

    # Beside the way from issue to answer.
    original_due_on = ma.fields.Date("iso", allow_none=True)
    counted_from_on = ma.fields.Date("iso", allow_none=True)
    days_left = ma.fields.Integer(allow_none=True, metadata={"description": "negative: days late"})
    lead_since = ma.fields.Date("iso", allow_none=True)
    legs = ma.fields.List(ma.fields.Nested(LegSchema))
    contributions = ma.fields.List(ma.fields.Nested(ContributionSchema))
    former_assignment_id = ma.fields.String(allow_none=True)
    is_accepted_by_silence = ma.fields.Boolean(allow_none=True)
    refusal_reason = ma.fields.String(allow_none=True)
    refusal_text_id = ma.fields.String(allow_none=True)
    competent_agency = ma.fields.String(allow_none=True)
    decision_due_on = ma.fields.Date("iso", allow_none=True)
    transfers = ma.fields.Integer(allow_none=True)
    paused_on = ma.fields.Date("iso", allow_none=True)
    pause_reason = ma.fields.String(allow_none=True)
    paused_working_days = ma.fields.Integer(allow_none=True)
    extension_working_days = ma.fields.Integer(
        allow_none=True, metadata={"description": "asked for and not decided"}
    )
    extension_reason = ma.fields.String(allow_none=True)
    extended_working_days = ma.fields.Integer(allow_none=True)
    note_text_id = ma.fields.String(allow_none=True)
    returns = ma.fields.Integer(allow_none=True)
    claims = ma.fields.Integer(allow_none=True)
    claimed_on = ma.fields.Date("iso", allow_none=True)
    evidence_text_id = ma.fields.String(allow_none=True)
    verified_on = ma.fields.Date("iso", allow_none=True)
    ended_on = ma.fields.Date("iso", allow_none=True)
    cancel_reason = ma.fields.String(allow_none=True)
    superseded_by = ma.fields.String(allow_none=True)
    ladder_working_days = ma.fields.Integer(allow_none=True)
    listed_on = ma.fields.Date("iso", allow_none=True)


class ExplainedAssignmentSchema(AssignmentSchema):
    """An assignment, with why it is due when it is."""

    explanation = ma.fields.Nested(ExplanationSchema)


class AssignmentsSchema(ma.Schema):
    """A page of assignments."""

    assignments = ma.fields.List(ma.fields.Nested(AssignmentSchema))
    next_after = ma.fields.Integer(metadata={"description": "`after` of the next page"})


class AcceptancesSchema(ma.Schema):
    """Assignments that were accepted together."""

    assignments = ma.fields.List(ma.fields.Nested(AssignmentSchema))


class TimerSchema(ma.Schema):
    """What a look at the due dates found."""

    missed = ma.fields.Integer()
    recorded = ma.fields.Integer(metadata={"description": "events in all"})


class TextSchema(ma.Schema):
    """A text, in the clear."""

    text_id = ma.fields.String()
    text = ma.fields.String()


class FeedEntrySchema(ma.Schema):
    """An entry of a feed; `entry` is the stored CloudEvent, byte for byte."""

    feed_seq = ma.fields.Integer()
    origin = ma.fields.String()
    position = ma.fields.Integer()
    leaf = ma.fields.String()
    entry = ma.fields.Dict()


class FeedSchema(ma.Schema):
    """A page of a feed."""

    entries = ma.fields.List(ma.fields.Nested(FeedEntrySchema))
    next_after = ma.fields.Integer(metadata={"description": "`after` of the next page"})
    last_seq = ma.fields.Integer()


class SubscriptionSchema(ma.Schema):
    """A feed over the broker, and how far it has got."""

    province = ma.fields.String()
    agency = ma.fields.String()
    queue = ma.fields.String()
    exchange = ma.fields.String()
    binding_key = ma.fields.String()
    registered_at = ma.fields.String()
    published_seq = ma.fields.Integer()
    last_seq = ma.fields.Integer()
    held_code = ma.fields.String(allow_none=True)
    held_texts = ma.fields.Nested(BothLanguages, allow_none=True)


class SubscriptionsSchema(ma.Schema):
    """Every registered feed of a province."""

    feeds = ma.fields.List(ma.fields.Nested(SubscriptionSchema))
