"""Reports of public sentiment over HTTP: enter, list, read."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from services.intake import gathering, sentiment_list
from services.intake.read_model import as_json
from services.intake.schemas import TextQuery
from shared.access import Action
from shared.contracts.vocabulary import Breadth, Intensity, Stance
from shared.vault import TEXT_MAX_CHARACTERS
from shared.web.callers import allowed, allowed_somewhere
from shared.web.current import runtime
from shared.web.perform import perform
from shared.web.schemas import KEY, Page, ProvinceBody

blueprint = Blueprint("sentiments", __name__, description="Báo cáo dư luận xã hội")


class NewReport(ProvinceBody):
    """What an organisation hears people say, in a period. It states no number of people."""

    unit = ma.fields.String(required=True, validate=KEY, metadata={"description": "đơn vị"})
    field = ma.fields.String(required=True, validate=KEY, metadata={"description": "lĩnh vực"})
    organisation = ma.fields.String(required=True, validate=KEY)
    period_from = ma.fields.Date("iso", required=True)
    period_to = ma.fields.Date("iso", required=True)
    stance = ma.fields.Enum(Stance, by_value=True, required=True)
    intensity = ma.fields.Enum(Intensity, by_value=True, required=True)
    breadth = ma.fields.Enum(Breadth, by_value=True, required=True)
    text = ma.fields.String(
        required=True, validate=ma.validate.Length(min=1, max=TEXT_MAX_CHARACTERS)
    )
    topic_id = ma.fields.UUID(load_default=None, allow_none=True)


class ReportsQuery(Page):
    """Which reports to list."""

    topic_id = ma.fields.UUID(load_default=None)


@blueprint.route("/sentiments")
class Sentiments(MethodView):
    """All reports of public sentiment of a province."""

    @blueprint.arguments(NewReport)
    @blueprint.response(201)
    def post(self, body: dict[str, Any]) -> Response:
        """Record a report; answers its id."""
        known = allowed(Action.REPORT_SENTIMENT, province=body["province"])
        opened = runtime()
        province = opened.province(body["province"])
        return perform(
            opened, known, lambda step: (201, gathering.report(opened, province, body, step))
        )

    @blueprint.arguments(ReportsQuery, location="query")
    @blueprint.response(200)
    def get(self, query: dict[str, Any]) -> Response:
        """List reports by their ids, without their texts; `next` is `after` the page."""
        allowed(Action.READ_SENTIMENTS, province=query["province"])
        province = runtime().province(query["province"])
        topic_id = query["topic_id"]
        with runtime().store.read() as connection:
            rows = sentiment_list.page(
                connection,
                province=province.slug,
                topic_id=None if topic_id is None else str(topic_id),
                after=query["after"],
                limit=query["limit"],
            )
        is_full = len(rows) == query["limit"]
        return jsonify(
            {
                "sentiments": [as_json(row) for row in rows],
                "next": rows[-1]["report_id"] if is_full else None,
            }
        )


@blueprint.route("/sentiments/<uuid:report_id>/text")
class Narrative(MethodView):
    """What a report says in words."""

    @blueprint.arguments(TextQuery, location="query")
    @blueprint.response(200)
    def get(self, query: dict[str, Any], report_id: UUID) -> Response:
        """Return the narrative of a report; the reading is logged."""
        opened = runtime()
        scope = allowed_somewhere(Action.READ_SENTIMENTS).province
        with opened.store.write() as tx:
            row = sentiment_list.one(tx.connection, str(report_id), province=scope)
            known = allowed(Action.READ_SENTIMENTS, province=row["province"])
            text = opened.vault.read(
                tx.connection,
                text_id=row["text_id"],
                reader=known.seat,
                purpose=query["purpose"],
            )
        return jsonify({"report_id": row["report_id"], "text": text})
