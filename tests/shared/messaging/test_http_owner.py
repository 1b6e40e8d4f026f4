"""The HTTP owner against a server that answers as the test says."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from shared.messaging.http_owner import HttpOwner
from shared.projections import OwnerAway

ORIGIN = "doithoai.test/ha-nam/questions"
Answer = tuple[int, dict[str, str], bytes]


class Server:
    def __init__(self) -> None:
        self.requests: list[tuple[str, str]] = []
        self.answer: Answer = (200, {}, b"")
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.requests.append((self.path, self.headers["Authorization"]))
                status, headers, body = server.answer
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture
def owner(server: Server) -> Iterator[HttpOwner]:
    owner = HttpOwner(server.url, "questions", lambda: "dts_replies_00")
    yield owner
    owner.close()


def test_heads_are_read_with_the_service_bearer(server: Server, owner: HttpOwner) -> None:
    server.answer = (200, {}, b'{"doithoai.test/ha-nam/questions": 4}')
    assert owner.heads() == {ORIGIN: 4}
    assert server.requests == [("/questions/log/heads", "Bearer dts_replies_00")]


def test_each_line_is_an_entry_with_its_position(server: Server, owner: HttpOwner) -> None:
    server.answer = (200, {"X-First-Position": "7"}, b'{"a":1}\n{"b":2}\n')
    page = owner.entries(ORIGIN, 6, 50)
    assert [(entry.position, entry.content) for entry in page] == [(7, b'{"a":1}'), (8, b'{"b":2}')]
    assert server.requests[0][0] == f"/questions/log/{ORIGIN}/entries?from=7&limit=50"


def test_an_empty_page_holds_no_entry(server: Server, owner: HttpOwner) -> None:
    server.answer = (200, {"X-First-Position": "7"}, b"")
    assert owner.entries(ORIGIN, 6, 50) == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((503, {}, b""), "follower.owner_away"),
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), "follower.owner_away"),
        ((200, {"X-First-Position": "7", "Content-Length": "99"}, b"{}\n"), "follower.owner_away"),
        ((200, {"X-First-Position": "0"}, b"{}\n"), "follower.owner_answers_wrongly"),
        ((200, {}, b"{}\n"), "follower.owner_answers_wrongly"),
        ((200, {"X-First-Position": "7"}, b'{}\n{"cut'), "follower.owner_answers_wrongly"),
        (
            (200, {"X-First-Position": "7"}, b"x" * (16 * 1024 * 1024 + 1)),
            "follower.owner_answers_wrongly",
        ),
    ],
)
def test_what_is_not_a_page_is_never_taken_for_one(
    server: Server, owner: HttpOwner, answer: Answer, code: str
) -> None:
    server.answer = answer
    with pytest.raises(OwnerAway) as caught:
        owner.entries(ORIGIN, 6, 50)
    assert caught.value.code == code


@pytest.mark.parametrize("body", [b"[]", b"nothing", b'{"a": "b"}', b'{"a": null}'])
def test_heads_that_are_none_are_refused(server: Server, owner: HttpOwner, body: bytes) -> None:
    server.answer = (200, {}, body)
    with pytest.raises(OwnerAway) as caught:
        owner.heads()
    assert caught.value.code == "follower.owner_answers_wrongly"


@pytest.mark.parametrize("ask", [HttpOwner.heads, lambda owner: owner.entries(ORIGIN, -1, 1)])
def test_an_owner_that_does_not_listen_is_away(ask: Callable[[HttpOwner], object]) -> None:
    owner = HttpOwner("http://127.0.0.1:1", "questions", lambda: "dts_replies_00")
    with pytest.raises(OwnerAway) as caught:
        ask(owner)
    owner.close()
    assert caught.value.code == "follower.owner_away"
