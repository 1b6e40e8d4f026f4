"""Where a webhook may lead."""

import ipaddress
import socket
from typing import Any

import pytest

from services.assignment.webhook_address import ADDRESSES_MAX, URL_MAX_CHARACTERS, Address
from shared.kernel.errors import Refused, Unavailable
from shared.settings import networks_of

LOOPBACK = networks_of("127.0.0.0/8,::1")
OWN = networks_of("10.20.0.0/16")


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Have every name lead to `addresses`; return the names that are looked up."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(0, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    ("url", "host", "port", "target", "netloc"),
    [
        ("https://a.vn", "a.vn", 443, "/", "a.vn"),
        ("HTTPS://A.vn:443/x?y=1&z", "a.vn", 443, "/x?y=1&z", "a.vn"),
        ("https://a.vn:8443?y", "a.vn", 8443, "/?y", "a.vn:8443"),
        ("https://[2001:DB8::1]:8443/x", "2001:db8::1", 8443, "/x", "[2001:db8::1]:8443"),
        ("http://127.0.0.1:80/x", "127.0.0.1", 80, "/x", "127.0.0.1"),
        ("http://localhost:8080", "localhost", 8080, "/", "localhost:8080"),
        ("http://[::1]:8080/", "::1", 8080, "/", "[::1]:8080"),
    ],
)
def test_an_address_is_a_host_a_port_and_a_target(
    url: str, host: str, port: int, target: str, netloc: str
) -> None:
    found = Address.of(url)
    assert (found.host, found.port, found.target, found.netloc) == (host, port, target, netloc)
    assert found.is_tls == url.lower().startswith("https")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.vn/x",
        "//a.vn/x",
        "ftp://a.vn/x",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "https://user:password@a.vn/x",
        "https://@a.vn/x",
        "https://a.vn/x#part",
        "https://a.vn:0/x",
        "https://a.vn:70000/x",
        "https://a.vn:port/x",
        "https://a.vn/x y",
        "https://a.vn/x\r\nHost: b.vn",
        "https://cơ-quan.vn/x",
        "https://a.vn\\@b.vn/x",
        "https://a..vn/x",
        "https://a.vn./x",
        "https://[::1",
        "https://[fe80::1%25eth0]/x",
        "https://a.vn/" + "x" * URL_MAX_CHARACTERS,
    ],
)
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    with pytest.raises(Refused, match=r"webhook\.url_unfit"):
        Address.of(url)


@pytest.mark.parametrize("url", ["http://a.vn/x", "http://10.20.0.1/x", "http://127.0.0.1.vn/x"])
def test_only_this_machine_is_reached_without_tls(url: str) -> None:
    with pytest.raises(Refused, match=r"webhook\.url_not_https"):
        Address.of(url)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.20.0.1", "172.16.0.1", "192.168.1.1"),  # noqa: S104 - never opened
        *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fd00::1"),
        *("ff02::1", "ff0e::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.20.0.1"),
        *("2002:7f00:1::1", "64:ff9b::7f00:1", "2001:0:7f00:1::1", "::127.0.0.1"),
    ],
)
def test_a_name_that_leads_into_a_network_of_our_own_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for found in ([address], ["93.184.215.14", address], [address, "93.184.215.14"]):
        resolving(monkeypatch, *found)
        with pytest.raises(Refused, match=r"webhook\.address_refused"):
            Address.of("https://a.vn").resolve(())


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_public_address_is_reached(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, address)
    assert Address.of("https://a.vn").resolve(()) == [address]


def test_a_private_network_can_be_opened_and_only_that(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "10.20.0.1")
    assert Address.of("https://a.vn").resolve(OWN) == ["10.20.0.1"]
    resolving(monkeypatch, "10.21.0.1")
    with pytest.raises(Refused, match=r"webhook\.address_refused"):
        Address.of("https://a.vn").resolve(OWN)


@pytest.mark.parametrize("address", ["169.254.169.254", "224.0.0.1", "fe80::1", "ff02::1", "::"])
def test_no_setting_opens_link_local_or_multicast_addresses(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, address)
    everything = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
    with pytest.raises(Refused, match=r"webhook\.address_refused"):
        Address.of("https://a.vn").resolve(everything)


def test_what_calls_itself_this_machine_must_be_it(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "10.20.0.1")
    with pytest.raises(Refused, match=r"webhook\.address_refused"):
        Address.of("http://localhost:8080").resolve(OWN)
    resolving(monkeypatch, "127.0.0.1")
    assert Address.of("http://localhost:8080").resolve(LOOPBACK) == ["127.0.0.1"]


def test_every_delivery_looks_the_name_up_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    address = Address.of("https://a.vn")
    resolving(monkeypatch, "93.184.215.14")
    assert address.resolve(()) == ["93.184.215.14"]
    resolving(monkeypatch, "127.0.0.1")
    with pytest.raises(Refused, match=r"webhook\.address_refused"):
        address.resolve(())


def test_a_name_with_too_many_addresses_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, *(f"93.184.215.{number}" for number in range(ADDRESSES_MAX + 1)))
    with pytest.raises(Refused, match=r"webhook\.address_refused"):
        Address.of("https://a.vn").resolve(())


def test_a_name_that_nobody_knows_is_unreachable() -> None:
    with pytest.raises(Unavailable, match=r"webhook\.unreachable"):
        Address.of("https://nobody.invalid").resolve(())


@pytest.mark.parametrize(
    "url", ["https://10.1.1.1/", "http://127.0.0.1/", "http://localhost/", "https://[::1]/"]
)
def test_an_address_that_says_itself_where_it_leads_is_refused_before_anything_is_sent(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolving(monkeypatch, "93.184.215.14")
    with pytest.raises(Refused, match=r"webhook\.address_refused"):
        Address.of(url).check_literal(())
    Address.of(url).check_literal(networks_of("10.1.1.1,127.0.0.1,::1"))
    Address.of("https://a.vn").check_literal(())
    assert asked == []
