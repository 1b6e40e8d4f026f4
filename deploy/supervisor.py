"""Every service in a process of its own on this machine, and the front before them."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.client import Answered, Client
from deploy.ports import check_free, free_ports, url_at
from shared.kernel.errors import Conflict, Unavailable
from shared.settings import SERVICES, Settings

_log = logging.getLogger(__name__)

FRONT = "gateway"
START_TIMEOUT_S = 90
STOP_TIMEOUT_S = 30
_LOOK_EVERY_S = 0.1
_PAUSE_S, _PAUSE_MAX_S = 0.5, 10.0
"""Before a part that died is started again: doubled each time, up to the second."""
_SOUND_S = 30.0
"""Whoever ran this long was well: its next pause is the first again."""
_MAY_PASS = (None, Conflict.status, Unavailable.status)
"""Deaths for these reasons, or for none: a server was away, a port not free yet."""
_STARTS_MAX = 3
"""Deaths of one part before all are ready that make an end of the start."""


@dataclass(slots=True)
class Part:
    """One process of the deployment, started again whenever it dies."""

    name: str
    environment: Mapping[str, str] = field(repr=False)
    starts: int = 0
    process: subprocess.Popen[bytes] | None = None
    problem: Mapping[str, Any] = field(default_factory=dict)
    """What it said when it died last, if it said why."""
    _started_at: float = 0.0
    _due_at: float = 0.0
    _pause_s: float = _PAUSE_S

    def start(self) -> None:
        """Start the process, in a session of its own: the terminal's Ctrl-C is for us."""
        self.starts += 1
        self._started_at = time.monotonic()
        pid = str(os.getpid())
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "deploy.up", self.name, "--json", "--parent", pid],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

    @property
    def is_dead(self) -> bool:
        """Whether it ended, and what it said was read."""
        if self.process is None or self.process.poll() is None:
            return False
        self.problem = _last_words(self.process)
        return True

    @property
    def is_hopeless(self) -> bool:
        """Whether what it said means that starting it again is of no use."""
        return self.problem.get("status") not in _MAY_PASS

    def tend(self) -> None:
        """Start the process again if it died, after a pause that grows."""
        now = time.monotonic()
        if self.process is None:
            if now >= self._due_at:
                self.start()
        elif self.is_dead:
            if now - self._started_at > _SOUND_S:
                self._pause_s = _PAUSE_S
            _log.warning(
                "%s ended (%s %s), starts again in %.1f s",
                self.name,
                self.process.returncode,
                self.problem.get("code", ""),
                self._pause_s,
            )
            self.process = None
            self._due_at = now + self._pause_s
            self._pause_s = min(_PAUSE_MAX_S, 2 * self._pause_s)


def _last_words(process: "subprocess.Popen[bytes]") -> Mapping[str, Any]:
    """Return the problem that an ended process named, empty when it named none."""
    if process.stdout is None:
        return {}
    os.set_blocking(process.stdout.fileno(), False)  # its own children may hold it open
    with process.stdout as stream:
        said = stream.read() or b""
    try:
        return dict(json.loads(said).get("error", {}))
    except ValueError:
        return {}


def supervise(settings: Settings, ready: Callable[[str], None]) -> None:
    """Run the deployment until SIGTERM or SIGINT; a part that dies is started again.

    `ready` is called once with the address of the front.

    Raises:
        Conflict, Unavailable: as `check_free`.
        Answered: with the error that kept a part from starting.
        Unavailable: `deployment.part_did_not_start` when it named none.

    """
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda signum, _frame: told.append(signum))
    addresses = _addresses(settings)
    for address in addresses.values():
        check_free(address)
    url = url_at(addresses[FRONT])
    environment = _environment(addresses, url)
    parts = [Part(name, environment) for name in (*SERVICES, FRONT)]
    try:
        for part in parts:
            part.start()
        if _await_answers(Client(url), parts, told):
            ready(url)
        while not told:
            for part in parts:
                part.tend()
            time.sleep(_LOOK_EVERY_S)
    finally:
        _stop([part for part in parts if part.name == FRONT])
        _stop([part for part in parts if part.name != FRONT])


def _addresses(settings: Settings) -> Mapping[str, tuple[str, int]]:
    """Return where each part listens: as told, or on free ports where the front's is 0."""
    host, port = settings.listen
    if port:
        return {**settings.listens, FRONT: (host, port)}
    front, *ports = free_ports(len(SERVICES) + 1)
    return {
        **{service: ("127.0.0.1", port) for service, port in zip(SERVICES, ports, strict=True)},
        FRONT: (host, front),
    }


def _environment(addresses: Mapping[str, tuple[str, int]], url: str) -> Mapping[str, str]:
    listens = {
        f"DOITHOAI_{service.upper()}_LISTEN": f"{host}:{port}"
        for service, (host, port) in addresses.items()
        if service != FRONT
    }
    host, port = addresses[FRONT]
    return {**os.environ, **listens, "DOITHOAI_LISTEN": f"{host}:{port}", "DOITHOAI_URL": url}


def _await_answers(client: Client, parts: Sequence[Part], told: Sequence[int]) -> bool:
    """Return once every service answers through the front; False when told to stop before.

    Raises: as `supervise`.
    """
    end = time.monotonic() + START_TIMEOUT_S
    waiting = list(SERVICES)
    while not told:
        waiting = [service for service in waiting if not client.is_alive(service)]
        if not waiting:
            return True
        for part in parts:
            part.tend()
            if part.process is None and (part.starts >= _STARTS_MAX or part.is_hopeless):
                if part.problem:
                    raise Answered(int(part.problem["status"]), part.problem)
                raise Unavailable("deployment.part_did_not_start", part=part.name)
        if time.monotonic() > end:
            raise Unavailable("deployment.part_did_not_start", part=waiting[0])
        time.sleep(_LOOK_EVERY_S)
    return False


def _stop(parts: Sequence[Part]) -> None:
    """End the processes in order, all at once; by force those that take too long."""
    processes = [part.process for part in parts if part.process is not None]
    for process in processes:
        process.terminate()
    end = time.monotonic() + STOP_TIMEOUT_S
    for process in processes:
        try:
            process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
