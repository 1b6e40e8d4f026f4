"""The address of a webhook: its form, and whether we may go there.

An operator names it, but a name leads wherever its owner says, also into our own network.
So it is resolved anew for each delivery, and what is connected to is what was checked.
"""

import ipaddress
import re
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from shared.kernel.errors import Refused, Unavailable
from shared.settings import Network

URL_MAX_CHARACTERS = 2_000
ADDRESSES_MAX = 8
"""Addresses of one name that are looked at; a name with more is refused."""
_PORTS = {"https": 443, "http": 80}
_PRINTABLE = re.compile(r"[!-~]+")
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*|[0-9a-f:.]*:[0-9a-f:.]*")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that is routed; the rest translates, tunnels or stays within a site."""

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where an agency takes its feed."""

    is_tls: bool
    host: str
    """Name or IP address, in lower case, without brackets."""
    port: int
    target: str
    """Path and query."""

    @classmethod
    def of(cls, url: str) -> Self:
        """Return the address that `url` says.

        Raises:
            Refused: `webhook.url_unfit` for what is no plain address of a web server;
                `webhook.url_not_https` unless it is one of this machine itself.

        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise Refused("webhook.url_unfit") from None
        is_plain = len(url) <= URL_MAX_CHARACTERS and _PRINTABLE.fullmatch(url)
        is_bare = "@" not in parts.netloc and "#" not in url and "\\" not in url
        if not (is_plain and is_bare and parts.scheme in _PORTS and _HOST.fullmatch(host)):
            raise Refused("webhook.url_unfit")
        if port == 0:
            raise Refused("webhook.url_unfit")
        is_tls = parts.scheme == "https"
        if not is_tls and not _is_loopback_name(host):
            raise Refused("webhook.url_not_https")
        return cls(
            is_tls=is_tls,
            host=host,
            port=port or _PORTS[parts.scheme],
            target=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        )

    @property
    def netloc(self) -> str:
        """What the `Host` header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self._scheme] else f"{host}:{self.port}"

    @property
    def _scheme(self) -> str:
        return "https" if self.is_tls else "http"

    def check_literal(self, networks: Sequence[Network]) -> None:
        """Return unless the address itself says that it leads where we may not go.

        Raises:
            Refused: `webhook.address_refused`.

        """
        if self.host == "localhost":
            self._check([ipaddress.IPv4Address("127.0.0.1")], networks)
        elif (literal := _literal(self.host)) is not None:
            self._check([literal], networks)

    def resolve(self, networks: Sequence[Network]) -> list[str]:
        """Return the IP addresses to connect to, every one of them checked.

        Raises:
            Refused: `webhook.address_refused` when any of them is not to be reached.
            Unavailable: `webhook.unreachable` when the name has none.

        """
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise Unavailable("webhook.unreachable") from None
        named = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
        if len(named) > ADDRESSES_MAX:
            raise Refused("webhook.address_refused")
        self._check([ipaddress.ip_address(each) for each in named], networks)
        return named

    def _check(self, addresses: Iterable[IpAddress], networks: Sequence[Network]) -> None:
        for each in addresses:
            if not is_permitted(each, networks) or not (self.is_tls or each.is_loopback):
                raise Refused("webhook.address_refused")


def is_permitted(address: IpAddress, networks: Sequence[Network]) -> bool:
    """Return whether we may connect to `address`: a public one, or one in `networks`.

    Never to a link-local one, where clouds keep their secrets, nor to a multicast one.
    """
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_multicast or address.is_link_local or address.is_unspecified:
        return False
    if any(address in network for network in networks):
        return True
    if isinstance(address, ipaddress.IPv6Address):
        is_routed = address in _GLOBAL_UNICAST and address.sixtofour is None
        return is_routed and address.is_global
    return address.is_global and not address.is_reserved


def _is_loopback_name(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" or (literal is not None and literal.is_loopback)


def _literal(host: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
