"""The bodies that Intake's API takes about an opinion's further course."""

import marshmallow as ma

from services.intake.schemas import Opinions
from shared.contracts.vocabulary import (
    ErasureRefusal,
    FeedbackReason,
    Level,
    OpinionKind,
    ReopenRefusal,
    Satisfaction,
    Urgency,
    WithdrawalReason,
)
from shared.vault import TEXT_MAX_CHARACTERS
from shared.web.schemas import KEY, ProvinceBody

PARTS_MIN, PARTS_MAX = 2, 20
REASONS_MAX = 5


class Handover(Opinions):
    """Which organisation has the opinions now."""

    receiver = ma.fields.String(required=True, validate=KEY)


class Words(Opinions):
    """A question to the reporter, or his reply; the words go to the vault."""

    text = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Length(min=1, max=TEXT_MAX_CHARACTERS),
    )


class Classify(Opinions):
    """What the opinions are about, and whose matter that is."""

    opinion_kind = ma.fields.Enum(OpinionKind, by_value=True, required=True)
    field = ma.fields.String(required=True, validate=KEY, metadata={"description": "lĩnh vực"})
    competent_level = ma.fields.Enum(Level, by_value=True, required=True)
    urgency = ma.fields.Enum(Urgency, by_value=True, load_default=Urgency.NORMAL)


class Stub(ProvinceBody):
    """That somebody brought a denunciation; nothing of it."""

    unit = ma.fields.String(required=True, validate=KEY, metadata={"description": "đơn vị"})
    redirect = ma.fields.String(required=True, validate=KEY)


class Merge(Opinions):
    """Into which opinion, and how like the two are where that was measured."""

    head_id = ma.fields.UUID(required=True)
    similarity_permille = ma.fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=ma.validate.Range(min=0, max=1000),
    )
    algorithm = ma.fields.String(load_default=None, allow_none=True, validate=KEY)


class Part(ma.Schema):
    """One of the matters that an opinion is."""

    field = ma.fields.String(required=True, validate=KEY)
    opinion_kind = ma.fields.Enum(OpinionKind, by_value=True, required=True)
    voices = ma.fields.Integer(
        strict=True, load_default=1, validate=ma.validate.Range(min=1, max=10**7)
    )
    text = ma.fields.String(
        required=True, validate=ma.validate.Length(min=1, max=TEXT_MAX_CHARACTERS)
    )


class Split(ma.Schema):
    """The parts that stand for the opinion from now on."""

    parts = ma.fields.List(
        ma.fields.Nested(Part),
        required=True,
        validate=ma.validate.Length(min=PARTS_MIN, max=PARTS_MAX),
    )


class Withdraw(Opinions):
    """Why; and whether the agency goes on by its own duty."""

    reason = ma.fields.Enum(WithdrawalReason, by_value=True, required=True)
    keep_ex_officio = ma.fields.Boolean(load_default=False)


class Reasons(Opinions):
    """What is wrong with the answers."""

    reasons = ma.fields.List(
        ma.fields.Enum(FeedbackReason, by_value=True),
        required=True,
        validate=ma.validate.Length(min=1, max=REASONS_MAX),
    )


class Feedback(Opinions):
    """What the reporters think of the answers."""

    satisfaction = ma.fields.Enum(Satisfaction, by_value=True, required=True)
    reasons = ma.fields.List(
        ma.fields.Enum(FeedbackReason, by_value=True),
        load_default=list,
        validate=ma.validate.Length(max=REASONS_MAX),
    )


class RefuseReopening(Opinions):
    """Why the answers stand."""

    reason = ma.fields.Enum(ReopenRefusal, by_value=True, required=True)


class Link(Opinions):
    """Which opinion it was that had been answered before."""

    earlier_id = ma.fields.UUID(required=True)


class ErasureDecision(Opinions):
    """Why not; none grants the requests."""

    refusal = ma.fields.Enum(ErasureRefusal, by_value=True, load_default=None, allow_none=True)


class Timer(ma.Schema):
    """Where to look; absent, in every province."""

    province = ma.fields.String(load_default=None, allow_none=True, validate=KEY)
