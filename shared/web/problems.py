"""Errors as problem+json (RFC 9457): a stable code, a Vietnamese and an English text.

Nothing of the request is quoted back, and nothing but code and facts is logged: a value
may be personal.
"""

import logging
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException

from shared.kernel.clock import system_clock
from shared.kernel.errors import AppError, BadInput, Forbidden, NotFound, TooLarge, Unavailable
from shared.kernel.ids import new_id
from shared.projections.faults import code_of, place_of
from shared.texts import Catalogue
from shared.web.field_faults import field_faults

_log = logging.getLogger(__name__)

RETRY_AFTER_S = 2
_DATABASE_AWAY = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)


def answer_problems(app: Flask, catalogue: Catalogue) -> None:
    """Make `app` answer every error as a problem, with the texts of `catalogue`."""

    def of_app_error(error: AppError) -> Response:
        if error.status >= 500:  # noqa: PLR2004 - the server's own fault
            _log.error("%s %s: %s", request.method, request.url_rule, error)
        return problem(catalogue, error)

    def of_http(error: HTTPException) -> Response:
        status = error.code or 500
        if status == 422:  # noqa: PLR2004 - a body or query that does not fit its schema
            fields = field_faults(getattr(error, "data", {}).get("messages", {}), catalogue)
            return problem(catalogue, BadInput("request.invalid"), fields=fields, status=422)
        known: Mapping[int, AppError] = {
            404: NotFound("request.no_such_address"),
            405: BadInput("request.method_not_allowed"),
            413: TooLarge("request.too_large"),
            414: TooLarge("request.too_large"),
            431: TooLarge("request.too_large"),
            415: BadInput("request.not_json"),
        }
        answer = problem(
            catalogue, known.get(status, BadInput("request.unreadable")), status=status
        )
        if methods := getattr(error, "valid_methods", None):
            answer.headers["Allow"] = ", ".join(sorted(methods))
        return answer

    def of_database(error: Exception) -> Response:
        _log.warning("the database is away: %s", type(error).__name__)
        return problem(catalogue, Unavailable("store.away"))

    def of_unexpected(error: Exception) -> Response:
        incident = new_id(system_clock())
        # A place in the code only; the exception's own words may quote a value.
        _log.error("incident %s: %s at %s", incident, code_of(error), place_of(error))
        return problem(catalogue, AppError("internal", incident=incident))

    app.register_error_handler(AppError, of_app_error)
    app.register_error_handler(HTTPException, of_http)
    for away in _DATABASE_AWAY:
        app.register_error_handler(away, of_database)
    app.register_error_handler(Exception, of_unexpected)


def problem(
    catalogue: Catalogue,
    error: AppError,
    *,
    fields: list[dict[str, Any]] | None = None,
    status: int | None = None,
) -> Response:
    """Return `error` as a response: title in Vietnamese, both texts, code, facts."""
    texts = catalogue.error(error)
    body: dict[str, Any] = {
        "type": f"urn:doithoai:error:{error.code}",
        "title": texts["vi"],
        "status": status or error.status,
        "code": error.code,
        "texts": texts,
        "facts": {name: _plain(value) for name, value in error.facts.items()},
    }
    if fields:
        body["fields"] = fields
    response = Response(
        json.dumps(body),
        status=body["status"],
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
        content_type="application/problem+json",
    )
    if body["status"] == 401:  # noqa: PLR2004
        response.headers["WWW-Authenticate"] = "Bearer"
    if body["status"] == 503:  # noqa: PLR2004
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    if isinstance(error, Forbidden):
        _log.warning("refused %s %s: %s", request.method, request.url_rule, error)
    return response


def _plain(value: object) -> object:
    """Return a fact as JSON: lists and mappings too, for errors that name several faults."""
    match value:
        case None | bool() | int() | str():
            return value
        case Mapping():
            return {str(name): _plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case _:
            return str(value)
