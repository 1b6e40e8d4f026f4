"""Where the regulation was not kept: duties missed, conclusions and results late or absent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.sessions.tables import conclusion, obligation, session
from services.sessions.watching import HELD
from shared.provinces import Province

BREACHES_MAX = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One thing that was not done, or not in time, with its evidence."""

    kind: str
    """`obligation_missed`, `conclusion_late`, `conclusion_absent`, `results_late`, …"""
    unit: str
    due_on: date
    citation: str
    done_on: date | None
    days_late: int
    """Calendar days; until today where it is still to be done."""
    session_ids: tuple[str, ...]
    obligation_id: str | None = None

    def shown(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "kind": self.kind,
            "unit": self.unit,
            "due_on": self.due_on.isoformat(),
            "citation": self.citation,
            "done_on": self.done_on and self.done_on.isoformat(),
            "days_late": self.days_late,
            "session_ids": list(self.session_ids),
            "obligation_id": self.obligation_id,
        }


def found(
    connection: sa.Connection,
    province: Province,
    *,
    from_on: date,
    to_on: date,
    today: date,
    unit: str | None = None,
) -> list[Breach]:
    """Return the breaches of periods that end, and sessions held, from day to day inclusive."""
    breaches = [
        *_missed(connection, province, from_on, to_on, unit, today),
        *_of_sessions(connection, province, from_on, to_on, unit, today),
    ]
    return sorted(breaches, key=lambda each: (each.due_on, each.unit, each.kind))[:BREACHES_MAX]


def _missed(  # noqa: PLR0917 - what `found` was asked
    connection: sa.Connection,
    province: Province,
    from_on: date,
    to_on: date,
    unit: str | None,
    today: date,
) -> Iterator[Breach]:
    columns = obligation.c
    query = sa.select(obligation).where(
        columns.province == province.slug,
        columns.was_missed,
        columns.period_to.between(from_on, to_on),
    )
    if unit is not None:
        query = query.where(columns.unit == unit)
    query = query.order_by(columns.period_to, columns.obligation_id)
    for row in connection.execute(query.limit(BREACHES_MAX)).mappings():
        yield Breach(
            kind="obligation_missed",
            unit=row["unit"],
            due_on=row["period_to"],
            citation=row["citation"],
            done_on=row["met_on"],
            days_late=((row["met_on"] or today) - row["period_to"]).days,
            session_ids=tuple(row["session_ids"].split()),
            obligation_id=row["obligation_id"],
        )


def _of_sessions(  # noqa: PLR0917 - what `found` was asked
    connection: sa.Connection,
    province: Province,
    from_on: date,
    to_on: date,
    unit: str | None,
    today: date,
) -> Iterator[Breach]:
    columns = session.c
    query = (
        sa.select(session, conclusion.c.issued_on)
        .join_from(session, conclusion, conclusion.c.session_id == columns.session_id, isouter=True)
        .where(
            columns.province == province.slug,
            columns.calendar_on.between(from_on, to_on),
            columns.state.in_(HELD),
        )
    )
    if unit is not None:
        query = query.where(columns.unit == unit)
    query = query.order_by(columns.calendar_on, columns.session_id)
    for row in connection.execute(query.limit(BREACHES_MAX)).mappings():
        yield from _late(province, row, "conclusion", row["issued_on"], today)
        if row["issued_on"] is not None:
            yield from _late(province, row, "results", row["published_on"], today)


_RULES = {"conclusion": "conclusion_due", "results": "result_publication_due"}


def _late(
    province: Province, row: sa.RowMapping, what: str, done_on: date | None, today: date
) -> Iterator[Breach]:
    due = province.due(_RULES[what], row["held_on"])
    late = ((done_on or today) - due.due_on).days
    if late > 0:
        yield Breach(
            kind=f"{what}_late" if done_on else f"{what}_absent",
            unit=row["unit"],
            due_on=due.due_on,
            citation=due.citation,
            done_on=done_on,
            days_late=late,
            session_ids=(row["session_id"],),
        )
