"""Digest workbooks that this system writes: the template to download, and filled ones."""

import io
from collections.abc import Iterable, Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from services.intake.workbook.cells import DATA_ROW_LIMIT
from services.intake.workbook.digest_columns import (
    CHANNEL,
    COLUMNS,
    HEADER,
    NUMBER,
    OPINION_KIND,
    ORGANISATION,
    REPORTED_ON,
    SHEET_NAME,
    TEXT,
    VOICES,
    Column,
)
from services.intake.workbook.digest_sheet import DigestRow
from services.intake.workbook.digest_words import CHANNEL_WORDS, KIND_WORDS

GUIDE_NAME = "Hướng dẫn"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_TEXT_FORMAT = "@"
_COUNT_FORMAT = "0"
_HEADING_ROW = len(HEADER) + 2
_GUIDE_HEADINGS = ("Tiêu đề", "Bắt buộc", "Cách ghi", "In English", "Ví dụ")
_WIDTHS = {TEXT: 80, OPINION_KIND: 22, CHANNEL: 30}
_USUAL_WIDTH = 20
_LISTS = {
    OPINION_KIND: tuple(names[0] for names in KIND_WORDS.values()),
    CHANNEL: tuple(names[0] for names in CHANNEL_WORDS.values()),
}


def digest_template() -> bytes:
    """Return an empty digest workbook (.xlsx) with its columns documented on a second sheet."""
    return _bytes(_workbook({}))


def digest_workbook(
    *, organisation: str, number: str, reported_on: date, rows: Iterable[DigestRow]
) -> bytes:
    """Return a filled digest workbook (.xlsx), which `read_digest` reads back as it is.

    Rows stand below the headings in their order, whatever their `row`.
    """
    header = {ORGANISATION: organisation, NUMBER: number, REPORTED_ON: f"{reported_on:%d/%m/%Y}"}
    workbook = _workbook(header)
    sheet = workbook[SHEET_NAME]
    for place, row in enumerate(rows, start=_HEADING_ROW + 1):
        for column, value in enumerate(_values(row), start=1):
            if isinstance(value, int):
                sheet.cell(place, column, value).number_format = _COUNT_FORMAT
            else:
                _write(sheet, place, column, value)
    return _bytes(workbook)


def _values(row: DigestRow) -> tuple[str | int, ...]:
    return (
        row.key,
        f"{row.received_on:%d/%m/%Y}",
        row.unit,
        row.field,
        KIND_WORDS[row.opinion_kind][0],
        CHANNEL_WORDS[row.channel][0],
        row.voices,
        row.text,
        row.session_id or "",
    )


def _write(sheet: Worksheet, row: int, column: int, text: str, *, bold: bool = False) -> None:
    """Write a text that stays a text: no program will compute it, now or after an edit."""
    if not text:
        return
    cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"  # after the value, from which openpyxl guesses a formula or an error
    cell.number_format = _TEXT_FORMAT
    cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)


def _workbook(header: dict[str, str]) -> Workbook:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    sheet = workbook.create_sheet(SHEET_NAME)
    guide = workbook.create_sheet(GUIDE_NAME)
    for place, label in enumerate(HEADER, start=1):
        _write(sheet, place, 1, label.heading, bold=True)
        _write(sheet, place, 2, header.get(label.heading, ""))
        sheet.cell(place, 2).number_format = _TEXT_FORMAT
    for place, column in enumerate(COLUMNS, start=1):
        _write(sheet, _HEADING_ROW, place, column.heading, bold=True)
        dimension = sheet.column_dimensions[get_column_letter(place)]
        # Dates too are typed as text: a program set to month first would swap them unseen.
        dimension.number_format = _COUNT_FORMAT if column.heading == VOICES else _TEXT_FORMAT
        dimension.width = _WIDTHS.get(column.heading, _USUAL_WIDTH)
        dimension.alignment = Alignment(wrap_text=column.heading == TEXT, vertical="top")
    sheet.freeze_panes = sheet.cell(_HEADING_ROW + 1, 1)
    _fill_guide(guide)
    _offer_lists(sheet, guide)
    return workbook


def _fill_guide(guide: Worksheet) -> None:
    """Document every label and column, then show a whole example row."""
    for place, heading in enumerate(_GUIDE_HEADINGS, start=1):
        _write(guide, 1, place, heading, bold=True)
        guide.column_dimensions[get_column_letter(place)].width = _WIDTHS[CHANNEL]
    documented: Sequence[Column] = (*HEADER, *COLUMNS)
    for row, column in enumerate(documented, start=2):
        required = "có" if column.required else "không"
        told = (column.heading, required, column.vi, column.en, column.example)
        for place, text in enumerate(told, start=1):
            _write(guide, row, place, text)
    example_row = len(documented) + 3
    _write(guide, example_row, 1, "Một dòng mẫu", bold=True)
    for place, column in enumerate(COLUMNS, start=1):
        _write(guide, example_row + 1, place, column.heading, bold=True)
        _write(guide, example_row + 2, place, column.example)


def _offer_lists(sheet: Worksheet, guide: Worksheet) -> None:
    """Let people choose kinds and channels; the words stand on the guide, right of its table."""
    headings = [column.heading for column in COLUMNS]
    for place, (heading, words) in enumerate(_LISTS.items(), start=len(COLUMNS) + 2):
        _write(guide, 1, place, heading, bold=True)
        for row, word in enumerate(words, start=2):
            _write(guide, row, place, word)
        source = get_column_letter(place)
        validation = DataValidation(
            type="list",
            formula1=f"'{GUIDE_NAME}'!${source}$2:${source}${len(words) + 1}",
            showErrorMessage=True,
            errorTitle=heading,
            error="Chọn một trong các giá trị của danh sách.",
        )
        letter = get_column_letter(headings.index(heading) + 1)
        first, last = _HEADING_ROW + 1, _HEADING_ROW + DATA_ROW_LIMIT
        validation.add(f"{letter}{first}:{letter}{last}")
        sheet.add_data_validation(validation)


def _bytes(workbook: Workbook) -> bytes:
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()
