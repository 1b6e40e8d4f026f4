"""`doithoai session`: conclusions from files, breaches found."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from deploy.cli.connection import connected
from deploy.cli.output import as_json, province, show_json, show_table
from shared.kernel.errors import BadInput

FILE_MAX_BYTES = 1_048_576


@click.group()
def session() -> None:
    """Phiên đối thoại / dialogue sessions."""


@session.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--session", "session_id", required=True, help="Mã phiên / the session's id.")
@province
@as_json
def conclude(file: Path, session_id: str, province: str, is_json: bool) -> None:  # noqa: FBT001
    """Ban hành thông báo kết luận từ tệp JSON / issue a conclusion from a JSON file.

    Tệp như nội dung gửi tới API: number, issued_on, commitments. Thiếu cơ quan chủ trì, sản
    phẩm hoặc thời hạn thì bị từ chối, nêu từng chỗ thiếu.
    The file is the body that the API takes. One lacking a lead agency, a product or a due date is
    refused with every fault and its place; exit status 3.

    \b
    Ví dụ / Examples:
      doithoai session conclude ket-luan.json --session 0b7a5f0e-0000-5000-8000-000000000001 \
        --province ha-noi
    """
    body = _body(file)
    with connected() as connection, connection.as_role("chair", province) as client:
        issued = client.post(f"/sessions/sessions/{quote(session_id, safe='')}/conclusion", body)
    if is_json:
        show_json(issued)
        return
    click.echo(f"Đã ban hành / issued: {issued['number']} ({issued['state']})")
    for warning in issued["warnings"]:
        click.echo(f"  {warning['place']}: {warning['texts']['vi']}")


@session.command()
@province
@click.option("--from", "from_on", required=True, help="Từ ngày / first day, yyyy-mm-dd.")
@click.option("--to", "to_on", required=True, help="Đến hết ngày / last day, yyyy-mm-dd.")
@as_json
def breaches(province: str, from_on: str, to_on: str, is_json: bool) -> None:  # noqa: FBT001
    """Các vi phạm quy chế tìm được / breaches of the regulation, with their evidence.

    \b
    Ví dụ / Examples:
      doithoai session breaches --province ha-noi --from 2026-01-01 --to 2026-12-31
    """
    with connected() as connection, connection.as_role("supervisor", province) as client:
        found = client.get(
            "/sessions/sessions/breaches", province=province, **{"from": from_on, "to": to_on}
        )
    if is_json:
        show_json(found)
        return
    show_table(
        f"{province} {from_on} – {to_on}",
        ["Vi phạm", "Đơn vị", "Hạn", "Xong", "Chậm (ngày)", "Phiên"],
        [
            [
                each["kind"],
                each["unit"],
                each["due_on"],
                each["done_on"] or "—",
                each["days_late"],
                " ".join(each["session_ids"]) or "—",
            ]
            for each in found["breaches"]
        ],
        numbers_from=9,
    )


def _body(file: Path) -> dict[str, Any]:
    """Return the object in `file`. Raises BadInput `cli.file_unreadable`."""
    try:
        content = file.read_bytes()[: FILE_MAX_BYTES + 1]
        body = json.loads(content) if len(content) <= FILE_MAX_BYTES else None
    except (OSError, ValueError) as error:
        raise BadInput("cli.file_unreadable") from error
    if not isinstance(body, dict):
        raise BadInput("cli.file_unreadable")
    return body
