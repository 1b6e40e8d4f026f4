"""What an import did: how many rows were new, and where the others fail."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from services.intake.workbook.cells import Fault
from shared.kernel.errors import AppError

SERVER_FAULTS = 500
NO_COLUMNS: Mapping[str, str] = {}

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """The outcome of one file, read to its end."""

    sheet: str
    file_sha256: str
    rows: int
    """With content, good or bad."""
    rows_received: int
    rows_repeated: int
    """Recorded by an earlier import of the same rows."""
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...] = ()
    """What rows say that was recorded without it: nobody must think that it was done."""

    @property
    def rows_rejected(self) -> int:
        """How many rows have at least one fault."""
        return len({fault.row for fault in self.faults})


def row_fault(
    sheet: str,
    row: int,
    error: AppError,
    heading: str | None = None,
    columns: Mapping[str, str] = NO_COLUMNS,
) -> Fault:
    """Return `error` as the fault of a row, or of its cell under `heading`.

    `columns` gives the letters of each heading. The facts of an error are safe to show.
    """
    return Fault(
        sheet=sheet,
        row=row,
        column=columns.get(heading) if heading else None,
        heading=heading,
        code=error.code,
        facts=error.facts,
    )


def each_or_alone(
    items: Sequence[T], size: int, record: Callable[[Sequence[T]], int]
) -> Iterator[tuple[Sequence[T], int | AppError]]:
    """Yield (items, what `record` returned) for chunks of `size`, or for single items.

    `record` takes a chunk in one transaction. When it refuses, its items are tried one by
    one, so that a bad one is named and keeps no other from being recorded.

    Raises:
        AppError: when the fault is ours and not an item's.

    """
    for start in range(0, len(items), size):
        chunk = items[start : start + size]
        time.sleep(0)  # where threads are green, whoever waits has a turn between two chunks
        try:
            yield chunk, record(chunk)
        except AppError as error:
            if error.status >= SERVER_FAULTS:
                raise
            if len(chunk) == 1:
                yield chunk, error
            else:
                yield from each_or_alone(chunk, 1, record)
