"""`doithoai log`: the event logs, their sizes and their latest entries."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import click

from deploy.cli.connection import Connection, connected
from deploy.cli.log_export import export
from deploy.cli.log_freeze import freeze
from deploy.cli.log_key import key
from deploy.cli.output import as_json, moment, show_json, show_table
from deploy.client import Client
from shared.settings import SERVICES
from shared.texts.formats import so

TAIL_MAX = 1000
_STATES = {
    "open": "đang mở",
    "closed": "đang đóng, chuyển sang {successor}",
    "frozen": "đã khóa, chuyển sang {successor}",
}


@click.group()
def log() -> None:
    """Sổ sự kiện của từng dịch vụ và tỉnh / the event logs."""


log.add_command(export)
log.add_command(freeze)
log.add_command(key)


@log.command()
@as_json
def status(is_json: bool) -> None:  # noqa: FBT001
    """Cỡ và điểm chốt của mọi sổ / every log: its size, and how far it is signed.

    Positions are gapless, 0 to size - 1. A log that is refused is no longer what was
    signed of it before: see docs/how-to/log-keys.md. One in dispute is not what Reporting
    has copied and cosigned: see docs/how-to/witnesses.md; --json shows both notes.

    \b
    Ví dụ / Examples:
      doithoai log status
      doithoai log status --json
    """
    with connected() as connection:
        rows = list(_sizes(connection))
    if is_json:
        show_json({"logs": rows})
        return
    show_table(
        "Sổ sự kiện / logs",
        ["Sổ", "Tình trạng", "Ký lúc", "Số sự kiện", "Đã ký", "Đã đối chứng"],
        [
            [
                *(row["origin"], _state(row), moment(row["signed_at"]), so(row["size"])),
                *(_so(row["signed_size"]), _so(row["cosigned_size"])),
            ]
            for row in rows
        ],
        numbers_from=3,
    )


@log.command()
@click.argument("origin")
@click.option(
    "--count",
    default=20,
    type=click.IntRange(1, TAIL_MAX),
    show_default=True,
    help="Bao nhiêu sự kiện cuối / how many of the last entries.",
)
@as_json
def tail(origin: str, count: int, is_json: bool) -> None:  # noqa: FBT001
    """Các sự kiện mới nhất của một sổ / the latest entries of one log.

    \b
    Ví dụ / Examples:
      doithoai log tail doithoai.local/ha-noi/intake --count 5
    """
    with connected() as connection:
        entries = list(_tail(connection.client, origin, count))
    if is_json:
        show_json({"entries": entries})
        return
    show_table(
        origin,
        ["Vị trí", "Lúc ghi", "Sự kiện", "Đối tượng", "Ghế thực hiện"],
        [
            [each["position"], moment(each["entry"]["time"]), *_summary(each["entry"])]
            for each in entries
        ],
        numbers_from=9,
    )


def _sizes(connection: Connection) -> Iterator[dict[str, Any]]:
    mirrored = {each["origin"]: each for each in connection.client.get("/reporting/mirror")["logs"]}
    for service in SERVICES:
        for each in connection.client.get(f"/{service}/log/standings")["logs"]:
            copy = mirrored.get(each["origin"], {})
            yield each | {
                "service": service,
                "province": each["origin"].split("/")[1],
                "cosigned_size": copy.get("cosigned_size"),
                "cosigned_at": copy.get("cosigned_at"),
                "dispute": copy.get("dispute"),
            }


def _state(row: Mapping[str, Any]) -> str:
    if row["refusal"] is not None:
        return f"DỪNG KÝ: {row['refusal']}"
    if row["dispute"] is not None:
        return f"TRANH CHẤP: {row['dispute']['reason']}"
    return _STATES[row["state"]].format(successor=row["successor"])


def _so(size: int | None) -> str | None:
    return None if size is None else so(size)


def _tail(client: Client, origin: str, count: int) -> Iterator[dict[str, Any]]:
    service = origin.rpartition("/")[2]
    if service not in SERVICES:
        raise click.BadParameter(origin, param_hint="ORIGIN")
    head: int = client.get(f"/{service}/log/heads").get(origin, count - 1)
    position = max(0, head + 1 - count)
    path = f"/{service}/log/{quote(origin, safe='/')}/entries"
    while position <= head:
        page = client.call("GET", path, params={"from": position, "limit": head + 1 - position})
        lines = page.content.splitlines()
        for number, line in enumerate(lines, position):
            yield {"position": number, "entry": json.loads(line)}
        if not lines:
            return
        position += len(lines)


def _summary(entry: Mapping[str, Any]) -> list[str]:
    return [entry["type"], entry["subject"], entry["actor"]]
