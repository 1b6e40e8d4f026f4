"""What a report is asked, as options of the auditor's commands, and how it is shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from deploy.cli.report import DAY
from deploy.ending import catalogue

if TYPE_CHECKING:
    from deploy.audit.archive import Archive
    from services.reporting.names import Names
    from services.reporting.questions import Question
    from shared.provinces import Province

period = click.option(
    "--period",
    nargs=2,
    type=DAY,
    metavar="FROM TO",
    help="Kỳ: ngày đầu và ngày cuối / first and last day.",
)
broken_down = click.option(
    "--by",
    default="level,session_kind",
    show_default=True,
    help="Chia theo / broken down by: province,unit,level,session_kind.",
)


def asked(
    statistic: str,
    archives: "Sequence[Archive]",
    days: tuple[datetime, datetime],
    by: str,
) -> "Question":
    """Return the question about all provinces of `archives`.

    Raises:
        NotFound: `statistic.unknown`.
        BadInput: as `services.reporting.questions.question`.

    """
    from deploy.audit.archive import province_of
    from services.reporting.questions import question
    from services.reporting.statistics import statistic_called

    first, last = days
    return question(
        statistic_called(statistic),
        provinces=[province_of(archive) for archive in archives],
        period_from=first.date(),
        period_to=last.date(),
        by=[name.strip() for name in by.split(",") if name.strip()],
    )


def names(provinces: "Mapping[str, Province]") -> "Names":
    """Return what the values of a report are called."""
    from services.reporting.names import Names

    return Names(catalogue(), provinces)


def table(document: Mapping[str, Any], question: "Question", called: "Names") -> str:
    """Return a report for people."""
    from services.reporting.text_table import as_table

    return as_table(document, called, question.statistic.shares)
