"""`doithoai access seat|person|hold|leave`: offices, persons, and who is on which."""

from datetime import date, datetime
from typing import Any
from urllib.parse import quote

import click

from deploy.cli.connection import connected
from deploy.cli.output import as_json, show_json, show_table
from shared.access import Role

ROLES = [role.value for role in Role if role is not Role.SERVICE]
_DAY = click.DateTime(["%Y-%m-%d"])
_API = "/intake/access"


@click.group()
def seat() -> None:
    """Chức danh / seats: offices, with their roles and scopes."""


@seat.command("add")
@click.argument("key")
@click.option("--role", required=True, type=click.Choice(ROLES), help="Vai trò / role.")
@click.option("--province", help="Chỉ tỉnh này; bỏ trống là mọi tỉnh / of this province alone.")
@click.option("--agency", help="Cơ quan, với vai trò của cơ quan / agency.")
@click.option("--unit", help="Đơn vị hành chính / territorial unit.")
@click.option("--from", "first_day", required=True, type=_DAY, help="Ngày đầu / first day.")
@as_json
def add_seat(  # noqa: PLR0917 - options of one command
    key: str,
    role: str,
    province: str | None,
    agency: str | None,
    unit: str | None,
    first_day: datetime,
    is_json: bool,  # noqa: FBT001
) -> None:
    """Thêm một chức danh / add a seat.

    \b
    Ví dụ / Examples:
      doithoai access seat add mttq/sang-loc-1 --role screener --province ha-noi --from 2026-01-01
    """
    body = {"seat": key, "role": role, "province": province, "agency": agency, "unit": unit}
    _post("/seats", {**body, "valid_from": _iso(first_day)}, is_json=is_json, told="seat")


@seat.command("list")
@as_json
def list_seats(is_json: bool) -> None:  # noqa: FBT001
    """Các chức danh và ai đang giữ (mã, không tên) / seats, and who is on them by id.

    \b
    Ví dụ / Examples:
      doithoai access seat list
    """
    with connected() as connection:
        answer = connection.client.get(f"{_API}/seats")
    if is_json:
        show_json(answer)
        return
    show_table(
        "Chức danh / seats",
        ["Chức danh", "Vai trò", "Tỉnh", "Cơ quan", "Từ", "Đến", "Người giữ"],
        [
            [
                each["seat"],
                each["role"],
                each["province"],
                each["agency"],
                each["valid_from"],
                each["valid_to"],
                ", ".join(held["person_id"] for held in each["holdings"] if not held["valid_to"]),
            ]
            for each in answer["seats"]
        ],
        numbers_from=9,
    )


@seat.command("end")
@click.argument("key")
@click.option("--on", "last_day", required=True, type=_DAY, help="Ngày cuối / last day.")
@as_json
def end_seat(key: str, last_day: datetime, is_json: bool) -> None:  # noqa: FBT001
    """Bãi bỏ một chức danh sau ngày cuối / abolish a seat after its last day.

    \b
    Ví dụ / Examples:
      doithoai access seat end mttq-ba-dinh/sang-loc-1 --on 2026-06-30
    """
    path = f"/seats/{quote(key)}/end"
    _post(path, {"valid_to": _iso(last_day)}, is_json=is_json, told="seat")


@click.group()
def person() -> None:
    """Người có tài khoản / persons with accounts. Họ tên được mã hóa, mỗi lần xem đều ghi lại."""


@person.command("add")
@click.argument("name")
@click.option("--login", required=True, help="Tên đăng nhập / login.")
@click.option("--province", help="Tỉnh / province.")
@click.option("--subject", help="OpenID Connect: <issuer>|<sub>.")
@as_json
def add_person(
    name: str,
    login: str,
    province: str | None,
    subject: str | None,
    is_json: bool,  # noqa: FBT001
) -> None:
    """Thêm một người; in liên kết dùng một lần để chọn mật khẩu / add a person, print a link.

    \b
    Ví dụ / Examples:
      doithoai access person add 'Họ và tên' --login can-bo-1 --province ha-noi
    """
    body = {"name": name, "login": login, "province": province, "subject": subject}
    _post("/persons", body, is_json=is_json, told="person_id", and_told="link")


@person.command("list")
@as_json
def list_persons(is_json: bool) -> None:  # noqa: FBT001
    """Những người có tài khoản; lần xem này được ghi lại / persons; the look is kept.

    \b
    Ví dụ / Examples:
      doithoai access person list
    """
    with connected() as connection:
        answer = connection.client.get(f"{_API}/persons")
    if is_json:
        show_json(answer)
        return
    show_table(
        "Người có tài khoản / persons",
        ["Mã", "Tỉnh", "Họ tên"],
        [[each[name] for name in ("person_id", "province", "name")] for each in answer["persons"]],
        numbers_from=9,
    )


@person.command("link")
@click.argument("person_id")
@as_json
def link(person_id: str, is_json: bool) -> None:  # noqa: FBT001
    """Liên kết mới để chọn mật khẩu / a new link for somebody who lost the password.

    \b
    Ví dụ / Examples:
      doithoai access person link 019c…
    """
    _post(f"/persons/{quote(person_id, safe='')}/link", {}, is_json=is_json, told="link")


@person.command("disable")
@click.argument("person_id")
@as_json
def disable(person_id: str, is_json: bool) -> None:  # noqa: FBT001
    """Khóa tài khoản, đăng xuất mọi nơi / let the person sign in no more.

    \b
    Ví dụ / Examples:
      doithoai access person disable 019c…
    """
    _post(f"/persons/{quote(person_id, safe='')}/disable", {}, is_json=is_json, told="person_id")


@click.command()
@click.argument("seat_key", metavar="SEAT")
@click.argument("person_id")
@click.option("--from", "first_day", required=True, type=_DAY, help="Ngày đầu / first day.")
@as_json
def hold(seat_key: str, person_id: str, first_day: datetime, is_json: bool) -> None:  # noqa: FBT001
    """Giao một chức danh cho một người / put a person on a seat.

    \b
    Ví dụ / Examples:
      doithoai access hold mttq-ba-dinh/sang-loc-1 019c… --from 2026-01-01
    """
    body = {"seat": seat_key, "person_id": person_id, "valid_from": _iso(first_day)}
    _post("/holdings", body, is_json=is_json, told="holding_id")


@click.command()
@click.argument("holding_id")
@click.option("--on", "last_day", required=True, type=_DAY, help="Ngày cuối / last day.")
@as_json
def leave(holding_id: str, last_day: datetime, is_json: bool) -> None:  # noqa: FBT001
    """Người giữ thôi chức danh sau ngày cuối / let the person leave the seat.

    \b
    Ví dụ / Examples:
      doithoai access leave 019c… --on 2026-06-30
    """
    path = f"/holdings/{quote(holding_id, safe='')}/end"
    _post(path, {"valid_to": _iso(last_day)}, is_json=is_json, told="holding_id")


def _iso(day: datetime) -> str:
    return date.isoformat(day.date())


def _post(
    path: str, body: dict[str, Any], *, is_json: bool, told: str, and_told: str | None = None
) -> None:
    with connected() as connection:
        answer = connection.client.post(f"{_API}{path}", body)
    if is_json:
        show_json(answer)
        return
    for name in (told, and_told):
        if name is not None:
            click.echo(answer[name])
