"""What holds at every address of every service, whatever it does."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from services.assignment import api as assignment_api
from services.assignment import definition as assignment
from services.intake import api as intake_api
from services.intake import definition as intake
from services.reporting import api as reporting_api
from services.reporting import definition as reporting
from services.sessions import api as sessions_api
from services.sessions import definition as sessions
from shared.runtime import Definition, Runtime
from shared.web.callers import PUBLIC_ENDPOINTS
from shared.web.page_endpoints import is_page_blueprint
from tests.services.conftest import Open

SERVICES: dict[str, tuple[Definition, Callable[[Runtime], Flask]]] = {
    "intake": (intake.DEFINITION, intake_api.create_app),
    "sessions": (sessions.DEFINITION, sessions_api.create_app),
    "assignment": (assignment.DEFINITION, assignment_api.create_app),
    "reporting": (reporting.DEFINITION, reporting_api.create_app),
}
PUBLIC = {
    "/health/live",
    "/health/ready",
    "/feeds/asyncapi.json",
    "/digests/template.xlsx",
    "/overdue",
    "/mirror/keys",
}
NO_LOG = f"/log/{UUID(int=0)}"
PUBLIC_OF_LOGS = {
    f"{NO_LOG}/checkpoint", f"{NO_LOG}/keys", f"{NO_LOG}/tile/{UUID(int=0)}", f"{NO_LOG}/cosigned",
    f"{NO_LOG}/handovers",
}  # fmt: skip
RUBBISH = "limit=many&limit=-1&from=%00&province=%ff&nothing=1"
STRANGERS: dict[str, tuple[dict[str, str], str]] = {
    "without a token": ({}, "access.token_missing"),
    "with another scheme": ({"Authorization": "Basic YTpi"}, "access.token_missing"),
    "with a token that is none": ({"Authorization": "Bearer dtt_0_x"}, "access.token_invalid"),
    "with rubbish": ({"Authorization": "Bearer \xc3\xbf " + "x" * 5_000}, "access.token_invalid"),
}


@pytest.fixture(params=SERVICES)
def app(request: pytest.FixtureRequest, open_service: Open) -> Flask:
    """Return the app of each service in turn."""
    definition, create_app = SERVICES[request.param]
    return create_app(open_service(definition).runtime)


def addresses(app: Flask) -> list[tuple[str, str]]:
    """Return method and path of everything that the service's OpenAPI document names."""
    document: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    return [
        (method.upper(), path.format(**dict.fromkeys(PLACES, str(UUID(int=0)))))
        for path, methods in document["paths"].items()
        for method in methods
        if method in {"get", "post", "put", "patch", "delete"}
    ]


PLACES = (
    "session_id", "opinion_id", "assignment_id", "text_id", "agency", "statistic", "report_id",
    "token_id", "origin", "place", "sha256", "seat", "person_id", "holding_id",
    "topic_id",
)  # fmt: skip


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_stranger_is_told_so_before_anything_of_the_request_is_parsed(
    app: Flask, stranger: str
) -> None:
    headers, code = STRANGERS[stranger]
    client = app.test_client()
    found = []
    for method, path in addresses(app):
        for sent in ({}, {"data": b"{", "content_type": "application/json"}, {"data": b"\xff"}):
            response = client.open(f"{path}?{RUBBISH}", method=method, headers=headers, **sent)
            problem = response.get_json(silent=True) or {}
            found.append((method, path, problem.get("code", response.status_code)))
    private = [each for each in found if each[1] not in PUBLIC | PUBLIC_OF_LOGS]
    assert len(private) > 10
    assert [each for each in private if each[2] != code] == []
    public = PUBLIC | PUBLIC_OF_LOGS
    assert {each[2] for each in found if each[1] in public} == {"request.unreadable"}
    served = {path for _, path in addresses(app)}
    answers = {path: client.get(path, headers=headers).status_code for path in served & public}
    assert {answers[path] for path in served & PUBLIC} == {200}
    assert {answers[path] for path in served & PUBLIC_OF_LOGS} == {404}


def test_the_document_names_every_address_and_says_which_are_public(app: Flask) -> None:
    document: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    described = len(addresses(app))
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if not is_page_blueprint(rule.endpoint.rpartition(".")[0])  # for people, not programs
    ]
    served = sum(len(set(rule.methods or ()) - {"HEAD", "OPTIONS"}) for rule in rules)
    assert described == served - 1  # all but the document itself
    assert document["security"] == [{"bearer": []}]
    public = {
        path
        for path, methods in document["paths"].items()
        for operation in methods.values()
        if isinstance(operation, dict) and operation.get("security") == []
    }
    assert public == {
        re.sub("<(?:path:)?([a-z_]+)>", r"{\1}", rule.rule)
        for rule in rules
        if rule.endpoint in PUBLIC_ENDPOINTS and rule.endpoint != "api-docs.openapi_json"
    }
