"""The bodies and queries that Intake's API takes, checked before anything else looks."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import request

from services.intake.states import STATE_NAMES
from shared.contracts.vocabulary import Channel, DeclineReason, OpinionKind
from shared.vault import TEXT_MAX_CHARACTERS, Purpose
from shared.web.schemas import KEY, Page, ProvinceBody

OPINIONS_AT_ONCE = 100
NARRATIVES_AT_ONCE = 50
"""As many as a live room sends lines at once."""


class NewOpinion(ProvinceBody):
    """An opinion that an organisation reports."""

    unit = ma.fields.String(required=True, validate=KEY, metadata={"description": "đơn vị"})
    field = ma.fields.String(required=True, validate=KEY, metadata={"description": "lĩnh vực"})
    opinion_kind = ma.fields.Enum(OpinionKind, by_value=True, required=True)
    channel = ma.fields.Enum(Channel, by_value=True, required=True)
    organisation = ma.fields.String(required=True, validate=KEY)
    voices = ma.fields.Integer(
        strict=True, load_default=1, validate=ma.validate.Range(min=1, max=10**7)
    )
    received_on = ma.fields.Date("iso", required=True)
    text = ma.fields.String(
        required=True, validate=ma.validate.Length(min=1, max=TEXT_MAX_CHARACTERS)
    )


class NewNarratives(ProvinceBody):
    """Texts to be kept in the vault before events refer to them: all or none."""

    texts = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(min=1, max=TEXT_MAX_CHARACTERS)),
        required=True,
        validate=ma.validate.Length(min=1, max=NARRATIVES_AT_ONCE),
    )


class Opinions(ma.Schema):
    """One opinion or several, all of one province; all or none is done."""

    opinion_ids = ma.fields.List(
        ma.fields.UUID(),
        required=True,
        validate=ma.validate.Length(min=1, max=OPINIONS_AT_ONCE),
    )


class Decline(Opinions):
    """Why the opinions leave the flow."""

    reason = ma.fields.Enum(DeclineReason, by_value=True, required=True)
    redirect = ma.fields.String(load_default=None, allow_none=True, validate=KEY)


class Refer(Opinions):
    """To which agency; absent, the routing table chooses."""

    agency = ma.fields.String(load_default=None, allow_none=True, validate=KEY)


class Schedule(Opinions):
    """For which session."""

    session_id = ma.fields.UUID(required=True)


class OpinionQuery(Page):
    """Which opinions to list."""

    state = ma.fields.String(
        load_default=None,
        validate=ma.validate.OneOf(
            sorted(name for name in STATE_NAMES.values() if name != "unknown")
        ),
    )
    good_practice = ma.fields.Boolean(load_default=False)
    session_id = ma.fields.UUID(load_default=None)


class TextQuery(ma.Schema):
    """Why a text is read; the reading is logged."""

    purpose = ma.fields.Enum(Purpose, by_value=True, required=True)


class Upload(ProvinceBody):
    """A form with a file, what it is, and whose."""

    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(["digest", "declared"]))
    file = ma.fields.Raw(required=True, metadata={"type": "string", "format": "binary"})

    @ma.pre_load
    def take_file(self, form: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Return the form's fields together with its file, which Flask keeps apart."""
        fields = {name: form[name] for name in form if name != "file"}
        file = request.files.get("file")
        return fields if file is None else {**fields, "file": file}
