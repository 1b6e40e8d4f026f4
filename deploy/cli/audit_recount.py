"""`doithoai audit recount`: whether what every event claims follows from those before it."""

from typing import TYPE_CHECKING

import click

from deploy.cli.audit_source import archives, conclude, province_files, provinces_asked
from deploy.cli.output import as_json, progress, show_table
from shared.texts.formats import so

if TYPE_CHECKING:
    from deploy.audit.recount import Recounted


@click.command()
@provinces_asked
@as_json
def recount(provinces: tuple[str, ...], is_json: bool) -> None:  # noqa: FBT001
    """Suy lại mọi sự kiện từ đầu theo quy định của ngày đó / decide every event again.

    Refolds every stream of all four services and decides each event once more, from its
    cause and by the rules of its day: whether it was possible then, due dates, days late,
    outcomes, dimensions, who leads, and reports that were published. Where a claim rests
    on a version of the province's file that is not the one in use, nobody can tell.

    \b
    Ví dụ / Examples:
      doithoai audit recount
      doithoai audit recount --province ha-noi --json
    """
    from deploy.audit.recount import recount as recounted

    with archives(provinces, is_journal=False) as found, progress() as bar:
        files = province_files()
        total = sum(archive.size() for archive in found)
        task = bar.add_task("Suy lại / deciding again", total=2 * total)
        result = recounted(found, files, lambda entries: bar.advance(task, entries))
    if not is_json:
        _show(result)
    conclude(result.verdict, _document(result), result.findings, is_json=is_json)


def _document(result: "Recounted") -> dict[str, object]:
    return {
        "logs": [{"origin": o, "size": size} for o, size in sorted(result.logs.items())],
        "entries": result.entries,
        "findings_in_all": result.findings_in_all,
        "awaited_in_all": result.awaited_in_all,
        "awaited": [
            {
                "service": each.service,
                "subject": each.subject,
                "origin": each.cause.recorded.origin,
                "position": each.cause.recorded.position,
                "event_id": each.cause.recorded.event_id,
                "type": each.cause.type,
            }
            for each in result.awaited
        ],
        "balances": result.balances,
    }


def _show(result: "Recounted") -> None:
    show_table(
        "Đã suy lại / decided again",
        ["Sổ", "Số sự kiện"],
        [[origin, so(size)] for origin, size in sorted(result.logs.items()) if size],
    )
    if result.awaited_in_all:
        click.echo(
            f"{so(result.awaited_in_all)} việc nối tiếp chưa được ghi: hệ thống còn đang xử lý "
            "/ reactions that have not come yet."
        )
