"""Where an entry of the journal is: what the pages of a list go on from."""

from dataclasses import dataclass

from shared.kernel.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an entry is."""

    origin: str
    position: int

    def __str__(self) -> str:
        """Return it as a page's `after` has it."""
        return f"{self.origin}:{self.position}"


def after_place(text: str) -> Place | None:
    """Return the place that a page's `after` names, None for the beginning.

    Raises:
        BadInput: `report.bad_place`.

    """
    if not text:
        return None
    origin, _, position = text.rpartition(":")
    if not origin or not position.isdecimal():
        raise BadInput("report.bad_place")
    return Place(origin=origin, position=int(position))


def first_after(after: Place | None, origin: str) -> int | None:
    """Return the first position of the log `origin` that comes after a place; None: no one.

    Logs stand in the order of their origins.
    """
    if after is None or origin > after.origin:
        return 0
    return after.position + 1 if origin == after.origin else None
