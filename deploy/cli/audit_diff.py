"""`doithoai audit diff`: what two states of a report differ by, down to the events."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from deploy.audit.verdict import verdict_of
from deploy.cli.audit_question import asked, broken_down, names, period
from deploy.cli.audit_source import (
    archives,
    conclude,
    from_journal,
    province_files,
    provinces_asked,
)
from deploy.cli.output import as_json
from shared.kernel.errors import BadInput
from shared.texts.formats import so

if TYPE_CHECKING:
    from deploy.audit.archive import Archive
    from deploy.audit.difference import Change, Difference
    from deploy.audit.point import Sizes
    from deploy.audit.published import Published
    from services.reporting.names import Names
    from services.reporting.questions import Question

PARTS_SHOWN_MAX = 20
"""Events of one cell that are printed for people; --json has them all."""


@click.command()
@click.argument("first")
@click.argument("second")
@click.option(
    "--statistic", default="sessions", show_default=True, help="Biểu thống kê / which statistic."
)
@provinces_asked
@period
@broken_down
@from_journal
@as_json
def diff(  # noqa: PLR0917 - options of one command
    first: str,
    second: str,
    statistic: str,
    provinces: tuple[str, ...],
    period: tuple[datetime, datetime] | None,
    by: str,
    is_journal: bool,  # noqa: FBT001
    is_json: bool,  # noqa: FBT001
) -> None:
    """Hai thời điểm của một báo cáo khác nhau ở đâu, do sự kiện nào / what differs, and why.

    FIRST and SECOND are days, positions (ORIGIN=POSITION,ORIGIN=POSITION), or ids of
    published reports, which are computed again and compared with their digests. Every cell
    that differs is shown with the events that make the difference; they add up exactly, or
    the verdict is that it is disproven.

    \b
    Ví dụ / Examples:
      doithoai audit diff 2019-06-30 2019-12-31 --period 2017-01-01 2021-12-31
      doithoai audit diff 31/12/2020 31/12/2021 --period 2017-01-01 2021-12-31 --by unit --json
    """
    from deploy.audit.difference import difference
    from deploy.audit.figures import counted_archives

    files = province_files()
    with archives(provinces, is_journal=is_journal) as found:
        states = [_state(found, text) for text in (first, second)]
        question = _question(states)
        if question is None:
            if period is None:
                raise BadInput("audit.period_missing")
            question = asked(statistic, counted_archives(found), period, by)
        result = difference(found, question, (states[0].sizes, states[1].sizes), files)
    findings = list(result.findings())
    for state, report in zip(states, (result.before, result.after), strict=True):
        if state.published is not None:
            findings += state.published.against(report)
    if not is_json:
        _show(result, names(files))
    conclude(verdict_of(findings), _document(result), findings, is_json=is_json)


@dataclass(frozen=True, slots=True)
class _State:
    """A state that was asked for, and the report that it is of, if one was named."""

    sizes: "Sizes"
    published: "Published | None" = None


def _state(found: "Sequence[Archive]", text: str) -> _State:
    from deploy.audit.point import sizes_to
    from deploy.audit.published import published

    try:
        report_id = str(UUID(text))
    except ValueError:
        return _State(sizes_to(found, text.split(",")))
    report = published(found, report_id)
    return _State(report.sizes, report)


def _question(states: "Sequence[_State]") -> "Question | None":
    """Return what the published reports among `states` were asked; None without any."""
    questions = [state.published.question for state in states if state.published is not None]
    if any(question != questions[0] for question in questions):
        raise BadInput("audit.not_comparable")
    return questions[0] if questions else None


def _document(result: "Difference") -> dict[str, Any]:
    return {
        "first": {"logs": result.before.document["logs"], "sha256": result.before.sha256},
        "second": {"logs": result.after.document["logs"], "sha256": result.after.sha256},
        "changes": [
            {
                "basis": change.basis,
                "row": dict(change.row),
                "measure": change.measure,
                "first": change.before,
                "second": change.after,
                "sum": change.sum,
                "events": [asdict(part) for part in change.parts],
            }
            for change in result.changes
        ],
    }


def _show(result: "Difference", called: "Names") -> None:
    if not result.changes:
        click.echo("Không có ô nào khác nhau / no cell differs.")
    for change in result.changes:
        click.echo("\n".join(_lines(change, called)))


def _lines(change: "Change", called: "Names") -> Iterator[str]:
    place = ", ".join(_words(change, called)) or called.heading("total")
    basis = called.catalogue.text(f"words.basis.{change.basis}")
    delta = (change.after or 0) - (change.before or 0)
    yield (
        f"{place} · {called.heading(change.measure)} ({basis}): "
        f"{so(change.before)} → {so(change.after)} ({delta:+d})"
    )
    for part in change.parts[:PARTS_SHOWN_MAX]:
        yield f"  {part.amount:+d}  {part.type}  {part.origin} [{part.position}]  {part.event_id}"
    if len(change.parts) > PARTS_SHOWN_MAX:
        left = len(change.parts) - PARTS_SHOWN_MAX
        yield f"  … và {left} sự kiện nữa, xem với --json / and {left} more, see --json"


def _words(change: "Change", called: "Names") -> Iterator[str]:
    """Yield what the row is about; what a declared row of its own doesn't state is left out."""
    values = {name: value for name, value in change.row.items() if name != "scope"}
    for name, value in values.items():
        if value is not None or change.about is None:
            yield called.value(name, None if value is None else str(value))
    if change.about is not None:
        yield called.scope({**change.row, "declared": change.about})
