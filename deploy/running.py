"""A deployment run as child processes: for the command line, the demo and tests."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.client import Answered, Client
from deploy.datafolder import prepare
from shared.kernel.errors import Unavailable
from shared.settings import SERVICES, Settings

START_TIMEOUT_S = 120
STOP_TIMEOUT_S = 60
SETTLE_TIMEOUT_S = 120
"""Longest time in which not a single event is applied though some are left."""
LOG = "doithoai.log"
_POLL_S = 0.05
_HALTED = "deployment.halted"


@dataclass(slots=True)
class Running:
    """A deployment under way, and a client that is its operator."""

    client: Client
    process: subprocess.Popen[bytes]

    def settle(self, timeout_s: float = SETTLE_TIMEOUT_S) -> None:
        """Return once every follower has applied all there is. Raises as `settle`."""
        settle(self.client, timeout_s)


def settle(
    client: Client, timeout_s: float = SETTLE_TIMEOUT_S, *, province: str | None = None
) -> Mapping[str, int]:
    """Return how long every log is, once every follower has applied all there is.

    With `province` only its logs are looked at. All of them stood so at one moment.

    Raises:
        Unavailable: `deployment.halted` when a log is halted; `deployment.not_settled`
            when events are left, and none was applied for `timeout_s`.

    """
    end = time.monotonic() + timeout_s
    seen: _Look | None = None
    while time.monotonic() < end:
        look = _look(client, province)
        # Applying one entry may append another. Nothing ever goes back, so what was twice
        # the same was so at the moment between.
        if look is not None and look == seen and look.is_caught_up:
            return {origin: head + 1 for origin, head in look.heads.items()}
        if look is not None and look != seen:
            seen, end = look, time.monotonic() + timeout_s
        time.sleep(_POLL_S)
    raise Unavailable("deployment.not_settled", timeout_s=int(timeout_s))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """How long every log is, and how far each follower has come."""

    heads: Mapping[str, int]
    applied: Mapping[tuple[str, str], int]

    @property
    def is_caught_up(self) -> bool:
        from deploy.directory import definitions  # noqa: PLC0415 - only here the tables matter

        return all(
            self.applied.get((consumer, origin), -1) == head
            for definition in definitions().values()
            for owner, consumer in definition.consumers.items()
            for origin, head in self.heads.items()
            if origin.endswith(f"/{owner}")
        )


def _look(client: Client, province: str | None) -> _Look | None:
    """Return how delivery stands, in one province or all, None while a service is away."""
    heads: dict[str, int] = {}
    applied: dict[tuple[str, str], int] = {}
    try:
        for service in SERVICES:
            for each in client.get(f"/{service}/follow/status")["followed"]:
                if province not in (None, province_of(each["origin"])):
                    continue
                if each["halted"]:
                    raise Unavailable(_HALTED)
                applied[each["consumer"], each["origin"]] = each["position"]
            found: Mapping[str, int] = client.get(f"/{service}/log/heads")
            heads |= {
                origin: head
                for origin, head in found.items()
                if province in (None, province_of(origin))
            }
    except (Answered, Unavailable) as error:
        if error.status != Unavailable.status or error.code == _HALTED:
            raise
        return None
    return _Look(heads=heads, applied=applied)


def province_of(origin: str) -> str:
    """Return the province in the name of a log."""
    return origin.split("/")[-2]


@contextmanager
def running(
    settings: Settings,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
) -> Iterator[Running]:
    """Yield the deployment of `settings`, started on a free port, stopped in the end.

    `environment` is all that it is told; without one, what this process was told.

    Raises:
        Answered: with the error that kept it from starting.
        Unavailable: `deployment.did_not_start`.

    """
    process = _start(("--port", "0", *arguments), settings, environment, log)
    try:
        announced = _announced(process, log or settings.data / LOG)
        yield Running(Client(announced["url"], announced["bearer"]), process)
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the process in order, or at once if it does not come to an end."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout:
        process.stdout.close()


def told_only(environment: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with `environment` in place of our own variables."""
    others = {name: value for name, value in os.environ.items() if not _is_ours(name)}
    return others | dict(environment)


def _is_ours(name: str) -> bool:
    return name.startswith("DOITHOAI_") and name != "DOITHOAI_LOG"


def _start(
    arguments: Sequence[str],
    settings: Settings,
    environment: Mapping[str, str] | None,
    log: Path | None,
) -> subprocess.Popen[bytes]:

    prepare(settings)
    parent = ("--announce", "--parent", str(os.getpid()))
    with (log or settings.data / LOG).open("ab") as errors:
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "deploy.up", *arguments, *parent],
            env=os.environ if environment is None else told_only(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        )


def _announced(process: subprocess.Popen[bytes], log: Path) -> Mapping[str, Any]:
    """Return what the child says once it is ready: where it listens, and our token."""
    said = json.loads(_first_line(process) or b"{}")
    if "error" in said:
        problem = said["error"]
        raise Answered(int(problem["status"]), problem)
    if "url" not in said:
        raise Unavailable("deployment.did_not_start", log=str(log))
    return dict(said)


def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    """Return the child's first line, empty when it ends, or takes too long, without one."""
    line = b""
    end = time.monotonic() + START_TIMEOUT_S
    while process.stdout and not line.endswith(b"\n"):
        left = max(0.0, end - time.monotonic())
        readable, _, _ = select.select([process.stdout], [], [], left)
        piece = os.read(process.stdout.fileno(), 65_536) if readable else b""
        if not piece:
            return b""
        line += piece
    return line
