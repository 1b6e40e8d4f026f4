"""The `[[organisation]]` and `[[agency]]` rows of a province file."""

from shared.kernel.errors import RegulationError
from shared.kernel.periods import Register
from shared.kernel.reference import Table
from shared.provinces.bodies import Agency, Organisation, OrganisationKind
from shared.provinces.checks import Read, checked, refuse_never, refuse_unknown
from shared.territory import Territory


def read_organisations(root: Table, territory: Territory) -> Register[Organisation]:
    """Return the organisations. Raises RegulationError as `load_province` says."""
    read: list[tuple[Table, Organisation]] = []
    for row in root.tables("organisation"):
        period = row.period()
        organisation = Organisation(
            key=row.slug("key"),
            name=row.text("name"),
            unit=row.slug("unit"),
            organisation_kind=row.one_of("organisation_kind", OrganisationKind),
            successor=row.slug("successor") if "successor" in row else None,
            valid_from=period.valid_from,
            valid_to=period.valid_to,
        )
        row.close()
        read.append((row, organisation))
    register = checked(read)
    for row, organisation in read:
        refuse_unknown(row, "unit", organisation.unit, territory.units, organisation)
        if organisation.successor is not None:
            refuse_never(row, "successor", organisation.successor, register)
    return register


def read_agencies(root: Table, territory: Territory) -> Register[Agency]:
    """Return the agencies. Raises RegulationError as `load_province` says."""
    read: list[tuple[Table, Agency]] = []
    for row in root.tables("agency"):
        period = row.period()
        agency = Agency(
            key=row.slug("key"),
            name=row.text("name"),
            unit=row.slug("unit"),
            office=row.slug("office") if "office" in row else None,
            successor=row.slug("successor") if "successor" in row else None,
            valid_from=period.valid_from,
            valid_to=period.valid_to,
        )
        row.close()
        read.append((row, agency))
    register = checked(read)
    for row, agency in read:
        refuse_unknown(row, "unit", agency.unit, territory.units, agency)
        if agency.successor is not None:
            refuse_never(row, "successor", agency.successor, register)
        if agency.office is not None:
            _refuse_second_office(row, agency, read)
    return register


def _refuse_second_office(row: Table, agency: Agency, read: Read[Agency]) -> None:
    for _, other in read:
        if other is agency:
            return
        same_office = other.unit == agency.unit and other.office == agency.office
        if same_office and other.overlaps(agency):
            raise RegulationError(
                "province.duplicate_office",
                file=row.file,
                place=row.place,
                unit=agency.unit,
                office=agency.office,
            )
