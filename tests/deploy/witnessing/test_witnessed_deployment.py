"""A deployment whose checkpoints a witness elsewhere cosigns, as an auditor then finds them."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from deploy.ports import free_ports
from deploy.running import stop
from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.note import Note
from shared.eventlog.note_key import VerifierKey
from tests.deploy.commands import called, started
from tests.deploy.digests import GOOD, digest_csv

ORIGIN = "doithoai.local/ha-noi/intake"
WITHIN_S = 60.0


@dataclass(kw_only=True)
class World:
    """A data folder, its log's key, and a witness of that log."""

    folder: Path
    environment: dict[str, str]
    log_key: str
    witness_key: VerifierKey
    port: int

    @contextmanager
    def witness(self) -> Iterator[None]:
        """Let the witness listen."""
        with running(
            self.environment,
            *("witness", "serve", "--key", str(self.folder / "witness.key")),
            *("--log", self.log_key, "--listen", f"127.0.0.1:{self.port}", "--json"),
            log=self.folder / "witness.log",
        ):
            yield

    def grow(self, name: str) -> None:
        """Add to the log."""
        file = self.folder / f"{name}.csv"
        number = len(list(self.folder.glob("*.csv"))) + 1
        file.write_bytes(digest_csv(f"{number}/BC-MTTQ", GOOD))
        arguments = ("import", str(file), "--kind", "digest", "--province", "ha-noi")
        assert called(self.environment, *arguments).status == 0


@contextmanager
def running(
    environment: dict[str, str], *arguments: str, log: Path
) -> "Iterator[tuple[subprocess.Popen[bytes], dict[str, str]]]":
    process = started(environment, *arguments, log=log)
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        stop(process)
    assert "Traceback" not in log.read_text()


@pytest.fixture
def world(tmp_path: Path) -> World:
    (tmp_path / "clock").write_text("2022-06-01T02:00:00+00:00", encoding="ascii")
    environment = {
        "DOITHOAI_DATA": str(tmp_path / "data"),
        "DOITHOAI_CLOCK": str(tmp_path / "clock"),
    }
    made = called(environment, "log", "key", "new", ORIGIN, "--json").json
    key = ("witness", "key", "new", "witness.example/1", "--key", str(tmp_path / "witness.key"))
    witness = VerifierKey.parse(called(environment, *key, "--json").json["verifier_key"])
    (port,) = free_ports(1)
    environment["DOITHOAI_WITNESSES"] = f"{witness}=http://127.0.0.1:{port}"
    return World(
        folder=tmp_path,
        environment=environment,
        log_key=made["keys"][0]["verifier_key"],
        witness_key=witness,
        port=port,
    )


def newest(url: str) -> Note | None:
    answer = requests.get(f"{url}/intake/log/{ORIGIN}/checkpoint", timeout=10)
    return Note.parse(answer.content) if answer.status_code == 200 else None


def wait_for(url: str, world: World, *, larger_than: int, cosigned: bool) -> int:
    """Return the size of the newest checkpoint once it is as wanted."""
    end = time.monotonic() + WITHIN_S
    while True:
        note = newest(url)
        if note is not None:
            size = Checkpoint.parse(note.text).size
            is_cosigned = bool(note.verify([world.witness_key]))
            if size > larger_than and is_cosigned is cosigned:
                return size
        assert time.monotonic() < end, note
        time.sleep(0.3)


def test_what_is_served_and_exported_is_cosigned_and_goes_on_without_the_witness(
    world: World,
) -> None:
    with running(world.environment, "up", "--port", "0", "--json", log=world.folder / "log") as (
        _,
        said,
    ):
        url = said["url"]
        world.grow("first-1")
        alone = wait_for(url, world, larger_than=0, cosigned=False)
        with world.witness():
            size = wait_for(url, world, larger_than=alone - 1, cosigned=True)
            export = ("log", "export", str(world.folder / "export"), "--log", ORIGIN)
            assert called(world.environment, *export).status == 0
        world.grow("second-1")
        wait_for(url, world, larger_than=size, cosigned=False)
    verify = (
        *("audit", "log-dir", str(world.folder / "export" / ORIGIN), "--key", world.log_key),
        *("--witness", str(world.witness_key), "--witnesses-min", "1", "--json"),
    )
    ended = called(world.environment, *verify)
    assert ended.status == 0, ended.out
    assert ended.json["logs"][0]["witnesses"] == ["witness.example/1"]
