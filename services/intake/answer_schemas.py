"""What Intake's API answers with, for its description; null is what is not there yet."""

import marshmallow as ma

from shared.contracts.vocabulary import Channel, Level, OpinionKind, Outcome, SessionKind
from shared.web.schemas import TextRefBody, Texts


class ReceivedSchema(ma.Schema):
    """An opinion that was just recorded, and its receipt for whoever said it."""

    opinion_id = ma.fields.UUID()
    receipt = ma.fields.String()
    version = ma.fields.Integer()


class VersionSchema(ma.Schema):
    """An opinion's version after a command."""

    opinion_id = ma.fields.UUID()
    version = ma.fields.Integer()


class VersionsSchema(ma.Schema):
    """What a command did: all of them, in the order asked."""

    opinions = ma.fields.List(ma.fields.Nested(VersionSchema))


class OpinionSchema(ma.Schema):
    """An opinion as it is now, without its text."""

    opinion_id = ma.fields.UUID()
    province = ma.fields.String()
    state = ma.fields.String()
    version = ma.fields.Integer()
    unit = ma.fields.String()
    level = ma.fields.Enum(Level, by_value=True)
    field = ma.fields.String()
    opinion_kind = ma.fields.Enum(OpinionKind, by_value=True)
    channel = ma.fields.Enum(Channel, by_value=True)
    organisation = ma.fields.String()
    voices = ma.fields.Integer()
    received_on = ma.fields.Date("iso")
    receipt = ma.fields.String()
    text_id = ma.fields.String(allow_none=True)
    text_refused = ma.fields.String(allow_none=True)
    session_id = ma.fields.String(allow_none=True)
    session_kind = ma.fields.Enum(SessionKind, by_value=True, allow_none=True)
    held_on = ma.fields.Date("iso", allow_none=True)
    agency = ma.fields.String(allow_none=True)
    outcome = ma.fields.Enum(Outcome, by_value=True, allow_none=True)
    answered_on = ma.fields.Date("iso", allow_none=True)
    days_late = ma.fields.Integer(allow_none=True)
    part_of = ma.fields.String(allow_none=True)
    head_id = ma.fields.String(allow_none=True)
    received_level = ma.fields.Enum(Level, by_value=True, allow_none=True)
    competent_level = ma.fields.Enum(Level, by_value=True, allow_none=True)
    skips_level = ma.fields.Boolean(allow_none=True)
    urgency = ma.fields.String(allow_none=True)
    acknowledged_on = ma.fields.Date("iso", allow_none=True)
    handed_over_on = ma.fields.Date("iso", allow_none=True)
    clarification_requested_on = ma.fields.Date("iso", allow_none=True)
    clarification_due_on = ma.fields.Date("iso", allow_none=True)
    paused_working_days = ma.fields.Integer()
    screened_on = ma.fields.Date("iso", allow_none=True)
    decline_reason = ma.fields.String(allow_none=True)
    redirect = ma.fields.String(allow_none=True)
    forwarding_notified_on = ma.fields.Date("iso", allow_none=True)
    round = ma.fields.Integer()
    commitment_id = ma.fields.String(allow_none=True)
    reporter_notified_on = ma.fields.Date("iso", allow_none=True)
    satisfaction = ma.fields.String(allow_none=True)
    window_is_over = ma.fields.Boolean()
    reopen_requested_on = ma.fields.Date("iso", allow_none=True)
    closed_on = ma.fields.Date("iso", allow_none=True)
    withdrawn_on = ma.fields.Date("iso", allow_none=True)
    recurs_to = ma.fields.String(allow_none=True)
    good_practice_on = ma.fields.Date("iso", allow_none=True)
    erasure_requested_on = ma.fields.Date("iso", allow_none=True)
    erasure_due_on = ma.fields.Date("iso", allow_none=True)
    erased_on = ma.fields.Date("iso", allow_none=True)


class OpinionPageSchema(ma.Schema):
    """A page of opinions."""

    opinions = ma.fields.List(ma.fields.Nested(OpinionSchema))
    next = ma.fields.String(allow_none=True, metadata={"description": "`after` of the next page"})


class TextSchema(ma.Schema):
    """A text, in the clear."""

    text_id = ma.fields.String()
    text = ma.fields.String()


class NarrativesSchema(ma.Schema):
    """References to texts that were deposited, in their order."""

    texts = ma.fields.List(ma.fields.Nested(TextRefBody))


class FaultSchema(ma.Schema):
    """What is wrong in one place of a file."""

    sheet = ma.fields.String()
    row = ma.fields.Integer(metadata={"description": "1-based"})
    column = ma.fields.String(allow_none=True, metadata={"description": "letters"})
    heading = ma.fields.String(allow_none=True)
    code = ma.fields.String()
    texts = ma.fields.Nested(Texts)


class ImportSchema(ma.Schema):
    """What became of a file, row by row."""

    sheet = ma.fields.String()
    file_sha256 = ma.fields.String()
    rows = ma.fields.Integer()
    rows_received = ma.fields.Integer()
    rows_repeated = ma.fields.Integer()
    rows_rejected = ma.fields.Integer()
    faults = ma.fields.List(ma.fields.Nested(FaultSchema))
    faults_left_out = ma.fields.Integer()
    warnings = ma.fields.List(ma.fields.Nested(FaultSchema))
