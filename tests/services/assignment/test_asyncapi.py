"""The feed's contract is a document of AsyncAPI 3: its parts, their names, their references.

The specification's own schema is no package; what of it concerns this document is said
here, closed, so that a misspelt or misplaced part is found.
"""

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from services.assignment.feed_contract import FEED_TYPES, asyncapi
from shared.contracts.assignment import AssignmentIssued
from tests.services.assignment.test_feed_contract import SAMPLES, document

TEXT = {"type": "string", "minLength": 1}
REFERENCE = {
    "type": "object",
    "required": ["$ref"],
    "properties": {"$ref": {"type": "string", "pattern": "^#/"}},
    "additionalProperties": False,
}


def closed(required: str, **properties: Any) -> dict[str, Any]:
    """Return the schema of an object that has no other parts than these."""
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "additionalProperties": False,
    }


def named(what: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a map whose keys are names."""
    return {
        "type": "object",
        "minProperties": 1,
        "patternProperties": {r"^[\w.\-]+$": what},
        "additionalProperties": False,
    }


MULTI_FORMAT = closed(
    "schemaFormat schema",
    schemaFormat={"const": "application/schema+json;version=draft-07"},
    schema={"type": "object"},
)
MESSAGE = {
    "oneOf": [
        REFERENCE,
        closed(
            "name payload",
            name=TEXT,
            contentType=TEXT,
            headers=MULTI_FORMAT,
            payload=REFERENCE,
        ),
    ]
}
BINDINGS = closed(
    "",
    amqp=closed(
        "is exchange bindingVersion",
        **{
            "is": {"const": "routingKey"},
            "exchange": closed(
                "name type durable",
                name=TEXT,
                type={"enum": ["topic", "direct", "fanout", "default", "headers"]},
                durable={"type": "boolean"},
            ),
            "bindingVersion": {"const": "0.3.0"},
        },
    ),
    http=closed(
        "method bindingVersion",
        method={"enum": ["GET", "POST", "PUT", "PATCH", "DELETE"]},
        bindingVersion={"const": "0.3.0"},
    ),
)
CHANNEL = closed(
    "address messages",
    address={"type": ["string", "null"]},
    title=TEXT,
    description=TEXT,
    parameters=named(
        closed("", description=TEXT, enum={"type": "array", "items": TEXT, "minItems": 1})
    ),
    messages=named(MESSAGE),
    bindings=BINDINGS,
)
OPERATION = closed(
    "action channel",
    action={"enum": ["send", "receive"]},
    channel=REFERENCE,
    summary=TEXT,
    bindings=BINDINGS,
)
DOCUMENT = closed(
    "asyncapi info",
    asyncapi={"const": "3.0.0"},
    info=closed(
        "title version",
        title=TEXT,
        version={"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
        description=TEXT,
        license=closed("name", name=TEXT),
    ),
    defaultContentType=TEXT,
    channels=named(CHANNEL),
    operations=named(OPERATION),
    components=closed("", messages=named(MESSAGE), schemas=named(MULTI_FORMAT)),
)


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in the document."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from parts(value)
    elif isinstance(node, list):
        for value in node:
            yield from parts(value)


def at(pointer: str) -> Any:
    """Return what a reference points to; fail when there is nothing."""
    found: Any = asyncapi()
    for name in pointer.removeprefix("#/").split("/"):
        found = found[name]
    return found


def test_the_contract_has_the_form_that_the_specification_gives_it() -> None:
    jsonschema.Draft7Validator.check_schema(DOCUMENT)
    jsonschema.validate(asyncapi(), DOCUMENT, jsonschema.Draft7Validator)


@pytest.mark.parametrize("part", ["info", "asyncapi"])
def test_what_lacks_a_part_has_not(part: str) -> None:
    lacking = {name: value for name, value in asyncapi().items() if name != part}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(lacking, DOCUMENT, jsonschema.Draft7Validator)


def test_every_reference_leads_somewhere() -> None:
    pointers = [part["$ref"] for part in parts(asyncapi()) if "$ref" in part]
    assert len(pointers) > 10
    assert all(isinstance(at(pointer), dict) for pointer in pointers)


def test_every_schema_in_it_is_a_json_schema() -> None:
    schemas = [part["schema"] for part in parts(asyncapi()) if "schemaFormat" in part]
    assert len(schemas) > 10
    for schema in schemas:
        jsonschema.Draft7Validator.check_schema(schema)


def test_every_parameter_of_an_address_is_described_and_no_other() -> None:
    for channel in asyncapi()["channels"].values():
        address = channel["address"] or ""
        wanted = {part.partition("}")[0] for part in address.split("{")[1:]}
        assert set(channel.get("parameters", {})) == wanted


def test_a_webhook_carries_every_event_of_the_feed_with_its_own_headers() -> None:
    channel = asyncapi()["channels"]["agencyWebhook"]
    assert set(channel["messages"]) == set(FEED_TYPES)
    assert asyncapi()["operations"]["receiveWebhook"]["channel"] == {
        "$ref": "#/channels/agencyWebhook"
    }
    for name, message in channel["messages"].items():
        assert at(message["payload"]["$ref"])["schema"]["title"] == name
    name = AssignmentIssued.__name__
    payload = at(channel["messages"][name]["payload"]["$ref"])["schema"]
    jsonschema.validate(document(name), payload, jsonschema.Draft7Validator)
    assert name in SAMPLES
