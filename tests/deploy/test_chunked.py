"""Bodies whose length nobody states, sent over a socket to every kind of server there is."""

import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from services.intake.workbook.upload import FILE_LIMIT_BYTES
from shared.web.app import BODY_MAX_BYTES
from tests.deploy.conftest import Address
from tests.deploy.digests import GOOD, digest_csv

OPINION = {
    "province": "ha-noi",
    "unit": "phuong-ngoc-ha",
    "field": "urban_order",
    "opinion_kind": "reflection",
    "channel": "direct",
    "organisation": "mttq-ba-dinh",
    "voices": 3,
    "received_on": "2022-05-10",
    "text": "Ngõ tối.",
}


def asked(
    server: tuple[Address, str],
    pieces: Iterable[bytes],
    path: str = "/intake/opinions",
    **headers: str,
) -> tuple[int, dict[str, Any]]:
    """Return status and JSON answered to a body that is sent as it is, chunks and all."""
    address, bearer = server
    told = {
        "Host": "localhost",
        "Authorization": f"Bearer {bearer}",
        "Content-Type": "application/json",
        "Transfer-Encoding": "chunked",
        "Connection": "close",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode())
        with suppress(BrokenPipeError, ConnectionResetError):  # it has answered already
            for piece in pieces:
                connection.sendall(piece)
        answer = answered(connection)
    first, _, body = answer.partition(b"\r\n\r\n")
    return int(first.split()[1]), json.loads(body[body.index(b"{") : body.rindex(b"}") + 1])


def answered(connection: socket.socket) -> bytes:
    answer = b""
    with suppress(ConnectionResetError):  # closed before it has read everything
        while more := connection.recv(65_536):
            answer += more
    return answer


def chunked(body: bytes, size: int = 64 * 1024) -> Iterator[bytes]:
    for start in range(0, len(body), size):
        piece = body[start : start + size]
        yield b"%x\r\n%s\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


def form(file: bytes) -> bytes:
    fields = (b'name="province"', b"ha-noi"), (b'name="kind"', b"digest")
    parts = [*fields, (b'name="file"; filename="file"', file)]
    head = b"--edge\r\nContent-Disposition: form-data; "
    return b"".join(head + b"%s\r\n\r\n%s\r\n" % part for part in parts) + b"--edge--\r\n"


@pytest.mark.parametrize("size", [1, 7, 64 * 1024])
def test_a_chunked_body_is_read_whole(server: tuple[Address, str], size: int) -> None:
    status, body = asked(server, chunked(json.dumps(OPINION).encode(), size))
    assert (status, "opinion_id" in body) == (201, True), body


def test_a_chunked_upload_is_read_whole(
    server: tuple[Address, str], request: pytest.FixtureRequest
) -> None:
    file = digest_csv(f"{len(request.node.name)}/CH", GOOD)
    status, body = asked(
        server,
        chunked(form(file), 100),
        "/intake/imports",
        Content_Type="multipart/form-data; boundary=edge",
    )
    assert (status, body.get("rows")) == (200, 1), body


def test_a_chunked_body_of_just_the_limit_is_read_and_one_byte_more_is_too_large(
    server: tuple[Address, str],
) -> None:
    opinion = json.dumps(OPINION).encode()
    for more, expected in ((0, 201), (1, 413)):
        body = opinion + b" " * (BODY_MAX_BYTES + more - len(opinion))
        status, said = asked(server, chunked(body))
        assert (status, said.get("code")) == (
            expected,
            None if expected == 201 else "request.too_large",
        )


def test_a_chunked_upload_beyond_the_limit_is_too_large(server: tuple[Address, str]) -> None:
    status, said = asked(
        server,
        chunked(form(b"x" * (FILE_LIMIT_BYTES + 128 * 1024))),
        "/intake/imports",
        Content_Type="multipart/form-data; boundary=edge",
    )
    assert (status, said.get("code")) == (413, "request.too_large")


def test_a_body_without_an_end_is_not_read_for_ever(server: tuple[Address, str]) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        piece = b"%x\r\n%s\r\n" % (1024 * 1024, b" " * 1024 * 1024)
        for _ in range(400):
            sent += len(piece)
            yield piece

    status, said = asked(server, endless())
    assert (status, said.get("code")) == (413, "request.too_large")
    assert sent < 100 * 1024 * 1024


@pytest.mark.parametrize(
    "chunks", [[b"nonsense\r\n"], [b"5\r\n{}"], [b"-1\r\n\r\n"], [b"ffffffffffffffffffff\r\n{"]]
)
def test_chunks_that_are_none_are_the_senders_fault(
    server: tuple[Address, str], chunks: list[bytes]
) -> None:
    address, bearer = server
    head = (
        f"POST /intake/opinions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {bearer}\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(head.encode() + b"".join(chunks))
        connection.shutdown(socket.SHUT_WR)
        answer = answered(connection)
    assert answer.split()[1] == b"400", answer
    assert b"request.unreadable" in answer


@pytest.mark.parametrize("encoding", ["gzip, chunked", "identity", "chunked, chunked", "xchunked"])
def test_another_transfer_encoding_is_refused_and_ends_the_connection(
    server: tuple[Address, str], encoding: str
) -> None:
    address, bearer = server
    smuggled = b"GET /intake/health/live HTTP/1.1\r\nHost: x\r\n\r\n"
    head = (
        f"POST /intake/opinions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {bearer}\r\n"
        f"Content-Type: application/json\r\nTransfer-Encoding: {encoding}\r\n\r\n"
    )
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(head.encode() + smuggled)
        answer = answered(connection)
    assert answer.split()[1] in {b"400", b"501"}, answer
    assert answer.count(b"HTTP/1.1 ") == 1
