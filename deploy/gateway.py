"""One address in front of all services, in every mode.

In one process the apps are mounted beside each other. With each service in a process of
its own the same paths are passed on to it; in production a web server may do that.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug.datastructures import EnvironHeaders
from werkzeug.http import is_hop_by_hop_header
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.utils import redirect

from deploy.ending import catalogue
from shared.kernel.errors import AppError, BadInput, NotFound, Unavailable
from shared.web.problems import problem
from shared.web.public_files import with_public_files

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_log = logging.getLogger(__name__)

HOME = "/reporting/pages/report"
"""Where the front door leads."""
CONNECT_TIMEOUT_S = 5
ANSWER_TIMEOUT_S = 300
"""A recount of years, or a large workbook, may take a while."""
_CHUNK_BYTES = 64 * 1024
_OUR_OWN = frozenset({"content-length", "expect", "x-forwarded-for"})
"""Headers that are about the connection to us, besides those that HTTP calls hop-by-hop."""


def mounted(apps: "Mapping[str, WSGIApplication]") -> "WSGIApplication":
    """Return one app that serves each of `apps` under `/<service>`, and the public files."""
    return DispatcherMiddleware(
        with_public_files(_front), {f"/{service}": app for service, app in apps.items()}
    )


def passed_on(addresses: Mapping[str, tuple[str, int]]) -> "WSGIApplication":
    """Return an app that passes `/<service>/…` on to that service's own host and port.

    Bodies are streamed both ways. A service that is away gets a 503 with a problem, and
    concerns no other. The public files are served here, whatever service is away.
    """
    no_service = with_public_files(_front)

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        service = environ.get("PATH_INFO", "").split("/")[1:2]
        if not service or service[0] not in addresses:
            return no_service(environ, start_response)
        connection = HTTPConnection(*addresses[service[0]], timeout=CONNECT_TIMEOUT_S)
        try:
            answer = _ask(connection, environ)
        except (OSError, HTTPException) as error:
            connection.close()
            _log.info("%s does not answer: %s", service[0], type(error).__name__)
            away = Unavailable("deployment.service_away", service=service[0])
            return _answer(away, environ, start_response)
        except AppError as error:
            connection.close()  # half a request: the service is not to wait for the rest
            return _answer(error, environ, start_response)
        start_response(f"{answer.status} {answer.reason}", _headers(answer))
        return _body(connection, answer)

    return app


def _ask(connection: HTTPConnection, environ: "WSGIEnvironment") -> HTTPResponse:
    """Send the request of `environ` and return the answer, whose body is still to come."""
    connection.connect()
    connection.sock.settimeout(ANSWER_TIMEOUT_S)
    connection.putrequest(
        environ["REQUEST_METHOD"], _target(environ), skip_host=True, skip_accept_encoding=True
    )
    for name, value in EnvironHeaders(environ).items():
        if not is_hop_by_hop_header(name) and name.lower() not in _OUR_OWN:
            connection.putheader(name, value)
    connection.putheader("Connection", "close")
    connection.putheader("X-Forwarded-For", environ.get("REMOTE_ADDR", ""))
    length = environ.get("CONTENT_LENGTH") or None
    is_chunked = length is None and "HTTP_TRANSFER_ENCODING" in environ
    if length is not None:
        connection.putheader("Content-Length", length)
    elif is_chunked:
        connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    # A service may answer, and close, before it has read everything: the answer counts.
    with suppress(BrokenPipeError, ConnectionResetError):
        if length is not None:
            for piece in _sent(environ, int(length)):
                connection.send(piece)
        elif is_chunked:
            for piece in _sent(environ):
                connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
            connection.send(b"0\r\n\r\n")
    return connection.getresponse()


def _target(environ: "WSGIEnvironment") -> str:
    # WSGI gives the path decoded, as latin-1; a safe one comes out as it came in.
    path = environ["PATH_INFO"].encode("latin-1")
    target = quote(path, safe="/!$&'()*+,;=:@~-._")
    return f"{target}?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else target


def _sent(environ: "WSGIEnvironment", length: int | None = None) -> Iterator[bytes]:
    """Yield the body that the client sends, `length` bytes where that was stated.

    Raises:
        BadInput: `request.unreadable` when it ends before its end, or its chunks are none.

    """
    left = length
    while left is None or left > 0:
        try:
            piece = environ["wsgi.input"].read(min(left or _CHUNK_BYTES, _CHUNK_BYTES))
        except (OSError, ValueError):
            raise BadInput("request.unreadable") from None
        if not piece:
            break
        yield piece
        left = None if left is None else left - len(piece)
    if left:
        raise BadInput("request.unreadable")


def _headers(answer: HTTPResponse) -> list[tuple[str, str]]:
    return [(name, value) for name, value in answer.getheaders() if not is_hop_by_hop_header(name)]


def _body(connection: HTTPConnection, answer: HTTPResponse) -> Iterator[bytes]:
    try:
        while piece := answer.read(_CHUNK_BYTES):
            yield piece
    finally:
        answer.close()
        connection.close()


def _front(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Send who comes to the front door to the first page."""
    if environ.get("PATH_INFO") in ("", "/"):
        return redirect(HOME, 303)(environ, start_response)
    return _no_such_address(environ, start_response)


def _no_such_address(
    environ: "WSGIEnvironment", start_response: "StartResponse"
) -> Iterable[bytes]:
    return _answer(NotFound("request.no_such_address"), environ, start_response)


def _answer(
    error: AppError, environ: "WSGIEnvironment", start_response: "StartResponse"
) -> Iterable[bytes]:
    return problem(catalogue(), error)(environ, start_response)
