"""What each assignment is now: kept in the transaction of the append, read by the API."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from services.assignment import feed, rows, rows_beside
from services.assignment.tables import (
    assignment,
    assignment_agency,
    assignment_leg,
    assignment_text,
    contribution,
    opinion_lead,
    triage,
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
    """Return live assignments with a miss before `today` that is not recorded, earliest first.

    Of the lead's due date while its clock runs, or of a contribution's.
    """
    late = sa.exists().where(
        contribution.c.assignment_id == assignment.c.assignment_id,
        contribution.c.due_on < today,
        contribution.c.submitted_on.is_(None),
        contribution.c.is_missed.is_(False),
    )
    lead = (
        assignment.c.missed.is_(False)
        & (assignment.c.due_on < today)
        & assignment.c.state.in_(RUNNING)
    )
    query = (
        sa.select(assignment.c.assignment_id)
        .where(assignment.c.province == province, assignment.c.state.in_(LIVE), lead | late)
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


def legs(connection: sa.Connection, assignment_ids: Sequence[str]) -> dict[str, list[Row]]:
    """Return who held each assignment when, in order."""
    return _rows_of(connection, assignment_leg, assignment_leg.c.place, assignment_ids)


def contributions(connection: sa.Connection, assignment_ids: Sequence[str]) -> dict[str, list[Row]]:
    """Return what cooperating agencies were asked for, in order."""
    return _rows_of(connection, contribution, contribution.c.requested_on, assignment_ids)


def _rows_of(
    connection: sa.Connection,
    table: sa.Table,
    place: sa.Column[object],
    assignment_ids: Sequence[str],
) -> dict[str, list[Row]]:
    query = sa.select(table).where(table.c.assignment_id.in_(list(assignment_ids)))
    found: dict[str, list[Row]] = {each: [] for each in assignment_ids}
    for row in connection.execute(query.order_by(place, table.c.agency)).mappings():
        found[row["assignment_id"]].append(row)
    return found


def overdue_in_public(
    connection: sa.Connection, *, limit: int, province: str | None = None
) -> list[Row]:
    """Return live assignments on the public list of what is overdue, the oldest first."""
    query = sa.select(assignment).where(
        assignment.c.state.in_(LIVE), assignment.c.listed_on.is_not(None)
    )
    if province is not None:
        query = query.where(assignment.c.province == province)
    query = query.order_by(assignment.c.due_on, assignment.c.assignment_id).limit(limit)
    return list(connection.execute(query).mappings())


def in_triage(connection: sa.Connection, province: str, after: int, limit: int) -> list[Row]:
    """Return what waits for a person to say who leads, in the order in which it came."""
    query = (
        sa.select(triage)
        .where(triage.c.province == province, triage.c.position > after)
        .order_by(triage.c.position)
        .limit(limit)
    )
    return list(connection.execute(query).mappings())


def one_in_triage(connection: sa.Connection, assignment_id: str) -> Row:
    """Return one of them. Raises NotFound `assignment.unknown`."""
    query = sa.select(triage).where(triage.c.assignment_id == assignment_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound("assignment.unknown")
    return row
