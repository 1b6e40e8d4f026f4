"""The replay API: every log of the service, its stored bytes, page by page."""

from dataclasses import asdict

import marshmallow as ma
from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from shared.access import Action
from shared.eventlog.log import PAGE_MAX_ENTRIES
from shared.web.callers import allowed, allowed_somewhere
from shared.web.current import runtime

blueprint = Blueprint("log", __name__, url_prefix="/log", description="Sổ sự kiện: đọc lại")


class PageQuery(ma.Schema):
    """Which page of a log."""

    position = ma.fields.Integer(
        data_key="from", load_default=0, validate=ma.validate.Range(min=0, max=2**53)
    )
    limit = ma.fields.Integer(
        load_default=PAGE_MAX_ENTRIES, validate=ma.validate.Range(min=1, max=PAGE_MAX_ENTRIES)
    )


def province_of_origin(origin: str) -> str | None:
    """Return the province in `<deployment>/<province>/<service>`; None in any other name."""
    parts = origin.split("/")
    return parts[1] if len(parts) == 3 else None  # noqa: PLR2004 - the three parts


@blueprint.route("/heads")
class Heads(MethodView):
    """Every log of the service that the caller may read."""

    @blueprint.response(200)
    def get(self) -> Response:
        """Return each origin with the position of its last entry, -1 when empty."""
        scope = allowed_somewhere(Action.READ_LOG).province
        ledger = runtime().ledger
        return jsonify(
            {
                origin: position
                for origin, position in ledger.heads().items()
                if scope in (None, province_of_origin(origin))
            }
        )


@blueprint.route("/standings")
class Standings(MethodView):
    """Every log of the service that the caller may look after."""

    @blueprint.response(200)
    def get(self) -> Response:
        """Return size, state, newest checkpoint and refusal of each log, by origin."""
        scope = allowed_somewhere(Action.READ_HEALTH_DETAIL).province
        found = [
            asdict(each)
            for each in runtime().ledger.standings()
            if scope in (None, province_of_origin(each.origin))
        ]
        return jsonify({"logs": found})


@blueprint.route("/<path:origin>/entries")
class Entries(MethodView):
    """One log."""

    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200)
    def get(self, page: dict[str, int], origin: str) -> Response:
        """Return entries from a position on: their stored bytes, one on each line.

        Bounded by count and by bytes; `X-First-Position` names the first. Canonical JSON
        holds no line break, so the lines are the entries.
        """
        # By the name alone, so that another province's logs are refused whether or not
        # there are any.
        allowed(Action.READ_LOG, province=province_of_origin(origin))
        log = runtime().ledger.by_origin(origin)
        entries = log.read(page["position"] - 1, page["limit"])
        response = Response(
            b"".join(entry.content + b"\n" for entry in entries),
            content_type="application/x-ndjson",
        )
        response.headers["X-First-Position"] = str(page["position"])
        return response
