"""The notice on paper: what stands where, in which form, by Nghị định 30/2020/NĐ-CP."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring

from services.sessions.notice_document import Item, Words, civil_day, render
from shared.web.app import catalogue_of

TEXTS = catalogue_of("sessions")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WORDS = Words(
    issuer="Ủy ban nhân dân phường Thành Công",
    number="12/TB-UBND",
    place="Thành Công",
    issued_on=date(2019, 2, 5),
    title="Kết luận hội nghị đối thoại",
    opening=["Hội nghị kết luận như sau:"],
    items=[
        Item(
            product="Nạo vét 120 m cống ngõ 84",
            lead="Phòng Tài nguyên và Môi trường",
            cooperating=("UBND phường Thành Công", "Công an phường"),
            due_on=date(2019, 6, 28),
            opinions=2,
        )
    ],
    recipients=["Phòng Tài nguyên và Môi trường", "Lưu: VT"],
    signer="Chủ tịch",
)
GOLDEN = [
    ("center", 26, "b", "ỦY BAN NHÂN DÂN PHƯỜNG THÀNH CÔNG"),
    ("center", 26, "", "Số: 12/TB-UBND"),
    ("center", 26, "b", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    ("center", 28, "b", "Độc lập - Tự do - Hạnh phúc"),
    ("center", 28, "i", "Thành Công, ngày 05 tháng 02 năm 2019"),
    ("center", 28, "b", "THÔNG BÁO"),
    ("center", 28, "b", "Kết luận hội nghị đối thoại"),
    ("both", 28, "", "Hội nghị kết luận như sau:"),
    ("both", 28, "", "1. Nạo vét 120 m cống ngõ 84"),
    ("both", 28, "", "Cơ quan chủ trì: Phòng Tài nguyên và Môi trường."),
    ("both", 28, "", "Cơ quan phối hợp: UBND phường Thành Công; Công an phường."),
    ("both", 28, "", "Thời hạn hoàn thành: ngày 28/06/2019."),
    ("both", 28, "", "Trả lời 2 ý kiến nêu tại hội nghị."),
    ("both", 28, "", TEXTS.text("documents.closing")),
    ("left", 24, "bi", "Nơi nhận:"),
    ("left", 22, "", "- Phòng Tài nguyên và Môi trường;"),
    ("left", 22, "", "- Lưu: VT."),
    ("center", 28, "b", "CHỦ TỊCH"),
    ("center", 26, "i", "(Ký, ghi rõ họ tên, đóng dấu)"),
]
"""Alignment, size in half points, bold or italic, text: in the order of the paper."""


def part(name: str) -> bytes:
    with ZipFile(BytesIO(render(WORDS, TEXTS))) as paper:
        return paper.read(name)


def test_each_line_stands_in_its_place_and_form() -> None:
    found = []
    for paragraph in fromstring(part("word/document.xml")).iter(f"{W}p"):
        text = "".join(each.text or "" for each in paragraph.iter(f"{W}t"))
        if not text:
            continue
        (run,) = paragraph.iter(f"{W}r")
        alignment = next(paragraph.iter(f"{W}jc")).get(f"{W}val")
        size = int(str(next(run.iter(f"{W}sz")).get(f"{W}val")))
        marks = "".join(
            mark
            for mark in "bi"
            for each in run.iter(f"{W}{mark}")
            if each.get(f"{W}val") not in {"0", "false"}
        )
        assert next(run.iter(f"{W}rFonts")).get(f"{W}ascii") == "Times New Roman"
        found.append((alignment, size, marks, text))
    assert found == GOLDEN


def test_the_page_is_a4_with_the_margins_of_the_decree() -> None:
    document = fromstring(part("word/document.xml"))
    size, margins = next(document.iter(f"{W}pgSz")), next(document.iter(f"{W}pgMar"))
    millimetres = {
        name: round(int(str(each.get(f"{W}{name}"))) * 25.4 / 1440)
        for each, names in ((size, "wh"), (margins, ("top", "bottom", "left", "right")))
        for name in names
    }
    assert millimetres == {"w": 210, "h": 297, "top": 20, "bottom": 20, "left": 30, "right": 15}
    assert next(document.iter(f"{W}titlePg")) is not None  # no number on the first page


def test_pages_are_numbered() -> None:
    with ZipFile(BytesIO(render(WORDS, TEXTS))) as paper:
        headers = [paper.read(name) for name in paper.namelist() if "header" in name]
    assert any(b"PAGE" in each for each in headers)


def test_days_and_months_are_written_with_a_zero_where_the_decree_wants_one() -> None:
    assert civil_day(date(2019, 3, 9), TEXTS) == "ngày 09 tháng 3 năm 2019"
    assert civil_day(date(2019, 1, 10), TEXTS) == "ngày 10 tháng 01 năm 2019"
