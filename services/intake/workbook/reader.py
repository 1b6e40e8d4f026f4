"""Reading an uploaded file: a large one apart, in a process with neither keys nor connections.

Reading is long work for an interpreter: done here, it would hold up whatever an embedded
process does beside it, and memory that a hostile file takes would be everybody's. Each
large file gets a fresh interpreter; a fork of a process with green threads, open databases
and keys would inherit them. What is read sooner than an interpreter starts is read here.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date
from typing import Any, TypeVar

from services.intake.workbook.cells import Fault
from services.intake.workbook.declared_sheet import DeclaredRow, DeclaredSheet, read_declared
from services.intake.workbook.digest_sheet import Digest, DigestRow, read_digest
from services.intake.workbook.reading import MEMORY_LIMIT_BYTES, TIME_LIMIT_S, Kind
from services.intake.workbook.upload import weight_bytes
from shared.kernel.errors import AppError, BadInput, TooLarge, Unavailable
from shared.wire.codec import decode_value

_log = logging.getLogger(__name__)

HERE_LIMIT_BYTES = 256 * 2**10
"""Of what there is to read, unpacked: a tenth of a second's work."""
READERS_MAX = 2
"""Files that one process has read at the same time."""
TURN_TIMEOUT_S = 60.0
"""Longest wait for one of them to end."""

_PROGRAM = (sys.executable, "-m", "services.intake.workbook.reading")
_PAUSE_LINES = 256
_REFUSALS: dict[int, type[AppError]] = {kind.status: kind for kind in (BadInput, TooLarge)}
_TOO_HEAVY = (-signal.SIGKILL, -signal.SIGXCPU)
"""How a reader ends that was stopped: by us, by its own limit, or by a system out of memory."""
_turns = threading.BoundedSemaphore(READERS_MAX)

R = TypeVar("R")


def read_digest_file(data: bytes, today: date) -> Digest:
    """Return what `read_digest` does.

    Raises:
        BadInput, TooLarge: as `read_digest`; `workbook.too_heavy` beyond the limits of
            time and memory.
        Unavailable: `workbook.readers_busy`.
        AppError: `workbook.reader_failed`.

    """
    if weight_bytes(data) <= HERE_LIMIT_BYTES:
        return read_digest(data, today)
    head, rows, faults = _read(Kind.DIGEST, DigestRow, data, today)
    head["reported_on"] = date.fromisoformat(head["reported_on"])
    return Digest(**head, rows=rows, faults=faults)


def read_declared_file(data: bytes, today: date) -> DeclaredSheet:
    """Return what `read_declared` does. Raises as `read_digest_file`."""
    if weight_bytes(data) <= HERE_LIMIT_BYTES:
        return read_declared(data, today)
    head, rows, faults = _read(Kind.DECLARED, DeclaredRow, data, today)
    return DeclaredSheet(**head, rows=rows, faults=faults)


def _read(
    kind: Kind, form: type[R], data: bytes, today: date
) -> tuple[dict[str, Any], tuple[R, ...], tuple[Fault, ...]]:
    head: dict[str, Any] = {}
    rows: list[R] = []
    faults: list[Fault] = []
    for number, line in enumerate(_told(kind, data, today).splitlines()):
        if number % _PAUSE_LINES == 0:
            time.sleep(0)  # where threads are green, whoever waits has a turn
        match json.loads(line):
            case {"row": row}:
                rows.append(decode_value(form, row))
            case {"fault": fault}:
                faults.append(Fault(**fault))
            case {"head": head}:
                pass
            case {"refused": code, "status": status, "facts": facts}:
                raise _REFUSALS[status](code, **facts)
            case other:
                raise TypeError(f"a reader said {list(other)}")
    return head, tuple(rows), tuple(faults)


def _told(kind: Kind, data: bytes, today: date) -> bytes:
    """Return the lines of a reader that ended well. Waits greenly where threads are green."""
    if not _turns.acquire(timeout=TURN_TIMEOUT_S):
        raise Unavailable("workbook.readers_busy")
    try:
        # Its input and output are pipes: nothing of the file is named or kept anywhere.
        with subprocess.Popen(  # noqa: S603 - our own command
            [*_PROGRAM, kind.value, today.isoformat()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in os.environ if not _is_ours(name)},
        ) as process:
            # Not `communicate(timeout=…)`: patched, it raises a class that is not subprocess's.
            watch = threading.Timer(TIME_LIMIT_S, process.kill)
            watch.daemon = True
            watch.start()
            try:
                told, _ = process.communicate(data)
            finally:
                watch.cancel()
                process.kill()
    finally:
        _turns.release()
    return _judged(process.returncode, told)


def _is_ours(name: str) -> bool:
    """Whether a variable may name a database with its password, or a file of keys."""
    return name.startswith("DOITHOAI_")


def _judged(status: int, told: bytes) -> bytes:
    if status == 0:
        return told
    last = json.loads(told.splitlines()[-1]) if told.endswith(b"}\n") else {}
    failed = last.get("failed", f"status {status}")
    if status in _TOO_HEAVY or failed == MemoryError.__name__:
        raise TooLarge(
            "workbook.too_heavy", limit_s=TIME_LIMIT_S, limit_mb=MEMORY_LIMIT_BYTES // 2**20
        )
    _log.error("a reader of workbooks failed: %s", failed)
    raise AppError("workbook.reader_failed")
