"""`doithoai declared`: figures from paper as they were imported, of whatever period."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import click

from deploy.cli.connection import connected
from deploy.cli.output import ABSENT, as_json, province, show_json, show_table
from deploy.client import Client
from shared.texts.formats import ngay, so

_PAGE_ROWS = 200
_HEADINGS = (
    *("Đơn vị", "Phạm vi", "Cấp", "Loại", "Kỳ", "Từ ngày", "Đến ngày", "Nguồn"),
    *("Hội nghị", "Lượt dự", "Ý kiến", "Trả lời"),
)
_MEASURES = ("sessions", "attendances", "opinions", "answered")


@click.command()
@province
@as_json
def declared(province: str, is_json: bool) -> None:  # noqa: FBT001
    """Kết quả khai báo của một tỉnh, mọi kỳ / declared results of a province, all periods.

    Kỳ không ghi rõ ngày không có trong báo cáo nào, chỉ xem được ở đây.
    A row whose source states no days is in no report, and is shown here alone.

    \b
    Ví dụ / Examples:
      doithoai declared --province ha-nam
      doithoai declared --province ha-nam --json
    """
    with connected() as connection:
        rows = list(_rows(connection.client, province))
    if is_json:
        show_json({"declared": rows})
        return
    show_table(
        "Kết quả khai báo / declared results",
        _HEADINGS,
        [_line(row) for row in rows],
        numbers_from=8,
    )


def _rows(client: Client, province: str) -> Iterator[dict[str, Any]]:
    after = ""
    while True:
        page = client.get(
            "/reporting/reports/declared", province=province, after=after, limit=_PAGE_ROWS
        )
        yield from page["declared"]
        if page["next"] is None:
            return
        after = page["next"]


def _line(row: Mapping[str, Any]) -> list[str]:
    stated = (row["unit_name"], row["scope"], row.get("level"), row.get("session_kind"))
    days = (row.get("period_from"), row.get("period_to"))
    return [
        *(each or ABSENT for each in (*stated, row["period_label"])),
        *(ngay(date.fromisoformat(day)) if day else ABSENT for day in days),
        row["source"],
        *(_marked(row, name) for name in _MEASURES),
    ]


def _marked(row: Mapping[str, Any], measure: str) -> str:
    mark = "≈" if measure in row.get("approximate", ()) else ""
    return mark + so(row.get(measure))
