"""What a row of a body says of its successors, and whether that can be."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from shared.kernel.errors import RegulationError
from shared.kernel.periods import Register
from shared.kernel.reference import Table
from shared.provinces.bodies import Body, BodyChange, BodySuccession
from shared.provinces.checks import Read, refuse_never

B = TypeVar("B", bound=Body)


def read_succession(row: Table) -> BodySuccession | None:
    """Return `successor` or `successors` with `change` and `citation`; None without.

    Raises RegulationError `reference.*`: also when both are given, or no end of the body.
    """
    if "successor" not in row and "successors" not in row:
        return None
    if "successors" in row:
        if "successor" in row:
            raise row.wrong("successor", "successor | successors")
        successors: Sequence[str] = row.slugs("successors")
    else:
        successors = (row.slug("successor"),)
    change = row.one_of("change", BodyChange)
    if (len(successors) > 1) is not (change is BodyChange.SPLIT):
        raise row.wrong("change", _wanted(len(successors)))
    if "valid_to" not in row:
        raise RegulationError("reference.missing_key", file=row.file, place=row.at("valid_to"))
    return BodySuccession(
        successors=tuple(successors), change=change, citation=row.text("citation")
    )


def refuse_impossible(read: Read[B], register: Register[B]) -> None:
    """Refuse a successor that isn't there the day after, or not as the change says.

    As every successor outlives its predecessor, none can be its own through others.
    Raises RegulationError: `province.unknown_reference`,
    `province.reference_not_in_force`, `reference.wrong_value`.
    """
    named = Counter(
        (key, body.succeeded_on)
        for _, body in read
        if body.succession is not None
        for key in body.succession.successors
    )
    for row, body in read:
        if body.succession is None or body.succeeded_on is None:
            continue
        on = body.succeeded_on
        is_split = body.succession.change is BodyChange.SPLIT
        place = "successors" if "successors" in row else "successor"
        for key in body.succession.successors:
            refuse_never(row, place, key, register)
            successor = register.on(key, on)
            if successor is None:
                raise RegulationError(
                    "province.reference_not_in_force",
                    file=row.file,
                    place=row.at(place),
                    named=key,
                    on=on,
                )
            if key == body.key and not is_split:
                raise row.wrong(place, f"≠ {key}")
            is_new_and_alone = successor.valid_from == on and named[key, on] == 1
            if body.succession.change is BodyChange.RENAMED and not is_new_and_alone:
                raise row.wrong("change", BodyChange.MERGED)


def _wanted(successors: int) -> str:
    if successors > 1:
        return BodyChange.SPLIT
    return f"{BodyChange.RENAMED}, {BodyChange.MERGED}"
