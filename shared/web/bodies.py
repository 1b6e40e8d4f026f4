"""What comes before a body is read: its sender is known, its form is the one expected."""

from flask import current_app, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from shared.web.callers import caller

_WITHOUT_EFFECT = ("GET", "HEAD", "OPTIONS")
_FORM = "multipart/form-data"


def check_body() -> None:
    """Return when the request may go on to its endpoint; runs before every one.

    Whatever has an effect needs a caller, so that nothing of a stranger is ever parsed. A
    body is JSON, or a form where the endpoint's class says `takes_form = True`.

    Raises:
        Unauthenticated: as `caller`.
        UnsupportedMediaType, RequestEntityTooLarge, BadRequest: answered as problems.

    """
    if request.endpoint is None or request.method in _WITHOUT_EFFECT:
        return
    caller()
    view = current_app.view_functions[request.endpoint]
    if getattr(getattr(view, "view_class", None), "takes_form", False):
        if request.mimetype != _FORM:
            raise UnsupportedMediaType
        return
    if not request.get_data(cache=True):
        return
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        request.get_json()
    except RecursionError:  # a body nested too deeply is no fault of the server
        raise BadRequest from None
