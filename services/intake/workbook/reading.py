"""`python -m services.intake.workbook.reading KIND TODAY`: reads one uploaded file, and ends.

The file comes in by standard input; what it says goes out by standard output, as lines of
JSON that `reader` understands. Nothing is written anywhere else: no temporary file, no
trace, which might quote a row, and no core dump.
"""

import json
import resource
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from services.intake.workbook.declared_sheet import DeclaredSheet, read_declared
from services.intake.workbook.digest_sheet import Digest, read_digest
from services.intake.workbook.upload import FILE_LIMIT_BYTES
from shared.kernel.errors import AppError

MEMORY_LIMIT_BYTES = 2**30
"""Address space; 20,000 rows of 1,800 characters take a fifth of it."""
TIME_LIMIT_S = 180
"""20,000 rows of 1,800 characters take a tenth of it."""


class Kind(StrEnum):
    """What an uploaded file holds."""

    DIGEST = "digest"
    DECLARED = "declared"


_READ: Mapping[Kind, Callable[[bytes, date], Digest | DeclaredSheet]] = {
    Kind.DIGEST: read_digest,
    Kind.DECLARED: read_declared,
}


def main() -> None:
    """Read the file and tell what it says; end with status 1 when that fails."""
    kind, today = Kind(sys.argv[1]), date.fromisoformat(sys.argv[2])
    _give_up_rights()
    try:
        data = sys.stdin.buffer.read(FILE_LIMIT_BYTES + 1)
        for line in _lines(_READ[kind](data, today)):
            _tell(line)
    except AppError as error:
        _tell({"refused": error.code, "status": error.status, "facts": error.facts})
    except MemoryError:
        _tell({"failed": "MemoryError"})
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - its words may quote a row: they end here
        _tell({"failed": f"{type(error).__name__} at {_place(error)}"})
        sys.exit(1)


def _give_up_rights() -> None:
    """Bound what a hostile file can make this process take, and what it could leave behind."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_LIMIT_BYTES),
        (resource.RLIMIT_CPU, TIME_LIMIT_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (value, value))


def _lines(found: Digest | DeclaredSheet) -> Iterator[dict[str, Any]]:
    head = _plain(found)
    rows, faults = head.pop("rows"), head.pop("faults")
    yield {"head": head}
    yield from ({"row": _plain(row)} for row in rows)
    yield from ({"fault": _plain(fault)} for fault in faults)


def _plain(value: Any) -> dict[str, Any]:
    return {each.name: getattr(value, each.name) for each in fields(value)}


def _tell(line: Mapping[str, Any]) -> None:
    told = json.dumps(line, ensure_ascii=False, default=str)  # a date is the only other value
    sys.stdout.buffer.write(told.encode() + b"\n")


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"


if __name__ == "__main__":
    main()
