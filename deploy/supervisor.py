"""Every service in a process of its own on this machine, and the front before them."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from deploy.client import Client
from deploy.ports import check_free, free_ports, url_at
from shared.kernel.errors import Unavailable
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
_STARTS_MAX = 3
"""Deaths of one part before all are ready that make an end of the start."""


@dataclass(slots=True)
class Part:
    """One process of the deployment, started again whenever it dies."""

    name: str
    environment: Mapping[str, str] = field(repr=False)
    starts: int = 0
    process: subprocess.Popen[bytes] | None = None
    _started_at: float = 0.0
    _due_at: float = 0.0
    _pause_s: float = _PAUSE_S

    def start(self) -> None:
        """Start the process, in a session of its own: the terminal's Ctrl-C is for us."""
        self.starts += 1
        self._started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "deploy.up", self.name, "--parent", str(os.getpid())],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def tend(self) -> None:
        """Start the process again if it died, after a pause that grows."""
        now = time.monotonic()
        if self.process is None:
            if now >= self._due_at:
                self.start()
        elif self.process.poll() is not None:
            if now - self._started_at > _SOUND_S:
                self._pause_s = _PAUSE_S
            _log.warning(
                "%s ended (%s), starts again in %.1f s",
                self.name,
                self.process.returncode,
                self._pause_s,
            )
            self.process = None
            self._due_at = now + self._pause_s
            self._pause_s = min(_PAUSE_MAX_S, 2 * self._pause_s)


def supervise(settings: Settings, ready: Callable[[str], None]) -> None:
    """Run the deployment until SIGTERM or SIGINT; a part that dies is started again.

    `ready` is called once with the address of the front.

    Raises:
        Conflict, Unavailable: as `check_free`.
        Unavailable: `deployment.part_did_not_start`.

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

    Raises:
        Unavailable: `deployment.part_did_not_start`.

    """
    end = time.monotonic() + START_TIMEOUT_S
    waiting = list(SERVICES)
    while not told:
        waiting = [service for service in waiting if not client.is_alive(service)]
        if not waiting:
            return True
        for part in parts:
            part.tend()
            if part.process is None and part.starts >= _STARTS_MAX:
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
