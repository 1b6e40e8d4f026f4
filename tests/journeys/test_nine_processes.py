"""As in production: a web process and a worker for each service, one front; and one that signs."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.client import Client
from deploy.ending import DONE, REFUSED
from deploy.ports import free_ports
from deploy.running import settle, told_only
from deploy.up import FRONT
from shared.settings import ACCESS, SERVICES, Settings
from tests.deploy.commands import PROGRAM, called
from tests.journeys.new_province import OPINION, province_folder
from tests.servers import Child

pytestmark = pytest.mark.timeout(600)

PATIENCE_S = 120.0


@pytest.fixture
def environment(
    tmp_path: Path, postgresql_database: Callable[[str], str], rabbitmq_vhost: str
) -> dict[str, str]:
    """Return what all nine are told: databases of their own, one broker, one address."""
    front, *ports = free_ports(len(SERVICES) + 1)
    return {
        **province_folder(tmp_path),
        "DOITHOAI_BROKER": rabbitmq_vhost,
        "DOITHOAI_URL": f"http://127.0.0.1:{front}",
        **{
            f"DOITHOAI_{name.upper()}_DATABASE": postgresql_database(name)
            for name in (*SERVICES, ACCESS)
        },
        **{
            f"DOITHOAI_{service.upper()}_LISTEN": f"127.0.0.1:{port}"
            for service, port in zip(SERVICES, ports, strict=True)
        },
    }


@pytest.fixture
def signer(environment: dict[str, str], tmp_path: Path) -> Iterator[Child]:
    """Yield Intake's checkpointer, told no more than its database and where its keys are."""
    told = {name: environment[name] for name in ("DOITHOAI_INTAKE_DATABASE", "DOITHOAI_PROVINCES")}
    keys = {"DOITHOAI_LOG_KEYS": str(tmp_path / "log-keys"), "DOITHOAI_DATA": str(tmp_path / "no")}
    with Child(
        [PROGRAM, "up", "intake-checkpointer"],
        environment=told_only(told | keys),
        log=tmp_path / "signer.log",
    ) as child:
        yield child


@pytest.fixture
def cosigner(environment: dict[str, str], tmp_path: Path) -> Iterator[Child]:
    """Yield Reporting's checkpointer, which cosigns what Reporting's worker brings."""
    named = ("DOITHOAI_REPORTING_DATABASE", "DOITHOAI_PROVINCES")
    told = {name: environment[name] for name in named}
    keys = {"DOITHOAI_LOG_KEYS": str(tmp_path / "cosigner"), "DOITHOAI_DATA": str(tmp_path / "no")}
    with Child(
        [PROGRAM, "up", "reporting-checkpointer"],
        environment=told_only(told | keys),
        log=tmp_path / "cosigner.log",
    ) as child:
        yield child


@pytest.fixture
def parts(environment: dict[str, str], tmp_path: Path) -> Iterator[dict[str, Child]]:
    """Yield the nine processes, each started by `doithoai up <part>`, all answering."""
    names = [f"{service}-{half}" for service in SERVICES for half in ("web", "worker")]
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(
                Child(
                    [PROGRAM, "up", name],
                    environment=told_only(environment),
                    log=tmp_path / f"{name}.log",
                )
            )
            for name in (FRONT, *names)
        }


def test_nine_processes_are_one_deployment(
    *,
    environment: dict[str, str],
    parts: dict[str, Child],
    signer: Child,
    cosigner: Child,
    tmp_path: Path,
) -> None:
    client = Client(environment["DOITHOAI_URL"])
    _wait_until(lambda: all(client.is_alive(service) for service in SERVICES), parts)

    def token(role: str, *scope: str) -> str:
        seat = ("access", "issue", "--direct", "--seat", f"moi/{role}", "--role", role)
        issued = called(environment, *seat, *scope, "--json")
        assert issued.status == DONE, issued.err
        return str(issued.json["bearer"])

    def as_role(role: str) -> Client:
        return Client(client.url, token(role, "--province", "tinh-moi"), patience_s=60)

    # Nobody is let in without a token, and the command line has none to show
    assert called(environment, "log", "status").status == REFUSED
    # An opinion goes from the web process of one service to the worker of another
    received = as_role("cadre").post("/intake/opinions", OPINION)
    ids = {"opinion_ids": [received["opinion_id"]]}
    as_role("screener").post("/intake/opinions/accept", ids)
    as_role("secretary").post("/intake/opinions/refer", ids)
    told = environment | {"DOITHOAI_TOKEN": token("operator")}
    settle(Client(client.url, told["DOITHOAI_TOKEN"]))
    feed = ("agency", "feed", "ubnd-tinh-moi", "--province", "tinh-moi", "--json")
    (entry,) = called(told, *feed).json["entries"]
    assert entry["entry"]["type"] == "AssignmentIssued"
    period = ("--province", "tinh-moi", "--from", "2026-01-01", "--to", "2026-12-31")
    shown = called(told, "report", "sessions", *period, "--json", "--replay")
    assert shown.status == DONE, shown.err
    assert shown.json["totals"]["opinions"] == 1

    # What is recorded is signed by the one process that has the keys, and by no other
    def signed(service: str, province: str = "tinh-moi") -> set[int | None]:
        path = f"/{service}/log/standings"
        standings = Client(client.url, told["DOITHOAI_TOKEN"]).get(path)["logs"]
        return {each["signed_size"] for each in standings if f"/{province}/" in each["origin"]}

    _wait_until(lambda: signed("intake") == {7}, parts | {"signer": signer})
    assert signed("assignment") == {None}
    assert [file.name for file in (tmp_path / "log-keys").iterdir()] == ["doithoai.local"]
    assert not (tmp_path / "no").exists()
    # It is cosigned by Reporting's, which has nothing but what the worker brought

    def cosigned() -> set[tuple[str, int]]:
        logs = Client(client.url, told["DOITHOAI_TOKEN"]).get("/reporting/mirror")["logs"]
        assert [each for each in logs if each["dispute"]] == []
        return {(each["origin"], each["cosigned_size"]) for each in logs if each["cosigned_size"]}

    _wait_until(
        lambda: cosigned() == {("doithoai.local/tinh-moi/intake", 7)},
        parts | {"signer": signer, "cosigner": cosigner},
    )
    assert (tmp_path / "cosigner" / "cosigner.key").exists()
    _add_a_province(told, client)
    _wait_until(lambda: signed("intake", "ninh-binh") == {7}, parts | {"signer": signer})
    # A web process that is killed concerns no other service
    parts["sessions-web"].kill9()
    assert not client.is_alive("sessions")
    assert client.is_alive("intake")
    # All end when they are told to, and none has said anything that it should not
    for name, child in (parts | {"signer": signer, "cosigner": cosigner}).items():
        child.stop()
        said = (tmp_path / f"{name}.log").read_text()
        assert "Traceback" not in said, said
        assert str(OPINION["text"]) not in said


def _wait_until(condition: Callable[[], bool], parts: dict[str, Child]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        for name, child in parts.items():
            assert child.alive, f"{name}: {child.last_words()}"
        assert time.monotonic() < end, os.linesep.join(
            child.last_words() for child in parts.values()
        )
        time.sleep(0.2)


def _add_a_province(told: dict[str, str], client: Client) -> None:
    """Add one while they run: every process knows it, and its opinions go all the way."""
    file = Settings.from_environment({}).provinces / "ninh-binh.toml"
    added = called(told, "province", "add", str(file), "--json")
    assert added.status == DONE, added.err
    seats = {each["role"]: each["bearer"] for each in added.json["seats"]}
    theirs = {
        **OPINION,
        "province": "ninh-binh",
        "unit": "phuong-hoa-lu",
        "organisation": "mttq-phuong-hoa-lu",
    }
    received = Client(client.url, seats["cadre"]).post("/intake/opinions", theirs)
    ids = {"opinion_ids": [received["opinion_id"]]}
    Client(client.url, seats["screener"]).post("/intake/opinions/accept", ids)
    Client(client.url, seats["screener"]).post("/intake/opinions/refer", ids)
    settle(Client(client.url, told["DOITHOAI_TOKEN"]))
    path = "/assignment/assignments?province=ninh-binh"
    (assignment,) = Client(client.url, seats["supervisor"]).get(path)["assignments"]
    assert assignment["agency"] == "ubnd-phuong-hoa-lu"
