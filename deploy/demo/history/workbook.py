"""A digest as the .xlsx file that an official of the Front sends."""

import re
import zipfile
from datetime import date, datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from deploy.demo.history.digests import FIRST_ROW
from deploy.demo.history.records import HistoricDigest
from services.intake.workbook.digest_columns import COLUMNS, LABELS, SHEET_NAME

WIDTHS = (6, 14, 22, 28, 18, 22, 12, 90, 16)
DATE_FORMAT = "dd/mm/yyyy"

_EPOCH_OF_ZIP = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb">[0-9T:.-]+Z</dcterms:")


def digest_workbook(digest: HistoricDigest) -> bytes:
    """Return the workbook of `digest`: the same bytes for the same digest.

    The column "Phiên đối thoại" stays empty: opinions are put on an agenda later.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET_NAME
    _write_header(sheet, digest)
    for at, column in enumerate(COLUMNS, start=1):
        sheet.cell(FIRST_ROW - 1, at, column.heading).font = Font(bold=True)
    for row in digest.rows:
        cells = (
            row.stt,
            row.received_on,
            row.unit_name,
            row.field_name,
            row.kind_name,
            row.channel_name,
            row.voices,
            row.text,
        )
        for at, value in enumerate(cells, start=1):
            sheet.cell(row.sheet_row, at, value)
        sheet.cell(row.sheet_row, 2).number_format = DATE_FORMAT
        sheet.cell(row.sheet_row, len(cells)).alignment = Alignment(wrap_text=True)
    for letter, width in zip("ABCDEFGHI", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    book.properties.creator = digest.organisation_name
    return _without_clock(book, datetime.combine(digest.reported_on, datetime.min.time()))


def _write_header(sheet: Worksheet, digest: HistoricDigest) -> None:
    values: tuple[str | date, ...] = (digest.organisation_name, digest.number, digest.reported_on)
    for at, (label, value) in enumerate(zip(LABELS, values, strict=True), start=1):
        sheet.cell(at, 1, label).font = Font(bold=True)
        sheet.cell(at, 2, value)
    sheet.cell(len(values), 2).number_format = DATE_FORMAT


def _without_clock(book: Workbook, stamp: datetime) -> bytes:
    """Return the file with `stamp` for every time that the library took from the clock.

    Members are stored, not deflated: what deflating gives differs between zlib builds.
    """
    written, file = BytesIO(), BytesIO()
    book.save(written)
    with (
        zipfile.ZipFile(written) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as target,
    ):
        for name in sorted(
            source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)
        ):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(b">%sZ</dcterms:" % stamp.isoformat().encode(), content)
            target.writestr(zipfile.ZipInfo(name, _EPOCH_OF_ZIP), content)
    return file.getvalue()
