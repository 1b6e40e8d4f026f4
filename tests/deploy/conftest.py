"""One embedded deployment that runs for all tests of the command line."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deploy.ports import free_ports
from deploy.running import stop, told_only
from deploy.up import FRONT
from shared.settings import ACCESS, SERVICES
from tests.deploy.commands import PROGRAM, Ended, called, started
from tests.servers import Child, PostgresServer
from tests.servers.child import wait_until_open

Address = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """A deployment in one process, and what it is told."""

    environment: dict[str, str]
    folder: Path
    url: str
    pid: int

    def call(self, *arguments: str, **more: str) -> Ended:
        """Return how a command for it ended; `more` are further variables."""
        return called(self.environment | more, *arguments)


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """Yield a deployment that `doithoai up` has started, empty but for what tests put in."""
    folder = tmp_path_factory.mktemp("embedded")
    clock = folder / "clock"
    clock.write_text("2022-06-01T02:00:00+00:00", encoding="ascii")
    environment = {"DOITHOAI_DATA": str(folder / "data"), "DOITHOAI_CLOCK": str(clock)}
    process = started(environment, "up", "--port", "0", "--json", log=folder / "log")
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        yield Embedded(
            environment=environment, folder=folder / "data", url=said["url"], pid=process.pid
        )
    finally:
        stop(process)
    assert process.returncode == 0, (folder / "log").read_text()
    assert "Traceback" not in (folder / "log").read_text()


@pytest.fixture(autouse=True)
def _nothing_of_ours_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """What whoever runs the tests has exported concerns no test."""
    for name in [name for name in os.environ if name.startswith("DOITHOAI_")]:
        if not name.startswith("DOITHOAI_TEST_"):
            monkeypatch.delenv(name)


@pytest.fixture
def embedded_environment(embedded: Embedded) -> dict[str, str]:
    """Return what the running deployment is told."""
    return embedded.environment


@pytest.fixture(scope="session")
def production(
    tmp_path_factory: pytest.TempPathFactory, postgresql_server: PostgresServer
) -> Iterator[tuple[dict[str, str], Address, Address]]:
    """Yield the environment and the addresses of a gateway and of Intake behind it."""
    folder = tmp_path_factory.mktemp("production")
    front, web = free_ports(2)
    (folder / "clock").write_text("2022-06-01T02:00:00+00:00", encoding="ascii")
    urls = {name: postgresql_server.create(name) for name in ("intake", ACCESS)}
    environment = {
        "DOITHOAI_DATA": str(folder / "data"),
        "DOITHOAI_CLOCK": str(folder / "clock"),
        "DOITHOAI_BROKER": "amqp://guest:guest@127.0.0.1:1//",
        "DOITHOAI_URL": f"http://127.0.0.1:{front}",
        "DOITHOAI_INTAKE_LISTEN": f"127.0.0.1:{web}",
        # Every service has to be told a database; only Intake is started.
        **{f"DOITHOAI_{name.upper()}_DATABASE": urls["intake"] for name in SERVICES},
        f"DOITHOAI_{ACCESS.upper()}_DATABASE": urls[ACCESS],
    }
    with ExitStack() as stack:
        for url in urls.values():
            stack.callback(postgresql_server.drop, url)
        for name, port in ((FRONT, front), ("intake-web", web)):
            child = Child(
                [PROGRAM, "up", name],
                environment=told_only(environment),
                log=folder / f"{name}.log",
            )
            wait_until_open(port, timeout_s=60, child=stack.enter_context(child))
        yield environment, ("127.0.0.1", front), ("127.0.0.1", web)
    for name in (FRONT, "intake-web"):
        assert "Traceback" not in (folder / f"{name}.log").read_text()


@pytest.fixture(params=["embedded", "gateway and gunicorn", "gunicorn"])
def server(request: pytest.FixtureRequest) -> tuple[Address, str]:
    """Return each server's address and a bearer of a clerk there."""
    if request.param == "embedded":
        embedded: Embedded = request.getfixturevalue("embedded")
        url = urlsplit(embedded.url)
        environment, address = embedded.environment, (str(url.hostname), int(url.port or 0))
    else:
        environment, front, web = request.getfixturevalue("production")
        address = front if request.param.startswith("gateway") else web
    seat = ("--direct", "--seat", "phuong/can-bo", "--role", "cadre", "--province", "ha-noi")
    direct = seat if request.param != "embedded" else seat[1:]
    issued = called(environment, "access", "issue", *direct, "--json")
    return address, issued.json["bearer"]
