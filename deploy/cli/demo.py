"""`doithoai demo`: the history of Ba Đình through all four services, and its figures."""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from deploy.cli.output import as_json, progress, show_json, show_table
from deploy.ending import ANSWER_IS_BAD
from deploy.environment import settings_told
from shared.kernel.errors import Unavailable

SEED = 2017


@click.command()
@click.option("--database", metavar="URL", help="PostgreSQL thay cho SQLite / instead of SQLite.")
@click.option("--broker", metavar="URL", help="RabbitMQ thay cho bộ nhớ / instead of memory.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Giữ dữ liệu ở thư mục này / keep the data here; it must be empty.",
)
@click.option("--seed", default=SEED, show_default=True, help="Lịch sử khác, cùng tổng số.")
@as_json
def demo(
    database: str | None,
    broker: str | None,
    data: Path | None,
    seed: int,
    is_json: bool,  # noqa: FBT001
) -> None:
    """Ba Đình 2017-2021: chạy qua bốn dịch vụ rồi đối chiếu với số đã công bố.

    Plays a seeded, invented history of a real district through workbooks and API calls,
    counts it from the events, and compares with the published figures; at the end its logs
    are verified, and a figure is proven from its evidence bundle. Exit status 1 when any
    figure differs or isn't proven. With --database and --broker each service has its own process.

    \b
    Ví dụ / Examples:
      doithoai demo
      doithoai demo --data var/demo
      doithoai demo --database postgresql://postgres@127.0.0.1/doithoai_demo \
        --broker amqp://guest:guest@127.0.0.1:5672//
    """
    from deploy.demo.performance import perform

    started = time.monotonic()
    with _folder(data) as folder:
        environment = {
            "DOITHOAI_DATA": str(folder),
            "DOITHOAI_CLOCK": str(folder / "clock"),
            "DOITHOAI_URL": "http://127.0.0.1:8460",
        }
        if database:
            environment["DOITHOAI_DATABASE"] = database
        if broker:
            environment["DOITHOAI_BROKER"] = broker
        settings = settings_told(environment)
        with progress() as bar:
            result = perform(settings, folder / "clock", environment, seed=seed, bar=bar)
    result["seconds"] = round(time.monotonic() - started, 1)
    if is_json:
        show_json(result)
    else:
        _show(result)
    evidence = result["evidence"]
    is_good = result["equal"] and evidence["logs_verified"] and evidence["figure_proven"]
    sys.exit(0 if is_good else ANSWER_IS_BAD)


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        if given.exists() and any(given.iterdir()):
            raise click.BadParameter(f"{given} không trống / not empty", param_hint="--data")
        given.mkdir(parents=True, exist_ok=True)
        yield given.absolute()
        return
    made = Path(tempfile.mkdtemp(prefix="doithoai-demo-"))
    try:
        yield made
    except Unavailable:  # its log tells why
        click.echo(f"Dữ liệu được giữ ở / the data is kept in: {made}", err=True)
        raise
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    shutil.rmtree(made, ignore_errors=True)


def _show(result: dict[str, Any]) -> None:
    from deploy.demo.comparison import ComparedRow, table

    rows = [ComparedRow(**row) for row in result["rows"]]
    show_table(
        "Quận Ba Đình 2017-2021: công bố | tính được (published | computed)",
        ["", "Số phiên", "Lượt đại biểu", "Ý kiến", "Được trả lời", "Tỷ lệ", "Đối chiếu"],
        list(table(rows)),
    )
    click.echo("«—»: không nêu, khác với số 0 / not stated, which is not zero.")
    show_table(
        "Sổ sự kiện / logs",
        ["Sổ", "Số sự kiện"],
        [[log["origin"], log["size"]] for log in result["logs"]],
    )
    replay = result["replay"]
    click.echo(
        f"Đếm lại từ sự kiện đầu tiên ({replay['entries']} sự kiện): "
        + ("cho đúng các số trên / the same." if replay["equal"] else "KHÁC / DIFFERENT.")
    )
    click.echo(
        f"{result['rows_rejected']} dòng sai trong bảng tính đã bị từ chối và nêu rõ lý do "
        "/ faulty rows named and refused."
    )
    _show_evidence(result["evidence"])
    click.echo(f"Hết {result['seconds']} giây / seconds. {_verdict(result)}")
    click.echo("Xem tiếp / next: make up, README.md")


def _show_evidence(evidence: dict[str, Any]) -> None:
    are_true = "đúng như đã ký / are as they were signed"
    are_false = "KHÔNG đúng như đã ký / are NOT as they were signed"
    said = are_true if evidence["logs_verified"] else are_false
    click.echo(f"{len(evidence['logs'])} sổ / logs {said}.")
    click.echo(
        "Một báo cáo, chứng minh từ gói của nó / a report, proven by verify_bundle.py alone:"
    )
    for line in evidence["said"]:
        click.echo(f"  {line}")


def _verdict(result: dict[str, Any]) -> str:
    if result["equal"]:
        return "Mọi con số tính được đều bằng số đã công bố / every figure is equal."
    return "CÓ CON SỐ KHÁC với số đã công bố / some figure DIFFERS."
