"""Reading province files: every fault is refused at the start, with its file and place."""

from dataclasses import replace
from pathlib import Path

from shared.calendar import national_file
from shared.contracts.vocabulary import ReferenceKind
from shared.kernel.errors import RegulationError
from shared.kernel.reference import Table
from shared.provinces.body_rows import read_agencies, read_organisations
from shared.provinces.checks import refuse_never
from shared.provinces.fields import Fields
from shared.provinces.province import Province
from shared.provinces.routing_rows import read_routing
from shared.provinces.unit_rows import read_territory
from shared.provinces.working_days import calendar_of
from shared.references import ReferenceFile
from shared.regulations import NATIONAL_FILE, Regulation

PROVINCES_LIMIT = 100


def load_provinces(directory: Path) -> dict[str, Province]:
    """Return every province of `directory` (`<slug>.toml`), by slug, sorted.

    Raises RegulationError: as `load_province`, `province.none_found`,
    `province.unknown_successor`.
    """
    files = sorted(directory.glob("*.toml"))
    if not 1 <= len(files) <= PROVINCES_LIMIT:
        raise RegulationError("province.none_found", limit=PROVINCES_LIMIT)
    provinces = {file.stem: load_province(file) for file in files}
    for province in provinces.values():
        if province.successor is not None and province.successor not in provinces:
            raise RegulationError(
                "province.unknown_successor", file=province.file, successor=province.successor
            )
    return provinces


def load_province(path: Path) -> Province:
    """Return the province of one file.

    Raises RegulationError with file and place: `reference.*`, `regulation.*`, `calendar.*`,
    `province.slug_differs`, `province.duplicate_key`, `province.duplicate_office`,
    `province.scheme_period`, `province.unlisted_unit`, `province.listed_otherwise`,
    `province.unknown_reference`, `province.reference_not_in_force`, `province.routing_ambiguous`,
    `province.routing_incomplete`.
    """
    file = ReferenceFile.read(ReferenceKind.PROVINCE, path, path.name)
    root = file.root()
    slug = root.slug("slug")
    if slug != path.stem:
        raise RegulationError("province.slug_differs", file=path.name, slug=slug)
    period = root.period()
    fields = Fields.load()
    territory = read_territory(root)
    organisations = read_organisations(root, territory)
    agencies = read_agencies(root, territory)
    routing = read_routing(root, period, fields, agencies, territory)
    calendar_file = national_file()
    calendar = calendar_of(calendar_file, root)
    rules = root.table("regulation") if "regulation" in root else None
    regulation = Regulation.load(NATIONAL_FILE, rules)
    if rules is not None:
        _refuse_unknown_fields(rules, fields)
    name = root.text("name")
    file = replace(file, label=name, valid_from=period.valid_from)
    province = Province(
        slug=slug,
        name=name,
        name_en=root.text("name_en"),
        successor=root.slug("successor") if "successor" in root else None,
        territory=territory,
        organisations=organisations,
        agencies=agencies,
        fields=fields,
        routing=routing,
        regulation=regulation,
        calendar=calendar,
        file=file.name,
        sha256=file.sha256,
        files=(file, regulation.national_file, calendar_file, fields.file),
        valid_from=period.valid_from,
        valid_to=period.valid_to,
    )
    root.close()
    return province


def _refuse_unknown_fields(regulation: Table, fields: Fields) -> None:
    """Refuse a limit for a field that never was: `province.unknown_reference`."""
    for row in regulation.tables("rule"):
        value = row.raw("value") if "value" in row else None
        if not isinstance(value, dict) or "cases" not in value:
            continue
        for case in row.table("value").tables("cases"):
            for field in case.slugs("fields") if "fields" in case else ():
                refuse_never(case, "fields", field, fields.register)
