"""`doithoai follow`: how delivery stands, and what an operator does about a halt."""

from typing import Any

import click

from deploy.cli.connection import Connection, connected
from deploy.cli.output import as_json, show_json, show_table
from shared.settings import SERVICES

_consumer = click.option("--consumer", required=True, help="Ví dụ reporting.from-intake.")
_origin = click.option("--origin", required=True, help="Ví dụ doithoai.local/ha-noi/intake.")


@click.group()
def follow() -> None:
    """Dịch vụ này đọc sổ của dịch vụ kia đến đâu / how far each reads the others' logs."""


@follow.command()
@as_json
def status(is_json: bool) -> None:  # noqa: FBT001
    """Vị trí đã đọc, sổ bị dừng và mã lỗi / positions, halts and their codes.

    \b
    Ví dụ / Examples:
      doithoai follow status
      doithoai follow status --json
    """
    with connected() as connection:
        rows = [row for service in SERVICES for row in _rows(connection, service)]
    if is_json:
        show_json({"followed": rows})
        return
    show_table(
        "Truyền nhận sự kiện / delivery",
        ["Bên đọc", "Sổ", "Vị trí", "Tình trạng"],
        [[row["consumer"], row["origin"], row["position"], _state(row)] for row in rows],
        numbers_from=9,
    )


@follow.command()
@_consumer
@_origin
@as_json
def retry(consumer: str, origin: str, is_json: bool) -> None:  # noqa: FBT001
    """Đọc lại sự kiện đã làm dừng sổ / try the halted entry again.

    \b
    Ví dụ / Examples:
      doithoai follow retry --consumer reporting.from-intake \
        --origin doithoai.local/ha-noi/intake
    """
    _act("retry", {"consumer": consumer, "origin": origin}, is_json=is_json)


@follow.command()
@_consumer
@_origin
@click.option("--reason", required=True, help="Lý do, được ghi vào sổ / recorded for ever.")
@as_json
def skip(consumer: str, origin: str, reason: str, is_json: bool) -> None:  # noqa: FBT001
    """Bỏ qua sự kiện đã làm dừng sổ, có lý do / pass over the halted entry, for a reason.

    \b
    Ví dụ / Examples:
      doithoai follow skip --consumer reporting.from-intake \
        --origin doithoai.local/ha-noi/intake --reason "…"
    """
    body = {"consumer": consumer, "origin": origin, "reason": reason}
    _act("skip", body, is_json=is_json)


def _rows(connection: Connection, service: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = connection.client.get(f"/{service}/follow/status")["followed"]
    return rows


def _state(row: dict[str, Any]) -> str:
    if row["halted"]:
        return f"DỪNG: {row['code']}"
    return f"thử lại: {row['code']}" if row["code"] else "bình thường"


def _act(what: str, body: dict[str, str], *, is_json: bool) -> None:
    service = body["consumer"].partition(".")[0]
    if service not in SERVICES:
        raise click.BadParameter(body["consumer"], param_hint="--consumer")
    with connected() as connection:
        answer = connection.client.post(f"/{service}/follow/{what}", body)
    if is_json:
        show_json(answer)
    else:
        click.echo(f"{body['origin']}, vị trí {answer['position']}: {what}")
