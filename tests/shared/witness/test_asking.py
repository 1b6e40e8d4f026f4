"""Asking a witness over HTTP: its answers, and those of nobody, of a sloth and of a liar."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.serving import make_server

from deploy.witnessing.app import witness_app
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer
from shared.kernel.errors import AppError, Refused, RegulationError, Unavailable
from shared.witness import asking
from shared.witness.asking import WITNESSES_MAX, WitnessAddress, addresses_of, ask
from shared.witness.submission import Submission
from shared.witness.witness import OtherSize
from tests.shared.eventlog.trees import patiently
from tests.shared.witness.witnessed import (
    LOG,
    OTHER_LEAVES,
    WITNESS,
    note_of,
    submission,
    witness_in,
)


@contextmanager
def answering(*pieces: bytes, pause_s: float = 0.0) -> Iterator[str]:
    """Yield an address where every request is answered by `pieces`, whatever they are."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    is_over = threading.Event()

    def serve() -> None:
        while not is_over.is_set():
            with suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    connection.settimeout(5)
                    connection.recv(1 << 20)
                    for piece in pieces:
                        connection.sendall(piece)
                        if is_over.wait(pause_s):
                            return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    finally:
        is_over.set()
        thread.join()
        server.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[WitnessAddress]:
    server = make_server("127.0.0.1", 0, witness_app(witness_in(tmp_path)), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield WitnessAddress(key=WITNESS.key, url=f"http://127.0.0.1:{server.port}/")
    server.shutdown()
    thread.join()
    server.server_close()


def at(url: str) -> WitnessAddress:
    return WitnessAddress(key=WITNESS.key, url=url)


def ok(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def test_a_witness_cosigns_says_where_it_is_and_refuses(served: WitnessAddress) -> None:
    asked = submission(0, 9)
    signature = ask(served, asked)
    assert WITNESS.key.verify(Note.parse(asked.note).text, signature).time_s
    with pytest.raises(OtherSize) as told:
        ask(served, submission(0, 20))
    assert told.value.size == 9
    ask(served, submission(9, 20))
    forked = Submission(old=20, proof=(), note=note_of(20, OTHER_LEAVES))
    with pytest.raises(Refused, match="witness.refuses"):
        ask(served, forked)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\xff\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        ok(b""),
        ok(b"\xff" * 100),
        ok(f"{LOG.sign('x', time_s=0)}\n".encode()),
        b"HTTP/1.1 409 Conflict\r\nContent-Type: text/x.tlog.size\r\nContent-Length: 3\r\n\r\n-1\n",
        b"HTTP/1.1 409 Conflict\r\nContent-Type: text/x.tlog.size\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 503 Away\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 429 Slowly\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_what_makes_no_sense_is_no_answer(answer: bytes) -> None:
    with answering(answer) as url, pytest.raises(Unavailable, match="witness.away"):
        ask(at(url), submission(0, 9))


@pytest.mark.parametrize("status", [301, 400, 403, 404, 409, 422])
def test_a_refusal_is_told_by_its_status(status: int) -> None:
    answer = (
        b"HTTP/1.1 %d No\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n" % status
    )
    with answering(answer) as url, pytest.raises(Refused) as told:
        ask(at(url), submission(0, 9))
    assert told.value.facts["status"] == status


def test_an_answer_without_end_is_cut() -> None:
    endless = b"HTTP/1.1 200 OK\r\n\r\n", *([b"x" * 65_536] * 64)
    with answering(*endless) as url, pytest.raises(Unavailable):
        ask(at(url), submission(0, 9))


def test_a_slow_witness_is_waited_for_no_longer_than_agreed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking, "READ_TIMEOUT_S", 0.5)
    monkeypatch.setattr(asking, "DEADLINE_S", 1.0)
    began_s = time.monotonic()
    with answering(b"HTTP/1.1 200 OK\r\n", pause_s=30) as url, pytest.raises(Unavailable):
        ask(at(url), submission(0, 9))
    drip = b"HTTP/1.1 200 OK\r\n\r\n", *([b"x" * 64] * 200)
    with answering(*drip, pause_s=0.1) as url, pytest.raises(Unavailable):
        ask(at(url), submission(0, 9))
    assert time.monotonic() - began_s < 10


def test_nobody_there_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(Unavailable, match="witness.away"):
        ask(at(f"http://127.0.0.1:{port}"), submission(0, 9))


@patiently
@given(st.binary(max_size=300))
def test_any_body_is_an_answer_or_none(body: bytes) -> None:
    with answering(ok(body)) as url, suppress(AppError):
        assert WITNESS.key.claims(ask(at(url), submission(0, 9)))


def test_witnesses_are_listed_by_key_and_address() -> None:
    other = Signer.generate("witness.example/2", KeyKind.WITNESS).key
    text = f"  {WITNESS.key}=https://a.example/x/\n{other}=http://127.0.0.1:8470 "
    assert addresses_of(text) == (
        WitnessAddress(key=WITNESS.key, url="https://a.example/x/"),
        WitnessAddress(key=other, url="http://127.0.0.1:8470"),
    )
    assert addresses_of("") == ()


MANY = " ".join(
    f"{Signer.generate(f'w/{number}', KeyKind.WITNESS).key}=http://w"
    for number in range(WITNESSES_MAX + 1)
)


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "http://a.example",
        f"{WITNESS.key}",
        f"{WITNESS.key}=ftp://a.example",
        f"{WITNESS.key}=http://a.example?x=1",
        f"{LOG.key}=http://a.example",
        f"{WITNESS.key}=http://a {WITNESS.key}=http://b",
        f"x{WITNESS.key}=http://a.example",
        MANY,
    ],
)
def test_a_list_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(RegulationError, match="witness.bad_address"):
        addresses_of(text)
