"""`doithoai import`: digests and declared results from files."""

import sys
from pathlib import Path
from typing import Any

import click

from deploy.cli.connection import connected
from deploy.cli.output import as_json, province, show_json, show_table, waiting
from deploy.ending import ANSWER_IS_BAD

ROLES = {"digest": "screener", "declared": "secretary"}


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--kind",
    required=True,
    type=click.Choice(list(ROLES)),
    help="Báo cáo tổng hợp ý kiến, hay kết quả khai báo / what the file is.",
)
@province
@as_json
def import_(file: Path, kind: str, province: str, is_json: bool) -> None:  # noqa: FBT001
    """Nhập một bảng tính / import a workbook (.xlsx or .csv).

    Dòng đúng được ghi, dòng sai được nêu rõ vị trí và lý do; nhập lại không đổi gì.
    Good rows are recorded, bad rows named with place and reason; a repeat changes nothing.
    Exit status 1 when rows were rejected.

    \b
    Ví dụ / Examples:
      doithoai import tong-hop-quy-3.xlsx --kind digest --province ha-noi
      doithoai import ba-dinh-2017-2021.csv --kind declared --province ha-noi
    """
    form = {"kind": kind, "province": province}
    with (
        connected() as connection,
        connection.as_role(ROLES[kind], province) as client,
        waiting("Đang nhập / importing"),
        file.open("rb") as stream,
    ):
        # The file's own name stays here: people write names of people into it.
        files = {"file": (f"file{file.suffix}", stream)}
        report = client.json("POST", "/intake/imports", data=form, files=files)
    if is_json:
        show_json(report)
    else:
        _show(report)
    sys.exit(ANSWER_IS_BAD if report["rows_rejected"] else 0)


def _show(report: dict[str, Any]) -> None:
    click.echo(
        f"Trang {report['sheet']}: {report['rows']} dòng; "
        f"ghi mới {report['rows_received']}, đã có {report['rows_repeated']}, "
        f"không nhận {report['rows_rejected']}."
    )
    _show_faults("Dòng không nhận được / rejected", report["faults"])
    _show_faults("Dòng đã nhận, cần chú ý / taken, but mind", report["warnings"])


def _show_faults(title: str, faults: list[dict[str, Any]]) -> None:
    if not faults:
        return
    show_table(
        title,
        ["Dòng", "Cột", "Lý do", "Mã"],
        [
            [
                fault["row"],
                fault["heading"] or fault["column"],
                fault["texts"]["vi"],
                fault["code"],
            ]
            for fault in faults
        ],
        numbers_from=9,
    )
