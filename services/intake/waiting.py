"""What waits, until when, and who lets it wait: told from the table and the rules."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.intake import limits, read_model
from services.intake.tables import opinion
from shared.kernel.errors import BadInput
from shared.provinces import Province

IN_SCREENING = ("received", "clarifying")
GROUPS_MAX = 5_000
"""Pairs of organisation and day that are looked at: the oldest days first."""


def queue(
    connection: sa.Connection, province: Province, *, after: str, limit: int
) -> dict[str, Any]:
    """Return a page of opinions in screening, those received first at its head.

    Raises:
        BadInput: `opinion.bad_cursor`.

    """
    order = (opinion.c.received_on, opinion.c.opinion_id)
    query = sa.select(opinion).where(
        opinion.c.province == province.slug, opinion.c.state.in_(IN_SCREENING)
    )
    if after:
        query = query.where(sa.tuple_(*order) > sa.tuple_(*_cursor(after)))
    rows = connection.execute(query.order_by(*order).limit(limit)).mappings().all()
    last = rows[-1] if len(rows) == limit else None
    return {
        "opinions": [{**read_model.as_json(row), **deadline(row, province)} for row in rows],
        "next": None if last is None else f"{last['received_on']}~{last['opinion_id']}",
    }


def deadline(row: sa.RowMapping, province: Province) -> dict[str, Any]:
    """Return until when an opinion is to be screened, and why.

    The limit runs from the reception; working days that passed while the reporter was
    asked back are added. While a question is open the clock stands still.
    """
    due = province.due(limits.SCREENING, row["received_on"])
    paused = row["paused_working_days"]
    due_on = province.calendar.add_working_days(due.due_on, paused) if paused else due.due_on
    return {
        "screening_due_on": due_on.isoformat(),
        "screening_explanation": {
            "counted_from_on": due.counted_from_on.isoformat(),
            "working_days": due.working_days,
            "calendar_days": due.calendar_days,
            "paused_working_days": paused,
            "is_paused": row["state"] == "clarifying",
            "citation": due.citation,
            "is_law": due.is_law,
        },
    }


def late(connection: sa.Connection, province: Province, today: date) -> list[dict[str, Any]]:
    """Return, by step and organisation, how many opinions wait beyond their limit.

    Whoever says nothing is named here: the organisation that reported has to acknowledge,
    screening has to end.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for step, rule, waits in _steps():
        for organisation, received_on, count in _groups(connection, province.slug, waits):
            due_on = limits.limit(province, rule, received_on).due_on
            if due_on >= today:
                continue
            first = {
                "step": step,
                "organisation": organisation,
                "opinions": 0,
                "due_since": due_on.isoformat(),
            }
            line = found.setdefault((step, organisation), first)
            line["opinions"] += count
            line["due_since"] = min(line["due_since"], due_on.isoformat())
    return [found[key] for key in sorted(found)]


def _steps() -> Iterator[tuple[str, str, sa.ColumnElement[bool]]]:
    is_reported = opinion.c.state != "split"
    yield (
        "acknowledgement",
        limits.ACKNOWLEDGE,
        sa.and_(opinion.c.acknowledged_on.is_(None), is_reported, opinion.c.part_of.is_(None)),
    )
    yield "screening", limits.SCREENING, opinion.c.state == "received"


def _groups(
    connection: sa.Connection, slug: str, waits: sa.ColumnElement[bool]
) -> Iterator[tuple[str, date, int]]:
    query = (
        sa.select(opinion.c.organisation, opinion.c.received_on, sa.func.count())
        .where(opinion.c.province == slug, waits, opinion.c.channel != "session")
        .group_by(opinion.c.organisation, opinion.c.received_on)
        .order_by(opinion.c.received_on, opinion.c.organisation)
        .limit(GROUPS_MAX)
    )
    for organisation, received_on, count in connection.execute(query):
        yield organisation, received_on, int(count)


def _cursor(after: str) -> tuple[date, str]:
    day, _, opinion_id = after.partition("~")
    try:
        return date.fromisoformat(day), opinion_id
    except ValueError:
        raise BadInput("opinion.bad_cursor") from None
