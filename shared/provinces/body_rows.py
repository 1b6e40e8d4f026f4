"""The `[[organisation]]` and `[[agency]]` rows of a province file."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import TypeVar

from shared.contracts.vocabulary import Level
from shared.kernel.errors import RegulationError
from shared.kernel.periods import Period, Register
from shared.kernel.reference import Table, is_slug
from shared.provinces.bodies import Agency, Body, Organisation, OrganisationKind
from shared.provinces.checks import Read, checked, refuse_unknown
from shared.provinces.succession_rows import read_succession, refuse_impossible
from shared.territory import Territory

B = TypeVar("B", bound=Body)
_EACH = "each"


def read_organisations(root: Table, territory: Territory) -> Register[Organisation]:
    """Return the organisations. Raises RegulationError as `load_province` says."""
    _, register = _read(root.tables("organisation"), territory, _organisation)
    return register


def read_agencies(root: Table, territory: Territory) -> Register[Agency]:
    """Return the agencies. Raises RegulationError as `load_province` says."""
    read, register = _read(root.tables("agency"), territory, _agency)
    _refuse_second_office(read)
    return register


def _read(
    rows: tuple[Table, ...], territory: Territory, one: Callable[[Table], B]
) -> tuple[Read[B], Register[B]]:
    read = [(row, one(row)) for row in rows if _EACH not in row]
    written = {body.key for _, body in read}
    for row in rows:
        if _EACH in row:
            read += [(row, body) for body in _of_each(row, territory, one, written)]
    register = checked(read)
    for row, body in read:
        refuse_unknown(row, "unit", body.unit, territory.units, body)
    refuse_impossible(read, register)
    return read, register


def _of_each(
    row: Table, territory: Territory, one: Callable[[Table], B], written: set[str]
) -> Iterator[B]:
    """Yield a body for each unit of the levels, unless a row of its own has that key.

    Its key and name are those of the row, with the unit's behind them; it exists while the
    row applies and the unit is there.
    """
    levels = row.members(_EACH, Level)
    pattern = one(row)
    for unit in territory.units:
        if unit.level not in levels or not unit.overlaps(pattern):
            continue
        key = f"{pattern.key}-{unit.key}"
        if not is_slug(key):
            raise row.wrong("key", f"{key}: a-z 0-9 - _")
        if key not in written:
            both = _common(unit, pattern)
            yield replace(
                pattern,
                key=key,
                name=f"{pattern.name} {unit.name}",
                unit=unit.key,
                valid_from=both.valid_from,
                valid_to=both.valid_to,
            )


def _common(one: Period, other: Period) -> Period:
    last = min(one.valid_to or date.max, other.valid_to or date.max)
    return Period(
        valid_from=max(one.valid_from, other.valid_from),
        valid_to=None if last == date.max else last,
    )


def _unit_of(row: Table) -> str:
    """Return the unit; a row for each unit names none, nor a successor."""
    if _EACH not in row:
        return row.slug("unit")
    for key in ("unit", "successor", "successors"):
        if key in row:
            raise row.wrong(key, f"{_EACH} | {key}")
    return ""


def _organisation(row: Table) -> Organisation:
    period = row.period()
    organisation = Organisation(
        key=row.slug("key"),
        name=row.text("name"),
        unit=_unit_of(row),
        organisation_kind=row.one_of("organisation_kind", OrganisationKind),
        succession=read_succession(row),
        valid_from=period.valid_from,
        valid_to=period.valid_to,
    )
    row.close()
    return organisation


def _agency(row: Table) -> Agency:
    period = row.period()
    agency = Agency(
        key=row.slug("key"),
        name=row.text("name"),
        unit=_unit_of(row),
        office=row.slug("office") if "office" in row else None,
        succession=read_succession(row),
        valid_from=period.valid_from,
        valid_to=period.valid_to,
    )
    row.close()
    return agency


def _refuse_second_office(read: Read[Agency]) -> None:
    before: dict[tuple[str, str], list[Agency]] = {}
    for row, agency in read:
        if agency.office is None:
            continue
        others = before.setdefault((agency.unit, agency.office), [])
        if any(other.overlaps(agency) for other in others):
            raise RegulationError(
                "province.duplicate_office",
                file=row.file,
                place=row.place,
                unit=agency.unit,
                office=agency.office,
            )
        others.append(agency)
