"""`doithoai agency`: what an agency's own system sees, and where it is sent."""

import json
from datetime import date
from typing import Any
from urllib.parse import quote

import click

from deploy.cli.connection import connected
from deploy.cli.output import ABSENT, as_json, moment, province, show_json, show_table
from deploy.cli.webhook import webhook
from shared.texts.formats import ngay

FEED_MAX = 500


@click.group()
def agency() -> None:
    """Việc của một cơ quan / an agency's own view."""


agency.add_command(webhook)


@agency.command()
@click.argument("key")
@province
@click.option(
    "--after",
    default=0,
    type=click.IntRange(0),
    show_default=True,
    help="Sau số này / after this number of the feed.",
)
@click.option(
    "--limit",
    default=50,
    type=click.IntRange(1, FEED_MAX),
    show_default=True,
    help="Nhiều nhất bao nhiêu sự kiện / at most how many entries.",
)
@as_json
def feed(key: str, province: str, after: int, limit: int, is_json: bool) -> None:  # noqa: FBT001
    """Dòng sự kiện của cơ quan, đánh số liên tục / the agency's gapless feed.

    \b
    Ví dụ / Examples:
      doithoai agency feed phong-tnmt-ba-dinh --province ha-noi --after 0 --limit 10
    """
    with connected() as connection:
        page = connection.client.get(
            f"/assignment/feeds/{quote(key, safe='')}", province=province, after=after, limit=limit
        )
    if is_json:
        show_json(page)
        return
    show_table(
        f"{key} ({province})",
        ["Số", "Lúc ghi", "Sự kiện", "Hạn"],
        [[each["feed_seq"], *_summary(each["entry"])] for each in page["entries"]],
        numbers_from=9,
    )


def _summary(entry: dict[str, Any] | str) -> list[str]:
    document = json.loads(entry) if isinstance(entry, str) else entry
    due_on = document["data"].get("due_on")
    day = ngay(date.fromisoformat(due_on)) if due_on else ABSENT
    return [moment(document["time"]) or ABSENT, document["type"], day]
