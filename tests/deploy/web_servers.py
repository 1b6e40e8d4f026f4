"""Web servers that answer as a test wants, on a free port, in a thread."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class _Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing."""


@contextmanager
def serving(answer: Callable[[Request], Response]) -> Iterator[tuple[str, int]]:
    """Yield host and port of a server that answers every request by `answer`."""
    with serving_app(Request.application(answer)) as address:
        yield address


@contextmanager
def serving_app(app: "WSGIApplication") -> Iterator[tuple[str, int]]:
    """Yield host and port of a server of `app`."""
    server: BaseWSGIServer = make_server(
        "127.0.0.1", 0, app, threaded=True, request_handler=_Silent
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield "127.0.0.1", server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
