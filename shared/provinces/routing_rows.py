"""The `[[routing]]` rows of a province file."""

from enum import StrEnum
from typing import TypeVar

from shared.contracts.vocabulary import Level, OpinionKind
from shared.kernel.errors import RegulationError
from shared.kernel.periods import Period, Register, first_gap
from shared.kernel.reference import Table
from shared.provinces.bodies import Agency
from shared.provinces.checks import refuse_unknown, unknown
from shared.provinces.fields import Fields
from shared.provinces.routing import RoutingRow, first_clash
from shared.territory import Territory

_ANY = "*"
_WAYS = ("agency", "office", "triage")
"""Where a row leads to: one of them."""

E = TypeVar("E", bound=StrEnum)


def read_routing(
    root: Table,
    period: Period,
    fields: Fields,
    agencies: Register[Agency],
    territory: Territory,
) -> tuple[RoutingRow, ...]:
    """Return the rows, which always answer in `period` and never contradict each other.

    Raises RegulationError as `load_province` says.
    """
    tables = root.tables("routing")
    rows = tuple(
        _routing_row(table, number, fields, agencies, territory)
        for number, table in enumerate(tables, start=1)
    )
    clash = first_clash(rows)
    if clash is not None:
        raise RegulationError(
            "province.routing_ambiguous",
            file=root.file,
            place=tables[clash[1].number - 1].place,
            other=tables[clash[0].number - 1].place,
        )
    gap = first_gap(period, (row for row in rows if row.is_catch_all))
    if gap is not None:
        raise RegulationError(
            "province.routing_incomplete", file=root.file, place="routing", on=gap
        )
    return rows


def _routing_row(
    table: Table, number: int, fields: Fields, agencies: Register[Agency], territory: Territory
) -> RoutingRow:
    period = table.period()
    if sum(way in table for way in _WAYS) != 1:
        raise table.wrong("agency", " | ".join(_WAYS))
    named_fields = _listed(table, "fields")
    named_levels = _listed(table, "levels")
    named_units = _listed(table, "units") if "units" in table else None
    named_kinds = _listed(table, "kinds") if "kinds" in table else None
    row = RoutingRow(
        number=number,
        fields=named_fields,
        levels=None if named_levels is None else _members(table, "levels", Level, named_levels),
        units=named_units,
        kinds=None if named_kinds is None else _members(table, "kinds", OpinionKind, named_kinds),
        priority=table.count("priority", most=1_000) if "priority" in table else 0,
        citation=table.text("citation"),
        agency=table.slug("agency") if "agency" in table else None,
        office=table.slug("office") if "office" in table else None,
        is_for_triage=table.flag("triage") if "triage" in table else False,
        valid_from=period.valid_from,
        valid_to=period.valid_to,
    )
    table.close()
    for field in sorted(row.fields or ()):
        refuse_unknown(table, "fields", field, fields.register, row)
    for unit in sorted(row.units or ()):
        refuse_unknown(table, "units", unit, territory.units, row)
    if row.agency is not None:
        refuse_unknown(table, "agency", row.agency, agencies, row)
    if row.office is not None and all(agency.office != row.office for agency in agencies):
        raise unknown(table, "office", row.office)
    return row


def _listed(table: Table, key: str) -> frozenset[str] | None:
    named = table.texts(key)
    if named == (_ANY,):
        return None
    if _ANY in named:
        raise table.wrong(key, '["*"] | [key, …]')
    return frozenset(named)


def _members(table: Table, key: str, form: type[E], named: frozenset[str]) -> frozenset[E]:
    try:
        return frozenset(form(each) for each in named)
    except ValueError:
        raise table.wrong(key, ", ".join(form)) from None
