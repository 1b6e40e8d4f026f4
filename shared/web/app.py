"""The Flask application of a service, complete but for its own endpoints."""

from functools import cache
from pathlib import Path
from typing import Any, cast

from flask import Flask
from flask_smorest import Api, Blueprint

from shared.runtime import Runtime
from shared.texts import Catalogue
from shared.web import (
    freezing,
    health,
    log,
    log_tiles,
    operations,
    people,
    provinces,
    references,
    tokens,
)
from shared.web.bodies import check_body
from shared.web.callers import check_caller
from shared.web.description import RequestHeaders, marshmallow_plugin
from shared.web.envelope import check_envelope, guarded
from shared.web.problems import answer_problems

BODY_MAX_BYTES = 1024 * 1024
"""Largest body of an ordinary request; uploads set their own limit."""

_SHARED = Path(__file__).parent.parent


@cache
def catalogue_of(service: str) -> Catalogue:
    """Return the texts of `service` together with those of all shared rooms."""
    rooms = sorted({file.parent for file in _SHARED.glob("*/texts.vi.toml")})
    return Catalogue.load(*rooms, _SHARED.parent / "services" / service)


def make_app(opened: Runtime, *blueprints: Blueprint, title: str) -> Flask:
    """Return the app of a service: its own `blueprints` and everything all services have.

    It serves OpenAPI 3.1 at `/openapi.json`, errors as problem+json (RFC 9457), the
    replay API under `/log`, adopted files under `/references`, health under `/health`,
    followers under `/follow`, new provinces under `/provinces` and tokens under `/access`.
    Every endpoint that is not public needs a known caller, before anything of the request
    is parsed.
    """
    app = Flask(opened.name, static_folder=None)
    app.config.update(
        API_TITLE=title,
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "servers": [{"url": f"/{opened.name}"}],
            "security": [{"bearer": []}],
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        },
        MAX_CONTENT_LENGTH=BODY_MAX_BYTES,
    )
    app.url_map.merge_slashes = False  # `//` is no address of ours, and none to redirect from
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["runtime"] = opened
    spec = {"marshmallow_plugin": marshmallow_plugin(), "extra_plugins": [RequestHeaders()]}
    api = Api(app, spec_kwargs=spec)
    app.extensions["catalogue"] = catalogue = catalogue_of(opened.name)
    answer_problems(app, catalogue)
    app.before_request(check_caller)
    app.before_request(check_envelope)
    app.before_request(check_body)
    app.after_request(guarded)
    for blueprint in (*blueprints, log.blueprint, log_tiles.blueprint, health.blueprint):
        api.register_blueprint(cast(Any, blueprint))
    for blueprint in (
        references.blueprint,
        operations.blueprint,
        freezing.blueprint,
        provinces.blueprint,
        tokens.blueprint,
        people.blueprint,
    ):
        api.register_blueprint(cast(Any, blueprint))
    return app
