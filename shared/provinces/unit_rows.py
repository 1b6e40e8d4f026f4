"""The `[[unit]]` rows of a province file, and those units that it takes from a list."""

from shared.contracts.vocabulary import Level
from shared.kernel.errors import RegulationError
from shared.kernel.periods import Register
from shared.kernel.reference import Table
from shared.provinces.checks import checked, refuse_unknown
from shared.provinces.territory_rows import (
    listed_otherwise,
    listed_unit,
    read_listed,
    refuse_other_name,
)
from shared.territory import Scheme, Territory, Unit, unit_of

_LEVELS = tuple(Level)


def read_territory(root: Table) -> Territory:
    """Return the units. Raises RegulationError as `load_province` says."""
    read = [(row, _unit(row)) for row in root.tables("unit")]
    rows = len(read)
    named = {unit.official: unit.key for _, unit in read if unit.official is not None}
    for row in root.tables("territory"):
        read += [(row, unit) for unit in read_listed(row, named)]
    register = checked(read)
    for row, unit in read:
        _refuse_misplaced(row, unit, register)
    for row, unit in read[:rows]:
        _refuse_unlike_list(row, unit, register)
    return Territory(register)


def _refuse_misplaced(row: Table, unit: Unit, register: Register[Unit]) -> None:
    """Refuse a unit outside its scheme's time, or not below a unit of a higher level."""
    whole = unit.scheme.period
    if not whole.includes(unit.valid_from) or (
        whole.valid_to is not None and (unit.valid_to is None or unit.valid_to > whole.valid_to)
    ):
        raise RegulationError("province.scheme_period", file=row.file, place=row.place)
    if unit.level is Level.PROVINCE:
        if unit.parent is not None:
            raise row.wrong("parent", "—")
        return
    if unit.parent is None:
        raise RegulationError("reference.missing_key", file=row.file, place=row.at("parent"))
    refuse_unknown(row, "parent", unit.parent, register, unit)
    if any(
        _LEVELS.index(above.level) >= _LEVELS.index(unit.level)
        for above in register.ever(unit.parent)
    ):
        raise row.wrong("parent", f"> {unit.level}")


def _refuse_unlike_list(row: Table, unit: Unit, register: Register[Unit]) -> None:
    """Refuse a code with another name or place than the official list gives it.

    A unit that had ended before the list, or began after it, isn't in it: no check.
    """
    day = unit.scheme.listed_on
    if unit.official is None or not unit.includes(day):
        return
    listed = listed_unit(row, unit.official)
    refuse_other_name(row, unit.name, listed)
    above = None if unit.parent is None else register.on(unit.parent, day)
    if above is None or above.official is None or above.official == listed.parent:
        return
    parent = None if listed.parent is None else unit_of(listed.parent)
    raise listed_otherwise(row, "parent", parent or listed)


def _unit(row: Table) -> Unit:
    period = row.period()
    unit = Unit(
        key=row.slug("key"),
        name=row.text("name"),
        level=row.one_of("level", Level),
        scheme=row.one_of("scheme", Scheme),
        code=row.text("code") if "code" in row else None,
        parent=row.slug("parent") if "parent" in row else None,
        valid_from=period.valid_from,
        valid_to=period.valid_to,
    )
    if unit.level is Level.DISTRICT and unit.scheme is Scheme.FROM_2025_07:
        raise row.wrong("level", f"{Level.PROVINCE}, {Level.COMMUNE}")
    if unit.code is not None and not (unit.code.isascii() and unit.code.isdecimal()):
        raise row.wrong("code", "0-9")
    row.close()
    return unit
