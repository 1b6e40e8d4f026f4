"""A deployment in processes of its own whose every part is killed while it works."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from deploy.client import Client
from deploy.demo.play import set_clock
from deploy.running import stop
from shared.settings import SERVICES
from shared.store import Store
from tests.deploy.commands import called, started
from tests.journeys.brokers import listen, overheard
from tests.journeys.planted import planted_in
from tests.servers import PrivateBroker, PrivatePostgres
from tests.servers.child import descendants

PARTS: Mapping[str, str] = {
    **{service: f"-m deploy.up {service} " for service in SERVICES},
    "gateway": "deploy.wsgi:gateway()",
}
"""What the command line of each process has in it."""
PATIENCE_S = 300.0
_LOOK_EVERY_S = 0.2


@dataclass(slots=True)
class Disturbed:
    """A deployment on a broker and a database server of its own, and what becomes of it."""

    process: "subprocess.Popen[bytes]"
    client: Client
    environment: dict[str, str]
    broker: PrivateBroker
    folder: Path
    clock_file: Path
    blows: list[str] = field(default_factory=list)
    """What was done to it, in order."""
    messages: int = 0
    leaked: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def log(self) -> str:
        """All that its processes have said."""
        return (self.folder / "log").read_text(encoding="utf-8")

    def store(self, service: str) -> Store:
        """Return the database of `service`, open."""
        return Store(f"{self.environment['DOITHOAI_DATABASE']}_{service}", connections=1)

    def hear(self) -> None:
        """Look through all messages since the last time."""
        messages = list(overheard(self.broker.url))
        self.messages += len(messages)
        self.leaked += planted_in(b"\n".join(messages))

    @contextmanager
    def disturbed(self, step: int) -> Iterator[None]:
        """Kill every part in turn while the block goes on, then stop and wipe the broker.

        Between two blows Intake has to record `step` events.
        """
        faults: list[BaseException] = []

        def disturb() -> None:
            try:
                self._disturb(step)
            except BaseException as error:  # noqa: BLE001 - told by the test's own thread
                faults.append(error)

        thread = threading.Thread(target=disturb)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()
        assert faults == []

    def _disturb(self, step: int) -> None:
        for part, words in PARTS.items():
            self._await_events(step)
            (pid, *_) = [
                each for each in descendants(self.process.pid) if words in command_of(each)
            ]
            os.kill(pid, signal.SIGKILL)
            self.blows.append(part)
        self._await_events(step)
        self.hear()
        self.broker.stop()
        self.blows.append("broker stopped")
        self._await_events(step)  # work goes on without a broker
        self.broker.wipe()
        listen(self.broker.url)
        self.blows.append("broker wiped")

    def _await_events(self, count: int) -> None:
        """Return once Intake has recorded `count` events more."""
        url = f"{self.environment['DOITHOAI_DATABASE']}_intake"
        await_events(url, recorded(url) + count, self._still_playing)

    def _still_playing(self) -> None:
        assert not self._over.is_set(), "the history was over before the last blow"


def await_events(url: str, aim: int, check: Callable[[], None] = lambda: None) -> None:
    """Return once the database at `url` has `aim` events; `check` may fail meanwhile."""
    end = time.monotonic() + PATIENCE_S
    while recorded(url) < aim:
        check()
        assert time.monotonic() < end, f"{recorded(url)} of {aim} events"
        time.sleep(_LOOK_EVERY_S)


def recorded(url: str) -> int:
    """Return how many events the database at `url` has, 0 before there is one."""
    store = Store(url, connections=1)
    try:
        with store.read() as connection:
            return int(connection.scalar(sa.text("SELECT sum(next_position) FROM log")) or 0)
    except sa.exc.DBAPIError:
        return 0
    finally:
        store.close()


@contextmanager
def disturbable(folder: Path) -> Iterator[Disturbed]:
    """Yield a deployment started by `doithoai up --processes`, with nothing in it."""
    with PrivateBroker() as broker, PrivatePostgres() as server:
        listen(broker.url)
        clock_file = folder / "clock"
        set_clock(clock_file, date(2017, 1, 1))
        environment = {
            "DOITHOAI_DATA": str(folder / "data"),
            "DOITHOAI_DATABASE": f"{server.url.rpartition('/')[0]}/disturbed",
            "DOITHOAI_BROKER": broker.url,
            "DOITHOAI_CLOCK": str(clock_file),
        }
        up = ("up", "--processes", "--port", "0", "--json")
        process = started(environment, *up, log=folder / "log")
        try:
            assert process.stdout is not None
            said: dict[str, Any] = json.loads(process.stdout.readline() or b"{}")
            assert "url" in said, (folder / "log").read_text(encoding="utf-8")
            operator = ("access", "issue", "--seat", "a", "--role", "operator", "--json")
            bearer = called(environment, *operator).json["bearer"]
            client = Client(said["url"], bearer, patience_s=PATIENCE_S)
            yield Disturbed(process, client, environment, broker, folder, clock_file)
        finally:
            stop(process)


def command_of(pid: int) -> str:
    """Return the command line of a process, empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""
