"""What a request comes in and an answer leaves in: address, query, headers."""

from urllib.parse import unquote_to_bytes

from flask import Response, request
from werkzeug.exceptions import (
    BadRequest,
    NotFound,
    RequestHeaderFieldsTooLarge,
    RequestURITooLarge,
)

from shared.web.callers import PUBLIC_ENDPOINTS
from shared.web.reading import is_text

QUERY_MAX_BYTES = 4_096
"""Longest query, as it is sent."""
HEADERS_MAX_BYTES = 16_384
"""Most that all headers may hold together. Servers cut off far longer ones by themselves."""


def check_envelope() -> None:
    """Return when address, query and headers are within limits, and are text.

    Raises:
        HTTPException: 404, 400, 414, 431; answered as problems.

    """
    if not is_text(request.path.encode(errors="surrogateescape")):
        raise NotFound
    if len(request.query_string) > QUERY_MAX_BYTES:
        raise RequestURITooLarge
    if not is_text(unquote_to_bytes(request.query_string)):
        raise BadRequest
    if sum(len(name) + len(value) for name, value in request.headers) > HEADERS_MAX_BYTES:
        raise RequestHeaderFieldsTooLarge


def guarded(response: Response) -> Response:
    """Return `response` as it may leave: its type is not guessed, and only what is public kept.

    What is answered depends on who asks, so that nobody between may keep it.
    """
    response.headers["X-Content-Type-Options"] = "nosniff"
    if request.endpoint not in PUBLIC_ENDPOINTS:
        response.headers.setdefault("Cache-Control", "no-store")
    return response
