"""The agencies' webhooks over HTTP: registered, watched, paused, given a new secret, removed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from services.assignment import feed, webhooks
from services.assignment.webhook_address import Address
from services.assignment.webhook_schemas import (
    SecretWebhookSchema,
    WebhookRegistration,
    WebhookRotation,
    WebhookSchema,
    WebhooksQuery,
    WebhooksSchema,
    WebhookStep,
)
from services.assignment.webhook_signature import secret_text
from services.assignment.webhooks import Webhook
from shared.access import Action
from shared.kernel.clock import rfc3339, system_clock
from shared.kernel.errors import AppError, NotFound
from shared.web.app import catalogue_of
from shared.web.callers import allowed
from shared.web.current import runtime

blueprint = Blueprint("webhooks", __name__, description="Webhook của cơ quan")


@blueprint.route("/webhooks")
class Webhooks(MethodView):
    """The feeds that are sent over HTTP."""

    @blueprint.arguments(WebhooksQuery, location="query")
    @blueprint.response(200, WebhooksSchema)
    def get(self, query: dict[str, Any]) -> Response:
        """List the webhooks of a province, with what holds them, and never a secret."""
        province = query["province"]
        allowed(Action.MANAGE_FOLLOW, province=province)
        with runtime().store.read() as connection:
            found = [
                _shown(connection, each) for each in webhooks.of_province(connection, province)
            ]
        return jsonify({"webhooks": found})


@blueprint.route("/webhooks/<agency>")
class OneWebhook(MethodView):
    """The webhook of one agency."""

    @blueprint.arguments(WebhookRegistration)
    @blueprint.response(200, SecretWebhookSchema)
    def post(self, body: dict[str, Any], agency: str) -> Response:
        """Register the webhook, or change its address. The secret of a new one is shown once."""
        province = body["province"]
        allowed(Action.MANAGE_FOLLOW, province=province)
        opened = runtime()
        if not opened.province(province).agencies.ever(agency):
            raise NotFound("feed.unknown_agency")
        Address.of(body["url"]).check_literal(opened.settings.webhook_networks)
        with opened.store.write() as tx:
            made, key = webhooks.register(
                tx.connection,
                opened.vault.signing_keys,
                province=province,
                agency=agency,
                url=body["url"],
                at=system_clock(),
                after=body.get("after"),
            )
            shown = _shown(tx.connection, made)
        return _with_secret(shown, key)

    @blueprint.arguments(WebhooksQuery, location="query")
    @blueprint.response(200, WebhookSchema)
    def delete(self, query: dict[str, Any], agency: str) -> Response:
        """Remove the webhook and destroy its secret; the feed itself stays."""
        with _one(query["province"], agency) as (connection, webhook):
            shown = _shown(connection, webhook)
            webhooks.remove(connection, runtime().vault.signing_keys, webhook)
        return jsonify(shown)


@blueprint.route("/webhooks/<agency>/rotate")
class Rotation(MethodView):
    """A new secret."""

    @blueprint.arguments(WebhookRotation)
    @blueprint.response(200, SecretWebhookSchema)
    def post(self, body: dict[str, Any], agency: str) -> Response:
        """Give out a new secret, once; for a day both sign, so that none is refused."""
        with _one(body["province"], agency) as (connection, webhook):
            key = webhooks.rotate(
                connection,
                runtime().vault.signing_keys,
                webhook,
                at=system_clock(),
                at_once=body["at_once"],
            )
            shown = _shown(connection, webhooks.find(connection, webhook.province, agency))
        return _with_secret(shown, key)


@blueprint.route("/webhooks/<agency>/pause")
class Pause(MethodView):
    """Nothing is sent for now."""

    @blueprint.arguments(WebhookStep)
    @blueprint.response(200, WebhookSchema)
    def post(self, body: dict[str, Any], agency: str) -> Response:
        """Send nothing more until the webhook is resumed; the cursor stays."""
        with _one(body["province"], agency) as (connection, webhook):
            webhooks.pause(connection, webhook, system_clock())
            shown = _shown(connection, webhooks.find(connection, webhook.province, agency))
        return jsonify(shown)


@blueprint.route("/webhooks/<agency>/resume")
class Resumption(MethodView):
    """It is sent again."""

    @blueprint.arguments(WebhookStep)
    @blueprint.response(200, WebhookSchema)
    def post(self, body: dict[str, Any], agency: str) -> Response:
        """Send again at once from where the webhook stood, paused or held."""
        with _one(body["province"], agency) as (connection, webhook):
            webhooks.resume(connection, webhook, system_clock())
            shown = _shown(connection, webhooks.find(connection, webhook.province, agency))
        return jsonify(shown)


@contextmanager
def _one(province: str, agency: str) -> Iterator[tuple[sa.Connection, Webhook]]:
    """Yield a transaction and the webhook in it, to an operator.

    Raises:
        NotFound: `webhook.unknown`.

    """
    allowed(Action.MANAGE_FOLLOW, province=province)
    with runtime().store.write() as tx:
        yield tx.connection, webhooks.find(tx.connection, province, agency, locked=True)


def _with_secret(shown: dict[str, Any], key: bytes | None) -> Response:
    answer = jsonify({**shown, "secret": None if key is None else secret_text(key)})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _shown(connection: sa.Connection, each: Webhook) -> dict[str, Any]:
    why = each.paused_code or each.held_code
    return {
        "province": each.province,
        "agency": each.agency,
        "url": each.url,
        "registered_at": each.registered_at,
        "state": each.state,
        "delivered_seq": each.delivered_seq,
        "last_seq": feed.last_seq(connection, each.province, each.agency),
        "attempts": each.attempts,
        "held_code": why,
        "held_status": each.held_status,
        "held_texts": catalogue_of("assignment").error(AppError(why)) if why else None,
        "retry_at": _instant(each.retry_at),
        "former_secret_until": _instant(each.former_until),
    }


def _instant(at_s: float | None) -> str | None:
    return None if at_s is None else rfc3339(datetime.fromtimestamp(at_s, UTC))
