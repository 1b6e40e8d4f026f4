"""The `[[territory]]` rows of a province file: all units of a listed province in one line."""

from collections.abc import Iterator, Mapping

from shared.contracts.vocabulary import Level
from shared.kernel.errors import RegulationError
from shared.kernel.periods import Period
from shared.kernel.reference import Table
from shared.territory import (
    ListedUnit,
    OfficialCode,
    Scheme,
    Unit,
    children_of,
    folded,
    keys,
    unit_of,
)


def read_listed(row: Table, named: Mapping[OfficialCode, str]) -> Iterator[Unit]:
    """Yield the units of one row, but for those that the file itself has `named`.

    Raises RegulationError: `reference.*`, `province.unlisted_unit`,
    `province.listed_otherwise`.
    """
    period = row.period()
    scheme = row.one_of("scheme", Scheme)
    official = OfficialCode(scheme, Level.PROVINCE, row.text("code"))
    province = listed_unit(row, official)
    refuse_other_name(row, row.text("name"), province)
    row.close()
    key_of = {**keys(scheme), **named}
    for unit in _all_of(province):
        if unit.official not in named:
            yield _dated(unit, key_of, period)


def listed_unit(row: Table, official: OfficialCode) -> ListedUnit:
    """Return the unit with this code. Raises `province.unlisted_unit`."""
    unit = unit_of(official)
    if unit is None:
        raise RegulationError(
            "province.unlisted_unit", file=row.file, place=row.at("code"), unit=str(official)
        )
    return unit


def refuse_other_name(row: Table, name: str, unit: ListedUnit) -> None:
    """Refuse another name than the list's, however spelt: `province.listed_otherwise`."""
    if folded(name) != folded(unit.full_name):
        raise listed_otherwise(row, "name", unit)


def listed_otherwise(row: Table, key: str, unit: ListedUnit) -> RegulationError:
    """Return the error that says which unit the list has instead."""
    return RegulationError(
        "province.listed_otherwise", file=row.file, place=row.at(key), listed=unit.full_name
    )


def _all_of(unit: ListedUnit) -> Iterator[ListedUnit]:
    yield unit
    for child in children_of(unit.official):
        yield from _all_of(child)


def _dated(unit: ListedUnit, key_of: Mapping[OfficialCode, str], period: Period) -> Unit:
    return Unit(
        key=key_of[unit.official],
        name=unit.full_name,
        level=unit.official.level,
        scheme=unit.official.scheme,
        code=unit.official.code,
        parent=None if unit.parent is None else key_of[unit.parent],
        valid_from=period.valid_from,
        valid_to=period.valid_to,
    )
