"""The client: who we are, what an answer means, and what is asked again."""

import json
from collections import Counter
from pathlib import Path

import pytest
from werkzeug.wrappers import Request, Response

from deploy.client import Answered, Client
from shared.kernel.errors import Unauthenticated, Unavailable
from tests.deploy.web_servers import serving
from tests.servers import free_port


def problem(status: int, code: str) -> Response:
    body = json.dumps({"code": code, "status": status, "texts": {"vi": "Lỗi.", "en": "A fault."}})
    return Response(body, status=status, content_type="application/problem+json")


def answered(body: object) -> Response:
    return Response(json.dumps(body), content_type="application/json")


def test_a_problem_is_raised_with_its_status_and_code() -> None:
    with (
        serving(lambda _: problem(422, "opinion.wrong_state")) as (host, port),
        pytest.raises(Answered, match="opinion.wrong_state") as raised,
    ):
        Client(f"http://{host}:{port}").get("/intake/opinions")
    assert raised.value.status == 422


def test_nobody_there_means_away() -> None:
    client = Client(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(Unavailable, match="deployment.away"):
        client.get("/intake/health/live")
    assert not client.is_alive()


@pytest.mark.parametrize(
    "answer",
    [
        Response("<html>Welcome</html>", content_type="text/html"),
        Response("<html>Not here</html>", status=404, content_type="text/html"),
        Response("", status=302, headers={"Location": "https://elsewhere.invalid/"}),
        Response("[]", status=500, content_type="application/json"),
    ],
    ids=["page", "page not found", "redirect", "other JSON"],
)
def test_what_is_no_deployment_is_told_apart(answer: Response) -> None:
    with serving(lambda _: answer) as (host, port):
        client = Client(f"http://{host}:{port}", "dt_secret")
        assert not client.is_alive()
        with pytest.raises(Unavailable, match="deployment.no_deployment"):
            client.get("/intake/log/heads")


def test_another_service_than_the_one_asked_for_does_not_count_as_alive() -> None:
    with serving(lambda _: answered({"service": "other", "live": True})) as (host, port):
        assert not Client(f"http://{host}:{port}").is_alive()
        assert Client(f"http://{host}:{port}").is_alive("other")


def test_the_token_is_ours_whatever_a_netrc_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    seen: list[str | None] = []

    def answer(request: Request) -> Response:
        seen.append(request.headers.get("Authorization"))
        return answered({})

    with serving(answer) as (host, port):
        Client(f"http://{host}:{port}", "dt_secret").get("/")
        Client(f"http://{host}:{port}").get("/")
    assert seen == ["Bearer dt_secret", None]


def test_no_proxy_stands_between_a_machine_and_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    with serving(lambda _: answered({"here": True})) as (host, port):
        assert Client(f"http://{host}:{port}").get("/") == {"here": True}


def test_what_is_briefly_away_is_asked_again_under_the_same_key() -> None:
    keys: Counter[str] = Counter()
    bodies: list[bytes] = []

    def answer(request: Request) -> Response:
        keys[request.headers["Idempotency-Key"]] += 1
        bodies.append(request.get_data())
        return answered({}) if len(bodies) > 2 else problem(503, "deployment.service_away")

    with serving(answer) as (host, port):
        client = Client(f"http://{host}:{port}", patience_s=30)
        client.post("/intake/opinions", {"text": "Đèn hỏng."})
        client.post("/intake/opinions", {"text": "Đèn hỏng."})
    assert sorted(keys.values()) == [1, 3]
    assert len(set(bodies)) == 1


def test_a_file_is_sent_whole_again() -> None:
    sizes: list[int] = []

    def answer(request: Request) -> Response:
        sizes.append(len(request.files["file"].read()))
        return answered({}) if len(sizes) > 1 else problem(503, "store.away")

    with serving(answer) as (host, port):
        client = Client(f"http://{host}:{port}", patience_s=30)
        client.call(
            "POST", "/intake/imports", data={"kind": "digest"}, files={"file": ("f", b"12345")}
        )
    assert sizes == [5, 5]


@pytest.mark.parametrize("patience_s", [0.0, 0.2])
def test_patience_has_an_end(patience_s: float) -> None:
    with (
        serving(lambda _: problem(503, "store.away")) as (host, port),
        pytest.raises(Answered, match="store.away"),
    ):
        Client(f"http://{host}:{port}", patience_s=patience_s).get("/")


def test_a_refusal_is_not_asked_again() -> None:
    asked: list[str] = []

    def answer(request: Request) -> Response:
        asked.append(request.path)
        return problem(409, "stream.conflict")

    with serving(answer) as (host, port), pytest.raises(Answered, match="stream.conflict"):
        Client(f"http://{host}:{port}", patience_s=30).post("/sessions/sessions", {})
    assert len(asked) == 1


def test_who_has_no_token_can_take_no_role() -> None:
    with pytest.raises(Unauthenticated, match="access.token_missing"):
        Client("http://127.0.0.1:1").as_role("leader", seat="a")


def test_a_client_shows_no_token_when_it_is_printed() -> None:
    assert "dt_secret" not in repr(Client("http://127.0.0.1:1", "dt_secret"))
