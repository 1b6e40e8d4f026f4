"""A year's duties to hold sessions, beside what is planned, scheduled and held."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from services.sessions.duties import Duty, duties
from services.sessions.tables import obligation, session
from services.sessions.watching import HELD
from shared.contracts.vocabulary import SessionKind
from shared.provinces import Province

DUTIES_MAX = 5_000


def year_plan(
    connection: sa.Connection, province: Province, year: int, *, unit: str | None
) -> list[dict[str, Any]]:
    """Return each duty whose period ends in `year`, with its sessions and where it stands."""
    said = _said(connection, province, year)
    sessions = _sessions(connection, province, year, unit)
    owed = [each for each in duties(province, year) if unit in (None, each.unit)]
    return [_shown(duty, said, sessions) for duty in owed[:DUTIES_MAX]]


def _shown(duty: Duty, said: dict[str, str], sessions: list[sa.RowMapping]) -> dict[str, Any]:
    mine = [
        row
        for row in sessions
        if row["unit"] == duty.unit
        and duty.period_from <= row["calendar_on"] <= duty.period_to
        and duty.head in (None, row["chair"])
    ]
    held = [row for row in mine if row["state"] in HELD]
    return {
        "obligation_id": duty.obligation_id,
        "unit": duty.unit,
        "head": duty.head,
        "period_from": duty.period_from.isoformat(),
        "period_to": duty.period_to.isoformat(),
        "required": duty.required,
        "citation": duty.citation,
        "held": len(held),
        "scheduled": sum(row["held_on"] is not None for row in mine) - len(held),
        "planned": sum(row["held_on"] is None for row in mine),
        "state": said.get(duty.obligation_id, "open"),
    }


def _said(connection: sa.Connection, province: Province, year: int) -> dict[str, str]:
    columns = obligation.c
    query = sa.select(columns.obligation_id, columns.state).where(
        columns.province == province.slug,
        columns.period_to.between(date(year, 1, 1), date(year, 12, 31)),
    )
    return {row.obligation_id: row.state for row in connection.execute(query.limit(DUTIES_MAX))}


def _sessions(
    connection: sa.Connection, province: Province, year: int, unit: str | None
) -> list[sa.RowMapping]:
    columns = session.c
    query = sa.select(
        columns.unit, columns.chair, columns.state, columns.held_on, columns.calendar_on
    ).where(
        columns.province == province.slug,
        columns.calendar_on.between(date(year, 1, 1), date(year, 12, 31)),
        columns.session_kind == SessionKind.PERIODIC,
        columns.state != "cancelled",
    )
    if unit is not None:
        query = query.where(columns.unit == unit)
    return list(connection.execute(query.limit(DUTIES_MAX)).mappings())
