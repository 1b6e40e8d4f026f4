"""The `[[routing]]` rows of a province file."""

from shared.contracts.vocabulary import Level
from shared.kernel.errors import RegulationError
from shared.kernel.periods import Period, Register, first_gap
from shared.kernel.reference import Table
from shared.provinces.bodies import Agency
from shared.provinces.checks import refuse_unknown, unknown
from shared.provinces.fields import Fields
from shared.provinces.routing import RoutingRow, first_clash

_ANY = "*"


def read_routing(
    root: Table, period: Period, fields: Fields, agencies: Register[Agency]
) -> tuple[RoutingRow, ...]:
    """Return the rows, which always answer in `period` and never contradict each other.

    Raises RegulationError as `load_province` says.
    """
    tables = root.tables("routing")
    rows = tuple(
        _routing_row(table, number, fields, agencies)
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
    table: Table, number: int, fields: Fields, agencies: Register[Agency]
) -> RoutingRow:
    period = table.period()
    if ("agency" in table) == ("office" in table):
        raise table.wrong("agency", "agency | office")
    named_fields = _listed(table, "fields")
    named_levels = _listed(table, "levels")
    row = RoutingRow(
        number=number,
        fields=named_fields,
        levels=None if named_levels is None else _levels(table, named_levels),
        priority=table.count("priority", most=1_000) if "priority" in table else 0,
        citation=table.text("citation"),
        agency=table.slug("agency") if "agency" in table else None,
        office=table.slug("office") if "office" in table else None,
        valid_from=period.valid_from,
        valid_to=period.valid_to,
    )
    table.close()
    for field in sorted(row.fields or ()):
        refuse_unknown(table, "fields", field, fields.register, row)
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


def _levels(table: Table, named: frozenset[str]) -> frozenset[Level]:
    try:
        return frozenset(Level(level) for level in named)
    except ValueError:
        raise table.wrong("levels", ", ".join(Level)) from None
