"""What was promised at the last session, and what came of it: with it the next one opens."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from services.sessions import queries
from services.sessions.tables import session

Json = dict[str, Any]


def follow_up(connection: sa.Connection, row: sa.RowMapping, today: date) -> Json:
    """Return the unit's last session with a conclusion before this one, and its commitments.

    Whether one is overdue is derived: nothing was answered, and its last day is over.
    """
    last = _last(connection, row)
    if last is None:
        return {"session_id": row["session_id"], "last": None, "commitments": [], "counts": {}}
    commitments = [
        _commitment(each, today)
        for each in queries.commitments_of(connection, last["conclusion_id"])
    ]
    issued = queries.conclusion_of(connection, last["session_id"])
    states = [each["state"] for each in commitments]
    return {
        "session_id": row["session_id"],
        "last": {
            "session_id": last["session_id"],
            "held_on": last["held_on"].isoformat(),
            "state": last["state"],
            "number": issued["number"] if issued is not None else None,
            "published_on": last["published_on"] and last["published_on"].isoformat(),
        },
        "commitments": commitments,
        "counts": {state: states.count(state) for state in STATES},
    }


STATES = ("open", "overdue", "answered", "settled", "fulfilled", "cancelled")


def _last(connection: sa.Connection, row: sa.RowMapping) -> sa.RowMapping | None:
    columns = session.c
    query = (
        sa.select(session)
        .where(
            columns.province == row["province"],
            columns.unit == row["unit"],
            columns.session_id != row["session_id"],
            columns.calendar_on <= row["calendar_on"],
            columns.conclusion_id.is_not(None),
        )
        .order_by(columns.calendar_on.desc(), columns.session_id.desc())
        .limit(1)
    )
    return connection.execute(query).mappings().first()


def _commitment(row: sa.RowMapping, today: date) -> Json:
    progress = row["progress"]
    if progress is None:
        progress = "overdue" if row["due_on"] < today else "open"
    return {
        "commitment_id": row["commitment_id"],
        "place": row["place"],
        "field": row["field"],
        "lead_agency": row["lead_agency"],
        "cooperating_agencies": row["cooperating_agencies"].split(),
        "text_id": row["text_id"],
        "due_on": row["due_on"].isoformat(),
        "state": progress,
        "progressed_on": row["progressed_on"] and row["progressed_on"].isoformat(),
        "days_late": row["days_late"],
    }
