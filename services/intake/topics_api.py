"""Topics over HTTP: propose, join, rank, confirm, dismiss."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

import marshmallow as ma
import sqlalchemy as sa
from flask import Response, current_app, jsonify, request
from flask.views import MethodView
from flask_smorest import Blueprint

from services.intake import gathering, topic_read_model
from services.intake.ranking import Ranked, ranked, reasons, since
from services.intake.read_model import as_json
from services.intake.schemas import OPINIONS_AT_ONCE, Opinions
from shared.access import Action
from shared.contracts.vocabulary import TopicDismissal
from shared.kernel.clock import civil_date
from shared.kernel.errors import NotFound
from shared.provinces import Province
from shared.regulations import HotTopic
from shared.vault import Purpose
from shared.web.callers import allowed, allowed_somewhere
from shared.web.current import runtime
from shared.web.perform import Body, Step, expected_version, perform
from shared.web.schemas import KEY, PAGE_MAX_ROWS, Page, ProvinceBody

blueprint = Blueprint("topics", __name__, description="Vấn đề nổi lên, vấn đề nóng")

NAME_MAX_CHARACTERS = 200
RANKING_MAX = 50


class NewTopic(ProvinceBody):
    """What many opinions are about, and the first of them."""

    unit = ma.fields.String(required=True, validate=KEY, metadata={"description": "đơn vị"})
    field = ma.fields.String(required=True, validate=KEY, metadata={"description": "lĩnh vực"})
    name = ma.fields.String(
        required=True, validate=ma.validate.Length(min=1, max=NAME_MAX_CHARACTERS)
    )
    opinion_ids = ma.fields.List(
        ma.fields.UUID(), load_default=list, validate=ma.validate.Length(max=OPINIONS_AT_ONCE)
    )


class TopicsQuery(Page):
    """Which topics to list."""

    unit = ma.fields.String(load_default=None, validate=KEY)
    state = ma.fields.String(
        load_default=None, validate=ma.validate.OneOf(["proposed", "confirmed", "dismissed"])
    )


class RankingQuery(ProvinceBody):
    """Whose topics to rank, and how many to show."""

    unit = ma.fields.String(load_default=None, validate=KEY)
    limit = ma.fields.Integer(load_default=20, validate=ma.validate.Range(min=1, max=RANKING_MAX))


class MembersQuery(ma.Schema):
    """Which page of a topic's opinions."""

    after = ma.fields.UUID(load_default=None)
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(min=1, max=PAGE_MAX_ROWS))


class Confirm(ma.Schema):
    """As hot or not; absent, what the rule says."""

    is_hot = ma.fields.Boolean(load_default=None, allow_none=True)


class Dismiss(ma.Schema):
    """Why it is no topic."""

    reason = ma.fields.Enum(TopicDismissal, by_value=True, required=True)


@blueprint.route("/topics")
class Topics(MethodView):
    """All topics of a province."""

    @blueprint.arguments(NewTopic)
    @blueprint.response(201)
    def post(self, body: dict[str, Any]) -> Response:
        """Propose a topic. It is a proposal until a person confirms it."""
        known = allowed(Action.PROPOSE_TOPIC, province=body["province"])
        opened = runtime()
        province = opened.province(body["province"])
        return perform(
            opened, known, lambda step: (201, gathering.propose(opened, province, body, step))
        )

    @blueprint.arguments(TopicsQuery, location="query")
    @blueprint.response(200)
    def get(self, query: dict[str, Any]) -> Response:
        """List topics by their ids, with their names; `next` is `after` the page."""
        known = allowed(Action.READ_TOPICS, province=query["province"])
        province = runtime().province(query["province"])
        with runtime().store.write() as tx:
            rows = topic_read_model.page(
                tx.connection,
                province=province.slug,
                state=query["state"],
                unit=query["unit"],
                after=query["after"],
                limit=query["limit"],
            )
            topics = [_named(tx.connection, row, known.seat) for row in rows]
        is_full = len(rows) == query["limit"]
        return jsonify({"topics": topics, "next": rows[-1]["topic_id"] if is_full else None})


@blueprint.route("/topics/ranking")
class Ranking(MethodView):
    """The hot topics of a province, hottest first."""

    @blueprint.arguments(RankingQuery, location="query")
    @blueprint.response(200)
    def get(self, query: dict[str, Any]) -> Response:
        """Rank live topics by the rule of today, each with its reasons."""
        known = allowed(Action.READ_TOPICS, province=query["province"])
        province = runtime().province(query["province"])
        today = civil_date(runtime().clock())
        rule = province.regulation.rule("hot_topic", today)
        hot = rule.as_hot_topic()
        with runtime().store.write() as tx:
            tellings = topic_read_model.tellings(
                tx.connection,
                province=province.slug,
                unit=query["unit"],
                since=since(hot, today),
            )
            topics = [
                {**_named(tx.connection, each.row, known.seat), **_heat(each, hot, province)}
                for each in ranked(tellings, hot, today)[: query["limit"]]
            ]
        stated = {**asdict(hot), "citation": rule.citation, "is_law": rule.is_law}
        return jsonify({"on": today.isoformat(), "rule": stated, "topics": topics})


@blueprint.route("/topics/<uuid:topic_id>")
class OneTopic(MethodView):
    """One topic."""

    @blueprint.arguments(MembersQuery, location="query")
    @blueprint.response(200)
    def get(self, query: dict[str, Any], topic_id: UUID) -> Response:
        """Return the topic, and a page of the opinions about it."""
        row = _row(Action.READ_TOPICS, topic_id)
        known = allowed(Action.READ_TOPICS, province=row["province"])
        after = "" if query["after"] is None else str(query["after"])
        with runtime().store.write() as tx:
            rows = topic_read_model.opinions(
                tx.connection, str(topic_id), after=after, limit=query["limit"]
            )
            topic = _named(tx.connection, row, known.seat)
        is_full = len(rows) == query["limit"]
        members = {
            "opinions": [as_json(each) for each in rows],
            "next": rows[-1]["opinion_id"] if is_full else None,
        }
        response = jsonify({**topic, **members})
        response.set_etag(str(row["version"]))
        return response


@blueprint.route("/topics/<uuid:topic_id>/join")
class Joining(MethodView):
    """Opinions are about a topic."""

    @blueprint.arguments(Opinions)
    @blueprint.response(200)
    def post(self, body: dict[str, Any], topic_id: UUID) -> Response:
        """Say that one or several opinions are about the topic, all or none."""
        opinion_ids = [str(each) for each in body["opinion_ids"]]
        return _carried_out(
            Action.PROPOSE_TOPIC,
            topic_id,
            lambda row, step: gathering.join(runtime(), row, opinion_ids, step),
        )


@blueprint.route("/topics/<uuid:topic_id>/confirm")
class Confirming(MethodView):
    """A person confirms a topic."""

    @blueprint.arguments(Confirm)
    @blueprint.response(200)
    def post(self, body: dict[str, Any], topic_id: UUID) -> Response:
        """Confirm the topic as hot or not; the figures of today are recorded with it."""
        expected = expected_version(request)
        return _carried_out(
            Action.CONFIRM_TOPIC,
            topic_id,
            lambda row, step: gathering.confirm(
                runtime(), row, step, is_hot=body["is_hot"], expected_version=expected
            ),
        )


@blueprint.route("/topics/<uuid:topic_id>/dismiss")
class Dismissing(MethodView):
    """A person finds that it is no topic."""

    @blueprint.arguments(Dismiss)
    @blueprint.response(200)
    def post(self, body: dict[str, Any], topic_id: UUID) -> Response:
        """Dismiss the topic with a coded reason. Its opinions stay as they are."""
        expected = expected_version(request)
        return _carried_out(
            Action.CONFIRM_TOPIC,
            topic_id,
            lambda row, step: gathering.dismiss(
                runtime(), row, step, reason=body["reason"], expected_version=expected
            ),
        )


def _carried_out(
    action: Action, topic_id: UUID, work: Callable[[sa.RowMapping, Step], Body]
) -> Response:
    row = _row(action, topic_id)
    known = allowed(action, province=row["province"])
    return perform(runtime(), known, lambda step: (200, work(row, step)))


def _row(action: Action, topic_id: UUID) -> sa.RowMapping:
    scope = allowed_somewhere(action).province
    with runtime().store.read() as connection:
        return topic_read_model.one(connection, str(topic_id), province=scope)


def _named(connection: sa.Connection, row: sa.RowMapping, reader: str) -> dict[str, Any]:
    """Return a topic's row with its name, whose reading is logged; None once it is erased."""
    try:
        name = runtime().vault.read(
            connection, text_id=row["name_id"], reader=reader, purpose=Purpose.PUBLICATION
        )
    except NotFound:
        name = None
    return {**as_json(row), "name": name}


def _heat(topic: Ranked, rule: HotTopic, province: Province) -> dict[str, Any]:
    return {
        "is_hot_by_rule": topic.is_hot_by_rule,
        "heat": asdict(topic.heat),
        "hot_units": [asdict(each) for each in topic.hot_units],
        "reasons": reasons(topic, rule, province, current_app.extensions["catalogue"]),
    }
