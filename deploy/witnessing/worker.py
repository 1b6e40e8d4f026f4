"""The worker of a witness: who doesn't send a whole request in time is cut off."""

import socket
from contextlib import suppress
from threading import Timer
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

WHOLE_S = 10
"""From the first byte of a request to the last of its answer."""


class PunctualWorker(ThreadWorker):  # type: ignore[misc]
    """Serves in threads, none of which waits longer than `WHOLE_S`, however little comes."""

    def handle(self, conn: Any) -> Any:
        """See gunicorn."""
        timer = Timer(WHOLE_S, _cut, [conn.sock])
        timer.daemon = True
        timer.start()
        try:
            return super().handle(conn)
        finally:
            timer.cancel()


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        connection.shutdown(socket.SHUT_RDWR)
