"""What gunicorn serves, in threads of an unpatched process: one service, or the front.

`gunicorn --worker-class gthread "deploy.wsgi:service('intake')"`
"""

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gunicorn.http.errors import ParseException

from deploy.directory import app_of, definition_of
from deploy.environment import settings_told
from deploy.gateway import mounted, passed_on
from shared.runtime import open_runtime

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def service(name: str) -> "WSGIApplication":
    """Return the app of the service called `name`, under `/<name>`."""
    opened = open_runtime(definition_of(name), settings_told())
    return read_soundly(mounted({name: app_of(opened)}))


def gateway() -> "WSGIApplication":
    """Return the one address in front: each path goes to its service's own process."""
    return read_soundly(passed_on(settings_told().listens))


class _Body(io.RawIOBase):
    """A request's body, whose faulty chunks are the fault of a connection, as with a file."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` as far as there is something.

        Raises:
            OSError: the body is not as its sender said.

        """
        try:
            piece = self._body.read(len(buffer))
        except ParseException:
            raise OSError from None
        buffer[: len(piece)] = piece
        return len(piece)


def read_soundly(app: "WSGIApplication") -> "WSGIApplication":
    """Return `app` for gunicorn, whose own errors are none that any library expects."""

    def sound(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["wsgi.input"] = _Body(environ["wsgi.input"])
        return app(environ, start_response)

    return sound
