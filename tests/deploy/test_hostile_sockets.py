"""What comes over a socket and is hardly a request, sent to every kind of server there is."""

import socket
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from shared.web.envelope import HEADERS_MAX_BYTES, QUERY_MAX_BYTES
from tests.deploy.conftest import Address, Embedded

OPINIONS = b"/intake/opinions?province=ha-noi"


def told(
    server: tuple[Address, str], target: bytes, *headers: bytes, version: bytes = b"HTTP/1.1"
) -> bytes:
    """Return all that is answered to a GET of `target`."""
    address, bearer = server
    lines = (
        b"GET " + target + b" " + version,
        b"Host: localhost",
        b"Connection: close",
        b"Authorization: Bearer " + bearer.encode(),
        *headers,
    )
    answer = b""
    with socket.create_connection(address, timeout=60) as connection:
        with suppress(OSError):  # refused before it was all there
            connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            while more := connection.recv(65_536):
                answer += more
    return answer


def status(answer: bytes) -> int:
    return int(answer.split(maxsplit=2)[1])


@pytest.mark.parametrize(
    ("target", "header", "expected"),
    [
        (OPINIONS + b"&a=" + b"x" * QUERY_MAX_BYTES, b"A: b", 414),
        (OPINIONS, b"\r\n".join(b"A%d: %s" % (n, b"x" * 6_000) for n in range(3)), 431),
    ],
)
def test_what_is_too_long_is_a_problem(
    server: tuple[Address, str], target: bytes, header: bytes, expected: int
) -> None:
    assert HEADERS_MAX_BYTES < 18_000
    answer = told(server, target, header)
    assert status(answer) == expected
    assert b"application/problem+json" in answer
    assert b"request.too_large" in answer


@pytest.mark.parametrize(
    ("target", "header"),
    [
        (OPINIONS + b"&a=" + b"x" * 100_000, b"A: b"),
        (OPINIONS, b"A: " + b"x" * 100_000),
        (OPINIONS, b"\r\n".join(b"A%d: b" % n for n in range(5_000))),
        (OPINIONS + b" a b", b"A: b"),
        (OPINIONS, b"A : b"),
        (OPINIONS, b"no header at all"),
        (OPINIONS, b"Content-Length: -1"),
        (OPINIONS, b"Content-Length: x"),
        (OPINIONS, b"A: \x00"),
        (OPINIONS + b"\x00", b"A: b"),
        (b"/intake/%00", b"A: b"),
        (b"/intake/opinions/%ff", b"A: b"),
        (b"//intake/../opinions", b"A: b"),
        (OPINIONS, b"Accept: " + b"\xff" * 10),
        (OPINIONS, b"If-Match: \xff"),
        (OPINIONS, b"Authorization: Bearer \xff\xfe"),
    ],
)
def test_what_no_server_takes_is_refused_without_a_word_about_the_server(
    server: tuple[Address, str], target: bytes, header: bytes
) -> None:
    answer = told(server, target, header)
    # A server that closes on what it has not read may lose its own answer.
    assert not answer or status(answer) < 500, answer
    assert b"Traceback" not in answer
    named = [line for line in answer.split(b"\r\n") if line.lower().startswith(b"server:")]
    assert not any(character.isdigit() for line in named for character in line.decode())


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"A: " + b"x" * 9_000, 431),
        (b"\r\n".join(b"A%d: %s" % (n, b"x" * 8_000) for n in range(20)), 431),
        (b"Content-Length: -1", 400),
        (b"Content-Length: x", 400),
        (b"Content-Length: \xb2", 400),
    ],
    ids=["long header", "many headers", "negative", "no number", "no digit"],
)
def test_the_embedded_server_answers_what_it_refuses_with_a_problem(
    embedded: Embedded, header: bytes, expected: int
) -> None:
    url = urlsplit(embedded.url)
    answer = told(((str(url.hostname), int(url.port or 0)), "none"), OPINIONS, header)
    assert status(answer) == expected
    assert b"application/problem+json" in answer
    assert b'"code": "request.unreadable"' in answer


def test_an_answer_names_no_version_of_any_server(server: tuple[Address, str]) -> None:
    answer = told(server, OPINIONS)
    assert status(answer) == 200
    head, _, _ = answer.partition(b"\r\n\r\n")
    assert b"X-Content-Type-Options: nosniff" in head
    assert b"Cache-Control: no-store" in head
    for name in (b"Python", b"eventlet", b"Werkzeug", b"X-Powered-By"):
        assert name not in head
