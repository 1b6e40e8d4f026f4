"""What each assignment is now: kept in the transaction of the append, read by the API."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from services.assignment import feed, rows, rows_beside
from services.assignment.tables import (
    assignment,
    assignment_agency,
    assignment_text,
    opinion_lead,
)
from shared.contracts.assignment import AssignmentIssued
from shared.contracts.assignment_dimensions import AssignmentDimensions
from shared.eventlog import Recorded
from shared.kernel.errors import NotFound

PAGE_MAX_ROWS = 200
_IN_MAX = 500

LIVE = ("issued", "refused", "accepted", "paused", "submitted")
"""States in which an answer is awaited."""
RUNNING = ("issued", "refused", "accepted", "submitted")
"""Those in which the clock runs."""

Row = sa.RowMapping


def apply(connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
    """Bring tables and feeds up to date with fresh events of one log, in their order."""
    issued: list[tuple[Recorded, AssignmentIssued]] = []
    for each in recorded:
        if isinstance(each.event, AssignmentIssued):
            issued.append((each, each.event))
            continue
        _insert(connection, issued)
        issued = []
        rows_beside.apply(connection, each)
        if isinstance(each.event, AssignmentDimensions):
            connection.execute(
                assignment.update()
                .where(assignment.c.assignment_id == each.event.assignment_id)
                .values(version=each.version, **rows.changes(each.event))
            )
    _insert(connection, issued)
    feed.append(connection, recorded)


def _insert(connection: sa.Connection, issued: Sequence[tuple[Recorded, AssignmentIssued]]) -> None:
    if issued:
        connection.execute(assignment.insert(), [rows.row(*each) for each in issued])
        rows_beside.insert(connection, [event for _each, event in issued])


def one(connection: sa.Connection, assignment_id: str) -> Row:
    """Return the assignment.

    Raises:
        NotFound: `assignment.unknown`.

    """
    query = sa.select(assignment).where(assignment.c.assignment_id == assignment_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound("assignment.unknown")
    return row


def of_text(connection: sa.Connection, text_id: str) -> tuple[Row, bool]:
    """Return the assignment that the text `text_id` belongs to, and whether it is an answer.

    Raises:
        NotFound: `assignment.unknown_text`.

    """
    columns = assignment_text.c
    query = sa.select(columns.assignment_id, columns.is_answer).where(columns.text_id == text_id)
    found = connection.execute(query.order_by(columns.assignment_id)).first()
    if found is None:
        raise NotFound("assignment.unknown_text")
    return one(connection, found.assignment_id), found.is_answer


def several(connection: sa.Connection, assignment_ids: Sequence[str]) -> list[Row]:
    """Return the assignments, in the order of their issue.

    Raises:
        NotFound: `assignment.unknown` when one of them is not there.

    """
    query = sa.select(assignment).where(assignment.c.assignment_id.in_(list(assignment_ids)))
    rows = list(connection.execute(query.order_by(assignment.c.position)).mappings())
    if len(rows) != len(set(assignment_ids)):
        raise NotFound("assignment.unknown")
    return rows


def page(
    connection: sa.Connection,
    *,
    province: str,
    agency: str | None = None,
    state: str | None = None,
    due_before: date | None = None,
    after: int = -1,
    limit: int = PAGE_MAX_ROWS,
) -> list[Row]:
    """Return assignments of `province` in the order of issue, those after position `after`.

    `agency` is the lead; `due_before` is exclusive.
    """
    query = sa.select(assignment).where(
        assignment.c.province == province, assignment.c.position > after
    )
    if agency is not None:
        query = query.where(assignment.c.agency == agency)
    if state is not None:
        query = query.where(assignment.c.state == state)
    if due_before is not None:
        query = query.where(assignment.c.due_on < due_before)
    query = query.order_by(assignment.c.position).limit(min(limit, PAGE_MAX_ROWS))
    return list(connection.execute(query).mappings())


def overdue_unnoticed(
    connection: sa.Connection, province: str, today: date, limit: int
) -> list[str]:
    """Return open assignments due before `today` whose miss is not recorded, earliest first."""
    query = (
        sa.select(assignment.c.assignment_id)
        .where(
            assignment.c.province == province,
            assignment.c.missed.is_(False),
            assignment.c.due_on < today,
            assignment.c.state.in_(RUNNING),
        )
        .order_by(assignment.c.due_on, assignment.c.assignment_id)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def agencies(
    connection: sa.Connection, assignment_ids: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return who takes part in each assignment, the lead first."""
    columns = assignment_agency.c
    query = (
        sa.select(columns.assignment_id, columns.agency)
        .where(columns.assignment_id.in_(list(assignment_ids)))
        .order_by(columns.assignment_id, columns.place)
    )
    return _grouped(connection, query)


def opinions(
    connection: sa.Connection, assignment_ids: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return the opinions that each assignment answers for, in its own order."""
    columns = opinion_lead.c
    query = (
        sa.select(columns.assignment_id, columns.opinion_id)
        .where(columns.assignment_id.in_(list(assignment_ids)))
        .order_by(columns.assignment_id, columns.place)
    )
    return _grouped(connection, query)


def _grouped(connection: sa.Connection, query: sa.Select[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for assignment_id, value in connection.execute(query):
        found[assignment_id] = (*found.get(assignment_id, ()), value)
    return found
