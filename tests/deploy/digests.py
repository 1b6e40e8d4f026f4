"""Digests as an official would save them as CSV."""

from collections.abc import Sequence

SECRET = "Ngô Thị Bí Mật 0950000001"
"""Stands where a person's data might; must come back out of no answer or error."""
HEADINGS = (
    "STT,Ngày tiếp nhận,Đơn vị,Lĩnh vực,Loại ý kiến,Kênh tiếp nhận,"
    "Số người cùng ý kiến,Nội dung,Phiên đối thoại"
)
GOOD = "1,15/05/2022,phường Ngọc Hà,trật tự đô thị,kiến nghị,tiếp công dân,12,Ngõ tối.,"
BAD = f"2,15/05/2022,phường Ngọc Hà,trật tự đô thị,kiến nghị,tiếp công dân,-4,{SECRET},"


def digest_csv(number: str, *rows: str) -> bytes:
    """Return the digest `number`: labels in rows 1 to 3, headings in 5, data from 6 on."""
    lines: Sequence[str] = (
        "Tổ chức báo cáo,Ủy ban Mặt trận Tổ quốc Việt Nam quận Ba Đình",
        f"Số báo cáo,{number}",
        "Ngày báo cáo,20/05/2022",
        "",
        HEADINGS,
        *rows,
    )
    return "\r\n".join(lines).encode()
