"""`doithoai audit replay`: figures and states as they were at some point."""

from datetime import datetime
from typing import Any

import click

from deploy.audit.verdict import Verdict
from deploy.cli.audit_question import asked, broken_down, names, period, table
from deploy.cli.audit_source import (
    archives,
    conclude,
    from_journal,
    province_files,
    provinces_asked,
)
from deploy.cli.output import as_json, show_table
from shared.texts.formats import so


@click.command()
@click.argument("statistic", default="sessions")
@click.option(
    "--to",
    "points",
    multiple=True,
    required=True,
    metavar="POINT",
    help="Đến hết ngày, hoặc đến hết vị trí SỔ=VỊ TRÍ (lặp lại được) "
    "/ a day, or ORIGIN=POSITION, both inclusive.",
)
@click.option("--log", "origin", metavar="ORIGIN", help="Sổ của vị trí chỉ ghi số / whose POINT.")
@provinces_asked
@period
@broken_down
@click.option(
    "--subject",
    metavar="ID",
    help="Ý kiến, phiên hoặc việc được giao: mã hoặc số biên nhận / an id or receipt number.",
)
@from_journal
@as_json
def replay(  # noqa: PLR0913, PLR0917 - options of one command
    statistic: str,
    points: tuple[str, ...],
    origin: str | None,
    provinces: tuple[str, ...],
    period: tuple[datetime, datetime] | None,
    by: str,
    subject: str | None,
    is_journal: bool,  # noqa: FBT001
    is_json: bool,  # noqa: FBT001
) -> None:
    """Số liệu, trạng thái như đã được biết lúc đó / figures and states as they were.

    Takes of every log what was recorded up to a civil day, or up to positions, and counts
    it with the statistic. A log that is not named is cut at the day, or at the instant of
    the last position named. With --subject it also tells what one opinion, session or
    assignment was then; without --period, only that.

    \b
    Ví dụ / Examples:
      doithoai audit replay --to 2019-06-30 --period 2017-01-01 2021-12-31
      doithoai audit replay fields --to 30/06/2019 --period 2019-01-01 2019-12-31 --by field
      doithoai audit replay --to 4999 --log doithoai.local/ha-noi/intake --subject 7K2M-Q0RX-4TVA
    """
    if period is None and subject is None:
        raise click.UsageError("--period, --subject: cần ít nhất một / at least one of them")
    from deploy.audit.figures import counted_archives, report_over
    from deploy.audit.point import sizes_to
    from deploy.audit.subject import find_subject, state_at

    files = province_files()
    with archives(provinces, is_journal=is_journal) as found:
        sizes = sizes_to(found, [_whole(point, origin) for point in points])
        document: dict[str, Any] = {
            "logs": [{"origin": name, "size": size} for name, size in sorted(sizes.items())]
        }
        text = ""
        if period is not None:
            counted = counted_archives(found)
            question = asked(statistic, counted, period, by)
            mine = {archive.origin: sizes[archive.origin] for archive in counted}
            report = report_over(counted, mine, question, files)
            document |= {"report": report.document, "report_sha256": report.sha256}
            text = table(report.document, question, names(files))
        if subject is not None:
            document["subject"] = state_at(found, find_subject(found, subject), sizes)
    if not is_json:
        rows = [[each["origin"], so(each["size"])] for each in document["logs"] if each["size"]]
        show_table("Tính đến / counted", ["Sổ", "Số sự kiện"], rows)
        click.echo(text, nl=False)
        if subject is not None:
            _show(document["subject"])
    conclude(Verdict.PROVEN, document, [], is_json=is_json, told="recomputed")


def _whole(point: str, origin: str | None) -> str:
    return f"{origin}={point}" if origin is not None and point.isdecimal() else point


def _show(state: dict[str, Any]) -> None:
    from deploy.ending import catalogue
    from shared.kernel.errors import RegulationError

    try:
        word = catalogue().word(f"{state['kind']}_state", state["state"])
    except RegulationError:  # not there yet
        word = state["state"]
    click.echo(f"{state['kind']} {state['id']}: {word} ({state['state']}, v{state['version']})")
    for name, value in _lines("", state["known"]):
        click.echo(f"  {name}: {value}")


def _lines(above: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [line for name, inner in value.items() for line in _lines(f"{above}.{name}", inner)]
    if isinstance(value, list):
        value = ", ".join(str(each) for each in value if not isinstance(each, dict)) or len(value)
    return [(above.removeprefix("."), str(value))]
