"""Publishing: a report's digest goes into Reporting's own log, to be proved at any time."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.reporting import computing
from services.reporting.computing import Report
from services.reporting.questions import Question, question
from services.reporting.statistics import statistic_called
from services.reporting.tables import published_report
from shared.contracts.reporting import LogSize, ReportPublished
from shared.contracts.vocabulary import ReferenceKind
from shared.eventlog import Recorded, Task, execute
from shared.kernel.decider import Decider
from shared.kernel.errors import BadInput, Conflict, LogTampered, NotFound
from shared.kernel.ids import derived_id
from shared.runtime import Runtime
from shared.web.perform import Step


def publish(command: ReportPublished, before: ReportPublished | None) -> Sequence[ReportPublished]:
    """Return that the report is public, unless it is: its id says everything that it says."""
    return () if before is not None else (command,)


PUBLICATION: Decider[ReportPublished, ReportPublished | None, ReportPublished] = Decider(
    None, publish, lambda _before, event: event
)


def announcement(asked: Question, report: Report) -> ReportPublished:
    """Return the fact that `report`, the answer to `asked`, is public.

    Raises:
        BadInput: `report.publish_one_province`, as each province has its own log.

    """
    if len(asked.provinces) != 1:
        raise BadInput("report.publish_one_province")
    return ReportPublished(
        report_id=derived_id("report", report.sha256),
        statistic=asked.statistic.name,
        statistic_sha256=asked.statistic.sha256,
        period_from=asked.period_from,
        period_to=asked.period_to,
        by=asked.by,
        logs=tuple(
            LogSize(origin=log["origin"], size=log["size"]) for log in report.document["logs"]
        ),
        report_sha256=report.sha256,
    )


def references(opened: Runtime, asked: Question, report: Report) -> str:
    """Return what `report` rests on: its statistic, and what told what declared rows are about."""
    used = [opened.province(each["province"]) for each in report.document["references"]]
    provinces = (province.references(ReferenceKind.PROVINCE) for province in used)
    return " ".join((str(asked.statistic.file), *provinces))


def record(
    opened: Runtime, province: str, published: ReportPublished, step: Step, references: str
) -> None:
    """Append the fact to the province's log; the same report again appends nothing."""
    task = Task(
        stream=f"report-{published.report_id}",
        command=published,
        command_id=step.command_id,
        actor=step.actor,
        at=step.at,
        references=references,
    )
    execute(opened.ledger.log(province), step.tx, PUBLICATION, [task])


def recompute(opened: Runtime, row: dict[str, Any]) -> Report:
    """Return a published report again, from the journal's prefix that it names.

    Raises:
        Conflict: `report.statistic_changed` when its SQL file is no longer that one.
        LogTampered: `report.differs` when the bytes are not those that were published.

    """
    statistic = statistic_called(row["statistic"])
    if statistic.sha256 != row["statistic_sha256"]:
        raise Conflict("report.statistic_changed", statistic=statistic.name)
    asked = question(
        statistic,
        provinces=[row["province"]],
        period_from=date.fromisoformat(row["from"]),
        period_to=date.fromisoformat(row["to"]),
        by=row["by"],
    )
    sizes = {log["origin"]: log["size"] for log in row["logs"]}
    report = computing.at(opened, asked, sizes)
    if report.sha256 != row["report_sha256"]:
        raise LogTampered("report.differs", report=row["report_id"])
    return report


def apply(connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
    """Keep the list of published reports, in the transaction of the append."""
    rows = [
        {
            "report_id": each.event.report_id,
            "province": each.province,
            "statistic": each.event.statistic,
            "statistic_sha256": each.event.statistic_sha256,
            "period_from": each.event.period_from,
            "period_to": each.event.period_to,
            "by": json.dumps(each.event.by),
            "logs": json.dumps(
                [{"origin": log.origin, "size": log.size} for log in each.event.logs]
            ),
            "report_sha256": each.event.report_sha256,
            "published_at": each.time,
        }
        for each in recorded
        if isinstance(each.event, ReportPublished)
    ]
    if rows:
        connection.execute(published_report.insert(), rows)


def page(connection: sa.Connection, province: str, after: str, limit: int) -> list[dict[str, Any]]:
    """Return up to `limit` published reports of `province`, by id, from the one after `after`."""
    columns = published_report.c
    query = (
        sa.select(published_report)
        .where(columns.province == province, columns.report_id > after)
        .order_by(columns.report_id)
        .limit(limit)
    )
    return [_as_json(row) for row in connection.execute(query)]


def one(
    connection: sa.Connection, report_id: str, *, province: str | None = None
) -> dict[str, Any]:
    """Return one published report, of `province` where one is given.

    Raises:
        NotFound: `report.unknown`.

    """
    query = sa.select(published_report).where(published_report.c.report_id == report_id)
    row = connection.execute(query).one_or_none()
    if row is None or province not in (None, row.province):
        raise NotFound("report.unknown")
    return _as_json(row)


def _as_json(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "report_id": row.report_id,
        "province": row.province,
        "statistic": row.statistic,
        "statistic_sha256": row.statistic_sha256,
        "from": row.period_from.isoformat(),
        "to": row.period_to.isoformat(),
        "by": json.loads(row.by),
        "logs": json.loads(row.logs),
        "report_sha256": row.report_sha256,
        "published_at": row.published_at,
    }
