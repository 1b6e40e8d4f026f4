"""`doithoai up`: start the deployment, or parts of it."""

import os
import sys

import click

from deploy.up import PARTS, misused


@click.command()
@click.argument("parts", nargs=-1, metavar="[PART]...", type=click.Choice(PARTS))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Cổng của địa chỉ chung, 0 là cổng trống bất kỳ / the one address's port.",
)
@click.option("--processes", is_flag=True, help="Mỗi dịch vụ một tiến trình / a process each.")
@click.option("--json", "is_json", is_flag=True, help="Báo bằng một dòng JSON khi đã chạy / JSON.")
def up(parts: tuple[str, ...], port: int | None, processes: bool, is_json: bool) -> None:  # noqa: FBT001
    """Khởi động hệ thống; Ctrl-C để dừng / start the system; Ctrl-C stops it.

    PART: intake, sessions, assignment, reporting (worker and web together), or one of
    <service>-web, <service>-worker, <service>-checkpointer (signs the service's logs, alone
    with their keys; the others then don't), gateway. Without any: everything in one process.
    Several processes need PostgreSQL (DOITHOAI_DATABASE) and RabbitMQ (DOITHOAI_BROKER).

    \b
    Ví dụ / Examples:
      doithoai up
      doithoai up --port 9000
      doithoai up --processes
      doithoai up intake-worker
    """
    if fault := misused(parts, processes=processes):
        raise click.UsageError(fault)
    options = [*parts]
    if port is not None:
        options += ["--port", str(port)]
    if processes:
        options.append("--processes")
    if is_json:
        options.append("--json")
    # A worker must be patched before anything is imported, and click already has been.
    os.execv(sys.executable, [sys.executable, "-m", "deploy.up", *options])  # noqa: S606
