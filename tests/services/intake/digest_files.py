"""Digests of the small test province, as workbooks and as CSV."""

from collections.abc import Sequence

from tests.services.intake.workbook.files import csv_bytes, digest_grid, package, sheet_xml

ORGANISATION = "Ủy ban Mặt trận Tổ quốc Việt Nam phường Thành Công"
FIRST_ROW = 6
"""Row of the sheet that the first opinion stands in."""


def labels(
    organisation: str = ORGANISATION, number: str = "15/BC-MTTQ"
) -> tuple[tuple[str, str], ...]:
    return (
        ("Tổ chức báo cáo", organisation),
        ("Số báo cáo", number),
        ("Ngày báo cáo", "15/05/2019"),
    )


def row(
    key: int | str = 1,
    *,
    received_on: str = "10/05/2019",
    unit: str = "phường Thành Công",
    field: str = "environment",
    kind: str = "kiến nghị",
    voices: str = "2",
    text: str = "Đề nghị thu gom rác ở ngõ sau chợ mỗi ngày.",
) -> tuple[str, ...]:
    return (str(key), received_on, unit, field, kind, "tiếp công dân", voices, text, "")


def digest_csv(
    *rows: Sequence[str], organisation: str = ORGANISATION, number: str = "15/BC-MTTQ"
) -> bytes:
    return csv_bytes(digest_grid(*rows, labels=labels(organisation, number)))


def digest_workbook(*rows: Sequence[str]) -> bytes:
    return package({"Ý kiến": sheet_xml(digest_grid(*rows, labels=labels()))})
