"""The data folder of a deployment: its lock, its keys, and what runs on it."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from shared.kernel.errors import Unavailable
from shared.settings import Settings
from shared.vault import create_key_file

OPERATOR_TOKEN = "keys/operator.token"  # noqa: S105 - a path
"""Lets the command line on the same machine act as operator; mode 0600."""
_LOCK = "lock"
_ADDRESS = "running.json"
_ATTEMPTS, _PAUSE_S = 10, 0.05
"""Whoever only looks whether the folder is in use holds the lock for an instant too."""


def prepare(settings: Settings) -> None:
    """Make the folder and, where the environment names no others, the two keys.

    Raises:
        Unavailable: `deployment.data_unusable`.

    """
    try:
        for folder in (settings.data, settings.data / "keys"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for file in (settings.secret_file, settings.vault_key_file):
            if file.is_relative_to(settings.data):
                create_key_file(file)
    except OSError:
        raise _unusable(settings) from None


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Hold the folder for this process alone; SQLite files are one process's.

    Raises:
        Unavailable: `deployment.in_use`.
        Unavailable: `deployment.data_unusable`.

    """
    prepare(settings)
    with _open_lock(settings, "a") as lock:
        for _attempt in range(_ATTEMPTS):
            if _holds(lock, fcntl.LOCK_EX):
                break
            time.sleep(_PAUSE_S)
        else:
            raise Unavailable("deployment.in_use", data=str(settings.data))
        try:
            yield
        finally:
            (settings.data / _ADDRESS).unlink(missing_ok=True)


def is_locked(settings: Settings) -> bool:
    """Return whether a process holds the folder now.

    Raises:
        Unavailable: `deployment.data_unusable`.

    """
    if not (settings.data / _LOCK).exists():
        return False
    with _open_lock(settings, "r") as lock:
        return not _holds(lock, fcntl.LOCK_SH)


def write_address(settings: Settings, url: str) -> None:
    """Note where the deployment answers that holds this folder, until it lets go."""
    _replace(settings.data / _ADDRESS, json.dumps({"url": url, "pid": os.getpid()}))


def read_address(settings: Settings) -> str | None:
    """Return where the deployment answers that holds this folder; None for a passing one."""
    try:
        noted = json.loads((settings.data / _ADDRESS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(noted["url"]) if isinstance(noted, dict) and "url" in noted else None


def write_operator_token(settings: Settings, bearer: str) -> None:
    """Keep `bearer` for the command line of this machine, replacing the one before."""
    _replace(settings.data / OPERATOR_TOKEN, bearer)


def read_operator_token(settings: Settings) -> str | None:
    """Return the operator's bearer of this machine's deployment, if there is one."""
    try:
        return (settings.data / OPERATOR_TOKEN).read_text(encoding="ascii").strip() or None
    except (OSError, ValueError):
        return None


def _open_lock(settings: Settings, mode: str) -> IO[str]:
    try:
        return (settings.data / _LOCK).open(mode, encoding="ascii")
    except OSError:
        raise _unusable(settings) from None


def _holds(lock: IO[str], how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _replace(file: Path, content: str) -> None:
    draft = file.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(content)
    draft.replace(file)


def _unusable(settings: Settings) -> Unavailable:
    return Unavailable("deployment.data_unusable", data=str(settings.data))
