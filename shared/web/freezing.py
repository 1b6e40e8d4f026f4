"""Freezing a province's log for good: the three steps that an operator takes in each service."""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from shared.access import Action, Caller
from shared.projections.freezing import close, freeze, name_predecessor
from shared.web.callers import allowed
from shared.web.current import runtime

blueprint = Blueprint(
    "freezing", __name__, url_prefix="/freezing", description="Khóa sổ vĩnh viễn và kế tục"
)

LOGS_MAX = 100
"""Logs of one province: one for each service."""
_SLUG = ma.validate.Regexp(r"[a-z0-9-]{1,80}\Z")
_ORIGIN = ma.validate.Regexp(r"[!-.0-~]{1,80}/[a-z0-9_-]{1,80}/[a-z0-9_-]{1,40}\Z")


class ClosedProvince(ma.Schema):
    """Which province is closed, and which one goes on with its affairs."""

    province = ma.fields.String(required=True, validate=_SLUG)
    successor = ma.fields.String(required=True, validate=_SLUG)


class StillProvince(ma.Schema):
    """How long its logs are, in all services, as they stand still."""

    province = ma.fields.String(required=True, validate=_SLUG)
    sizes = ma.fields.Dict(
        keys=ma.fields.String(validate=_ORIGIN),
        values=ma.fields.Integer(strict=True, validate=ma.validate.Range(min=0, max=2**53)),
        required=True,
        validate=ma.validate.Length(max=LOGS_MAX),
    )


class FrozenProvince(ma.Schema):
    """Which province is frozen."""

    province = ma.fields.String(required=True, validate=_SLUG)


@blueprint.route("/close")
class Close(MethodView):
    """No commands any more."""

    @blueprint.arguments(ClosedProvince)
    @blueprint.response(200)
    def post(self, body: dict[str, Any]) -> Response:
        """Close the province's log to commands; answers its size."""
        _may(body["province"])
        _may(body["successor"])
        return jsonify({"size": close(runtime().ledger, **body)})


@blueprint.route("/freeze")
class Freeze(MethodView):
    """Nothing any more."""

    @blueprint.arguments(StillProvince)
    @blueprint.response(200)
    def post(self, body: dict[str, Any]) -> Response:
        """Freeze the province's log, when nothing is left to apply; answers its size."""
        _may(body["province"])
        definition = runtime().definition
        size = freeze(runtime().ledger, definition.follow, consumers=definition.consumers, **body)
        return jsonify({"size": size})


@blueprint.route("/name")
class Name(MethodView):
    """The successor records it."""

    @blueprint.arguments(FrozenProvince)
    @blueprint.response(200)
    def post(self, body: dict[str, Any]) -> Response:
        """Name the frozen log in its successor's, once it is signed; answers the position."""
        known = _may(body["province"])
        outcome = name_predecessor(runtime().ledger, actor=known.seat, **body)
        return jsonify({"position": outcome.appended[0].position, "repeated": outcome.repeated})


def _may(province: str) -> Caller:
    return allowed(Action.FREEZE_LOG, province=province)
