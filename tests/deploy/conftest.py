"""One embedded deployment that runs for all tests of the command line."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.running import stop
from tests.deploy.commands import Ended, called, started


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
