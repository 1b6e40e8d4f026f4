"""The form of a digest workbook: its columns and its labels, as people are told of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.intake.workbook.digest_words import CHANNELS_EXPECTED, KINDS_EXPECTED

SHEET_NAME = "Ý kiến"
REMARKS = "Ghi chú"
"""A column for the sender's own use; it is not read."""

ORGANISATION = "Tổ chức báo cáo"
NUMBER = "Số báo cáo"
REPORTED_ON = "Ngày báo cáo"
LABELS = (ORGANISATION, NUMBER, REPORTED_ON)

KEY = "STT"
RECEIVED_ON = "Ngày tiếp nhận"
UNIT = "Đơn vị"
FIELD = "Lĩnh vực"
OPINION_KIND = "Loại ý kiến"
CHANNEL = "Kênh tiếp nhận"
VOICES = "Số người cùng ý kiến"
TEXT = "Nội dung"
SESSION = "Phiên đối thoại"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column or label: what to write there, in both languages, and an example."""

    heading: str
    required: bool
    vi: str
    en: str
    example: str


HEADER: Sequence[Column] = (
    Column(
        heading=ORGANISATION,
        required=True,
        vi="Tên tổ chức gửi báo cáo, như đã đăng ký với tỉnh, thành phố.",
        en="Name of the reporting organisation, as registered with the province.",
        example="Ủy ban MTTQ Việt Nam quận Ba Đình",
    ),
    Column(
        heading=NUMBER,
        required=True,
        vi="Số, ký hiệu văn bản: chữ số, rồi ký hiệu viết hoa, viết liền, không quá 40 ký tự.",
        en="Number of the document: digits, then signs in capitals; no blanks, up to 40 long.",
        example="15/BC-MTTQ-BTT",
    ),
    Column(
        heading=REPORTED_ON,
        required=True,
        vi="Ngày ký báo cáo, dd/mm/yyyy.",
        en="Day the report was signed, dd/mm/yyyy.",
        example="20/03/2021",
    ),
)

COLUMNS: Sequence[Column] = (
    Column(
        heading=KEY,
        required=True,
        vi="Số thứ tự, không trùng trong một báo cáo và không đổi khi gửi lại; "
        "chữ cái không dấu, chữ số và . - /, không quá 16 ký tự.",
        en="Number of the row, unique in the digest and the same when it is sent again; "
        "Latin letters, digits and . - /, at most 16 characters.",
        example="1",
    ),
    Column(
        heading=RECEIVED_ON,
        required=True,
        vi="Ngày tổ chức tiếp nhận ý kiến: dd/mm/yyyy, d/m/yy hoặc yyyy-mm-dd; "
        "không sau ngày nhập.",
        en="Day the organisation received the opinion: dd/mm/yyyy, d/m/yy or yyyy-mm-dd; "
        "not after the day of import.",
        example="15/03/2021",
    ),
    Column(
        heading=UNIT,
        required=True,
        vi="Tên hoặc mã khóa của đơn vị hành chính trong tệp của tỉnh, thành phố.",
        en="Name or key of the territorial unit in the province's file.",
        example="phường Ngọc Hà",
    ),
    Column(
        heading=FIELD,
        required=True,
        vi="Tên hoặc mã khóa của lĩnh vực.",
        en="Name or key of the field.",
        example="trật tự đô thị",
    ),
    Column(
        heading=OPINION_KIND,
        required=True,
        vi=f"Một trong: {KINDS_EXPECTED}.",
        en="One of the words listed, or its identifier.",
        example="kiến nghị",
    ),
    Column(
        heading=CHANNEL,
        required=True,
        vi=f"Một trong: {CHANNELS_EXPECTED}.",
        en="One of the words listed, or its identifier.",
        example="tiếp công dân",
    ),
    Column(
        heading=VOICES,
        required=False,
        vi="Số nguyên từ 1; để trống là 1.",
        en="A whole number from 1; empty means 1.",
        example="12",
    ),
    Column(
        heading=TEXT,
        required=True,
        vi="Nội dung ý kiến, không quá 20.000 ký tự. Không ghi họ tên, địa chỉ, số điện thoại.",
        en="What was said, at most 20,000 characters. No names, addresses, phone numbers.",
        example="Đề nghị lắp thêm đèn chiếu sáng ở ngõ nhỏ sau chợ.",
    ),
    Column(
        heading=SESSION,
        required=False,
        vi="Mã phiên đối thoại dự kiến, để ghi nhớ: ý kiến chưa được xếp vào phiên khi nhập.",
        en="Id of the session it is meant for, as a note: importing schedules nothing.",
        example="",
    ),
)


def columns_markdown() -> str:
    """Return the documentation of labels and columns as a Markdown table."""
    lines = ["| Tiêu đề | Bắt buộc | Cách ghi | In English | Ví dụ |", "|---|---|---|---|---|"]
    lines += [
        f"| {c.heading} | {'có' if c.required else 'không'} | {c.vi} | {c.en} | {c.example} |"
        for c in (*HEADER, *COLUMNS)
    ]
    return "\n".join(lines)
