"""What requests about webhooks may hold, and what answers look like."""

import marshmallow as ma

from services.assignment.schemas import BothLanguages, FeedRegistration, FeedsQuery
from services.assignment.webhook_address import URL_MAX_CHARACTERS


class WebhooksQuery(FeedsQuery):
    """Whose webhooks to list, or of which province one is."""


class WebhookRegistration(FeedRegistration):
    """Where to send a feed; `after` moves its cursor, to be sent again from there."""

    url = ma.fields.String(
        required=True, validate=ma.validate.Length(min=1, max=URL_MAX_CHARACTERS)
    )


class WebhookStep(FeedsQuery):
    """A step that needs no more words."""


class WebhookRotation(FeedsQuery):
    """A new secret; the former one signs beside it for a day, unless `at_once`."""

    at_once = ma.fields.Boolean(load_default=False)


class WebhookSchema(ma.Schema):
    """A webhook, and how far it has got."""

    province = ma.fields.String()
    agency = ma.fields.String()
    url = ma.fields.String()
    registered_at = ma.fields.String()
    state = ma.fields.String(metadata={"description": "active, held or paused"})
    delivered_seq = ma.fields.Integer()
    last_seq = ma.fields.Integer()
    attempts = ma.fields.Integer(metadata={"description": "failed ones in a row"})
    held_code = ma.fields.String(allow_none=True)
    held_status = ma.fields.Integer(allow_none=True, metadata={"description": "answered by HTTP"})
    held_texts = ma.fields.Nested(BothLanguages, allow_none=True)
    retry_at = ma.fields.String(allow_none=True)
    former_secret_until = ma.fields.String(allow_none=True)


class SecretWebhookSchema(WebhookSchema):
    """A webhook, with its secret where it is new: never shown again."""

    secret = ma.fields.String(allow_none=True)


class WebhooksSchema(ma.Schema):
    """Every webhook of a province."""

    webhooks = ma.fields.List(ma.fields.Nested(WebhookSchema))
