"""What a parser may do with bytes that it doesn't like: refuse them, and nothing else."""

from collections.abc import Callable
from typing import TypeVar

from shared.kernel.errors import AppError, ContractError, NotFound, TooLarge

Given = TypeVar("Given")
Found = TypeVar("Found")

REFUSALS = (ContractError, NotFound, TooLarge)


def read(parse: Callable[[Given], Found], given: Given) -> Found | None:
    """Return what `parse` reads; None when it refuses in one of its own words."""
    try:
        return parse(given)
    except AppError as refused:
        if isinstance(refused, REFUSALS) and refused.code.startswith("eventlog."):
            return None
        raise
