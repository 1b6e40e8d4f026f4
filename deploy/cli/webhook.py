"""`doithoai agency webhook`: where agencies without AMQP are sent their feeds."""

from typing import Any
from urllib.parse import quote

import click

from deploy.cli.connection import connected
from deploy.cli.output import as_json, province, show_json, show_table

_STATES = {"active": "đang gửi", "held": "chờ gửi lại", "paused": "TẠM DỪNG"}
_key = click.argument("key")


@click.group()
def webhook() -> None:
    """Gửi luồng tin tới máy chủ của cơ quan / webhooks, for agencies without AMQP."""


@webhook.command("set")
@_key
@province
@click.option("--url", required=True, help="Địa chỉ https của cơ quan / the agency's address.")
@click.option(
    "--after", type=click.IntRange(0), help="Gửi lại từ sau số này / send again after this number."
)
@as_json
def set_(key: str, province: str, url: str, after: int | None, is_json: bool) -> None:  # noqa: FBT001
    """Đăng ký hoặc đổi địa chỉ; khóa ký chỉ hiện một lần / the secret is shown only once.

    \b
    Ví dụ / Examples:
      doithoai agency webhook set phong-tnmt-ba-dinh --province ha-noi \
        --url https://tnmt.example.vn/doi-thoai
    """
    body = {"province": province, "url": url} | ({} if after is None else {"after": after})
    _show(_posted(key, "", body), is_json=is_json)


@webhook.command("list")
@province
@as_json
def list_(province: str, is_json: bool) -> None:  # noqa: FBT001
    """Các webhook, đã gửi đến đâu, vì sao dừng / how far each has got, and what holds it.

    \b
    Ví dụ / Examples:
      doithoai agency webhook list --province ha-noi
    """
    with connected() as connection:
        found = connection.client.get("/assignment/webhooks", province=province)
    if is_json:
        show_json(found)
        return
    show_table(
        f"Webhook ({province})",
        ["Cơ quan", "Địa chỉ", "Tình trạng", "Mã", "Thử lại lúc", "Đã gửi", "Có"],
        [
            [
                each["agency"],
                each["url"],
                _STATES[each["state"]],
                each["held_code"],
                each["retry_at"],
                each["delivered_seq"],
                each["last_seq"],
            ]
            for each in found["webhooks"]
        ],
        numbers_from=5,
    )


@webhook.command()
@_key
@province
@click.option(
    "--at-once", is_flag=True, help="Khóa cũ hết hiệu lực ngay / the former one ends now."
)
@as_json
def rotate(key: str, province: str, at_once: bool, is_json: bool) -> None:  # noqa: FBT001
    """Cấp khóa ký mới; khóa cũ còn ký thêm một ngày / a new secret, the old one for a day.

    \b
    Ví dụ / Examples:
      doithoai agency webhook rotate phong-tnmt-ba-dinh --province ha-noi
    """
    body = {"province": province, "at_once": at_once}
    _show(_posted(key, "/rotate", body), is_json=is_json)


@webhook.command()
@_key
@province
@as_json
def pause(key: str, province: str, is_json: bool) -> None:  # noqa: FBT001
    """Tạm dừng gửi; luồng tin vẫn đọc được qua HTTP / send nothing until it is resumed.

    \b
    Ví dụ / Examples:
      doithoai agency webhook pause phong-tnmt-ba-dinh --province ha-noi
    """
    _show(_posted(key, "/pause", {"province": province}), is_json=is_json)


@webhook.command()
@_key
@province
@as_json
def resume(key: str, province: str, is_json: bool) -> None:  # noqa: FBT001
    """Gửi tiếp ngay từ chỗ đã dừng / send again at once, from where it stood.

    \b
    Ví dụ / Examples:
      doithoai agency webhook resume phong-tnmt-ba-dinh --province ha-noi
    """
    _show(_posted(key, "/resume", {"province": province}), is_json=is_json)


@webhook.command()
@_key
@province
@as_json
def remove(key: str, province: str, is_json: bool) -> None:  # noqa: FBT001
    """Bỏ webhook và hủy khóa ký / forget the webhook and destroy its secret.

    \b
    Ví dụ / Examples:
      doithoai agency webhook remove phong-tnmt-ba-dinh --province ha-noi
    """
    with connected() as connection:
        answer = connection.client.json("DELETE", _path(key), params={"province": province})
    _show(answer, is_json=is_json)


def _posted(key: str, step: str, body: dict[str, Any]) -> dict[str, Any]:
    with connected() as connection:
        answer: dict[str, Any] = connection.client.post(_path(key) + step, body)
    return answer


def _path(key: str) -> str:
    return f"/assignment/webhooks/{quote(key, safe='')}"


def _show(answer: dict[str, Any], *, is_json: bool) -> None:
    if is_json:
        show_json(answer)
        return
    state = _STATES[answer["state"]]
    click.echo(f"{answer['agency']}: {state}, {answer['delivered_seq']}/{answer['last_seq']}")
    if answer.get("secret"):
        click.echo(answer["secret"])
