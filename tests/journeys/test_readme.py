"""The console blocks of the README do what it says, word for word."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.running import stop, told_only
from tests.architecture.tree import ROOT
from tests.deploy.commands import PROGRAM, started

README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8460"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who reads on, in the project's folder, while `make up` runs."""

    folder: Path
    environment: dict[str, str]
    url: str

    def types(self, block: str) -> str:
        """Return what the terminal shows after `block`; every command must end well."""
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", block.replace(ADDRESS, self.url)],
            cwd=self.folder,
            env=told_only(self.environment),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Yield a reader with a deployment of today that is empty at first."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "doithoai").symlink_to(PROGRAM)
    (folder / "deploy").symlink_to(ROOT / "deploy")
    environment = {"DOITHOAI_DATA": str(folder / "var")}
    process = started(environment, "up", "--port", "0", "--json", log=folder / "log")
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        yield Reader(folder=folder, environment=environment, url=url)
    finally:
        stop(process)


def block(heading: str, number: int = 0) -> str:
    """Return a console block of the section under `heading`."""
    section = re.split(r"\n#+ ", README.split(f"# {heading}\n", 1)[1], maxsplit=1)[0]
    return str(re.findall(r"```console\n(.*?)```", section, re.DOTALL)[number])


def test_one_opinion_goes_all_the_way(reader: Reader) -> None:
    shown = reader.types(block("One opinion, all the way"))
    assert "urn:doithoai:error" not in shown
    assert "Đề nghị lắp thêm đèn chiếu sáng ở ngõ nhỏ sau chợ." in shown
    assert '"state": "released"' in shown or '"state":"released"' in shown
    (row,) = [line for line in shown.splitlines() if "Giảng Võ" in line]
    sessions, attendances, opinions, _, answered = re.findall(r"\d+", row)[:5]
    assert (sessions, attendances, opinions, answered) == ("0", "0", "1", "1"), row


def test_declared_figures_are_imported_and_shown(reader: Reader) -> None:
    shown = reader.types(block("Embedded: one process, SQLite, no server", 1))
    assert "10.089" in shown
    assert "doithoai.local/ha-noi/intake" in shown


def test_nothing_is_lost(reader: Reader) -> None:
    assert "reporting.from-intake" in reader.types(block("Work with it", 1))
