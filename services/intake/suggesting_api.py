"""Opinions like another one over HTTP: while it is entered, and while it is screened."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from services.intake import read_model
from services.intake.indexing import catch_up_a_little
from services.intake.similarity import ALGORITHM
from services.intake.suggesting import Asked, Suggestion, suggest
from shared.access import Action, Caller
from shared.kernel.clock import civil_date
from shared.kernel.errors import NotFound
from shared.vault import TEXT_MAX_CHARACTERS, Purpose, checked_text
from shared.web.callers import allowed, allowed_somewhere
from shared.web.current import runtime
from shared.web.schemas import KEY, ProvinceBody

blueprint = Blueprint("suggesting", __name__, description="Ý kiến có thể trùng")


class Draft(ProvinceBody):
    """An opinion that is being entered; nothing of it is kept."""

    unit = ma.fields.String(required=True, validate=KEY, metadata={"description": "đơn vị"})
    field = ma.fields.String(required=True, validate=KEY, metadata={"description": "lĩnh vực"})
    text = ma.fields.String(
        required=True, validate=ma.validate.Length(min=1, max=TEXT_MAX_CHARACTERS)
    )


@blueprint.route("/opinions/similar")
class LikeDraft(MethodView):
    """Opinions like one that is not recorded yet."""

    @blueprint.arguments(Draft)
    @blueprint.response(200)
    def post(self, body: dict[str, Any]) -> Response:
        """Suggest opinions that may be the same, with the words they share. Records nothing."""
        known = allowed(Action.FIND_SIMILAR, province=body["province"])
        province = runtime().province(body["province"])
        today = civil_date(runtime().clock())
        asked = Asked(
            province=province.slug,
            unit=province.unit(body["unit"], today).key,
            field=province.field(body["field"], today).key,
            text=checked_text(body["text"]),
        )
        catch_up_a_little(runtime(), province.slug)
        with runtime().store.write() as tx:
            return _answer(suggest(runtime(), tx.connection, asked, reader=known.seat))


@blueprint.route("/opinions/<uuid:opinion_id>/similar")
class LikeOpinion(MethodView):
    """Opinions like one that is recorded."""

    @blueprint.response(200)
    def get(self, opinion_id: UUID) -> Response:
        """Suggest opinions that may be the same, with the words they share."""
        scope = allowed_somewhere(Action.FIND_SIMILAR).province
        with runtime().store.read() as connection:
            row = read_model.one(connection, str(opinion_id), province=scope)
        known = allowed(Action.FIND_SIMILAR, province=row["province"])
        catch_up_a_little(runtime(), row["province"])
        return _like(row, known)


def _like(row: Any, known: Caller) -> Response:
    opened = runtime()
    if row["text_id"] is None:
        raise NotFound("opinion.without_text", opinion=row["opinion_id"])
    with opened.store.write() as tx:
        text = opened.vault.read(
            tx.connection, text_id=row["text_id"], reader=known.seat, purpose=Purpose.COMPARISON
        )
        asked = Asked(
            province=row["province"],
            unit=row["unit"],
            field=row["field"],
            text=text,
            opinion_id=row["opinion_id"],
        )
        return _answer(suggest(opened, tx.connection, asked, reader=known.seat))


def _answer(suggestions: list[Suggestion]) -> Response:
    """Return what is shown to the caller; it holds words of narratives and is kept nowhere."""
    return jsonify(
        {
            "algorithm": ALGORITHM,
            "similar": [
                {
                    "opinion": read_model.as_json(each.opinion),
                    "similarity_permille": each.likeness.permille,
                    "phrases": list(each.likeness.phrases),
                    "same_unit": each.is_same_unit,
                    "same_field": each.is_same_field,
                }
                for each in suggestions
            ],
        }
    )
