"""`doithoai access`: tokens of seats."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import click

from deploy.cli.access_people import hold, leave, person, seat
from deploy.cli.connection import connected
from deploy.cli.output import as_json, moment, show_json, show_table
from deploy.environment import settings_told
from deploy.tokens import issue_directly
from shared.access import Role

LIFETIME_DAYS = 90
ROLES = [role.value for role in Role if role is not Role.SERVICE]


@click.group()
def access() -> None:
    """Quyền truy cập theo ghế / tokens: a seat, its role and scope."""


@access.command()
@click.option("--seat", required=True, help="Ghế (chức danh), không phải tên người.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="Vai trò / role.")
@click.option("--province", help="Chỉ tỉnh này; bỏ trống là mọi tỉnh.")
@click.option("--agency", help="Cơ quan, với vai trò của cơ quan.")
@click.option(
    "--days",
    default=LIFETIME_DAYS,
    type=click.IntRange(1, 366),
    show_default=True,
    help="Có hiệu lực bao nhiêu ngày.",
)
@click.option("--direct", is_flag=True, help="Ghi thẳng vào cơ sở dữ liệu: cho ghế đầu tiên.")
@as_json
def issue(  # noqa: PLR0917 - options of one command
    seat: str,
    role: str,
    province: str | None,
    agency: str | None,
    days: int,
    direct: bool,  # noqa: FBT001
    is_json: bool,  # noqa: FBT001
) -> None:
    """Cấp một mã truy cập; mã chỉ hiện một lần / issue a token, shown only once.

    \b
    Ví dụ / Examples:
      doithoai access issue --seat mttq-ba-dinh/can-bo-1 --role cadre --province ha-noi
      doithoai access issue --seat quan-tri/1 --role operator --direct
    """
    if direct:
        made = issue_directly(
            settings_told(),
            seat=seat,
            role=role,
            province=province,
            agency=agency,
            lifetime=timedelta(days=days),
        )
        token: dict[str, Any] = {"token_id": made.token.token_id, "bearer": made.bearer}
    else:
        with connected() as connection:
            token = connection.client.post(
                "/intake/access/tokens",
                {
                    "seat": seat,
                    "role": role,
                    "province": province,
                    "agency": agency,
                    "lifetime_days": days,
                },
            )
    if is_json:
        show_json(token)
    else:
        click.echo(f"{token['token_id']}\n{token['bearer']}")


@access.command("list")
@click.option(
    "--limit",
    default=100,
    type=click.IntRange(1, 1000),
    show_default=True,
    help="Nhiều nhất bao nhiêu mã, mới nhất trước / at most how many, latest first.",
)
@as_json
def list_(limit: int, is_json: bool) -> None:  # noqa: FBT001
    """Các mã đã cấp, không có phần bí mật / tokens, without their secrets.

    \b
    Ví dụ / Examples:
      doithoai access list
    """
    with connected() as connection:
        tokens = connection.client.get("/intake/access/tokens", limit=limit)["tokens"]
    if is_json:
        show_json({"tokens": tokens})
        return
    show_table(
        "Mã truy cập / tokens",
        ["Mã", "Ghế", "Vai trò", "Tỉnh", "Cơ quan", "Hết hạn", "Thu hồi"],
        [
            [
                *(each[name] for name in ("token_id", "seat", "role", "province", "agency")),
                *(moment(each[name]) for name in ("expires_at", "revoked_at")),
            ]
            for each in tokens
        ],
        numbers_from=9,
    )


@access.command()
@click.argument("token_id")
@as_json
def revoke(token_id: str, is_json: bool) -> None:  # noqa: FBT001
    """Thu hồi một mã, ngay và mãi mãi / revoke a token, at once and for good.

    \b
    Ví dụ / Examples:
      doithoai access revoke 3f2a…
    """
    with connected() as connection:
        path = f"/intake/access/tokens/{quote(token_id, safe='')}"
        answer = connection.client.json("DELETE", path)
    if is_json:
        show_json(answer)
    else:
        click.echo(f"{token_id}: {moment(answer['revoked_at'])}")


for command in (seat, person, hold, leave):
    access.add_command(command)
