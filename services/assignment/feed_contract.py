"""The contract of the agency feed: AsyncAPI 3 with JSON Schemas, from the events themselves.

Additive within a major: fields and types are added, none is removed or changes meaning,
so a reader must pass over what it doesn't know.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args

import marshmallow as ma

from services.assignment.webhook_contract import webhook_channel, webhook_operation
from shared.contracts.assignment import AssignmentEvent
from shared.contracts.assignment_dimensions import AssignmentDimensions
from shared.messaging.naming import AGENCY_FEED, CONTENT_TYPE
from shared.wire import json_schema_fields
from shared.wire.codec import schema_version

CONTRACT_VERSION = "1.2.0"
_DIALECT = "application/schema+json;version=draft-07"

FEED_TYPES: Mapping[str, type[AssignmentDimensions]] = {
    contract.__name__: contract
    for contract in get_args(AssignmentEvent)
    if issubclass(contract, AssignmentDimensions)
}
"""Every event that can stand in a feed, by its type's name."""

Schema = dict[str, Any]


@cache
def asyncapi() -> Schema:
    """Return the AsyncAPI document."""
    names = sorted(FEED_TYPES)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Đối Thoại: luồng tin của cơ quan",
            "version": CONTRACT_VERSION,
            "description": "Every event that concerns one agency, numbered without a gap.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {
            "agencyFeed": {
                "address": "{province}.{agency}.{eventType}",
                "parameters": {
                    "province": {"description": "Key of the province"},
                    "agency": {"description": "Key of the agency"},
                    "eventType": {"description": "Type of the event", "enum": names},
                },
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
                "bindings": {
                    "amqp": {
                        "is": "routingKey",
                        "exchange": {"name": AGENCY_FEED, "type": "topic", "durable": True},
                        "bindingVersion": "0.3.0",
                    }
                },
            },
            "agencyWebhook": webhook_channel(names, CONTENT_TYPE, _DIALECT),
        },
        "operations": {
            "readFeed": {
                "action": "receive",
                "channel": {"$ref": "#/channels/agencyFeed"},
                "summary": "At least once, in the order of feed_seq but for repeats.",
            },
            "receiveWebhook": webhook_operation(),
        },
        "components": {
            "messages": {name: _message(name) for name in names},
            "schemas": {name: _in_dialect(event_schema(name)) for name in names},
        },
    }


@cache
def event_schema(name: str) -> Schema:
    """Return the JSON Schema of the whole CloudEvent of the type called `name`."""
    text = {"type": "string"}
    properties: Schema = {
        "specversion": {"const": "1.0"},
        "id": {**text, "description": "The same on every repeat"},
        "source": {**text, "description": "Origin: <deployment>/<province>/<service>"},
        "type": {"const": name},
        "subject": {**text, "description": "Stream of the assignment"},
        "time": {**text, "format": "date-time", "description": "When it was recorded"},
        "datacontenttype": {"const": "application/json"},
        "schemaversion": {"type": "integer", "minimum": 1, "maximum": schema_version(name)},
        "streamversion": {"type": "integer", "minimum": 0},
        "occurredat": {**text, "format": "date-time"},
        "actor": {**text, "description": "A seat, never a person"},
        "correlationid": text,
        "data": _object(json_schema_fields(name)),
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": name,
        "description": (FEED_TYPES[name].__doc__ or name).strip(),
        "type": "object",
        "required": sorted(properties),
        "properties": {**properties, "causationid": text, "references": text},
    }


def _message(name: str) -> Schema:
    return {
        "name": name,
        "contentType": CONTENT_TYPE,
        "headers": _in_dialect(_headers()),
        "payload": {"$ref": f"#/components/schemas/{name}"},
    }


def _headers() -> Schema:
    return {
        "type": "object",
        "required": ["feed_seq", "leaf", "origin", "position"],
        "properties": {
            "feed_seq": {
                "type": "integer",
                "minimum": 1,
                "description": "1, 2, 3 … within this agency's feed, without a gap",
            },
            "origin": {"type": "string", "description": "Log that holds the entry"},
            "position": {"type": "integer", "minimum": 0, "description": "Place in that log"},
            "leaf": {
                "type": "string",
                "pattern": "^[0-9a-f]{64}$",
                "description": "SHA-256 of a zero byte and the body (RFC 6962 leaf)",
            },
        },
    }


def _in_dialect(schema: Schema) -> Schema:
    return {"schemaFormat": _DIALECT, "schema": schema}


def _object(fields: Mapping[str, ma.fields.Field[Any]]) -> Schema:
    """Return the schema of an object. A field that is None is left out, never null."""
    return {
        "type": "object",
        "required": sorted(name for name, field in fields.items() if field.required),
        "properties": {name: _value(field) for name, field in fields.items()},
    }


def _value(field: ma.fields.Field[Any]) -> Schema:
    match field:
        case ma.fields.Nested():
            return _object(field.schema.fields)
        case ma.fields.List():
            return {"type": "array", "items": _value(field.inner)}
        case ma.fields.Date():
            return {"type": "string", "format": "date"}
        case ma.fields.Enum():
            return {"type": "string", "enum": [member.value for member in field.enum]}
        case ma.fields.Boolean():
            return {"type": "boolean"}
        case ma.fields.Integer():
            return {"type": "integer"}
        case ma.fields.String():
            return {"type": "string"}
        case _:
            message = f"the feed does not carry {type(field).__name__}"
            raise TypeError(message)
