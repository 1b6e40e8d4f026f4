"""TCP ports of this machine: whether one is free, and ones that are."""

import errno
import socket

from shared.kernel.errors import Conflict, Unavailable

_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - an address to recognise, not to open
_LOOPBACK = "127.0.0.1"


def check_free(address: tuple[str, int]) -> None:
    """Return when we may listen at `address`.

    Raises:
        Conflict: `deployment.port_in_use`.
        Unavailable: `deployment.cannot_listen` where it is not ours, or not allowed.

    """
    named = f"{address[0]}:{address[1]}"
    try:
        socket.create_server(address).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Conflict("deployment.port_in_use", address=named) from None
        raise Unavailable("deployment.cannot_listen", address=named) from None


def free_ports(count: int) -> list[int]:
    """Return ports of the loopback that are free now, all different."""
    sockets = [socket.create_server((_LOOPBACK, 0)) for _ in range(count)]
    ports: list[int] = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def url_at(address: tuple[str, int]) -> str:
    """Return where this machine itself reaches what listens at `address`."""
    host, port = address
    return f"http://{_LOOPBACK if host in _EVERYWHERE else host}:{port}"
