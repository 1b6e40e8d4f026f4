"""Ports of this machine."""

import socket

import pytest

from deploy.ports import check_free, free_ports, url_at
from shared.kernel.errors import Conflict, Unavailable


def test_a_port_that_somebody_listens_at_is_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with pytest.raises(Conflict, match="deployment.port_in_use") as refused:
            check_free(listener.getsockname())
        assert refused.value.facts == {"address": f"127.0.0.1:{listener.getsockname()[1]}"}


def test_an_address_of_another_machine_is_none_to_listen_at() -> None:
    with pytest.raises(Unavailable, match="deployment.cannot_listen"):
        check_free(("192.0.2.1", 8460))


def test_free_ports_are_free_and_all_different() -> None:
    ports = free_ports(5)
    assert len(set(ports)) == 5
    for port in ports:
        check_free(("127.0.0.1", port))


def test_what_listens_everywhere_is_reached_on_the_loopback() -> None:
    everywhere = ("0.0.0.0", 8460)  # noqa: S104 - nobody listens there
    assert url_at(everywhere) == "http://127.0.0.1:8460"
    assert url_at(("192.0.2.7", 80)) == "http://192.0.2.7:80"
