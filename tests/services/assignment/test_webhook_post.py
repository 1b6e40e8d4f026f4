"""One POST, over real sockets: where it goes, when it ends, and what it leaves behind."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.assignment.webhook_address import Address
from services.assignment.webhook_post import ANSWER_MAX_BYTES, post
from shared.kernel.errors import Refused, Unavailable
from shared.settings import networks_of
from tests.servers.child import free_port
from tests.services.assignment.receiver import Receiver, receiving, write_certificate

LOOPBACK = networks_of("127.0.0.0/8,::1")
HEADERS = {"Content-Type": "application/cloudevents+json", "webhook-id": "t:a:1"}


def send(url: str, deadline_s: float = 5.0) -> int:
    return post(Address.of(url), b"{}", HEADERS, networks=LOOPBACK, deadline_s=deadline_s)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """Yield the address of a server that does to each connection what `talk` does."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            try:
                talk(connection)
            except OSError:
                return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        thread.join(10)
        server.close()
    assert not thread.is_alive()


def test_body_headers_and_target_arrive_as_they_are(receiver: Receiver) -> None:
    assert send(receiver.url) == 204
    (came,) = receiver.received
    assert (came.path, came.body) == ("/hook?token=bi-mat", b"{}")
    assert came.headers["host"] == Address.of(receiver.url).netloc
    assert came.headers["content-type"] == "application/cloudevents+json"


@pytest.mark.parametrize("status", [200, 202, 301, 307, 400, 404, 410, 429, 500, 503])
def test_the_status_is_what_was_answered_and_no_redirect_is_followed(
    receiver: Receiver, status: int
) -> None:
    receiver.answer = lambda _received: status
    receiver.reply_headers = {"Location": receiver.url}
    assert send(receiver.url) == status
    assert len(receiver.received) == 1


def test_no_proxy_of_the_environment_stands_between(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    assert send(receiver.url) == 204


def test_nobody_there_is_unreachable() -> None:
    with pytest.raises(Unavailable, match=r"webhook\.unreachable"):
        send(f"http://127.0.0.1:{free_port()}/")


def test_who_hangs_up_is_unreachable() -> None:
    with talking(lambda connection: None) as place, pytest.raises(Unavailable) as caught:
        send(f"http://{place}/")
    assert caught.value.code == "webhook.unreachable"


def test_who_speaks_no_http_is_unreachable() -> None:
    def babble(connection: socket.socket) -> None:
        connection.recv(1_000)
        connection.sendall(b"SSH-2.0-nothing for you\r\n")

    with talking(babble) as place, pytest.raises(Unavailable, match=r"webhook\.unreachable"):
        send(f"http://{place}/")


def drip(connection: socket.socket) -> None:
    """Send an answer that never ends, a byte at a time."""
    connection.sendall(b"HTTP/1.1 2")
    for _ in range(200):
        connection.sendall(b"0")
        time.sleep(0.05)


def silence(connection: socket.socket) -> None:
    """Take what comes and say nothing, until the other end goes."""
    while connection.recv(1_000):
        pass


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("talk", [drip, silence])
def test_who_answers_too_slowly_is_cut_off_in_time(
    scheme: str, talk: Callable[[socket.socket], None]
) -> None:
    began = time.monotonic()
    with talking(talk) as place, pytest.raises(Unavailable) as caught:
        send(f"{scheme}://{place}/", deadline_s=0.5)
    assert time.monotonic() - began < 3
    is_no_tls = scheme == "https" and talk is drip
    assert caught.value.code == ("webhook.tls_failed" if is_no_tls else "webhook.timed_out")


def test_an_endless_body_is_left_unread(receiver: Receiver) -> None:
    receiver.reply_body = b"x" * (100 * ANSWER_MAX_BYTES)
    assert send(receiver.url) == 204


def test_a_status_counts_even_if_the_body_after_it_never_ends() -> None:
    def promise(connection: socket.socket) -> None:
        connection.recv(1_000)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        silence(connection)

    with talking(promise) as place:
        assert send(f"http://{place}/", deadline_s=0.5) == 200


def test_the_other_end_proves_its_name_by_a_certificate_that_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = write_certificate(tmp_path / "one.pem", "localhost")
    with receiving(certificate=certificate) as receiver:
        with pytest.raises(Unavailable, match=r"webhook\.tls_failed"):
            send(receiver.url)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert send(receiver.url) == 204
        with pytest.raises(Unavailable, match=r"webhook\.tls_failed"):
            send(receiver.url.replace("localhost", "127.0.0.1"))  # not the name it proves
        assert len(receiver.received) == 1


def test_the_address_that_was_checked_is_the_one_connected_to(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a name that leads to a public address when it is looked up first, then to us
    looked_up = socket.getaddrinfo
    answers = iter(["127.0.0.1"])

    def rebinding(host: str, *args: object, **named: object) -> object:
        if host == "localhost":
            host = next(answers, "10.0.0.1")
        return looked_up(host, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    url = receiver.url.replace("127.0.0.1", "localhost")
    # When it is sent to, the name is asked once, and the connection made to what it said
    assert send(url) == 204
    # Then a second delivery asks again, and is refused
    with pytest.raises(Refused, match=r"webhook\.address_refused"):
        send(url)
    assert len(receiver.received) == 1


def test_nothing_is_logged_whatever_is_answered(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.reply_body = b"Nguy\xe1\xbb\x85n V\xc4\x83n A"
    receiver.reply_headers = {"X-Bad": "a\r\n b", "X-Secret": "bi-mat"}
    send(receiver.url)
    assert caplog.text == ""
