"""Which endpoints are pages for people: they take forms, and answer in HTML."""

from flask import request

ACCOUNT = "account"
"""Blueprint of signing in; a service's own pages are blueprints that end with `pages`."""


def is_page() -> bool:
    """Return whether the current request is for a page."""
    return is_page_blueprint(request.blueprint or "")


def is_page_blueprint(name: str) -> bool:
    """Return whether the endpoints of a blueprint are pages."""
    return name == ACCOUNT or name.endswith("pages")
