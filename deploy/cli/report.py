"""`doithoai report`: figures, with declared ones beside them, as table, JSON or CSV."""

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import click

from deploy.cli.connection import connected
from deploy.cli.output import as_json, show_json, waiting
from deploy.client import Client
from deploy.ending import ANSWER_IS_BAD
from shared.texts.formats import so

_USUAL = ("level", "session_kind")
DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])


@click.command()
@click.argument("statistic", default="sessions")
@click.option("--province", "provinces", multiple=True, metavar="SLUG", help="Lặp lại được.")
@click.option("--from", "from_on", required=True, type=DAY, help="Từ ngày / first day.")
@click.option("--to", "to_on", required=True, type=DAY, help="Đến ngày / last day.")
@click.option(
    "--by",
    default=None,
    help="Chia theo / broken down by: province,month,unit,level,…; mặc định theo cấp và loại hội "
    "nghị, biểu không có thì theo mọi tiêu chí của biểu / by default level and kind, or the cells "
    "of a statistic that has neither.",
)
@click.option("--csv", "is_csv", is_flag=True, help="In CSV.")
@as_json
@click.option(
    "--replay", is_flag=True, help="Đếm lại từ sự kiện đầu tiên và đối chiếu / recount and compare."
)
def report(  # noqa: PLR0917 - options of one command
    statistic: str,
    provinces: tuple[str, ...],
    from_on: datetime,
    to_on: datetime,
    by: str | None,
    is_csv: bool,  # noqa: FBT001
    is_json: bool,  # noqa: FBT001
    replay: bool,  # noqa: FBT001
) -> None:
    """Số liệu của một kỳ bất kỳ; khai báo đặt cạnh tính được.

    Figures of any period; a figure declared on paper stands beside the one computed from
    events. With --replay everything is counted again from the first event: exit status 1
    when that gives other numbers.

    \b
    Ví dụ / Examples:
      doithoai report sessions --province ha-noi --from 2017-01-01 --to 2021-12-31
      doithoai report sessions --from 01/01/2021 --to 31/12/2021 --by unit --csv
      doithoai report sessions --province ha-noi --from 2017-01-01 --to 2021-12-31 \
        --by level,session_kind --json --replay
    """
    if is_csv and is_json:
        raise click.UsageError("--csv, --json: chỉ một dạng / one form only")
    form = "json" if is_json else "csv" if is_csv else "table"
    query: dict[str, Any] = {
        "province": provinces,
        "from": from_on.date().isoformat(),
        "to": to_on.date().isoformat(),
    }
    with connected() as connection:
        query["by"] = _own_cells(connection.client, statistic) if by is None else by
        path = f"/reporting/reports/{quote(statistic, safe='')}"
        answer = connection.client.call("GET", path, params=query | {"format": form})
        recount = _recount(connection.client, statistic, provinces) if replay else None
    if is_json:
        document = answer.json()
        show_json(document | {"replay": recount} if replay else document)
    else:
        click.echo(answer.content.decode("utf-8"), nl=False)
        if recount is not None:
            _tell(recount, to_stderr=is_csv)
    sys.exit(0 if recount is None or recount["equal"] else ANSWER_IS_BAD)


def _own_cells(client: Client, statistic: str) -> str:
    """Return what the statistic is broken down by when nobody says; "" for one unknown."""
    found = client.get("/reporting/reports")["statistics"]
    cells: list[str] = next((each["cells"] for each in found if each["name"] == statistic), [])
    return ",".join([cell for cell in _USUAL if cell in cells] or cells)


def _recount(client: Client, statistic: str, provinces: Sequence[str]) -> dict[str, Any]:
    asked = {"statistic": [statistic], "province": list(provinces)}
    with waiting("Đếm lại từ sự kiện đầu tiên / recounting"):
        found: dict[str, Any] = client.post("/reporting/recounts", asked)
    return found


def _tell(recount: dict[str, Any], *, to_stderr: bool) -> None:
    if recount["equal"]:
        click.echo(
            f"Đếm lại từ đầu {so(recount['entries'])} sự kiện: cho đúng các số trên "
            "/ recounted from the first event: the same.",
            err=to_stderr,
        )
        return
    cells = sum(len(each["differences"]) for each in recount["statistics"])
    click.echo(f"ĐẾM LẠI KHÁC ở {so(cells)} ô / the recount DIFFERS.", err=True)
    for fault in recount["faults"]:
        click.echo("  " + "  ".join(f"{name}: {value}" for name, value in fault.items()), err=True)
