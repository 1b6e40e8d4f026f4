"""Rules of reading a digest: what is taken, what is a fault, and where."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from services.intake.workbook.cells import Fault
from services.intake.workbook.digest_sheet import Digest, read_digest
from shared.contracts.vocabulary import Channel, OpinionKind
from shared.kernel.errors import AppError, BadInput
from shared.texts.catalogue import MISSING_FACT, Catalogue
from tests.services.intake.workbook.files import (
    GOOD,
    GOOD_CELL_ROW,
    HEADINGS,
    LABELS,
    SECRET,
    TODAY,
    changed,
    csv_bytes,
    digest_grid,
    digest_xlsx,
    package,
    sheet_xml,
)

TEXTS = Catalogue.load(Path(__file__).parents[4] / "services" / "intake")


def read(*rows: tuple[str, ...]) -> Digest:
    """Read the same rows as .xlsx and as .csv; both must say the same."""
    from_xlsx = read_digest(digest_xlsx(*rows), TODAY)
    from_csv = read_digest(csv_bytes(digest_grid(*rows)), TODAY)
    assert from_xlsx.rows == from_csv.rows
    assert [(f.row, f.column, f.heading, f.code, f.facts) for f in from_xlsx.faults] == [
        (f.row, f.column, f.heading, f.code, f.facts) for f in from_csv.faults
    ]
    return from_xlsx


def only_fault(digest: Digest) -> Fault:
    assert len(digest.faults) == 1, digest.faults
    texts = TEXTS.error(digest.faults[0].as_error())
    assert MISSING_FACT not in "".join(texts.values())
    assert digest.sheet in texts["vi"]
    return digest.faults[0]


def test_a_good_row_is_read_with_its_header() -> None:
    digest = read(GOOD)

    (row,) = digest.rows
    assert digest.faults == ()
    assert digest.organisation == "Ủy ban MTTQ Việt Nam quận Ba Đình"
    assert (digest.number, digest.reported_on) == ("15/BC-MTTQ-BTT", date(2021, 3, 20))
    assert digest.sheet == "Ý kiến"
    assert (row.row, row.key, row.received_on) == (GOOD_CELL_ROW, "1", date(2021, 3, 15))
    assert (row.unit, row.field) == ("phường Ngọc Hà", "trật tự đô thị")
    assert row.opinion_kind is OpinionKind.RECOMMENDATION
    assert row.channel is Channel.CITIZEN_RECEPTION
    assert (row.voices, row.session_id) == (12, None)
    assert row.text == "Đề nghị lắp thêm đèn ở ngõ sau chợ."


def test_the_same_bytes_have_the_same_sha256_and_others_another() -> None:
    first = read_digest(digest_xlsx(GOOD), TODAY).file_sha256

    assert len(first) == 64
    assert read_digest(csv_bytes(digest_grid(GOOD)), TODAY).file_sha256 != first


def test_a_repr_shows_nothing_that_people_wrote() -> None:
    digest = read(changed(Nội_dung=SECRET, Đơn_vị=SECRET, Lĩnh_vực=SECRET))

    assert digest.rows[0].text == SECRET
    assert SECRET not in repr(digest)


def test_good_rows_are_kept_beside_faulty_ones() -> None:
    digest = read(GOOD, changed(STT="2", Số_người_cùng_ý_kiến="-3"), changed(STT="3"))

    assert [row.key for row in digest.rows] == ["1", "3"]
    fault = only_fault(digest)
    assert (fault.row, fault.column, fault.heading) == (7, "G", "Số người cùng ý kiến")
    assert fault.code == "workbook.negative_count"


def test_every_fault_of_a_row_is_listed() -> None:
    digest = read(changed(STT="", Ngày_tiếp_nhận="hôm qua", Loại_ý_kiến="khác", Nội_dung=""))

    assert [(fault.column, fault.code) for fault in digest.faults] == [
        ("A", "workbook.missing_value"),
        ("B", "workbook.date_unreadable"),
        ("E", "workbook.unknown_word"),
        ("H", "workbook.missing_value"),
    ]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("15/03/2021", date(2021, 3, 15)),
        ("5/3/21", date(2021, 3, 5)),
        ("2021-03-15", date(2021, 3, 15)),
        ("29/02/2024", date(2024, 2, 29)),
        ("01/06/2025", TODAY),
    ],
)
def test_a_date_is_taken_in_each_documented_form(written: str, day: date) -> None:
    assert read(changed(Ngày_tiếp_nhận=written)).rows[0].received_on == day


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("15-03-2021", "workbook.date_unreadable"),
        ("tháng 3 năm 2021", "workbook.date_unreadable"),
        ("44270", "workbook.date_unreadable"),
        ("15/03/021", "workbook.date_unreadable"),
        ("31/02/2021", "workbook.date_impossible"),
        ("03/15/2021", "workbook.date_impossible"),
        ("00/00/0000", "workbook.date_impossible"),
        ("31/12/1999", "workbook.date_impossible"),
        ("02/06/2025", "workbook.date_in_future"),
    ],
)
def test_any_other_date_is_a_fault_of_its_cell(written: str, code: str) -> None:
    fault = only_fault(read(changed(Ngày_tiếp_nhận=written)))

    assert (fault.row, fault.column, fault.code) == (GOOD_CELL_ROW, "B", code)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ('<c s="1"><v>44270</v></c>', date(2021, 3, 15)),
        ('<c s="1"><v>44270.75</v></c>', date(2021, 3, 15)),
        ('<c t="d"><v>2021-03-15T08:30:00</v></c>', date(2021, 3, 15)),
    ],
)
def test_a_real_date_of_the_spreadsheet_is_taken(cell: str, day: date) -> None:
    digest = read_digest(digest_xlsx(changed(Ngày_tiếp_nhận=cell)), TODAY)

    assert digest.rows[0].received_on == day


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("Ngày tiếp nhận", "<c><v>44270</v></c>", "workbook.date_unreadable"),
        ("Ngày tiếp nhận", '<c s="1"><v>9e99</v></c>', "workbook.date_impossible"),
        ("Ngày tiếp nhận", '<c s="1"><v>-1</v></c>', "workbook.date_impossible"),
        ("Ngày tiếp nhận", '<c t="d"><v>2021-13-15</v></c>', "workbook.date_impossible"),
        ("Đơn vị", '<c s="1"><v>44270</v></c>', "workbook.unexpected_date"),
        ("Đơn vị", '<c t="b"><v>1</v></c>', "workbook.wrong_type"),
        ("Đơn vị", "<c><v>nan</v></c>", "workbook.wrong_type"),
        ("Đơn vị", '<c t="e"><v>#REF!</v></c>', "workbook.error_value"),
        ("Nội dung", "<c><f>SUM(A1:A9)</f><v>3</v></c>", "workbook.formula"),
        ("Nội dung", '<c t="str"><f>A1&amp;B1</f><v>x</v></c>', "workbook.formula"),
        ("Nội dung", '<c><f t="shared" si="0"/><v>1</v></c>', "workbook.formula"),
        ("Số người cùng ý kiến", "<c><v>2.5</v></c>", "workbook.not_a_whole_number"),
        ("Số người cùng ý kiến", "<c><v>-2.5</v></c>", "workbook.negative_count"),
        ("Số người cùng ý kiến", "<c><v>1e20</v></c>", "workbook.not_a_whole_number"),
    ],
)
def test_a_cell_of_the_wrong_kind_is_a_fault(heading: str, cell: str, code: str) -> None:
    fault = only_fault(
        read_digest(digest_xlsx(changed(**{heading.replace(" ", "_"): cell})), TODAY)
    )

    assert (fault.row, fault.heading, fault.code) == (GOOD_CELL_ROW, heading, code)


@pytest.mark.parametrize(
    ("heading", "written", "code"),
    [
        ("Số người cùng ý kiến", "0", "workbook.count_too_small"),
        ("Số người cùng ý kiến", "-1", "workbook.negative_count"),
        ("Số người cùng ý kiến", "3,5", "workbook.not_a_whole_number"),
        ("Số người cùng ý kiến", "1.448", "workbook.not_a_whole_number"),
        ("Số người cùng ý kiến", "mười", "workbook.not_a_whole_number"),
        ("Số người cùng ý kiến", "٣", "workbook.not_a_whole_number"),
        ("Số người cùng ý kiến", "1" * 10, "workbook.count_too_large"),
        ("Số người cùng ý kiến", "1" * 6000, "workbook.count_too_large"),
        ("STT", "Nguyễn Văn A", "workbook.bad_key"),
        ("STT", "1" * 17, "workbook.bad_key"),
        ("Phiên đối thoại", "phiên tháng 3", "workbook.bad_session_id"),
        ("Loại ý kiến", "ý kiến khác", "workbook.unknown_word"),
        ("Kênh tiếp nhận", "bồ câu", "workbook.unknown_word"),
        ("Đơn vị", "x" * 201, "workbook.text_too_long"),
        ("Nội dung", "x" * 20_001, "workbook.text_too_long"),
        ("Nội dung", "ngõ\u202egnõđ", "workbook.unreadable_characters"),
        ("Nội dung", "ngõ\u0085\u0086", "workbook.unreadable_characters"),
        ("Nội dung", "o" + "\u0301\u0323" * 20, "workbook.unreadable_characters"),
        ("Nội dung", "#REF!", "workbook.error_value"),
    ],
)
def test_a_value_outside_the_form_is_a_fault(heading: str, written: str, code: str) -> None:
    fault = only_fault(read(changed(**{heading.replace(" ", "_"): written})))

    assert (fault.row, fault.heading, fault.code) == (GOOD_CELL_ROW, heading, code)
    assert fault.column == "ABCDEFGHI"[HEADINGS.index(heading)]


def test_control_characters_are_a_fault_however_they_are_written() -> None:
    escaped = read_digest(digest_xlsx(changed(Nội_dung="chuông_x0007_")), TODAY)
    raw = read_digest(csv_bytes(digest_grid(changed(Nội_dung="chuông\x07"))), TODAY)

    assert only_fault(escaped).code == "workbook.unreadable_characters"
    assert only_fault(raw).code == "workbook.unreadable_characters"


def test_no_fault_and_no_error_quotes_a_cell() -> None:
    digest = read(
        *(
            changed(**{"STT": str(number), heading.replace(" ", "_"): SECRET})
            for number, heading in enumerate(HEADINGS)
        )
    )

    # A unit, a field and a text may be anything; they are looked up, or kept, later.
    assert {fault.heading for fault in digest.faults} == {
        *HEADINGS[:2],
        *HEADINGS[4:7],
        HEADINGS[8],
    }
    assert SECRET not in repr(digest.faults)
    assert all(SECRET not in str(fault.as_error()) for fault in digest.faults)


@pytest.mark.parametrize(
    "written", ["tố cáo", "Tố cáo", "TỐ CÁO", "to cao", unicodedata.normalize("NFD", "tố cáo")]
)
def test_words_are_found_whatever_their_case_and_normal_form(written: str) -> None:
    assert read(changed(Loại_ý_kiến=written)).rows[0].opinion_kind is OpinionKind.DENUNCIATION


@pytest.mark.parametrize(
    ("written", "channel"),
    [
        ("trực tiếp", Channel.DIRECT),
        ("Zalo", Channel.SOCIAL_GROUP),
        ("nhóm Viber", Channel.SOCIAL_GROUP),
        ("social_group", Channel.SOCIAL_GROUP),
        ("sinh hoạt tổ dân phố", Channel.BRANCH_MEETING),
        ("sinh hoạt chi bộ / tổ dân phố", Channel.BRANCH_MEETING),
        ("tiếp xúc cử tri", Channel.VOTER_MEETING),
        ("đơn, thư", Channel.WRITTEN),
    ],
)
def test_channels_are_known_by_their_words_and_identifiers(written: str, channel: Channel) -> None:
    assert read(changed(Kênh_tiếp_nhận=written)).rows[0].channel is channel


def test_an_empty_number_of_people_is_one() -> None:
    assert read(changed(Số_người_cùng_ý_kiến="")).rows[0].voices == 1


def test_a_session_is_named_by_its_id() -> None:
    named = "0198f3c2-7a10-7cc3-98a1-2f1d5a7e9b11"

    assert read(changed(Phiên_đối_thoại=named)).rows[0].session_id == named


def test_the_text_keeps_its_lines_and_is_nfc_without_invisible_characters() -> None:
    written = unicodedata.normalize("NFD", "  Đường\u200b ngập\nkhi mưa ")

    assert read(changed(Nội_dung=written)).rows[0].text == "Đường ngập\nkhi mưa"


@pytest.mark.parametrize("written", ["1", "01", "1.", "001."])
def test_a_key_is_the_same_however_a_program_shows_it(written: str) -> None:
    assert read(changed(STT=written)).rows[0].key == "1"


def test_a_key_kept_as_a_number_is_the_same_as_one_kept_as_text() -> None:
    assert read_digest(digest_xlsx(changed(STT="<c><v>1.0</v></c>")), TODAY).rows[0].key == "1"


def test_a_key_used_twice_names_the_first_row() -> None:
    digest = read(GOOD, changed(STT="01"))

    assert [row.row for row in digest.rows] == [GOOD_CELL_ROW]
    assert only_fault(digest).code == "workbook.duplicate_key"
    assert only_fault(digest).facts == {"first_row": GOOD_CELL_ROW}


def test_a_row_touched_by_a_merged_area_is_a_fault_and_titles_may_be_merged() -> None:
    merged = '<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="C7:C8"/></mergeCells>'
    rows = [changed(STT=str(number)) for number in range(1, 5)]
    digest = read_digest(digest_xlsx(*rows, after=merged), TODAY)

    assert [row.row for row in digest.rows] == [6, 9]
    assert [(f.row, f.column, f.code) for f in digest.faults] == [
        (7, None, "workbook.merged_cells"),
        (8, None, "workbook.merged_cells"),
    ]


def test_hidden_rows_are_read_and_blank_ones_passed() -> None:
    xml = sheet_xml(digest_grid(GOOD, (), changed(STT="2")))
    hidden = xml.replace('<row r="8">', '<row r="8" hidden="1">')

    assert [row.row for row in read_digest(package({"Ý kiến": hidden}), TODAY).rows] == [6, 8]


def test_headings_are_found_in_any_order_case_and_normal_form() -> None:
    headings = [unicodedata.normalize("NFD", heading).upper() + ":" for heading in HEADINGS]
    grid = digest_grid(GOOD[::-1], headings=headings[::-1])

    assert read_digest(csv_bytes(grid), TODAY).rows == read(GOOD).rows


def test_headings_without_diacritics_are_found() -> None:
    bare = [
        "stt",
        "ngay tiep nhan",
        "don vi",
        "linh vuc",
        "loai y kien",
        "kenh_tiep_nhan",
        "noi dung",
    ]
    row = (*GOOD[:6], GOOD[7])

    assert read_digest(csv_bytes(digest_grid(row, headings=bare)), TODAY).rows[0].voices == 1


def test_the_senders_remarks_are_not_read() -> None:
    grid = digest_grid((*GOOD, SECRET), headings=(*HEADINGS, "Ghi chú"))

    assert read_digest(csv_bytes(grid), TODAY).rows == read(GOOD).rows


def refusal(headings: tuple[str, ...]) -> AppError:
    with pytest.raises(BadInput) as caught:
        read_digest(csv_bytes(digest_grid(GOOD, headings=headings)), TODAY)
    return caught.value


def test_a_missing_heading_is_named() -> None:
    error = refusal(tuple("" if h == "Lĩnh vực" else h for h in HEADINGS))

    assert error.code == "workbook.missing_headings"
    assert error.facts == {"sheet": "CSV", "row": 5, "headings": "Lĩnh vực"}


def test_a_heading_that_is_there_twice_is_named() -> None:
    error = refusal((*HEADINGS[:8], "STT"))

    assert error.code == "workbook.duplicate_heading"
    assert (error.facts["column"], error.facts["heading"]) == ("I", "STT")


def test_an_unknown_heading_is_refused_by_its_place_only() -> None:
    error = refusal((*HEADINGS[:6], SECRET, *HEADINGS[7:]))

    assert error.code == "workbook.unknown_heading"
    expected = str(error.facts.pop("expected"))
    assert error.facts == {"sheet": "CSV", "row": 5, "column": "G"}
    assert expected.startswith("STT, ")
    assert expected.endswith(", Ghi chú")


def test_without_a_heading_row_the_headings_wanted_are_told() -> None:
    error = refusal(tuple(f"Cột {number}" for number in range(9)))

    assert error.code == "workbook.no_heading_row"
    assert "Ngày tiếp nhận" in str(error.facts["headings"])


def test_a_table_without_rows_is_refused() -> None:
    with pytest.raises(BadInput, match=r"workbook\.no_rows"):
        read_digest(digest_xlsx(), TODAY)


@pytest.mark.parametrize("missing", range(3))
def test_a_missing_label_is_named(missing: int) -> None:
    labels = [pair for place, pair in enumerate(LABELS) if place != missing]
    with pytest.raises(BadInput) as caught:
        read_digest(csv_bytes(digest_grid(GOOD, labels=labels)), TODAY)

    assert caught.value.code == "workbook.missing_label"
    assert caught.value.facts["label"] == LABELS[missing][0]


@pytest.mark.parametrize(
    ("label", "value", "code"),
    [
        (1, SECRET.rstrip("0123456789 "), "workbook.bad_number"),
        (1, "Nguyễn Văn A 0912345678", "workbook.bad_number"),
        (1, "12/BC Nguyễn", "workbook.bad_number"),
        (1, "x" * 201, "workbook.text_too_long"),
        (2, "02/06/2025", "workbook.date_in_future"),
        (2, "tháng ba", "workbook.date_unreadable"),
        (2, "=A1", "workbook.formula"),
    ],
)
def test_a_bad_label_value_is_refused_with_its_place(label: int, value: str, code: str) -> None:
    labels = [(name, value if n == label else good) for n, (name, good) in enumerate(LABELS)]
    with pytest.raises(BadInput) as caught:
        read_digest(csv_bytes(digest_grid(GOOD, labels=labels)), TODAY)

    assert caught.value.code == code
    assert caught.value.facts["heading"] == LABELS[label][0]
    assert (caught.value.facts["row"], caught.value.facts["column"]) == (label + 1, "B")
    assert value not in str(caught.value)


def test_a_label_and_its_value_may_share_a_cell() -> None:
    labels = [(f"{name}: {value}", "") for name, value in LABELS]

    digest = read_digest(csv_bytes(digest_grid(GOOD, labels=labels)), TODAY)

    assert (digest.number, digest.reported_on) == ("15/BC-MTTQ-BTT", date(2021, 3, 20))
