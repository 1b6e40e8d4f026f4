"""What an operator does about delivery: see it, retry or skip what halted."""

from dataclasses import asdict
from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from shared.access import Action
from shared.projections.halts import retry
from shared.projections.skip import skip
from shared.projections.status import entries_unpublished, follow_status
from shared.vault import TEXT_MAX_CHARACTERS
from shared.web.callers import allowed, allowed_somewhere
from shared.web.current import runtime
from shared.web.log import province_of_origin

blueprint = Blueprint("follow", __name__, url_prefix="/follow", description="Truyền nhận sự kiện")


class HaltedLog(ma.Schema):
    """Which log, as which consumer reads it."""

    consumer = ma.fields.String(
        required=True, validate=ma.validate.Regexp(r"[a-z][a-z0-9._-]{0,119}\Z")
    )
    origin = ma.fields.String(
        required=True,
        validate=ma.validate.Regexp(r"[!-.0-~]{1,80}/[a-z0-9_-]{1,80}/[a-z0-9_-]{1,40}\Z"),
    )


class SkippedEntry(HaltedLog):
    """Why its next entry is passed over."""

    reason = ma.fields.String(
        required=True, validate=ma.validate.Length(min=1, max=TEXT_MAX_CHARACTERS)
    )


@blueprint.route("/status")
class Status(MethodView):
    """Delivery into and out of the service."""

    @blueprint.response(200)
    def get(self) -> Response:
        """Return each log followed with its position, and what the relay has to publish.

        Of the caller's own province only, where the caller has one.
        """
        scope = allowed_somewhere(Action.READ_HEALTH_DETAIL).province
        opened = runtime()
        tables = opened.definition.follow
        unpublished = entries_unpublished(opened.store, opened.definition.log, tables)
        return jsonify(
            {
                "followed": [
                    asdict(each)
                    for each in follow_status(opened.store, tables)
                    if scope in (None, province_of_origin(each.origin))
                ],
                "unpublished": {
                    origin: entries
                    for origin, entries in unpublished.items()
                    if scope in (None, province_of_origin(origin))
                },
            }
        )


@blueprint.route("/retry")
class Retry(MethodView):
    """The cause is mended."""

    @blueprint.arguments(HaltedLog)
    @blueprint.response(200)
    def post(self, body: dict[str, Any]) -> Response:
        """Try the halted entry again; answers its position."""
        allowed(Action.MANAGE_FOLLOW, province=province_of_origin(body["origin"]))
        opened = runtime()
        return jsonify(
            {"position": retry(opened.store, opened.definition.follow, **body)},
        )


@blueprint.route("/skip")
class Skip(MethodView):
    """The entry can't be applied."""

    @blueprint.arguments(SkippedEntry)
    @blueprint.response(200)
    def post(self, body: dict[str, Any]) -> Response:
        """Pass over the halted entry, for ever; the log of this service records it."""
        known = allowed(Action.MANAGE_FOLLOW, province=province_of_origin(body["origin"]))
        opened = runtime()
        position = skip(
            opened.ledger, opened.definition.follow, opened.vault, actor=known.seat, **body
        )
        return jsonify({"position": position})
