"""What comes before a body reaches its endpoint: its form is the one expected."""

from flask import current_app, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from shared.web.page_endpoints import is_page
from shared.web.reading import strict_json

_WITHOUT_EFFECT = ("GET", "HEAD", "OPTIONS")
_FORM = "multipart/form-data"
_FORMS = frozenset({_FORM, "application/x-www-form-urlencoded"})


def check_body() -> None:
    """Return when the request's body may go on; runs before every endpoint, for known callers.

    A body is JSON, or a form where the endpoint is a page, or its class says
    `takes_form = True`.

    Raises:
        BadInput: as `strict_json`.
        UnsupportedMediaType, RequestEntityTooLarge, BadRequest: answered as problems.

    """
    if request.headers.get("Transfer-Encoding", "chunked").lower() != "chunked":
        raise BadRequest
    if request.endpoint is None or request.method in _WITHOUT_EFFECT:
        return
    if is_page():
        if request.mimetype not in {"", *_FORMS}:
            raise UnsupportedMediaType
        return
    view = current_app.view_functions[request.endpoint]
    if getattr(getattr(view, "view_class", None), "takes_form", False):
        if request.mimetype != _FORM:
            raise UnsupportedMediaType
        return
    body = _whole_body()
    if not body:
        return
    if not request.is_json:
        raise UnsupportedMediaType
    strict_json(body)


def _whole_body() -> bytes:
    """Return the body. One without a stated length is cut at the limit, and refused here."""
    body = request.get_data(cache=True)
    limit = request.max_content_length
    is_cut = request.content_length is None and limit is not None and len(body) >= limit
    if is_cut and request.environ["wsgi.input"].read(1):
        raise RequestEntityTooLarge
    return body
