"""The OpenAPI documents say what is sent and answered, in JSON Schema's own words."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from services.assignment import feed_api, webhook_api
from services.intake import uploads
from services.intake.answer_schemas import OpinionSchema
from services.intake.tables import opinion
from services.sessions.answer_schemas import SessionSchema
from services.sessions.tables import session
from tests.services.conftest import Open
from tests.services.test_every_address import SERVICES

SHARED = re.compile(r"/(log|health|references|follow|freezing|access)/")
"""Addresses that every service has, for other services and operators."""
NO_JSON = {"/digests/template.xlsx", "/feeds/asyncapi.json"}
NOT_DESCRIBED_YET = {
    "/denunciations",
    "/mirror",
    "/mirror/keys",
    "/opinions/late",
    "/opinions/screening",
    "/opinions/similar",
    "/opinions/{opinion_id}/similar",
    "/opinions/{opinion_id}/split",
    "/provinces",
    "/sentiments",
    "/sentiments/{report_id}/text",
    "/sessions/breaches",
    "/sessions/calendar.ics",
    "/sessions/obligations",
    "/sessions/recurrence",
    "/sessions/{session_id}/adjourn",
    "/sessions/{session_id}/agenda",
    "/sessions/{session_id}/calendar.ics",
    "/sessions/{session_id}/commitments",
    "/sessions/{session_id}/conclusion",
    "/sessions/{session_id}/conclusion.docx",
    "/sessions/{session_id}/conclusion/amend",
    "/sessions/{session_id}/conclusion/check",
    "/sessions/{session_id}/follow-up",
    "/sessions/{session_id}/minutes",
    "/sessions/{session_id}/resume",
    "/texts/{text_id}",
    "/timers/obligations",
    "/timers/opinions",
    "/topics",
    "/topics/ranking",
    "/topics/{topic_id}",
    "/topics/{topic_id}/confirm",
    "/topics/{topic_id}/dismiss",
    "/topics/{topic_id}/join",
}
"""Addresses whose answers the document does not describe; to be shortened, never added to."""
BEYOND = {feed_api.__name__, webhook_api.__name__, uploads.__name__}
"""Modules whose requests are repeated by what they say, without a key."""


@pytest.fixture(params=SERVICES)
def app(request: pytest.FixtureRequest, open_service: Open) -> Flask:
    """Return the app of each service in turn."""
    definition, create_app = SERVICES[request.param]
    return create_app(open_service(definition).runtime)


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    """Return its description."""
    found: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in {"get", "post", "put", "patch", "delete"}:
                yield path, method, operation


def every(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from every(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from every(inner)


def test_every_answer_of_a_services_own_addresses_has_a_schema(document: dict[str, Any]) -> None:
    bare = [
        (method, path, status)
        for path, method, operation in operations(document)
        if not SHARED.match(path) and path not in NO_JSON | NOT_DESCRIBED_YET
        for status, answer in operation["responses"].items()
        if status.startswith("2") and "schema" not in str(answer.get("content", {}))
    ]
    assert bare == []


def test_what_is_described_of_opinions_and_sessions_is_what_there_is() -> None:
    assert set(OpinionSchema().fields) == {column.name for column in opinion.columns}
    assert set(SessionSchema().fields) == {column.name for column in session.columns}


def test_patterns_are_those_of_json_schema_and_enumerations_have_a_type(
    document: dict[str, Any],
) -> None:
    schemas = list(every(document))
    patterns = [each["pattern"] for each in schemas if isinstance(each.get("pattern"), str)]
    assert patterns
    assert [each for each in patterns if r"\Z" in each or not re.match(r"^\^.*\$$", each)] == []
    enums = [each for each in schemas if isinstance(each.get("enum"), list)]
    assert [each for each in enums if "type" not in each] == []


def test_headers_are_described_where_they_are_understood(
    app: Flask, document: dict[str, Any]
) -> None:
    rules = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule): rule for rule in app.url_map.iter_rules()
    }
    for path, method, operation in operations(document):
        view: Any = app.view_functions[rules[path].endpoint]
        if SHARED.match(path) or method == "get" or view.view_class.__module__ in BEYOND:
            continue
        source = inspect.getsource(getattr(view.view_class, method))
        by_helper = "ask(" in source or "take_step(" in source
        understood = {
            "Idempotency-Key": by_helper or "perform(" in source or "_carried_out(" in source,
            "If-Match": by_helper or "expected_version(" in source,
        }
        named = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "header"}
        assert named == {name for name, is_used in understood.items() if is_used}, path
