"""`doithoai audit bundle`, `check-bundle`: a published figure with all that proves it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from deploy.cli.audit_source import conclude
from deploy.cli.output import as_json, progress, show_json, show_table
from deploy.environment import settings_told
from shared.texts.formats import so

if TYPE_CHECKING:
    from deploy.audit.bundle.checking import Checked
    from shared.eventlog.note_key import KeyKind, VerifierKey

KEYS_MAX = 1_000


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
    "--key",
    "keys",
    multiple=True,
    metavar="VKEY|FILE",
    help="Khóa của sổ, lấy từ cơ quan chủ quản, hoặc tệp mỗi dòng một khóa; lặp lại được "
    "/ a log's key, or a file of keys.",
)
@click.option(
    "--witness",
    "witnesses",
    multiple=True,
    metavar="VKEY|FILE",
    help="Bên chứng kiến phải ký mọi điểm chốt / a witness that must have signed.",
)
@as_json
def check_bundle(
    *, file: Path, keys: tuple[str, ...], witnesses: tuple[str, ...], is_json: bool
) -> None:
    """Kiểm tra một gói chứng cứ: chữ ký, bằng chứng, tính lại đến từng byte / check it.

    Every entry, root and signature, the announcement, all digests; then the report is
    computed again and must be the same to the last byte. Without a key for each log nobody
    can tell, and the logs are named. Needs no deployment.

    \b
    Ví dụ / Examples:
      doithoai audit check-bundle bao-cao.zip --key khoa.txt
      doithoai audit check-bundle bao-cao.zip --key khoa.txt --json
    """
    from deploy.audit.bundle.checking import Trust, check
    from deploy.audit.verdict import verdict_of
    from shared.eventlog.note_key import KeyKind

    trust = Trust(keys=_keys(keys, KeyKind.LOG), witnesses=_keys(witnesses, KeyKind.WITNESS))
    with progress() as bar:
        task = bar.add_task("Kiểm tra / checking", total=None)
        checked = check(file, trust, lambda n: bar.advance(task, n))
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


def _keys(given: tuple[str, ...], kind: "KeyKind") -> "list[VerifierKey]":
    """Return the keys that are named, or that lie in the files that are.

    Raises:
        ContractError: `eventlog.key_malformed`, also for a key of another kind.
        BadInput: `audit.keys_unreadable`.

    """
    from shared.eventlog.note import NOTE_MAX_BYTES
    from shared.eventlog.note_key import VerifierKey
    from shared.kernel.errors import BadInput, ContractError

    texts: list[str] = []
    for each in given:
        if "+" in each:
            texts.append(each)
            continue
        try:
            with Path(each).open("rb") as file:
                texts += file.read(NOTE_MAX_BYTES).decode().splitlines()
        except (OSError, ValueError):
            raise BadInput("audit.keys_unreadable", file=Path(each).name) from None
    found = [VerifierKey.parse(text.strip()) for text in texts[:KEYS_MAX] if text.strip()]
    if any(key.kind is not kind for key in found):
        raise ContractError("eventlog.key_malformed")
    return found


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
