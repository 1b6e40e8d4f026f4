"""The `[[unit]]` rows of a province file."""

from shared.contracts.vocabulary import Level
from shared.kernel.errors import RegulationError
from shared.kernel.reference import Table
from shared.provinces.checks import checked, refuse_unknown
from shared.territory import Scheme, Territory, Unit

_LEVELS = tuple(Level)


def read_territory(root: Table) -> Territory:
    """Return the units. Raises RegulationError as `load_province` says."""
    read = [(row, _unit(row)) for row in root.tables("unit")]
    register = checked(read)
    for row, unit in read:
        whole = unit.scheme.period
        if not whole.includes(unit.valid_from) or (
            whole.valid_to is not None and (unit.valid_to is None or unit.valid_to > whole.valid_to)
        ):
            raise RegulationError("province.scheme_period", file=row.file, place=row.place)
        if unit.level is Level.PROVINCE:
            if unit.parent is not None:
                raise row.wrong("parent", "—")
            continue
        if unit.parent is None:
            raise RegulationError("reference.missing_key", file=row.file, place=row.at("parent"))
        refuse_unknown(row, "parent", unit.parent, register, unit)
        if any(
            _LEVELS.index(above.level) >= _LEVELS.index(unit.level)
            for above in register.ever(unit.parent)
        ):
            raise row.wrong("parent", f"> {unit.level}")
    return Territory(register)


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
