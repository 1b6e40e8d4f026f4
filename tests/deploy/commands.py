"""The command line as a test calls it: within this process, or as a program of its own."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from deploy.cli import main
from deploy.running import told_only

PROGRAM = str(Path(sys.executable).parent / "doithoai")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What a command has said, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


def called(environment: Mapping[str, str], *arguments: str) -> Ended:
    """Return how `doithoai …` ended, called within this process."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    with (
        patch.dict(os.environ, told_only(environment), clear=True),
        patch.object(sys, "argv", ["doithoai", *arguments]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 0
    return Ended(status=status, out=out.getvalue(), err=err.getvalue())


def ran(environment: Mapping[str, str], *arguments: str, timeout_s: float = 120) -> Ended:
    """Return how `doithoai …` ended, run as a program of its own."""
    done = subprocess.run(
        [PROGRAM, *arguments],
        env=told_only(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    return Ended(status=done.returncode, out=done.stdout, err=done.stderr)


def started(
    environment: Mapping[str, str], *arguments: str, log: Path
) -> "subprocess.Popen[bytes]":
    """Return `doithoai …` under way; its standard output is a pipe, its errors go to `log`."""
    with log.open("ab") as errors:
        return subprocess.Popen(
            [PROGRAM, *arguments],
            env=told_only(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
