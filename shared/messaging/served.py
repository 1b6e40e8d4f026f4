"""A WSGI application served from within the process: the embedded default, and tests."""

import logging
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

import eventlet
import eventlet.wsgi
from nameko.extensions import DependencyProvider

from shared.messaging.opened import Opened, Running

_log = logging.getLogger(__name__)

BACKLOG = 512
REQUESTS_MAX = 64
"""Requests at work at once; more wait in the socket's backlog."""
DRAIN_S = 5.0
SOCKET_TIMEOUT_S = 60.0
LEFTOVER_MAX_BYTES = 32 * 1024 * 1024
"""Most that is read of a body which the app did not want, so that its answer arrives; then
the connection is closed."""
_CHUNK_BYTES = 64 * 1024

Wsgi = Callable[..., Any]


class _Discreet:
    """What eventlet's server logs to: a traceback might quote a row, so only the fact."""

    def info(self, message: str) -> None:
        """Note that a request failed below the application, which answers its own errors."""
        if "Traceback" in message:
            _log.error("a request failed below the application")

    debug = info


class _Protocol(eventlet.wsgi.HttpProtocol):
    """Bodies as WSGI's later servers have them: chunked ones too, and none without end.

    What is no request at all is answered here, with a code and nothing about the server.
    """

    error_content_type = "application/problem+json"
    error_message_format = (
        '{"type": "urn:doithoai:error:request.unreadable", "status": %(code)d,'
        ' "code": "request.unreadable"}'
    )

    def version_string(self) -> str:
        """Return what the server calls itself: no program, and no version of it."""
        return "doithoai"

    def parse_request(self) -> bool:
        """Return whether it is a request; what is none is answered, and never with nothing."""
        try:
            is_request: bool = super().parse_request()
        except (eventlet.wsgi.HeaderLineTooLong, eventlet.wsgi.HeadersTooLarge):
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return False
        if is_request and not self.headers.get("Content-Length", "0").strip().isdecimal():
            self.send_error(HTTPStatus.BAD_REQUEST)
            return False
        return is_request

    def get_environ(self) -> dict[str, Any]:
        """Return the WSGI environment of the request."""
        environ: dict[str, Any] = super().get_environ()
        # eventlet's input ends with the body, whatever its form, and does not say so: a
        # chunked body would be taken for an empty one.
        environ["wsgi.input_terminated"] = True
        body = environ["eventlet.input"]
        body.discard = partial(self._discard, body)
        if environ.get("HTTP_TRANSFER_ENCODING", "chunked").lower() != "chunked":
            self.close_connection = True  # where this body ends, and another request begins?
        return environ

    def _discard(self, body: Any) -> None:
        for _ in range(LEFTOVER_MAX_BYTES // _CHUNK_BYTES):
            if not body.read(_CHUNK_BYTES):
                return
        self.close_connection = True


class WebServer:
    """Serves one WSGI application on one address, in green threads."""

    def __init__(self, app: Wsgi, listen: tuple[str, int]) -> None:
        self._app = app
        self._listen = listen
        self._pool = eventlet.GreenPool(REQUESTS_MAX)

    @property
    def port(self) -> int:
        """The port, also where the system was asked to choose one."""
        return self._socket.getsockname()[1]

    def start(self) -> None:
        """Listen and serve.

        Raises:
            OSError: the address is taken.

        """
        # eventlet would share a port by default, and two deployments their requests.
        self._socket = eventlet.listen(self._listen, backlog=BACKLOG, reuse_port=False)
        self._server = eventlet.spawn(
            eventlet.wsgi.server,
            self._socket,
            self._app,
            custom_pool=self._pool,
            log=_Discreet(),
            log_output=False,
            debug=False,  # a client gets no traceback
            socket_timeout=SOCKET_TIMEOUT_S,
            protocol=_Protocol,
        )

    def stop(self) -> None:
        """Take no new connection, and give the requests at work five seconds to end."""
        self._server.kill()
        with eventlet.Timeout(DRAIN_S, exception=False):
            self._pool.waitall()
        self._socket.close()


class WebApp(DependencyProvider):
    """Serves the app of the container's service, where `config["LISTEN"]` names an address.

    Without one, the app is served by another process, or by `WebServer` in front of all.
    """

    opened = Opened()

    def __init__(self, create_app: Callable[[Any], Wsgi]) -> None:
        self._create_app = create_app
        self._web: WebServer | None = None

    def start(self) -> None:
        """See nameko."""
        runtime: Running = self.opened.runtime
        listen = self.container.config.get("LISTEN", {}).get(runtime.name)
        if listen:
            self._web = WebServer(self._create_app(runtime), tuple(listen))
            self._web.start()

    def stop(self) -> None:
        """See nameko."""
        if self._web:
            self._web.stop()
