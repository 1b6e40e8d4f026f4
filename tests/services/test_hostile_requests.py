"""No request, however it is made, meets anything but an answer or a problem with a code."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.access import Role
from shared.settings import ACCESS
from shared.web.app import BODY_MAX_BYTES
from shared.web.callers import PUBLIC_ENDPOINTS
from shared.web.envelope import HEADERS_MAX_BYTES, QUERY_MAX_BYTES
from tests.servers import PostgresServer
from tests.services.opened import Opened, opened
from tests.services.test_every_address import SERVICES, addresses
from tests.services.test_scopes import NOWHERE

BODIES: dict[str, tuple[bytes, int, str]] = {
    "half a body": (b'{"a":', 400, "request.unreadable"),
    "no UTF-8": (b'{"a":"\xc3\x28"}', 400, "request.unreadable"),
    "a NUL": (b'{"a":"\\u0000"}', 400, "request.json_ambiguous"),
    "half a character": (b'{"a":["\\ud83d"]}', 400, "request.json_ambiguous"),
    "a name twice": (b'{"province":"a","province":"b"}', 400, "request.json_ambiguous"),
    "no number": (b'{"a":NaN}', 400, "request.json_ambiguous"),
    "a number too large": (b'{"a":9007199254740992}', 400, "request.json_ambiguous"),
    "an endless number": (b'{"a":%s}' % (b"1" * 9_999), 400, "request.json_ambiguous"),
    "a deep one": (b'{"a":' + b"[" * 200_000, 400, "request.unreadable"),
    "a list": (b"[]", 422, "request.invalid"),
    "a word": (b'"a"', 422, "request.invalid"),
    "too large a one": (b" " * (BODY_MAX_BYTES + 1), 413, "request.too_large"),
}
VALUES = (
    "", "x" * 500, "-1", "0", "1.5", "1e9", "NaN", "9007199254740993", "9" * 30, "٣", "á́́", "\u202e",
    "null", "true", "2021-13-45", "0000-00-00", "9999-12-31", "' OR 1=1 --", "../../etc", "\ufffd",
)  # fmt: skip
REQUIRED = {
    "province": "ha-noi",
    "purpose": "handling",
    "from": "2019-01-01",
    "to": "2019-12-31",
    "measure": "opinions",
}
PLACES = ("a%00b", "%ff%fe", "x" * 1_000, "%E2%80%AE", "a%20b", "%2e%2e", "٣", "%0a", "0")


@pytest.fixture(
    params=[(name, kind) for kind in ("sqlite", "postgresql") for name in SERVICES],
    ids="-".join,
    scope="module",
)
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    """Yield each service in turn, on each kind of database; one for all tests, as they are many."""
    name, kind = request.param
    definition, _ = SERVICES[name]
    urls = {}
    with ExitStack() as stack:
        if kind == "postgresql":
            server: PostgresServer = request.getfixturevalue("postgresql_server")
            for part in (definition.name, ACCESS):
                urls[part] = server.create(part)
                stack.callback(server.drop, urls[part])
        service = opened(
            definition,
            tmp_path_factory.mktemp(name),
            **{f"DOITHOAI_{part.upper()}_DATABASE": url for part, url in urls.items()},
        )
        stack.callback(service.runtime.close)
        yield service


@pytest.fixture
def client(service: Opened) -> FlaskClient:
    return service.client(SERVICES[service.runtime.name][1])


def sound(response: TestResponse) -> TestResponse:
    """Return the answer, after checking that it is none of a fault of ours."""
    assert response.status_code < 500, response.data
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in response.headers
    assert b"Traceback" not in response.data
    if response.status_code >= 400:
        assert response.mimetype == "application/problem+json"
        assert "." in response.get_json()["code"]
        assert response.headers["Cache-Control"] == "no-store"
    return response


def parameters(client: FlaskClient) -> list[tuple[str, list[str]]]:
    """Return the addresses that are read, each with the names of its query."""
    document: dict[str, Any] = client.get("/openapi.json").get_json()
    found = []
    for path, methods in document["paths"].items():
        if "get" in methods:
            names = [
                each["name"]
                for each in methods["get"].get("parameters", [])
                if each.get("in") == "query"
            ]
            statistic = path.replace("{statistic}", "sessions").replace("{agency}", "ubnd-ba-dinh")
            origin = statistic.replace("{origin}", "test.local/ha-noi/intake")
            found.append((origin.split("{")[0] + (NOWHERE if "{" in origin else ""), names))
    return found


def test_a_hostile_body_is_refused_at_every_address_that_takes_one(
    service: Opened, client: FlaskClient
) -> None:
    headers = service.bearer(Role.OPERATOR, province=None)
    takers = [
        path
        for method, path in addresses(client.application)
        if method == "POST" and path != "/imports"
    ]
    assert takers
    for path in takers:
        for what, (body, status, code) in BODIES.items():
            sent = client.post(path, data=body, content_type="application/json", headers=headers)
            found = sound(sent).status_code, sent.get_json()["code"]
            assert found == (status, code), (path, what)


def test_a_hostile_query_is_answered_or_refused_at_every_address(
    service: Opened, client: FlaskClient
) -> None:
    callers = [
        service.bearer(role, province=None)
        for role in (Role.OPERATOR, Role.AUDITOR, Role.CHAIR, Role.SCREENER)
    ]
    asked = 0
    for path, names in parameters(client):
        for headers in callers:
            base = {name: REQUIRED[name] for name in names if name in REQUIRED}
            if sound(client.get(path, query_string=base, headers=headers)).status_code == 403:
                continue
            for name in names:
                for value in VALUES:
                    query = {**base, name: value}
                    sound(client.get(path, query_string=query, headers=headers))
                    asked += 1
            break
    assert asked >= len(VALUES)


def test_a_query_or_an_address_that_is_no_text_is_refused_everywhere(
    service: Opened, client: FlaskClient
) -> None:
    headers = service.bearer(Role.OPERATOR, province=None)
    for method, path in addresses(client.application):
        for query in ("a=%00", "%00=a", "a=%ff", "a=%c3%28"):
            sent = sound(client.open(f"{path}?{query}", method=method, headers=headers))
            assert sent.get_json()["code"] == "request.unreadable", (path, query)
        for place in PLACES:
            sound(client.open(path.replace(NOWHERE, place), method=method, headers=headers))


def test_what_a_request_comes_in_has_limits_everywhere(
    service: Opened, client: FlaskClient
) -> None:
    headers = service.bearer(Role.OPERATOR, province=None)
    for method, path in addresses(client.application):
        long = f"{path}?a={'x' * QUERY_MAX_BYTES}"
        heavy = {**headers, "X-Long": "x" * HEADERS_MAX_BYTES}
        for sent, status in (
            (client.open(long, method=method, headers=headers), 414),
            (client.open(path, method=method, headers=heavy), 431),
        ):
            assert (sound(sent).status_code, sent.get_json()["code"]) == (
                status,
                "request.too_large",
            )


def test_only_what_is_public_may_be_kept_by_somebody_between(
    service: Opened, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    headers = service.bearer(Role.OPERATOR, province=None)
    public = {
        rule.rule
        for rule in client.application.url_map.iter_rules()
        if rule.endpoint in PUBLIC_ENDPOINTS
    }
    for method, path in addresses(client.application):
        sent = sound(client.open(path, method=method, headers=headers))
        assert (sent.headers.get("Cache-Control") == "no-store") is (path not in public), path
