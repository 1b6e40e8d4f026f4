"""Pages in a service's app: their templates, and what every one of them leaves with."""

from pathlib import Path
from typing import cast
from urllib.parse import quote

from flask import Flask, Response, redirect, request
from jinja2 import FileSystemLoader, StrictUndefined

from shared.pages import look
from shared.pages.sign_in import blueprint as account
from shared.texts.formats import NOT_STATED, phan_tram, so
from shared.web.current import runtime
from shared.web.page_endpoints import is_page

TEMPLATES = Path(__file__).parent / "templates"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_UNKNOWN, _INTERNAL = 401, 500
_KINDS = {403: "forbidden", 404: "unknown", 409: "conflict", 503: "away"}
"""How a problem's page is headed, by status."""


def add_pages(app: Flask, *folders: Path) -> None:
    """Give `app` the pages that every service has, and the look of those in `folders`."""
    app.jinja_loader = FileSystemLoader([TEMPLATES, *folders])
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(
        ngay=look.day_shown,
        gio=look.time_shown,
        ma=look.code_shown,
        so=so,
        phan_tram=phan_tram,
    )
    environment.globals.update(
        t=look.text,
        text_of=look.text_of,
        word=look.word,
        static=look.static,
        province_name=look.province_name,
        NOT_STATED=NOT_STATED,
    )
    app.register_blueprint(account)
    app.after_request(_as_page)


def _as_page(response: Response) -> Response:
    """Return what a page's address answers, as a page: errors too, with what to do about them."""
    if not is_page():
        return response
    if response.mimetype == "application/problem+json":
        if response.status_code == _UNKNOWN and request.method == "GET":
            response = _to_sign_in()
        else:
            response = _told(response)
    response.headers.update(_HEADERS)
    return response


def _to_sign_in() -> Response:
    service = runtime().name
    there = quote(f"/{service}{request.full_path.rstrip('?')}", safe="")
    return cast(Response, redirect(f"/{service}/account/sign-in?next={there}", 303))


def _told(response: Response) -> Response:
    problem = response.get_json()
    status = response.status_code
    kind = _KINDS.get(status, "internal" if status >= _INTERNAL else "refused")
    page = look.render("problem.html", here="", status=status, problem=problem, kind=kind)
    for name in ("Retry-After", "Allow"):
        if name in response.headers:
            page.headers[name] = response.headers[name]
    return page
