"""`doithoai regulation explain` and `compare`: rules held against what the logs tell."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deploy.cli.audit_source import archives, province_files
from deploy.cli.output import as_json, province, show_json, show_table
from deploy.environment import settings_told
from shared.texts.formats import ngay, so

if TYPE_CHECKING:
    from deploy.audit.archive import Archive
    from deploy.regulations.comparison import Compared, Handled
    from shared.kernel.periods import Period
    from shared.provinces import Province

SHOWN_MAX = 50
"""Assignments that are listed for people; --json has them all."""


@click.command()
@click.argument("assignment_id")
@as_json
def explain(assignment_id: str, is_json: bool) -> None:  # noqa: FBT001
    """Thời hạn đã ghi của một việc được giao từ đâu mà có / how a recorded date came about.

    Reads the logs of the deployment, running or stopped: when it was issued, by which
    provision, which events changed the date since, and how it is counted day by day with
    the files in use now.

    \b
    Ví dụ / Examples:
      doithoai regulation explain 9f0c3c1e-6a43-5b0e-9a5d-2f1d7f6f4f11
      doithoai regulation explain 9f0c3c1e-6a43-5b0e-9a5d-2f1d7f6f4f11 --json
    """
    from deploy.regulations.origin import due_date

    with archives([], is_journal=False) as found:
        result, of = due_date(found, assignment_id, dict(province_files()))
    document = result.as_json(of)
    if is_json:
        show_json(document)
        return
    click.echo(f"{assignment_id}: {ngay(result.due_on)}")
    click.echo(f"Căn cứ khi giao / cited at issue: {result.terms.deadline_citation}")
    for change in result.changes:
        click.echo(f"{change.logged.type}: {ngay(change.before)} → {ngay(change.after)}")
    if result.recounted is None:
        click.echo("Ngày do kết luận ấn định / the date was promised by the conclusion.")
        return
    if not document["follows"]:
        click.echo(
            "Quy định hoặc lịch nay đã khác; ngày đã ghi giữ nguyên / rules or calendar differ "
            "now; what was recorded stands."
        )
    for language in ("vi", "en"):
        click.echo("\n".join(document["recounted"]["explanation"][language]) + "\n")


@click.command()
@province
@click.option(
    "--with",
    "file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tệp tỉnh có quy chế khác / a province file with the other regulation.",
)
@click.option(
    "--period",
    required=True,
    metavar="YEAR | FROM:TO",
    help="Năm báo cáo (2021), hoặc 2021-01-01:2021-06-30; theo ngày giao.",
)
@as_json
def compare(province: str, file: Path, period: str, is_json: bool) -> None:  # noqa: FBT001
    """Nếu theo quy chế khác thì cơ quan nào trễ, cơ quan nào đúng hạn / what if.

    Replays the assignments issued in a period, from the logs of the deployment, running or
    stopped, under the regulation and days off of another province file: per agency how many
    were late and would have been, and which. A date that a conclusion promised stays. An
    open assignment is looked at on the day of the log's last event. Nothing is changed.

    \b
    Ví dụ / Examples:
      doithoai regulation compare --province ha-noi --with /tmp/ha-noi.toml --period 2021
      doithoai regulation compare --province ha-noi --with /tmp/ha-noi.toml \\
        --period 2021-01-01:2021-06-30 --json
    """
    from deploy.regulations.comparison import by_agency, compare
    from shared.provinces import load_province, province_of

    other = load_province(file)
    span = _period(period, province_of(province_files(), province))
    with archives([province], is_journal=False) as found:
        assignments, on = _read(found)
    compared = compare(assignments, span, other, on)
    figures = by_agency(compared)
    changed = [each for each in compared if each.was_late is not each.would_be_late]
    if is_json:
        show_json(
            {
                "province": province,
                "period": {"from": span.valid_from.isoformat(), "to": _last(span).isoformat()},
                "as_of": on.isoformat(),
                "with": f"{other.file}@{other.sha256}",
                "agencies": [_fields(each) for each in figures],
                "assignments": [each.as_json() for each in compared],
            }
        )
        return
    show_table(
        f"{other.name}, {ngay(span.valid_from)}–{ngay(_last(span))}",
        ["Cơ quan", "Việc được giao", "Trễ", "Sẽ trễ", "Thêm trễ", "Hết trễ"],
        [
            [
                each.agency,
                *(so(number) for number in (each.assignments, each.late_before, each.late_after)),
                so(each.newly_late),
                so(each.newly_on_time),
            ]
            for each in figures
        ],
    )
    _list(changed)


def _list(changed: "list[Compared]") -> None:
    for each in changed[:SHOWN_MAX]:
        said = "trễ / late" if each.would_be_late else "đúng hạn / on time"
        click.echo(
            f"{each.handled.assignment_id}  {each.handled.agency}  "
            f"{ngay(each.handled.due_on)} → {ngay(each.due_on)}: {said}"
        )
    if len(changed) > SHOWN_MAX:
        click.echo(f"Còn {so(len(changed) - SHOWN_MAX)} việc nữa, xem --json / more, see --json.")


def _read(found: "list[Archive]") -> "tuple[list[Handled], date]":
    """Return the assignments of the logs, and the day of the last event about one."""
    from deploy.audit.archive import service_of
    from deploy.audit.logged import Logged, read
    from deploy.regulations.comparison import handled
    from shared.contracts.intake import OpinionReferred
    from shared.kernel.clock import civil_date

    logged = {
        service_of(archive): [
            each for each in read(archive, archive.size()) if isinstance(each, Logged)
        ]
        for archive in found
        if service_of(archive) in {"intake", "assignment"}
    }
    kinds = {
        each.event.opinion_id: each.event.opinion_kind
        for each in logged.get("intake", ())
        if isinstance(each.event, OpinionReferred)
    }
    mine = logged.get("assignment", [])
    on = mine[-1].occurred_on if mine else civil_date(settings_told().clock())
    return handled((each.event for each in mine), kinds), on


def _period(text: str, of: "Province") -> "Period":
    from shared.kernel.periods import Period

    if text.isdecimal() and len(text) == 4:  # noqa: PLR2004 - digits of a year
        return _year(int(text), of)
    first, _, last = text.partition(":")
    try:
        period = Period(
            valid_from=datetime.strptime(first, "%Y-%m-%d").date(),  # noqa: DTZ007 - a civil date
            valid_to=datetime.strptime(last, "%Y-%m-%d").date(),  # noqa: DTZ007
        )
    except ValueError:
        raise click.BadParameter("2021 | 2021-01-01:2021-12-31", param_hint="--period") from None
    if _last(period) < period.valid_from:
        raise click.BadParameter("2021-01-01:2021-12-31", param_hint="--period")
    return period


def _year(year: int, of: "Province") -> "Period":
    """Return the reporting year, which the regulation may begin in the year before."""
    from datetime import timedelta

    from shared.kernel.periods import Period

    rule = of.regulation.rule("reporting_periods", date(year, 1, 1)).as_reporting_periods()
    before = rule.start_month > 1
    first = date(year - before, rule.start_month, rule.start_day)
    after = date(year + 1 - before, rule.start_month, rule.start_day)
    return Period(valid_from=first, valid_to=after - timedelta(days=1))


def _last(period: "Period") -> date:
    return period.valid_to or date.max


def _fields(figures: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(figures)
