"""Sessions as the API shows them: JSON values; null is what was not stated."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from services.sessions import queries
from shared.provinces import Province

Json = dict[str, Any]


def session(row: sa.RowMapping) -> Json:
    """Return one session as it stands in a list."""
    return {**_plain(row), "required_agencies": (row["required_agencies"] or "").split()}


def cursor(row: sa.RowMapping) -> str:
    """Return what asks for the page after `row`."""
    return f"{row['calendar_on'].isoformat()}~{row['session_id']}"


def cursor_parts(after: str) -> tuple[date, str] | None:
    """Return the day and the id that a cursor names; None for an empty one.

    Raises ValueError for a day that does not exist.
    """
    if not after:
        return None
    day, _, session_id = after.partition("~")
    return date.fromisoformat(day), session_id


def detailed(connection: sa.Connection, row: sa.RowMapping, province: Province) -> Json:
    """Return one session with all that belongs to it, and until when what has to be done."""
    session_id = row["session_id"]
    return {
        **session(row),
        "deadlines": _deadlines(row, province),
        "groups": [_plain(each) for each in queries.attendances_of(connection, session_id)],
        "opinions": [_plain(each) for each in queries.opinions_of(connection, session_id)],
        "topics": [_plain(each) for each in queries.topics_of(connection, session_id)],
        "stated": [
            {**_plain(each), "opinion_ids": each["opinion_ids"].split()}
            for each in queries.stated_of(connection, session_id)
        ],
        "minutes": [
            {
                "correction": each["correction"],
                "on": each["on_day"].isoformat(),
                "approver": each["approver"],
                "reason": each["reason"],
            }
            for each in queries.minutes_of(connection, session_id)
        ],
        "conclusion": _conclusion(connection, session_id),
    }


def _deadlines(row: sa.RowMapping, province: Province) -> Json | None:
    """Return the last days of notice, conclusion and results by the rules of the session's day.

    None while it has no day.
    """
    held_on: date | None = row["held_on"]
    if held_on is None:
        return None
    notice = province.regulation.rule("notice_days", held_on)
    conclusion = province.due("conclusion_due", held_on)
    results = province.due("result_publication_due", held_on)
    notice_by = held_on - timedelta(days=notice.as_count())
    return {
        "notice": {"due_on": notice_by.isoformat(), "citation": notice.citation},
        "conclusion": {"due_on": conclusion.due_on.isoformat(), "citation": conclusion.citation},
        "results": {"due_on": results.due_on.isoformat(), "citation": results.citation},
    }


def _conclusion(connection: sa.Connection, session_id: str) -> Json | None:
    row = queries.conclusion_of(connection, session_id)
    if row is None:
        return None
    return {
        "conclusion_id": row["conclusion_id"],
        "number": row["number"],
        "issued_on": row["issued_on"].isoformat(),
        "signer": row["signer"],
        "amendments": [
            {name: each[name] for name in ("amendment", "number", "signer", "reason")}
            | {"issued_on": each["issued_on"].isoformat()}
            for each in queries.amendments_of(connection, row["conclusion_id"])
        ],
        "commitments": [
            {**_plain(each), "cooperating_agencies": each["cooperating_agencies"].split()}
            for each in queries.commitments_of(connection, row["conclusion_id"])
        ],
    }


def _plain(row: Mapping[Any, Any]) -> Json:
    return {
        str(name): value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
    }
