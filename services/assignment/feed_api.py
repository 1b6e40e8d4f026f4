"""The agencies' feeds over HTTP: read by number, registered for the broker, described."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Response, json, jsonify, request
from flask.views import MethodView
from flask_smorest import Blueprint

from services.assignment import feed, subscriptions
from services.assignment.feed_contract import asyncapi
from services.assignment.schemas import (
    FeedQuery,
    FeedRegistration,
    FeedSchema,
    FeedsQuery,
    SubscriptionSchema,
    SubscriptionsSchema,
)
from shared.access import Action
from shared.kernel.clock import rfc3339
from shared.kernel.errors import AppError, NotFound
from shared.messaging.naming import AGENCY_FEED
from shared.web.app import catalogue_of
from shared.web.callers import allowed
from shared.web.current import runtime

blueprint = Blueprint("feeds", __name__, description="Luồng tin của cơ quan")

NDJSON = "application/x-ndjson"


@blueprint.route("/feeds/asyncapi.json")
class FeedContract(MethodView):
    """What an agency's system can rely on."""

    @blueprint.doc(security=[])
    @blueprint.response(200)
    def get(self) -> Response:
        """Return the AsyncAPI 3 document of the feed; public."""
        return jsonify(asyncapi())


@blueprint.route("/feeds")
class Feeds(MethodView):
    """The feeds that go over the broker."""

    @blueprint.arguments(FeedsQuery, location="query")
    @blueprint.response(200, SubscriptionsSchema)
    def get(self, query: dict[str, Any]) -> Response:
        """List the registered feeds of a province, with what holds them."""
        province = query["province"]
        allowed(Action.MANAGE_FOLLOW, province=province)
        with runtime().store.read() as connection:
            found = [
                _shown_subscription(connection, each)
                for each in subscriptions.of_province(connection, province)
            ]
        return jsonify({"feeds": found})


@blueprint.route("/feeds/<agency>")
class Feed(MethodView):
    """The feed of one agency."""

    @blueprint.arguments(FeedQuery, location="query")
    @blueprint.response(200, FeedSchema)
    def get(self, query: dict[str, Any], agency: str) -> Response:
        """Return entries after a number; any number can be read again.

        With `Accept: application/x-ndjson` the stored bytes alone, one entry a line.
        """
        allowed(Action.READ_FEED, province=query["province"], agency=agency)
        _check_agency(query["province"], agency)
        log = runtime().ledger.log(query["province"])
        with runtime().store.read() as connection:
            page = feed.read(connection, log, agency, after=query["after"], limit=query["limit"])
            last = feed.last_seq(connection, log.province, agency)
        after = page[-1].feed_seq if page else query["after"]
        accepted = request.accept_mimetypes.best_match(["application/json", NDJSON])
        raw = accepted == NDJSON
        response = Response(
            b"".join(each.content + b"\n" for each in page)
            if raw
            else _feed_json(page, after, last),
            content_type=NDJSON if raw else "application/json",
        )
        response.headers["X-First-Feed-Seq"] = str(query["after"] + 1)
        response.headers["X-Next-After"] = str(after)
        response.headers["X-Last-Feed-Seq"] = str(last)
        return response

    @blueprint.arguments(FeedRegistration)
    @blueprint.response(200, SubscriptionSchema)
    def post(self, body: dict[str, Any], agency: str) -> Response:
        """Register the feed for the broker; its queue is made with the next message."""
        province = body["province"]
        allowed(Action.MANAGE_FOLLOW, province=province)
        _check_agency(province, agency)
        with runtime().store.write() as tx:
            made = subscriptions.register(
                tx.connection,
                province=province,
                agency=agency,
                at=rfc3339(runtime().clock()),
                after=body.get("after"),
            )
            shown = _shown_subscription(tx.connection, made)
        return jsonify(shown)


def _check_agency(province: str, agency: str) -> None:
    if not runtime().province(province).agencies.ever(agency):
        raise NotFound("feed.unknown_agency")


def _feed_json(page: Sequence[feed.FeedEntry], after: int, last: int) -> bytes:
    """Return the page with each entry's stored bytes in it, untouched."""
    entries = b",".join(
        b'{"feed_seq":%d,"origin":%s,"position":%d,"leaf":"%s","entry":%s}'
        % (
            each.feed_seq,
            json.dumps(each.origin).encode(),
            each.position,
            each.leaf.hex().encode(),
            each.content,
        )
        for each in page
    )
    return b'{"entries":[%s],"next_after":%d,"last_seq":%d}' % (entries, after, last)


def _shown_subscription(
    connection: sa.Connection, each: subscriptions.Subscription
) -> dict[str, Any]:
    held = each.held_code
    return {
        "province": each.province,
        "agency": each.agency,
        "queue": each.queue,
        "exchange": AGENCY_FEED,
        "binding_key": each.binding_key,
        "registered_at": each.registered_at,
        "published_seq": each.published_seq,
        "last_seq": feed.last_seq(connection, each.province, each.agency),
        "held_code": held,
        "held_texts": catalogue_of("assignment").error(AppError(held)) if held else None,
    }
