"""The webhook's part of the feed's contract: a channel, its messages, its operation."""

from collections.abc import Mapping, Sequence
from typing import Any

Schema = dict[str, Any]


def webhook_channel(names: Sequence[str], content_type: str, dialect: str) -> Schema:
    """Return the channel by which events of the types called `names` are sent."""
    headers = {"schemaFormat": dialect, "schema": _headers()}
    return {
        "address": None,
        "title": "Webhook",
        "description": (
            "The address that was registered for the agency. One POST for each event: its "
            "stored bytes, in the order of feed_seq, the next only after a 2xx. Signed by the "
            "Standard Webhooks convention. Receive by the number at the end of webhook-id: "
            "it is signed, and the same on every repeat."
        ),
        "messages": {
            name: {
                "name": name,
                "contentType": content_type,
                "headers": headers,
                "payload": {"$ref": f"#/components/schemas/{name}"},
            }
            for name in names
        },
    }


def webhook_operation() -> Schema:
    """Return what an agency's system does with that channel."""
    return {
        "action": "receive",
        "channel": {"$ref": "#/channels/agencyWebhook"},
        "summary": "At least once, in the order of feed_seq but for repeats.",
        "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
    }


def _headers() -> Schema:
    properties: Mapping[str, Schema] = {
        "webhook-id": {
            "type": "string",
            "pattern": "^[^.:]+:[^.:]+:[1-9][0-9]*$",
            "description": "<province>:<agency>:<feed_seq>, the same on every repeat",
        },
        "webhook-timestamp": {
            "type": "string",
            "pattern": "^[0-9]+$",
            "description": "When this attempt was signed, in seconds since 1970",
        },
        "webhook-signature": {
            "type": "string",
            "pattern": "^v1,[A-Za-z0-9+/]+=*( v1,[A-Za-z0-9+/]+=*)*$",
            "description": (
                "HMAC-SHA256 of <webhook-id>.<webhook-timestamp>.<body>, one for each secret "
                "that is valid now, separated by spaces"
            ),
        },
        "X-Feed-Seq": {"type": "string", "pattern": "^[1-9][0-9]*$"},
        "X-Origin": {"type": "string", "description": "Log that holds the entry"},
        "X-Position": {
            "type": "string",
            "pattern": "^[0-9]+$",
            "description": "Place in that log",
        },
        "X-Leaf": {
            "type": "string",
            "pattern": "^[0-9a-f]{64}$",
            "description": "SHA-256 of a zero byte and the body (RFC 6962 leaf)",
        },
    }
    return {"type": "object", "required": sorted(properties), "properties": dict(properties)}
