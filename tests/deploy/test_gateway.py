"""The front: every path to its service, bodies streamed, and one that is away alone is."""

import hashlib
import io
import socket
import threading
from collections.abc import Iterator

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from deploy.gateway import mounted, passed_on
from tests.deploy.web_servers import serving
from tests.servers import free_port

SIZE = 20 * 2**20


def told(request: Request) -> Response:
    body = request.get_data()
    lines = [
        request.method,
        request.full_path,
        request.headers.get("X-Asked", ""),
        request.headers.get("Connection", ""),
        str(len(body)),
        hashlib.sha256(body).hexdigest(),
    ]
    return Response("\n".join(lines))


@pytest.fixture
def front() -> Iterator[Client]:
    with serving(told) as address:
        away = ("127.0.0.1", free_port())
        yield Client(passed_on({"intake": address, "reporting": away}))


def test_a_request_arrives_as_it_was_sent(front: Client) -> None:
    answer = front.get(
        "/intake/texts/%C4%91%2Fa?by=level&by=unit&q=%C4%91",
        headers={"X-Asked": "yes", "Connection": "keep-alive, X-Hop"},
    )
    method, path, asked, connection, *_ = answer.get_data(as_text=True).split("\n")
    assert answer.status_code == 200
    assert method == "GET"
    assert path == "/intake/texts/đ/a?by=level&by=unit&q=%C4%91"
    assert asked == "yes"
    assert connection == "close"


def test_a_large_body_arrives_whole(front: Client) -> None:
    body = bytes(range(256)) * (SIZE // 256)
    answer = front.post("/intake/imports", data=body)
    *_, size, digest = answer.get_data(as_text=True).split("\n")
    assert int(size) == SIZE
    assert digest == hashlib.sha256(body).hexdigest()


def test_a_client_that_goes_away_in_the_middle_is_no_fault_of_the_service(front: Client) -> None:
    answer = front.open(
        "/intake/imports",
        method="POST",
        input_stream=io.BytesIO(b"x" * 10),
        environ_overrides={"CONTENT_LENGTH": "200"},
    )
    assert (answer.status_code, answer.json and answer.json["code"]) == (400, "request.unreadable")


def test_an_answer_is_passed_on_while_it_is_made() -> None:
    go_on = threading.Event()

    def slowly(_: Request) -> Response:
        def body() -> Iterator[bytes]:
            yield b"first" + b" " * 65_536
            go_on.wait(30)
            yield b"last"

        return Response(body())

    with serving(slowly) as address:
        answer = Client(passed_on({"intake": address})).get("/intake/x", buffered=False)
        pieces = answer.iter_encoded()
        assert next(pieces).startswith(b"first")  # the last is not made yet
        go_on.set()
        assert b"".join(pieces).endswith(b"last")
        answer.close()


def test_a_service_may_answer_before_it_has_read_everything() -> None:
    with serving(lambda _: Response("too much", status=413, headers={"Connection": "close"})) as (
        host,
        port,
    ):
        answer = Client(passed_on({"intake": (host, port)})).post("/intake/x", data=b"x" * 100_000)
    assert answer.status_code == 413


def test_a_service_that_is_away_is_a_problem_in_both_languages(front: Client) -> None:
    answer = front.get("/reporting/reports")
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Retry-After"] == "2"
    assert answer.json is not None
    assert answer.json["code"] == "deployment.service_away"
    assert answer.json["facts"] == {"service": "reporting"}
    assert "tạm thời" in answer.json["texts"]["vi"]
    assert "reporting" in answer.json["texts"]["en"]


def test_the_others_go_on_when_one_is_away(front: Client) -> None:
    assert front.get("/reporting/reports").status_code == 503
    assert front.get("/intake/opinions").status_code == 200


def test_what_does_not_speak_http_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()

        def talk() -> None:
            peer, _ = listener.accept()
            peer.recv(1_000)
            peer.sendall(b"nonsense\r\n\r\n")
            peer.close()

        thread = threading.Thread(target=talk)
        thread.start()
        answer = Client(passed_on({"intake": address})).get("/intake/x")
        thread.join()
    assert answer.status_code == 503


def test_the_front_door_leads_to_the_first_page(front: Client) -> None:
    for app in (front, Client(mounted({}))):
        answer = app.get("/")
        assert (answer.status_code, answer.location) == (303, "/reporting/pages/report")


@pytest.mark.parametrize("path", ["/nothing", "/intakes/x", "/x//intake"])
def test_any_other_path_is_no_address(front: Client, path: str) -> None:
    for app in (front, Client(mounted({}))):
        answer = app.get(path)
        assert answer.status_code == 404
        assert answer.json is not None
        assert answer.json["code"] == "request.no_such_address"


def test_public_files_are_served_in_front_whatever_the_services_do(front: Client) -> None:
    for served in (front, Client(mounted({"intake": Request.application(told)}))):
        page = served.get("/proof")
        assert (page.status_code, page.mimetype) == (200, "text/html")
        assert served.get("/static/app.css").status_code == 200
        assert served.post("/proof").status_code == 404
        assert served.get("/intake/proof").get_data(as_text=True).startswith("GET\n/")
