"""Workbooks for tests, good and hostile, written byte by byte where openpyxl would not."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape

from services.intake.workbook.cells import column_letters
from services.intake.workbook.digest_sheet import DigestRow
from services.intake.workbook.template import digest_workbook
from shared.contracts.vocabulary import Channel, OpinionKind

TODAY = date(2025, 6, 1)
SECRET = "Nguyễn Thị Bí Mật 0912345678"
"""Stands where a person's data might; must come back out of no fault or error."""

HEADINGS = (
    "STT",
    "Ngày tiếp nhận",
    "Đơn vị",
    "Lĩnh vực",
    "Loại ý kiến",
    "Kênh tiếp nhận",
    "Số người cùng ý kiến",
    "Nội dung",
    "Phiên đối thoại",
)
LABELS = (
    ("Tổ chức báo cáo", "Ủy ban MTTQ Việt Nam quận Ba Đình"),
    ("Số báo cáo", "15/BC-MTTQ-BTT"),
    ("Ngày báo cáo", "20/03/2021"),
)
GOOD = (
    "1",
    "15/03/2021",
    "phường Ngọc Hà",
    "trật tự đô thị",
    "kiến nghị",
    "tiếp công dân",
    "12",
    "Đề nghị lắp thêm đèn ở ngõ sau chợ.",
    "",
)
GOOD_CELL_ROW = 6
"""Row of `GOOD` in `digest_grid`."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}"/></Types>'
)


def changed(**by_heading: str) -> tuple[str, ...]:
    """Return the good row with other cells, named by heading with _ for a space."""
    named = {heading.replace("_", " "): value for heading, value in by_heading.items()}
    assert set(named) <= set(HEADINGS)
    return tuple(named.get(heading, value) for heading, value in zip(HEADINGS, GOOD, strict=True))


def digest_grid(
    *rows: Sequence[str],
    headings: Sequence[str] = HEADINGS,
    labels: Iterable[tuple[str, str]] = LABELS,
) -> list[Sequence[str]]:
    """Return labels (rows 1 to 3), a blank row, headings (row 5) and data rows (from 6)."""
    return [*labels, (), headings, *rows]


def csv_bytes(
    grid: Iterable[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8"
) -> bytes:
    """Return the grid as CSV, every cell in quotes."""
    lines = (delimiter.join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in row) for row in grid)
    return "\r\n".join(lines).encode(encoding)


def sheet_xml(grid: Iterable[Sequence[str]], after: str = "") -> str:
    """Return a sheet; a cell that begins with "<c" is raw XML, any other an inline string."""
    rows = "".join(
        f'<row r="{number}">{"".join(_cell(number, n, c) for n, c in enumerate(row))}</row>'
        for number, row in enumerate(grid, start=1)
    )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def _cell(row: int, column: int, content: str) -> str:
    if content.startswith("<c"):
        return content.replace("<c", f'<c r="{column_letters(column)}{row}"', 1)
    if not content:
        return ""
    text = f"<is><t>{escape(content)}</t></is>"
    return f'<c r="{column_letters(column)}{row}" t="inlineStr">{text}</c>'


def package(
    sheets: Mapping[str, str],
    *,
    more: Mapping[str, str | bytes] | None = None,
    strings: str = "",
    workbook_head: str = "",
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Return an .xlsx package of raw sheets; `more` adds members or replaces them."""
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>'
        for n, name in enumerate(sheets, start=1)
    )
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_RELATION}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in enumerate(sheets, start=1)
    )
    extras = (("rs", "sharedStrings", "sharedStrings.xml"), ("rt", "styles", "styles.xml"))
    relations += "".join(
        f'<Relationship Id="{key}" Type="{_RELATION}/{kind}" Target="{target}"/>'
        for key, kind, target in extras
    )
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'{workbook_head}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}">'
            f"<sheets>{listed}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'
        ),
        "xl/styles.xml": (
            f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
            "</cellXfs></styleSheet>"
        ),
    }
    if strings:
        members["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{strings}</sst>'
    members |= {f"xl/worksheets/sheet{n}.xml": x for n, x in enumerate(sheets.values(), start=1)}
    members |= more or {}
    return zipped(members, method)


def zipped(members: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def digest_xlsx(*rows: Sequence[str], after: str = "", name: str = "Ý kiến") -> bytes:
    """Return a digest of raw rows as .xlsx."""
    return package({name: sheet_xml(digest_grid(*rows), after)})


def digest_rows(rows: int, text: str = "Đề nghị lắp thêm đèn ở ngõ số") -> list[DigestRow]:
    """Return as many good rows, numbered from 1, at the rows of a written digest."""
    return [
        DigestRow(
            row=number + 5,
            key=str(number),
            received_on=date(2021, 3, 1 + number % 28),
            unit="phường Ngọc Hà",
            field="trật tự đô thị",
            opinion_kind=list(OpinionKind)[number % 6],
            channel=list(Channel)[number % 6],
            voices=1 + number % 40,
            text=f"{text} {number}, đoạn vào trường học, hay bị ngập khi mưa lớn.",
        )
        for number in range(1, rows + 1)
    ]


def written_digest(rows: Iterable[DigestRow]) -> bytes:
    """Return a digest written by the system itself."""
    return digest_workbook(
        organisation="Ủy ban MTTQ Việt Nam quận Ba Đình",
        number="15/BC-MTTQ-BTT",
        reported_on=date(2021, 3, 20),
        rows=rows,
    )
