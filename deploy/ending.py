"""How a command ends that can't do what it should: its words and its exit status."""

import errno
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from shared.kernel.errors import AppError, Conflict, Unavailable
from shared.projections.faults import code_of, is_outage, place_of
from shared.texts import Catalogue

DONE, ANSWER_IS_BAD, USED_WRONGLY, REFUSED, UNAVAILABLE = range(5)
"""Exit statuses. 1: it was done, and the answer is bad (a figure differs, rows rejected)."""
INTERRUPTED = 130
"""As any program that Ctrl-C ended, or whose reader went away."""
_SERVER = 500
_ROOT = Path(__file__).parent.parent
_TEXTS = "*/texts.vi.toml"

_log = logging.getLogger(__name__)


@cache
def catalogue() -> Catalogue:
    """Return every text of the system: shared rooms, services, deployment."""
    above = ("shared", "services", ".", "deploy", "deploy/audit")
    return Catalogue.load(*(folder for name in above for folder in _folders(name)))


def _folders(above: str) -> list[Path]:
    """Return the folders with texts below `above`. Words come first: others' texts use them."""
    return sorted(file.parent for file in (_ROOT / above).glob(_TEXTS))


@contextmanager
def told() -> Iterator[None]:
    """Turn whatever ends the block into words on standard error and an exit status."""
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone; what is left of it goes nowhere, silently.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - a person never gets a trace
        meant = meant_by(error)
        explain(meant)
        sys.exit(exit_status(meant))


def meant_by(error: Exception) -> AppError:
    """Return `error`, or the one that it amounts to; the words of others are not repeated.

    A database quotes the row in them, and so perhaps a person.
    """
    if isinstance(error, AppError):
        return error
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return Conflict("deployment.port_in_use", address="?")
    if isinstance(error, sa.exc.DBAPIError | sa.exc.TimeoutError) and is_outage(error):
        return Unavailable("store.away")
    place = f"{code_of(error)} at {place_of(error)}"
    _log.error("a fault of the program: %s", place)
    return AppError("deployment.fault", place=place)


def exit_status(error: AppError) -> int:
    """Return what a command ends with that met `error`."""
    return UNAVAILABLE if error.status >= _SERVER else REFUSED


def described(error: AppError) -> dict[str, Any]:
    """Return `error` as a problem: as the deployment sent it, or in our own words."""
    sent = getattr(error, "problem", None)
    if sent and sent.get("texts"):
        return dict(sent)
    facts = {name: str(value) for name, value in error.facts.items()}
    return {
        "code": error.code,
        "status": error.status,
        "texts": catalogue().error(error),
        "facts": facts,
    }


def explain(error: AppError) -> None:
    """Print an error to standard error: Vietnamese, English, what is wrong where, its code."""
    problem = described(error)
    lines = [problem["texts"].get("vi"), problem["texts"].get("en")]
    faults = problem.get("facts", {}).get("faults", [])
    places = [*problem.get("fields", []), *(faults if isinstance(faults, list) else [])]
    lines += [_place_line(each) for each in places]
    lines.append(f"({error.code})")
    sys.stderr.write("".join(f"{line}\n" for line in lines if line))


def _place_line(fault: dict[str, Any]) -> str:
    """Return one thing that is wrong, in Vietnamese where it has words of its own."""
    texts = fault.get("texts") or {}
    left_out = {"texts", "message"} if texts else set()
    told = [f"{name}: {value}" for name, value in fault.items() if name not in left_out]
    return "  " + "  ".join([*told, *filter(None, [texts.get("vi")])])
