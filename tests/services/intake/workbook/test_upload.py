"""Rules of reading any file: what is refused, how soon, and that nothing hangs or explodes."""

import io
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from services.intake.workbook.archive import INFLATED_LIMIT_BYTES, Archive
from services.intake.workbook.cells import BLANK, Cell, Sheet, cell_of_text, column_letters
from services.intake.workbook.declared_sheet import read_declared
from services.intake.workbook.digest_sheet import read_digest
from services.intake.workbook.upload import FILE_LIMIT_BYTES, read_workbook
from shared.kernel.errors import AppError, BadInput, TooLarge
from shared.texts.catalogue import MISSING_FACT, Catalogue
from tests.services.intake.workbook.files import (
    CONTENT_TYPES,
    GOOD,
    HEADINGS,
    SECRET,
    TODAY,
    changed,
    csv_bytes,
    digest_grid,
    digest_xlsx,
    package,
    sheet_xml,
    zipped,
)

ROOT = Path(__file__).parents[4]
TEXTS = Catalogue.load(ROOT / "services" / "intake")
GRID = digest_grid(GOOD)
SHEET = sheet_xml(GRID)


def refusal(data: bytes) -> AppError:
    """Return the error that reading `data` ends in, which never quotes the file."""
    with pytest.raises((BadInput, TooLarge)) as caught:
        read_digest(data, TODAY)
    assert SECRET not in str(caught.value)
    assert MISSING_FACT not in "".join(TEXTS.error(caught.value).values())
    return caught.value


def sheet_of(xml: str, strings: str = "") -> Sheet:
    data = package({"Ý kiến": xml}, strings=strings)
    return read_workbook(data, sheet_name="Ý kiến", is_heading_row=lambda _: True)


def lying_zip() -> bytes:
    """Return an archive whose directory claims 1 kB for a member of 30 MiB."""
    data = bytearray(package({"Ý kiến": SHEET + " " * 30 * 2**20}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    true_size = struct.pack("<I", info.file_size)
    return bytes(data.replace(true_size, struct.pack("<I", 1000)))


def encrypted_zip() -> bytes:
    data = bytearray(package({"Ý kiến": SHEET}))
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


def doctype(name: str) -> bytes:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    match name:
        case "workbook":
            return package({"Ý kiến": SHEET}, workbook_head=laughs)
        case "sheet":
            return package({"Ý kiến": laughs + SHEET})
        case part:
            outside = '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'
            return package({"Ý kiến": SHEET}, more={part: outside}, strings="<si/>")


def stored(xml: str) -> bytes:
    """Return a workbook whose sheet isn't deflated, so that no ratio gives it away."""
    return package({"Ý kiến": xml}, method=zipfile.ZIP_STORED)


OLE = bytes.fromhex("d0cf11e0a1b11ae1")
EMPTY_ZIP = b"PK\x05\x06" + b"\0" * 18

HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("workbook.empty", lambda: b""),
    "blanks": ("workbook.empty", lambda: b" \r\n\t"),
    "too large": ("workbook.file_too_large", lambda: b"a" * (FILE_LIMIT_BYTES + 1)),
    "half a zip": ("workbook.damaged", lambda: package({"Ý kiến": SHEET})[:-200]),
    "a zip's head only": ("workbook.damaged", lambda: b"PK\x03\x04" + b"x" * 500),
    "an empty zip": ("workbook.not_a_workbook", lambda: EMPTY_ZIP),
    "another zip": ("workbook.not_a_workbook", lambda: zipped({"a.txt": "a"})),
    "a document": (
        "workbook.not_a_workbook",
        lambda: package({"a": SHEET}, more={"[Content_Types].xml": "<Types/>"}),
    ),
    "a page of HTML": ("workbook.not_a_workbook", lambda: b"\xef\xbb\xbf <html><table>"),
    "a PDF": ("workbook.not_a_workbook", lambda: b"%PDF-1.7 ..."),
    "a zero byte": ("workbook.zero_character", lambda: b"STT,a\0b,c"),
    "zero bytes": ("workbook.zero_character", lambda: b"\0" * 100),
    "an old .xls": ("workbook.legacy_xls", lambda: OLE + b"\0" * 2000),
    "a password": (
        "workbook.encrypted",
        lambda: OLE + b"\0" * 2000 + "EncryptedPackage".encode("utf-16-le"),
    ),
    "a zip's password": ("workbook.encrypted", encrypted_zip),
    "macros": (
        "workbook.macros",
        lambda: package({"Ý kiến": SHEET}, more={"xl/vbaProject.bin": b"\0"}),
    ),
    "macros by kind": (
        "workbook.macros",
        lambda: package(
            {"Ý kiến": SHEET},
            more={
                "[Content_Types].xml": CONTENT_TYPES.replace(
                    "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    "vnd.ms-excel.sheet.macroEnabled",
                )
            },
        ),
    ),
    "links outside": (
        "workbook.external_links",
        lambda: package({"Ý kiến": SHEET}, more={"xl/externalLinks/externalLink1.xml": "<x/>"}),
    ),
    "a data connection": (
        "workbook.external_links",
        lambda: package({"Ý kiến": SHEET}, more={"xl/connections.xml": "<x/>"}),
    ),
    "too many parts": (
        "workbook.too_many_parts",
        lambda: package({"Ý kiến": SHEET}, more={f"x{n}": b"" for n in range(2001)}),
    ),
    "a bomb beside": (
        "workbook.inflates_too_much",
        lambda: package({"Ý kiến": SHEET}, more={"xl/media/a.bin": b"\0" * 2**20}),
    ),
    "a bomb by sum": (
        "workbook.inflates_too_much",
        lambda: _claiming(package({"Ý kiến": SHEET}), INFLATED_LIMIT_BYTES + 1),
    ),
    "a bomb that lies": ("workbook.damaged", lying_zip),
    "a document type in the workbook": ("workbook.document_type", lambda: doctype("workbook")),
    "a document type in the sheet": ("workbook.document_type", lambda: doctype("sheet")),
    "a document type in the strings": (
        "workbook.document_type",
        lambda: doctype("xl/sharedStrings.xml"),
    ),
    "a document type in the styles": ("workbook.document_type", lambda: doctype("xl/styles.xml")),
    "a document type in the kinds": (
        "workbook.document_type",
        lambda: doctype("[Content_Types].xml"),
    ),
    "broken XML": ("workbook.damaged", lambda: package({"Ý kiến": SHEET[:-20]})),
    "XML in an unknown encoding": (
        "workbook.damaged",
        lambda: package({"Ý kiến": '<?xml version="1.0" encoding="klingon"?>' + SHEET}),
    ),
    "no sheet": ("workbook.not_a_workbook", lambda: package({})),
    "a string that isn't there": (
        "workbook.damaged",
        lambda: digest_xlsx(changed(STT='<c t="s"><v>7</v></c>')),
    ),
    "a string of index -1": (
        "workbook.damaged",
        lambda: digest_xlsx(changed(STT='<c t="s"><v>-1</v></c>')),
    ),
    "rows that go back": (
        "workbook.damaged",
        lambda: package({"Ý kiến": SHEET.replace('<row r="6"', '<row r="2"')}),
    ),
    "a row beyond the last": (
        "workbook.damaged",
        lambda: package({"Ý kiến": SHEET.replace('<row r="6"', '<row r="99999999"')}),
    ),
    "two cells in one place": (
        "workbook.damaged",
        lambda: package({"Ý kiến": SHEET.replace('r="B6"', 'r="A6"')}),
    ),
    "a cell nowhere": (
        "workbook.damaged",
        lambda: package({"Ý kiến": SHEET.replace('r="B6"', 'r="6B"')}),
    ),
    "a deep nest": (
        "workbook.damaged",
        lambda: package({"Ý kiến": "<a>" * 65 + "</a>" * 65}),
    ),
    "merged everywhere": (
        "workbook.too_many_merged",
        lambda: stored(SHEET.replace("</w", '<mergeCell ref="A1:B2"/>' * 20_001 + "</w")),
    ),
    "merged nowhere": (
        "workbook.damaged",
        lambda: digest_xlsx(GOOD, after='<mergeCell ref="A1:B2:C3"/>'),
    ),
    "too many rows": (
        "workbook.too_many_rows",
        lambda: csv_bytes(digest_grid(*(changed(STT=str(n)) for n in range(20_001)))),
    ),
    "too many rows of a spreadsheet": (
        "workbook.too_many_rows",
        lambda: digest_xlsx(*(("a",) for _ in range(20_020))),
    ),
    "far too many rows of CSV": ("workbook.too_many_rows", lambda: b"a,b\n" * 2_000_000),
    "open quotes": ("workbook.csv_broken", lambda: csv_bytes(GRID) + b'\r\n"abc'),
    "an endless cell": ("workbook.csv_broken", lambda: csv_bytes(GRID) + b"\r\n" + b"a" * 200_000),
}


def _claiming(data: bytes, file_size: int) -> bytes:
    """Return the archive with the first member's size claimed in the directory."""
    place = data.index(b"PK\x01\x02") + 24
    return data[:place] + struct.pack("<I", file_size) + data[place + 4 :]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(30)
def test_a_hostile_file_is_refused_by_its_code(name: str) -> None:
    code, build = HOSTILE[name]

    assert refusal(build()).code == code


@pytest.mark.parametrize(
    ("encoding", "line"), [("cp1258", 3), ("latin-1", 3), ("utf-16-le", 2)], ids=str
)
def test_bytes_that_cannot_be_decoded_name_their_line(encoding: str, line: int) -> None:
    if encoding == "utf-16-le":
        data = "a,b\nc,".encode(encoding) + b"\x00\xd8" + "d\n".encode(encoding)
    else:
        data = b"a,b\nc,d\n" + "Đường, ngõ â".encode(encoding, "replace")
    error = refusal(data)

    assert error.code == "workbook.encoding"
    assert error.facts == {"line": line}


@pytest.mark.parametrize("start", [b"STT,\0a", b"\0STT,a", b"a,b\r\nc,\0d\r\n" * 3], ids=str)
def test_a_zero_byte_makes_no_other_encoding_of_a_file_and_names_its_line(start: bytes) -> None:
    data = start + ",Nội dung\nxấu".encode()
    for each in (data, data + b"."):  # one of the two has an even length, as UTF-16 would
        error = refusal(each)
        assert error.code == "workbook.zero_character"
        assert error.facts == {"line": start[: start.index(0)].count(b"\n") + 1}


def test_the_part_that_is_damaged_is_told_in_words() -> None:
    for part in ("zip", "workbook", "sheet", "sharedStrings", "styles"):
        said = TEXTS.error(BadInput("workbook.damaged", part=part))
        assert f": {part})" not in said["vi"]
    assert "(chỗ hỏng: tệp nén)" in TEXTS.error(refusal(b"PK\x03\x04"))["vi"]


def test_limits_are_told_in_megabytes() -> None:
    assert "20 MB" in TEXTS.error(refusal(b"a" * (FILE_LIMIT_BYTES + 1)))["vi"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_is_read_in_every_usual_dress(delimiter: str, encoding: str) -> None:
    text = 'Ngõ 5, ngõ 7; "hẻm"\tsau chợ\nhay ngập'
    data = csv_bytes(digest_grid(changed(Nội_dung=text)), delimiter, encoding)

    assert read_digest(data, TODAY).rows[0].text == text


def test_a_record_of_several_lines_is_one_row() -> None:
    digest = read_digest(
        csv_bytes(digest_grid(changed(Nội_dung="a\nb\nc"), changed(STT="2"))), TODAY
    )

    assert [row.row for row in digest.rows] == [6, 7]


def test_the_sheet_named_for_opinions_is_read_wherever_it_stands() -> None:
    data = package({"Bìa": sheet_xml([("x",)]), "Y KIEN": SHEET})

    assert read_digest(data, TODAY).sheet == "Ý kiến"


@pytest.mark.parametrize(
    ("name", "told"), [("Sheet1", "Sheet1"), ("Trang_tính1", "Trang_tính1"), (SECRET, "#1")]
)
def test_else_the_first_sheet_is_read_and_said(name: str, told: str) -> None:
    assert read_digest(package({name: SHEET, "Khác": "<x/>"}), TODAY).sheet == told


def test_a_chart_sheet_is_passed_over() -> None:
    data = package({"a": SHEET, "b": SHEET})
    charted = data_with(data, "xl/_rels/workbook.xml.rels", "/worksheet", "/chartsheet", 1)

    assert read_digest(charted, TODAY).sheet == "#2"


def data_with(data: bytes, member: str, old: str, new: str, count: int) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = members[member].replace(old.encode(), new.encode(), count)
    return zipped({name: content.decode() for name, content in members.items()})


def test_shown_runs_of_a_shared_string_are_joined_and_readings_left_out() -> None:
    strings = "<si><r><t>phường </t></r><r><t>Ngọc Hà</t></r><rPh><t>x</t></rPh></si><si><t/></si>"
    xml = sheet_xml([('<c t="s"><v>0</v></c>', '<c t="s"><v>1</v></c>')])

    (row,) = sheet_of(xml, strings=strings).rows

    assert {column: cell.text for column, cell in row.cells.items()} == {0: "phường Ngọc Hà"}


def test_a_prefix_on_every_element_changes_nothing() -> None:
    xml = SHEET.replace("</", "</\0").replace("<", "<x:").replace("<x:/\0", "</x:")
    prefixed = xml.replace("xmlns=", "xmlns:x=")

    assert sheet_of(prefixed).rows == sheet_of(SHEET).rows


@pytest.mark.parametrize(
    ("code", "shows_date"),
    [
        ("dd/mm/yyyy", True),
        ("[$-42A]d mmm yy", True),
        ('"dặm" 0', False),
        ("#,##0\\ \\d", False),
        ("[Red]0.00", False),
        ("0.00E+00", False),
    ],
)
def test_a_number_is_a_date_where_its_format_shows_one(code: str, *, shows_date: bool) -> None:
    styles = (
        f"<s><numFmts><numFmt numFmtId='164' formatCode='{code}'/></numFmts>"
        '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></s>'
    )
    data = package(
        {"a": sheet_xml([('<c s="1"><v>44270</v></c>',)])}, more={"xl/styles.xml": styles}
    )
    sheet = read_workbook(data, sheet_name="a", is_heading_row=lambda _: True)

    expected = Cell(day=date(2021, 3, 15)) if shows_date else Cell("44270", numeric=True)
    assert sheet.rows[0].cells[0] == expected


def test_a_workbook_of_the_1904_calendar_means_the_same_days() -> None:
    xml = sheet_xml([('<c s="1"><v>42808</v></c>',)])
    data = package({"a": xml})
    of_1904 = data_with(
        data, "xl/workbook.xml", "<sheets>", '<workbookPr date1904="1"/><sheets>', 1
    )

    sheet = read_workbook(of_1904, sheet_name="a", is_heading_row=lambda _: True)

    assert sheet.rows[0].cells[0].day == date(2021, 3, 15)


READER = """
import sys, time
from datetime import date
from pathlib import Path
from services.intake.workbook.digest_sheet import read_digest
from shared.kernel.errors import AppError
data = Path(sys.argv[1]).read_bytes()
begun = time.process_time()
try:
    digest = read_digest(data, date(2025, 6, 1))
    outcome = f"{len(digest.rows)}/{len(digest.faults)}"
except AppError as error:
    outcome = error.code
spent_s = time.process_time() - begun
status = Path("/proc/self/status").read_text()
peak_kib = status.partition("VmHWM:")[2].split()[0]
print(outcome, spent_s, peak_kib)
"""


def outcome_within(folder: Path, data: bytes, *, seconds: float, mebibytes: float) -> str:
    """Return "rows/faults" or the error's code, read by a process of its own.

    Its processor time and its peak memory, interpreter and file included, are limited.
    """
    file = folder / "upload"
    file.write_bytes(data)
    told = subprocess.run(
        [sys.executable, "-c", READER, str(file)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
        timeout=100,
    ).stdout
    outcome, spent_s, peak_kib = told.split()
    assert float(spent_s) < seconds
    assert int(peak_kib) / 2**10 < mebibytes
    return outcome


def swallowed(data: bytes) -> None:
    try:
        read_digest(data, TODAY)
    except AppError:
        return


def test_a_million_columns_cost_little_and_the_first_are_read(tmp_path: Path) -> None:
    extra = "".join(f'<c r="{column_letters(n)}6"/>' for n in range(70, 1_000_070))
    wide = SHEET.replace("</row></sheetData>", f"{extra}</row></sheetData>")
    data = package({"Ý kiến": wide})

    assert outcome_within(tmp_path, data, seconds=15, mebibytes=120) == "1/0"


def test_a_million_columns_of_csv_cost_little(tmp_path: Path) -> None:
    data = csv_bytes(GRID) + b"," * 1_000_000

    assert outcome_within(tmp_path, data, seconds=5, mebibytes=120) == "1/0"


def test_a_million_empty_rows_are_passed_over(tmp_path: Path) -> None:
    empty = "".join(f'<row r="{n}"/>' for n in range(7, 1_000_007))
    data = package({"Ý kiến": SHEET.replace("</sheetData>", f"{empty}</sheetData>")})

    assert outcome_within(tmp_path, data, seconds=15, mebibytes=120) == "1/0"


BULK: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nest": ("workbook.damaged", lambda: stored("<a>" * 3_000_000)),
    "attributes": (
        "workbook.damaged",
        lambda: stored("<a " + " ".join(f"b{n}=''" for n in range(900_000)) + "/>"),
    ),
    "tag": ("workbook.damaged", lambda: stored("<a " + "b" * 10**7)),
    "elements": ("workbook.too_many_cells", lambda: stored(f"<a>{'<b/>' * 3_000_000}</a>")),
    "strings": (
        "workbook.too_many_cells",
        lambda: package(
            {"Ý kiến": SHEET}, strings="".join(f"<si><t>{n}</t></si>" for n in range(1_400_000))
        ),
    ),
    "text": (
        "workbook.too_much_text",
        lambda: package(
            {"Ý kiến": SHEET},
            strings="".join(
                f"<si><t>{''.join(map(str, range(n, n + 3_600)))}</t></si>"
                for n in range(10_000, 13_000)
            ),
        ),
    ),
    "one text": (
        "workbook.no_heading_row",
        lambda: stored(sheet_xml([("a" * 10**7,)])),
    ),
    "line ends": ("workbook.no_heading_row", lambda: b"a" + b"\n" * 10**7),
}


@pytest.mark.parametrize("name", BULK)
def test_no_kind_of_bulk_takes_long_or_much_memory(name: str, tmp_path: Path) -> None:
    code, build = BULK[name]

    assert outcome_within(tmp_path, build(), seconds=20, mebibytes=400) == code


def test_marks_heaped_on_one_letter_are_a_fault_found_at_once(tmp_path: Path) -> None:
    heap = "o" + "\u0301\u0323" * 9_000
    data = csv_bytes(digest_grid(*(changed(STT=str(n), Nội_dung=heap) for n in range(500))))

    assert outcome_within(tmp_path, data, seconds=10, mebibytes=200) == "0/500"


def test_what_comes_out_is_counted_over_all_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.intake.workbook.archive.INFLATED_LIMIT_BYTES", 100_000)
    archive = Archive(zipped({"a": bytes(range(250)) * 240}))

    assert sum(map(len, archive.chunks("a"))) == 60_000
    with pytest.raises(TooLarge, match=r"workbook\.inflates_too_much"):
        list(archive.chunks("a"))


def test_one_long_text_used_by_every_row_is_kept_once(tmp_path: Path) -> None:
    strings = f"<si><t>{'ẹ' * 19_999}</t></si>"
    rows = (changed(STT=str(n), Nội_dung='<c t="s"><v>0</v></c>') for n in range(5_000))
    data = package({"Ý kiến": sheet_xml(digest_grid(*rows))}, strings=strings)

    assert outcome_within(tmp_path, data, seconds=15, mebibytes=120) == "5000/0"


def test_twenty_thousand_good_rows_are_read_in_one_go(tmp_path: Path) -> None:
    data = digest_xlsx(*(changed(STT=str(n), Nội_dung=f"Ngõ {n} ngập") for n in range(20_000)))

    assert outcome_within(tmp_path, data, seconds=15, mebibytes=150) == "20000/0"


CELLS = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x24FF, exclude_categories=["C"])),
)


@settings(max_examples=50, deadline=None)
@given(grid=st.lists(st.lists(CELLS, max_size=6), max_size=6))
def test_what_another_program_wrote_is_read_as_it_meant(
    grid: list[list[int | date | str | None]],
) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row, values in enumerate(grid, start=1):
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
    written = io.BytesIO()
    workbook.save(written)

    read = read_workbook(written.getvalue(), sheet_name="a", is_heading_row=lambda _: True)

    expected = {
        (row, column): _meant(value)
        for row, values in enumerate(grid, start=1)
        for column, value in enumerate(values)
        if _meant(value) != BLANK
    }
    found = {(row.number, column): cell for row in read.rows for column, cell in row.cells.items()}
    assert found == expected


def _meant(value: int | date | str | None) -> Cell:
    match value:
        case None:
            return BLANK
        case int():
            return Cell(str(value), numeric=True)
        case date():
            return Cell(day=value)
        case str():
            return cell_of_text(value)


@settings(max_examples=200, deadline=5000)
@given(st.binary(max_size=2000), st.sampled_from([b"", b"PK\x03\x04", OLE, b"\xff\xfe"]))
def test_random_bytes_raise_nothing_but_our_own_errors(data: bytes, start: bytes) -> None:
    for read in (read_digest, read_declared):
        with pytest.raises(AppError):
            read(start + data, TODAY)


XLSX = digest_xlsx(GOOD, after='<mergeCell ref="A1:B2"/>')
CSV = csv_bytes(GRID)
STORED = {
    name: zipfile.ZipFile(io.BytesIO(XLSX)).read(name)
    for name in zipfile.ZipFile(io.BytesIO(XLSX)).namelist()
}


@st.composite
def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    changes = draw(st.lists(st.tuples(st.integers(0, len(data) - 1), st.binary(max_size=6))))
    spoilt = bytearray(data)
    for place, new in changes:
        spoilt[place : place + draw(st.integers(0, 6))] = new
    return bytes(spoilt)


@settings(max_examples=300, deadline=5000, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(mutated(XLSX), mutated(CSV)))
def test_a_spoilt_file_raises_nothing_but_our_own_errors(data: bytes) -> None:
    swallowed(data)


@settings(max_examples=300, deadline=5000, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(sorted(STORED)), data=st.data())
def test_a_spoilt_part_in_a_sound_archive_raises_nothing_but_our_own_errors(
    name: str, data: st.DataObject
) -> None:
    spoilt = data.draw(mutated(STORED[name]))

    swallowed(zipped(STORED | {name: spoilt}))


def test_the_unread_rest_of_the_file_is_not_even_inflated() -> None:
    comments = package({"Ý kiến": SHEET}, more={"xl/comments1.xml": b"<not xml"})

    assert len(read_digest(comments, TODAY).rows) == len([GOOD])
    assert len(GOOD) == len(HEADINGS)
