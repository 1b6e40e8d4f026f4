"""`doithoai log freeze`: a province's logs closed for good, and named by its successor's."""

import time
from typing import Any

import click

from deploy.cli.connection import connected
from deploy.cli.output import as_json, show_json, show_table, waiting
from deploy.client import Answered, Client
from deploy.running import settle
from shared.settings import SERVICES
from shared.texts.formats import so

SIGNED_TIMEOUT_S = 60
"""Longest wait for the last checkpoint of a log."""
_PAUSE_S = 0.5
_NOT_SIGNED_YET = "eventlog.not_signed_yet"


@click.command()
@click.argument("province", metavar="PROVINCE")
@click.option(
    "--successor", required=True, metavar="SLUG", help="Tỉnh kế tục / the province that goes on."
)
@click.option("--yes", is_flag=True, help="Không hỏi lại / don't ask.")
@as_json
def freeze(province: str, successor: str, yes: bool, is_json: bool) -> None:  # noqa: FBT001
    """Khóa vĩnh viễn các sổ của một tỉnh đã sáp nhập / freeze a merged province's logs.

    The logs of the successor are opened where they aren't yet.
    No command is taken any more; what follows from what is recorded is waited for; then
    nothing is taken, each log is signed a last time, and the successor's log of the same
    service records where it ended. There is no way back. A command that was cut off is
    completed by giving it again.

    \b
    Ví dụ / Examples:
      doithoai log freeze ha-nam --successor ninh-binh
      doithoai log freeze ha-nam --successor ninh-binh --yes --json
    """
    if not yes:
        click.confirm(
            f"{province} → {successor}: khóa vĩnh viễn, không mở lại được / for good?",
            abort=True,
            err=True,
        )
    with connected() as connection:
        rows = frozen(connection.client, province, successor)
    if is_json:
        show_json({"logs": rows})
        return
    show_table(
        f"{province} → {successor}",
        ["Sổ đã khóa", "Số sự kiện", "Vị trí ghi ở sổ kế tục"],
        [[row["origin"], so(row["size"]), row["position"]] for row in rows],
    )


def frozen(client: Client, province: str, successor: str) -> list[dict[str, Any]]:
    """Take each step in every service before the next one; the successor's logs come first.

    They may be new: of a province whose file has just been put into the folder.
    """
    for service in SERVICES:
        client.post(f"/{service}/provinces", {"province": successor})
    for service in SERVICES:
        body = {"province": province, "successor": successor}
        client.post(f"/{service}/freezing/close", body)
    with waiting("Chờ xử lý hết sự kiện / applying what is left"):
        sizes = settle(client, province=province)
    for service in SERVICES:
        client.post(f"/{service}/freezing/freeze", {"province": province, "sizes": dict(sizes)})
    with waiting("Chờ ký lần cuối / waiting for the last signatures"):
        positions = {service: _named(client, service, province) for service in SERVICES}
    return [
        {"origin": origin, "size": size, "position": positions[origin.rpartition("/")[2]]}
        for origin, size in sorted(sizes.items())
    ]


def _named(client: Client, service: str, province: str) -> int:
    """Return where the successor's log of `service` names that of `province`."""
    end = time.monotonic() + SIGNED_TIMEOUT_S
    while True:
        try:
            answer = client.post(f"/{service}/freezing/name", {"province": province})
            return int(answer["position"])
        except Answered as error:
            if error.code != _NOT_SIGNED_YET or time.monotonic() > end:
                raise
        time.sleep(_PAUSE_S)
