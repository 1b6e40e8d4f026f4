"""A server as a child process that can't outlive the tests, however they end."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

STOP_TIMEOUT_S = 20.0
REAPER = 'read -r _; kill -9 "-$1" 2>/dev/null; [ -z "$2" ] || rm -rf -- "$2"'
"""Waits for its input to end, as it does when the tests die by anything at all."""


class ServerError(RuntimeError):
    """A server for the tests is missing or doesn't start; the message says what to do."""


def free_port() -> int:
    """Return a TCP port of the loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_open(port: int, *, timeout_s: float, child: "Child") -> None:
    """Return once `port` accepts; raise `ServerError` when `child` ends or time is up."""
    limit = time.monotonic() + timeout_s
    while time.monotonic() < limit:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if not child.alive:
            break
        time.sleep(0.05)
    message = f"{child.command[0]} does not answer on port {port}:\n{child.last_words()}"
    raise ServerError(message)


class Folder:
    """A temporary folder that belongs to the account the server runs as.

    Servers refuse to run as root, so root hands them to their own account or to nobody.
    """

    def __init__(self, purpose: str, *accounts: str) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=f"doithoai-test-{purpose}-"))
        self.account: str | None = None
        if os.geteuid() == 0:
            known = {entry.pw_name for entry in pwd.getpwall()}
            self.account = next(name for name in (*accounts, "nobody") if name in known)
            shutil.chown(self.path, self.account)

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> str:
        """Return what `command` printed, run to its end as the server's account."""
        done = subprocess.run(
            command,
            env=dict(environment),
            cwd=self.path,
            user=self.account,
            group=None if self.account is None else pwd.getpwnam(self.account).pw_gid,
            extra_groups=None if self.account is None else [],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode:
            message = f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}"
            raise ServerError(message)
        return done.stdout

    def remove(self) -> None:
        """Delete the folder and all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)


class Child:
    """A running child with a process group of its own.

    Its output goes to a file: a server that keeps a captured pipe open would hang the
    tests. A reaper ends the group and deletes `folder` even when the tests are killed.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        log: Path,
        folder: Folder | None = None,
    ) -> None:
        self.command = list(command)
        self._log = log
        account = folder.account if folder else None
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                env=dict(environment),
                cwd=folder.path if folder else None,
                user=account,
                group=None if account is None else pwd.getpwnam(account).pw_gid,
                extra_groups=None if account is None else [],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        doomed = str(folder.path) if folder else ""
        self._reaper = subprocess.Popen(
            ["/bin/sh", "-c", REAPER, "reaper", str(self.pid), doomed],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        """Return the child itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the child."""
        self.stop()

    @property
    def pid(self) -> int:
        """The child's process id, which is also its group's."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the child itself (not merely one of its own children) runs."""
        return self._process.poll() is None

    def last_words(self, limit_bytes: int = 4_000) -> str:
        """Return the end of what the child has printed."""
        return self._log.read_bytes()[-limit_bytes:].decode(errors="replace")

    def wait(self, timeout_s: float) -> int:
        """Return the exit status; raise `subprocess.TimeoutExpired` when it still runs."""
        return self._process.wait(timeout_s)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the child alone."""
        self._process.send_signal(number)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End the child politely, and by force after `STOP_TIMEOUT_S`."""
        if self.alive:
            self.send(number)
            with suppress(subprocess.TimeoutExpired):
                self.wait(STOP_TIMEOUT_S)
        self.kill9()

    def kill9(self) -> None:
        """Take the child and everything it started away at once, as a power cut would."""
        family = [self.pid, *descendants(self.pid)]
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        for pid in family[1:]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        limit = time.monotonic() + STOP_TIMEOUT_S
        while any(runs(pid) for pid in family) and time.monotonic() < limit:
            time.sleep(0.02)
        self._dismiss_reaper()

    def _dismiss_reaper(self) -> None:
        if self._reaper.poll() is None:
            self._reaper.kill()
            self._reaper.wait()
        if self._reaper.stdin and not self._reaper.stdin.closed:
            self._reaper.stdin.close()


def runs(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        return _stat(pid)[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def descendants(pid: int) -> list[int]:
    """Return the process ids below `pid`, whatever their group: databases leave theirs."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(FileNotFoundError, ProcessLookupError):
                children.setdefault(int(_stat(int(folder.name))[1]), []).append(int(folder.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _stat(pid: int) -> list[str]:
    """Return the fields of the process after its name: state, parent and so on."""
    text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    return text.rpartition(")")[2].split()
