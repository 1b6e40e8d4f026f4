"""Tokens of a deployment: issue, list, revoke."""

import re
from datetime import timedelta
from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from shared.access import Action, Role, Token
from shared.kernel.clock import rfc3339, system_clock
from shared.kernel.errors import NotFound, Refused
from shared.provinces import shown_key
from shared.web.callers import allowed, allowed_somewhere
from shared.web.current import runtime
from shared.web.schemas import KEY

blueprint = Blueprint("access", __name__, url_prefix="/access", description="Quyền truy cập")

LIFETIME_MAX_DAYS = 366
TOKEN_ID = re.compile(r"[0-9a-f]{16}")


class NewToken(ma.Schema):
    """For which seat, in which role and scope, for how long."""

    seat = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=80))
    role = ma.fields.Enum(Role, by_value=True, required=True)
    province = ma.fields.String(load_default=None, allow_none=True, validate=KEY)
    agency = ma.fields.String(load_default=None, allow_none=True, validate=KEY)
    lifetime_days = ma.fields.Integer(
        load_default=90, validate=ma.validate.Range(min=1, max=LIFETIME_MAX_DAYS)
    )


class TokenQuery(ma.Schema):
    """How many tokens to list."""

    limit = ma.fields.Integer(load_default=100, validate=ma.validate.Range(min=1, max=1000))


@blueprint.route("/tokens")
class Tokens(MethodView):
    """All tokens."""

    @blueprint.arguments(NewToken)
    @blueprint.response(201)
    def post(self, body: dict[str, Any]) -> tuple[Response, int]:
        """Issue a token. Its bearer is in this answer and never shown again."""
        allowed(Action.MANAGE_ACCESS, province=body["province"])
        opened = runtime()
        if body["province"] is not None:
            province = opened.province(body["province"])
            if body["agency"] is not None and not province.agencies.ever(body["agency"]):
                raise Refused("province.unknown_agency", agency=shown_key(body["agency"]))
        issued = opened.access.issue(
            seat=body["seat"],
            role=body["role"],
            province=body["province"],
            agency=body["agency"],
            now=system_clock(),
            lifetime=timedelta(days=body["lifetime_days"]),
        )
        answer = jsonify({**as_json(issued.token), "bearer": issued.bearer})
        return answer, 201

    @blueprint.arguments(TokenQuery, location="query")
    @blueprint.response(200)
    def get(self, query: dict[str, int]) -> Response:
        """List the latest tokens of the caller's scope, without their secrets."""
        scope = allowed_somewhere(Action.MANAGE_ACCESS).province
        tokens = runtime().access.list(query["limit"], province=scope)
        return jsonify({"tokens": [as_json(each) for each in tokens]})


@blueprint.route("/tokens/<token_id>")
class OneToken(MethodView):
    """One token."""

    @blueprint.response(200)
    def delete(self, token_id: str) -> Response:
        """Revoke the token, at once and for good; one of another province is unknown."""
        scope = allowed_somewhere(Action.MANAGE_ACCESS).province
        if not TOKEN_ID.fullmatch(token_id):
            raise NotFound("access.unknown_token")
        revoked = runtime().access.revoke(token_id, now=system_clock(), province=scope)
        return jsonify(as_json(revoked))


def as_json(token: Token) -> dict[str, Any]:
    """Return a token without its secret, as JSON values."""
    return {
        "token_id": token.token_id,
        "seat": token.seat,
        "role": token.role.value,
        "province": token.province,
        "agency": token.agency,
        "issued_at": rfc3339(token.issued_at),
        "expires_at": rfc3339(token.expires_at),
        "revoked_at": rfc3339(token.revoked_at) if token.revoked_at else None,
    }
