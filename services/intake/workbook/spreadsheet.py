"""An .xlsx workbook (ECMA-376) read into one clean sheet.

A streaming reader of our own: openpyxl builds a tree for every row, keeps all styles and
can't see merged areas while it streams, so no bound on it holds for a hostile file. Only
the parts that are needed are inflated, and each is refused beyond its limit. openpyxl is
the second opinion in the tests.
"""

import posixpath
import re
from datetime import date

from services.intake.workbook.archive import Archive
from services.intake.workbook.cells import Sheet
from services.intake.workbook.folding import fold
from services.intake.workbook.markup import scan
from services.intake.workbook.package_markup import ContentTypes, Outline, Relationships, Styles
from services.intake.workbook.sheet_markup import SharedStrings, SheetListener, TextBudget
from shared.kernel.errors import BadInput

_CONTENT_TYPES = "[Content_Types].xml"
_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
_DEFAULT_NAME = re.compile(r"(?:Sheet|Trang[ _]?tính) ?[0-9]{0,3}", re.IGNORECASE)


def read_spreadsheet(data: bytes, sheet_name: str) -> Sheet:
    """Return the sheet named `sheet_name`, else the first one.

    Its name is told only where it is the expected one or the program's default, else as
    its place ("#2"): people name sheets after persons.
    Raises BadInput: `workbook.not_a_workbook`, `workbook.macros`,
    `workbook.external_links`, and those of `Archive` and `scan`; TooLarge:
    `workbook.too_many_rows`, `workbook.too_many_cells`, `workbook.too_many_merged`,
    `workbook.too_much_text`.
    """
    archive = Archive(data)
    _refuse_active_content(archive)
    main = _target(_relationships(archive, ""), "officeDocument")
    if main is None or main not in archive:
        raise BadInput("workbook.not_a_workbook")
    outline = Outline()
    scan(archive.chunks(main), outline, "workbook")
    relationships = _relationships(archive, main)
    name, part = _choose(outline, relationships, sheet_name)
    if part not in archive:
        raise BadInput("workbook.damaged", part="workbook")
    budget = TextBudget()
    strings = SharedStrings(budget)
    if (target := _target(relationships, "sharedStrings")) is not None and target in archive:
        scan(archive.chunks(target), strings, "sharedStrings")
    styles = Styles()
    if (target := _target(relationships, "styles")) is not None and target in archive:
        scan(archive.chunks(target), styles, "styles")
    sheet = SheetListener(
        budget=budget,
        strings=strings.cells,
        date_styles=styles.date_styles(),
        epoch=_EPOCH_1904 if outline.since_1904 else _EPOCH_1900,
    )
    scan(archive.chunks(part), sheet, "sheet")
    return Sheet(name=name, rows=tuple(sheet.rows), merged=tuple(sheet.merged))


def _refuse_active_content(archive: Archive) -> None:
    """Refuse programs and links to other files, which no list of opinions needs."""
    kinds = ContentTypes()
    if _CONTENT_TYPES in archive:
        scan(archive.chunks(_CONTENT_TYPES), kinds, "contentTypes")
    names = archive.names
    macros = any(n.endswith("vbaproject.bin") or n.startswith("xl/macrosheets/") for n in names)
    if macros or kinds.macros:
        raise BadInput("workbook.macros")
    if not kinds.spreadsheet:
        raise BadInput("workbook.not_a_workbook")
    if any(n.startswith(("xl/externallinks/", "xl/connections.xml")) for n in names):
        raise BadInput("workbook.external_links")


def _relationships(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Return id → (kind, full name of the part) for what `part` ("" = package) refers to."""
    folder, _, name = part.rpartition("/")
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    heard = Relationships()
    if listed in archive:
        scan(archive.chunks(listed), heard, "relationships")
    return {
        key: (kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
        for key, (kind, target) in heard.targets.items()
    }


def _target(relationships: dict[str, tuple[str, str]], kind: str) -> str | None:
    return next((target for found, target in relationships.values() if found == kind), None)


def _choose(
    outline: Outline, relationships: dict[str, tuple[str, str]], wanted: str
) -> tuple[str, str]:
    """Return the name to show and the part of the sheet to read; chart sheets don't count."""
    worksheets = [
        (position, name, relationships[reference][1])
        for position, (name, reference) in enumerate(outline.sheets, start=1)
        if relationships.get(reference, ("", ""))[0] == "worksheet"
    ]
    if not worksheets:
        raise BadInput("workbook.not_a_workbook")
    for _position, name, part in worksheets:
        if fold(name) == fold(wanted):
            return wanted, part
    position, name, part = worksheets[0]
    return (name if _DEFAULT_NAME.fullmatch(name) else f"#{position}"), part
