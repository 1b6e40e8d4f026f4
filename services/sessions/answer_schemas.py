"""What Sessions' API answers with, for its description; null is what was not stated."""

import marshmallow as ma

from services.sessions.schemas import STATES
from shared.contracts.vocabulary import AttendanceBasis, Level, Mode, Outcome, SessionKind
from shared.web.schemas import Texts


class StandingSchema(ma.Schema):
    """A session after a command."""

    session_id = ma.fields.UUID()
    state = ma.fields.String(validate=ma.validate.OneOf(STATES))
    version = ma.fields.Integer()


class LineSchema(ma.Schema):
    """An opinion that a line of the room's queue is about."""

    opinion_id = ma.fields.UUID()
    repeated = ma.fields.Boolean(metadata={"description": "it was known already"})


class RaisedSchema(StandingSchema):
    """A session after opinions were raised in it: their ids, in the order of the lines."""

    opinions = ma.fields.List(ma.fields.Nested(LineSchema))


class AnsweredSchema(StandingSchema):
    """A session after answers were given in it, in the order of the lines."""

    answers = ma.fields.List(ma.fields.Nested(LineSchema))


class IssuedCommitmentSchema(ma.Schema):
    """A commitment of a conclusion, and where its product can be read."""

    commitment_id = ma.fields.String()
    text_id = ma.fields.String(allow_none=True)


class WarningSchema(ma.Schema):
    """Words of a product that promise nothing which could be checked."""

    place = ma.fields.String()
    code = ma.fields.String()
    words = ma.fields.List(ma.fields.String())
    texts = ma.fields.Nested(Texts)


class ConcludedSchema(StandingSchema):
    """A session after its conclusion was issued."""

    conclusion_id = ma.fields.String()
    number = ma.fields.String()
    commitments = ma.fields.List(ma.fields.Nested(IssuedCommitmentSchema))
    warnings = ma.fields.List(ma.fields.Nested(WarningSchema))


class SessionSchema(ma.Schema):
    """A session as it stands now."""

    session_id = ma.fields.UUID()
    province = ma.fields.String()
    state = ma.fields.String(validate=ma.validate.OneOf(STATES))
    version = ma.fields.Integer()
    unit = ma.fields.String()
    level = ma.fields.Enum(Level, by_value=True)
    session_kind = ma.fields.Enum(SessionKind, by_value=True)
    mode = ma.fields.Enum(Mode, by_value=True)
    field = ma.fields.String(allow_none=True)
    planned_year = ma.fields.Integer()
    trigger = ma.fields.String(allow_none=True)
    calendar_on = ma.fields.Date("iso")
    held_on = ma.fields.Date("iso", allow_none=True)
    chair = ma.fields.String(allow_none=True)
    head_present = ma.fields.Boolean(allow_none=True)
    attendances = ma.fields.Integer(allow_none=True)
    speaking_turns = ma.fields.Integer(allow_none=True)
    opinions_on_agenda = ma.fields.Integer()
    opinions_raised = ma.fields.Integer()
    opinions_answered_on_spot = ma.fields.Integer()
    opinions_covered = ma.fields.Integer()
    conclusion_id = ma.fields.String(allow_none=True)
    starts_at = ma.fields.String(allow_none=True)
    venue = ma.fields.String(allow_none=True)
    required_agencies = ma.fields.Raw(allow_none=True)
    is_delegated = ma.fields.Boolean(allow_none=True)
    convened_on = ma.fields.Date("iso", allow_none=True)
    change_reason = ma.fields.String(allow_none=True)
    topics_on_agenda = ma.fields.Integer(allow_none=True)
    topics_omitted = ma.fields.Integer(allow_none=True)
    conclusion_due_on = ma.fields.Date("iso", allow_none=True)
    published_on = ma.fields.Date("iso", allow_none=True)
    publication_due_on = ma.fields.Date("iso", allow_none=True)
    completed_on = ma.fields.Date("iso", allow_none=True)
    sequence = ma.fields.Integer()


class SessionsSchema(ma.Schema):
    """A page of sessions, by their place in the calendar."""

    sessions = ma.fields.List(ma.fields.Nested(SessionSchema))
    next = ma.fields.String(allow_none=True, metadata={"description": "`after` of the next page"})


class GroupSchema(ma.Schema):
    """Attendances of one group."""

    session_id = ma.fields.UUID()
    group = ma.fields.String()
    attendances = ma.fields.Integer()
    basis = ma.fields.Enum(AttendanceBasis, by_value=True)


class SessionOpinionSchema(ma.Schema):
    """An opinion of a session, and what became of it there."""

    session_id = ma.fields.UUID()
    opinion_id = ma.fields.UUID()
    source = ma.fields.String(validate=ma.validate.OneOf(["agenda", "room"]))
    field = ma.fields.String()
    disposition = ma.fields.String()
    outcome = ma.fields.Enum(Outcome, by_value=True, allow_none=True)
    commitment_id = ma.fields.String(allow_none=True)


class CommitmentSchema(ma.Schema):
    """A commitment of a conclusion."""

    commitment_id = ma.fields.String()
    conclusion_id = ma.fields.String()
    place = ma.fields.Integer(metadata={"description": "1-based, in the notice"})
    field = ma.fields.String()
    lead_agency = ma.fields.String()
    cooperating_agencies = ma.fields.List(ma.fields.String())
    due_on = ma.fields.Date("iso")
    text_id = ma.fields.String()


class ConclusionSchema(ma.Schema):
    """The conclusion notice."""

    conclusion_id = ma.fields.String()
    number = ma.fields.String()
    issued_on = ma.fields.Date("iso")
    signer = ma.fields.String()
    commitments = ma.fields.List(ma.fields.Nested(CommitmentSchema))


class DetailedSessionSchema(SessionSchema):
    """A session with its groups, opinions and conclusion."""

    groups = ma.fields.List(ma.fields.Nested(GroupSchema))
    opinions = ma.fields.List(ma.fields.Nested(SessionOpinionSchema))
    conclusion = ma.fields.Nested(ConclusionSchema, allow_none=True)


class TextSchema(ma.Schema):
    """A text, in the clear."""

    text_id = ma.fields.String()
    text = ma.fields.String()
