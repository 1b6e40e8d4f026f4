"""Pages, stylesheets, scripts and fonts: what anybody's browser may have, signed in or not.

They lie in `pages` and `static`, are few and small, and hold nothing about anybody. A page
finds what it needs beside it, so that it also works as a copy on a disc, without network.
"""

import mimetypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HERE = Path(__file__).parent
_FONT = ".woff2"
_YEAR_S = 365 * 24 * 3600
_MEDIA_TYPES = {_FONT: "font/woff2", ".svg": "image/svg+xml", ".js": "text/javascript"}
_METHODS = frozenset({"GET", "HEAD"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
"""What a page may do: nothing but what lies beside it, and no request after that.

Each page states it too, for its copies on discs. Source: Content Security Policy Level 3.
"""
_GUARDS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFile:
    """A file as it is served, and as it lies in a copy of the pages."""

    name: str
    """Where it lies in a copy: `proof.html`, `static/app.css`."""
    content: bytes

    @property
    def address(self) -> str:
        """Where it is served: as it is called, a page without its ending."""
        return f"/{self.name.removesuffix('.html')}"

    def answer(self) -> Response:
        """Return the answer that gives it out."""
        ending = Path(self.name).suffix
        media_type = _MEDIA_TYPES.get(ending) or mimetypes.guess_type(self.name)[0]
        response = Response(self.content, mimetype=media_type, headers=_GUARDS)
        response.set_etag(sha256(self.content).hexdigest())
        if ending == _FONT:
            response.cache_control.public = True
            response.cache_control.max_age = _YEAR_S
        else:
            response.cache_control.no_cache = True
        return response


@cache
def public_files() -> Mapping[str, PublicFile]:
    """Return every file by its address; there are no others, whatever an address says."""
    pages = {path.name: path for path in (_HERE / "pages").glob("*.html")}
    static = {
        f"static/{path.relative_to(_HERE / 'static').as_posix()}": path
        for path in (_HERE / "static").rglob("*")
        if path.is_file()
    }
    files = (
        PublicFile(name=name, content=path.read_bytes())
        for name, path in sorted({**pages, **static}.items())
    )
    return {file.address: file for file in files}


def with_public_files(app: "WSGIApplication") -> "WSGIApplication":
    """Return `app` with every public file at its address, for GET and HEAD."""

    def served(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        file = public_files().get(environ.get("PATH_INFO", ""))
        if file is None or environ["REQUEST_METHOD"] not in _METHODS:
            return app(environ, start_response)
        answer = file.answer().make_conditional(Request(environ))
        return answer(environ, start_response)

    return served
