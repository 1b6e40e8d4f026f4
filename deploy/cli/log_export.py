"""`doithoai log export`: logs as files that anybody can verify."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from deploy.cli.connection import Connection, connected
from deploy.cli.output import as_json, progress, show_json, show_table
from deploy.log_export import Exported, LogExport
from shared.kernel.errors import NotFound
from shared.settings import SERVICES
from shared.texts.formats import so


@click.command()
@click.argument(
    "folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path, writable=True)
)
@click.option("--province", metavar="SLUG", help="Chỉ một tỉnh, thành phố / of one province only.")
@click.option("--log", "origin", metavar="ORIGIN", help="Chỉ một sổ / one log only.")
@as_json
def export(folder: Path, province: str | None, origin: str | None, is_json: bool) -> None:  # noqa: FBT001
    """Xuất sổ ra thư mục để ai cũng kiểm chứng được / the logs as a folder to verify.

    Writes DIR/<origin>/checkpoint, keys, tile/… and tile/entries/… (C2SP tlog-tiles), as far
    as each log is signed. What is there already is kept, so run it again to go on. A
    folder that holds more than the log, or another history, is left as it is and named.

    \b
    Ví dụ / Examples:
      doithoai log export /media/kiem-toan
      doithoai log export so --province ha-noi
      doithoai log export so --log doithoai.local/ha-noi/intake --json
    """
    with connected() as connection:
        exports = [
            LogExport(connection.client, folder, each)
            for each in _origins(connection, province, origin)
        ]
        with progress() as bar:
            files = sum(each.files for each in exports)
            task = bar.add_task("Xuất sổ / exporting", total=files)
            done = [each.run(lambda: bar.advance(task)) for each in exports]
    exported = [each for each in done if each is not None]
    unsigned = [each.origin for each in exports if not each.is_signed]
    if is_json:
        show_json({"logs": [asdict(each) for each in exported], "unsigned": unsigned})
        return
    show_table(
        f"{folder}",
        ["Sổ", "Số sự kiện", "Tệp mới", "Tệp đã có"],
        [*(_row(each) for each in exported), *([each, None, None, None] for each in unsigned)],
    )
    if unsigned:
        click.echo("—: chưa có điểm chốt nào / not signed yet")


def _row(each: Exported) -> list[str]:
    return [each.origin, so(each.size), so(each.fetched), so(each.kept)]


def _origins(connection: Connection, province: str | None, origin: str | None) -> Iterator[str]:
    """Yield the logs that are asked for, service by service.

    Raises:
        NotFound: `eventlog.unknown_origin`, `province.unknown` when there is none.

    """
    found = False
    for service in SERVICES:
        for each in sorted(connection.client.get(f"/{service}/log/heads")):
            if each.endswith(f"/{service}") and (
                origin in (None, each) and province in (None, each.split("/")[-2])
            ):
                found = True
                yield each
    if not found and origin is not None:
        raise NotFound("eventlog.unknown_origin")
    if not found and province is not None:
        raise NotFound("province.unknown", province=province)
