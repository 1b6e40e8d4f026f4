"""One POST to a webhook: to a checked address, verified, bounded in time and size.

Stands on the standard library's `http.client`, given a socket that is connected already:
libraries above it look the name up themselves, and log the address and what was answered.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from services.assignment.webhook_address import Address
from shared.kernel.errors import Unavailable
from shared.settings import Network

CONNECT_TIMEOUT_S = 3.0
DEADLINE_S = 10.0
"""From the first connection to the end of the answer, however slowly it drips in."""
ANSWER_MAX_BYTES = 16 * 1024
"""More of an answer's body is not read; nothing of it is ever kept."""


class _Line:
    """The connection under way, so that it can be cut from outside."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.was_cut = False

    def cut(self) -> None:
        """Wake whoever waits for the other end."""
        self.was_cut = True
        with suppress(OSError, ValueError):
            self.sock.shutdown(socket.SHUT_RDWR)


def post(
    address: Address,
    body: bytes,
    headers: Mapping[str, str],
    *,
    networks: Sequence[Network],
    deadline_s: float = DEADLINE_S,
) -> int:
    """Send `body`, and return the status of the answer. No redirect is followed.

    Raises:
        Refused: `webhook.address_refused`.
        Unavailable: `webhook.unreachable`, `webhook.timed_out`, `webhook.tls_failed`.

    """
    ends_at = time.monotonic() + deadline_s
    with _cut_at(ends_at, _connected(address, networks, ends_at)) as line:
        try:
            if address.is_tls:
                _secure(line, address.host)
            return _exchanged(line, address, body, headers)
        except ssl.SSLError as error:
            if line.was_cut or isinstance(error, ssl.SSLZeroReturnError | ssl.SSLEOFError):
                raise _lost(line) from None
            raise Unavailable("webhook.tls_failed") from None
        except TimeoutError:
            raise Unavailable("webhook.timed_out") from None
        except (OSError, ValueError, http.client.HTTPException):
            raise _lost(line) from None


def _lost(line: _Line) -> Unavailable:
    return Unavailable("webhook.timed_out" if line.was_cut else "webhook.unreachable")


def _connected(address: Address, networks: Sequence[Network], ends_at: float) -> socket.socket:
    """Return a connection to the first of the checked addresses that takes one."""
    code = "webhook.unreachable"
    for each in address.resolve(networks):
        left_s = min(CONNECT_TIMEOUT_S, ends_at - time.monotonic())
        if left_s <= 0:
            break
        try:
            return socket.create_connection((each, address.port), timeout=left_s)
        except TimeoutError:
            code = "webhook.timed_out"
        except OSError:
            continue
    raise Unavailable(code)


@contextmanager
def _cut_at(ends_at: float, sock: socket.socket) -> Iterator[_Line]:
    """Yield the connection, cut at `ends_at`: a time-out per read would never end a drip."""
    line = _Line(sock)
    left_s = max(0.0, ends_at - time.monotonic())
    sock.settimeout(left_s or None)
    timer = threading.Timer(left_s, line.cut)
    timer.daemon = True
    timer.start()
    try:
        yield line
    finally:
        timer.cancel()
        line.sock.close()


def _secure(line: _Line, host: str) -> None:
    """Turn the connection into one whose other end has proved to be `host`."""
    context = ssl.create_default_context()
    line.sock = secured = context.wrap_socket(
        line.sock, server_hostname=host, do_handshake_on_connect=False
    )
    secured.do_handshake()


def _exchanged(line: _Line, address: Address, body: bytes, headers: Mapping[str, str]) -> int:
    connection = http.client.HTTPConnection(address.host, address.port)
    connection.auto_open = 0  # it shall never connect by itself
    connection.sock = line.sock
    connection.request(
        "POST",
        address.target,
        body=body,
        headers={"Host": address.netloc, "Connection": "close", **headers},
    )
    response = connection.getresponse()
    with suppress(OSError, ValueError, http.client.HTTPException):
        response.read(ANSWER_MAX_BYTES)  # so that the sender isn't cut off while it speaks
    return response.status
