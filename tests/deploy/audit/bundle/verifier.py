"""The single-file verifier as a test calls it: within this process, as an auditor would."""

import io
import sys
from collections.abc import Iterable
from pathlib import Path
from unittest.mock import patch

from deploy.audit.bundle import verify_bundle
from tests.deploy.commands import Ended


def verified(path: Path, keys: Iterable[str]) -> Ended:
    """Return how `verify_bundle.py` ended."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    arguments = [f"--key={key}" for key in keys]
    with (
        patch.object(sys, "argv", ["verify_bundle.py", str(path), *arguments]),
        patch.object(sys, "stdout", out),
    ):
        status = verify_bundle.main()
    assert isinstance(out.buffer, io.BytesIO)
    return Ended(status=status, out=out.buffer.getvalue().decode(), err="")
