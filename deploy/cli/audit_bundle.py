"""`doithoai audit bundle`, `check-bundle`: a published figure with all that proves it."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from deploy.cli.audit_source import conclude
from deploy.cli.audit_trust import (
    FILE_MAX_BYTES,
    contents,
    keys_asked,
    trusted,
    witnesses_asked,
)
from deploy.cli.output import as_json, progress, show_json, show_table
from deploy.environment import settings_told
from shared.texts.formats import so

if TYPE_CHECKING:
    from deploy.audit.bundle.checking import Checked


@click.command()
@click.argument("report_id", metavar="REPORT")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Tệp zip; mặc định: REPORT.zip / the zip; REPORT.zip without it.",
)
@as_json
def bundle(report_id: str, out: Path | None, is_json: bool) -> None:  # noqa: FBT001
    """Đóng gói một báo cáo đã công bố cùng mọi chứng cứ / a report with all that proves it.

    One zip: the report, its SQL, the province file that it uses, every counted log from the
    first entry on under a signed checkpoint, the proof that it was announced, and a
    verifier that needs nothing of this system. REPORT is the id of a published report.
    The same report and checkpoints give the same bytes.

    \b
    Ví dụ / Examples:
      doithoai audit bundle 5bb1a3c0-5b0f-5f5e-9c58-3a1de8a5f2aa
      doithoai audit bundle 5bb1a3c0-5b0f-5f5e-9c58-3a1de8a5f2aa --out bao-cao.zip
    """
    from deploy.audit.archive import DatabaseArchive
    from deploy.audit.bundle.building import build
    from deploy.audit.deployment import owners

    settings = settings_told()
    path = out or Path(f"{report_id}.zip")
    with owners(settings) as found, _whole(path) as file, progress() as bar:
        archives = [each for each in found if isinstance(each, DatabaseArchive)]
        task = bar.add_task("Đóng gói / bundling", total=None)
        announced = build(
            archives, report_id, settings.provinces, file, lambda n: bar.advance(task, n)
        )
    event = announced.event
    if is_json:
        logs = [{"origin": log.origin, "size": log.size} for log in event.logs]
        show_json({"report": event.report_id, "file": str(path), "logs": logs})
        return
    show_table(
        f"{path}: {event.statistic} {event.period_from} – {event.period_to}",
        ["Sổ", "Số mục"],
        [[log.origin, so(log.size)] for log in event.logs],
    )


@click.command("check-bundle")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--statistic",
    "statistics",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Tệp SQL của số liệu mà mình đã đọc và tin / a definition that you read and trust.",
)
@keys_asked(required=False)
@witnesses_asked
@as_json
def check_bundle(
    *,
    file: Path,
    statistics: tuple[Path, ...],
    keys: tuple[str, ...],
    witnesses: tuple[str, ...],
    witnesses_min: int | None,
    is_json: bool,
) -> None:
    """Kiểm tra một gói chứng cứ: chữ ký, bằng chứng, tính lại đến từng byte / check it.

    Every entry, root and signature, the announcement, all digests; then the report is
    computed again and must be the same to the last byte. Without a key for each log nobody
    can tell, and the logs are named; nor where its SQL is neither that of this release nor
    one that you name. Needs no deployment.

    \b
    Ví dụ / Examples:
      doithoai audit check-bundle bao-cao.zip --key khoa.txt
      doithoai audit check-bundle bao-cao.zip --key khoa.txt --json
    """
    from deploy.audit.bundle.checking import check
    from deploy.audit.verdict import verdict_of

    trust = trusted(keys, witnesses, witnesses_min)
    read = contents(statistics, FILE_MAX_BYTES)
    trusted_sql = {hashlib.sha256(content).hexdigest() for content in read}
    with progress() as bar:
        task = bar.add_task("Kiểm tra / checking", total=None)
        checked = check(file, trust, lambda n: bar.advance(task, n), definitions=trusted_sql)
    if not is_json:
        _show(checked)
    conclude(verdict_of(checked.findings), _document(checked), checked.findings, is_json=is_json)


def _document(checked: "Checked") -> dict[str, object]:
    event, recorded = checked.published.event, checked.published.recorded
    return {
        "report": event.report_id,
        "report_sha256": event.report_sha256,
        "published": {
            "origin": recorded.origin,
            "position": recorded.position,
            "event_id": recorded.event_id,
            "time": recorded.time,
        },
        "logs": [{"origin": log.origin, "size": log.size} for log in event.logs],
        "totals": checked.report["totals"] if checked.report else None,
        "verifier_is_of_this_release": checked.is_our_verifier,
    }


def _show(checked: "Checked") -> None:
    event = checked.published.event
    show_table(
        f"{event.statistic} {event.period_from} – {event.period_to}",
        ["Sổ", "Số mục"],
        [[log.origin, so(log.size)] for log in event.logs],
    )
    if not checked.is_our_verifier:
        click.echo(
            "verify_bundle.py trong gói khác bản của phần mềm này: đừng chạy khi chưa đọc "
            "/ the bundle's verifier is not that of this release: read it first."
        )


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that appears as `path` once the block is through, whole or not at all.

    Raises:
        Unavailable: `audit.bundle_unwritable`.

    """
    from shared.kernel.errors import Unavailable

    draft: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        draft = Path(name)
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            draft.chmod(0o644)
        draft.replace(path)
    except OSError:
        raise Unavailable("audit.bundle_unwritable", file=path.name) from None
    finally:
        if draft is not None:
            with suppress(FileNotFoundError):
                draft.unlink()
