"""Checks that rows of a province file have in common."""

from collections.abc import Sequence
from typing import TypeVar

from shared.kernel.errors import RegulationError
from shared.kernel.periods import Dated, Period, Register, first_gap, first_overlap
from shared.kernel.reference import Table

D = TypeVar("D", bound=Dated)
Read = Sequence[tuple[Table, D]]
"""Things as read, each with the table that it was read from."""


def checked(read: Read[D]) -> Register[D]:
    """Return the register of `read`. Raises `province.duplicate_key`."""
    refuse_duplicates(read)
    return Register(item for _, item in read)


def refuse_duplicates(read: Read[D]) -> None:
    """Refuse one key for two things at one time: `province.duplicate_key`."""
    overlap = first_overlap(item for _, item in read)
    if overlap is None:
        return
    row = next(row for row, item in read if item is overlap[1])
    raise RegulationError(
        "province.duplicate_key", file=row.file, place=row.place, key=overlap[1].key
    )


def refuse_unknown(row: Table, key: str, named: str, register: Register[D], needed: Period) -> None:
    """Refuse a reference to what is not there all the time it is needed.

    Raises `province.unknown_reference`, `province.reference_not_in_force`.
    """
    refuse_never(row, key, named, register)
    gap = first_gap(needed, register.ever(named))
    if gap is not None:
        raise RegulationError(
            "province.reference_not_in_force",
            file=row.file,
            place=row.at(key),
            named=named,
            on=gap,
        )


def refuse_never(row: Table, key: str, named: str, register: Register[D]) -> None:
    """Refuse a reference to what never was: `province.unknown_reference`."""
    if not register.ever(named):
        raise unknown(row, key, named)


def unknown(row: Table, key: str, named: str) -> RegulationError:
    """Return the error for a reference to nothing."""
    return RegulationError(
        "province.unknown_reference", file=row.file, place=row.at(key), named=named
    )
