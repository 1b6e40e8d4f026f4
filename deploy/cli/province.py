"""`doithoai province add`: logs, keys, first seats and queue of a new province, no restart."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deploy.cli.connection import connected
from deploy.cli.output import as_json, show_json, show_table
from deploy.ending import REFUSED, explain
from deploy.environment import settings_told
from shared.access import Role
from shared.kernel.errors import AppError, Conflict, RegulationError, Unavailable
from shared.kernel.reference import read_reference
from shared.settings import SERVICES
from shared.texts.formats import so

if TYPE_CHECKING:
    from deploy.client import Client
    from shared.provinces import Province

FIRST_SEATS = (Role.CADRE, Role.SCREENER, Role.SECRETARY, Role.CHAIR, Role.SUPERVISOR)
FIRST_SEATS_OF_AGENCY = (Role.AGENCY_CLERK, Role.AGENCY_HEAD)
LIFETIME_DAYS = 90


@click.group()
def province() -> None:
    """Tỉnh, thành phố dùng hệ thống / provinces of the deployment."""


@province.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--days",
    default=LIFETIME_DAYS,
    type=click.IntRange(1, 366),
    show_default=True,
    help="Mã truy cập có hiệu lực bao nhiêu ngày / the first tokens last so long.",
)
@as_json
def add(file: Path, days: int, is_json: bool) -> None:  # noqa: FBT001
    """Thêm một tỉnh vào hệ thống đang chạy hoặc đang dừng / add a province, no restart.

    The file is checked and put into the folder of provinces (DOITHOAI_PROVINCES); every
    service opens its log, which the checkpointer makes a key for; the agency that answers for
    everything gets its feed's queue; the first seats get tokens, shown only once. A wrong
    file is refused with its place, and nothing changes. To be repeated where it was cut off.

    \b
    Ví dụ / Examples:
      doithoai province add hai-phong.toml
      doithoai province add hai-phong.toml --days 30 --json
    """
    from shared.provinces import load_province

    try:
        new = load_province(file)
        with connected() as connection:
            document = _added(connection.client, file, new, days)
    except RegulationError as error:
        explain(error)
        sys.exit(REFUSED)
    if is_json:
        show_json(document)
        return
    show_table(
        f"{new.name} ({new.slug})",
        ["Sổ", "Số sự kiện"],
        [[each["origin"], so(each["size"])] for each in document["logs"]],
    )
    for seat in document["seats"]:
        click.echo(f"{seat['seat']}  {seat['role']}\n  {seat['bearer']}")


def _added(client: "Client", file: Path, new: "Province", days: int) -> dict[str, Any]:
    is_new = _put(file, new)
    logs = _opened(client, new, is_new=is_new)
    agency = _general_agency(new)
    client.post(f"/assignment/feeds/{agency}", {"province": new.slug})
    seats = [_seat(client, new, role, None, days) for role in FIRST_SEATS]
    seats += [_seat(client, new, role, agency, days) for role in FIRST_SEATS_OF_AGENCY]
    return {"province": new.slug, "logs": logs, "feeds": [agency], "seats": seats}


def _put(file: Path, new: "Province") -> bool:
    """Put the file where the services look; tell whether it was not there before.

    Raises:
        Conflict: `province.there_already` when there is another one of that name.
        RegulationError: `province.unknown_successor`.
        Unavailable: `province.folder_unusable`.

    """
    from shared.provinces import load_provinces

    folder = settings_told().provinces
    there = load_provinces(folder)
    if new.slug in there:
        if there[new.slug].sha256 != new.sha256:
            raise Conflict("province.there_already", province=new.slug)
        return False
    if new.successor is not None and new.successor not in there:
        raise RegulationError("province.unknown_successor", file=new.file, successor=new.successor)
    try:
        _write(folder / new.file, read_reference(file))
    except OSError:
        raise Unavailable("province.folder_unusable", folder=str(folder)) from None
    return True


def _write(path: Path, content: bytes) -> None:
    """Write the whole file or nothing: a service may look at any moment."""
    unfinished = path.with_suffix(".new")
    with unfinished.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(path)


def _opened(client: "Client", new: "Province", *, is_new: bool) -> list[dict[str, Any]]:
    """Have every service open its log; take the file back when not even the first can."""
    logs: list[dict[str, Any]] = []
    try:
        for service in SERVICES:
            logs.append(client.post(f"/{service}/provinces", {"province": new.slug}))  # noqa: PERF401 - how far it came matters
    except AppError:
        if is_new and not logs:
            (settings_told().provinces / new.file).unlink(missing_ok=True)
        raise
    return logs


def _general_agency(new: "Province") -> str:
    """Return the agency that the last catch-all row of the routing table names."""
    rows = [row for row in new.routing if row.is_catch_all and row.agency is not None]
    return str(max(rows, key=lambda row: row.valid_from).agency)


def _seat(
    client: "Client", new: "Province", role: Role, agency: str | None, days: int
) -> dict[str, Any]:
    asked = {
        "seat": f"{agency or new.slug}/{role.value.replace('_', '-')}-1",
        "role": role.value,
        "province": new.slug,
        "agency": agency,
        "lifetime_days": days,
    }
    issued = client.post("/intake/access/tokens", asked)
    return asked | {"token_id": issued["token_id"], "bearer": issued["bearer"]}
