"""What each assignment is now: kept in the transaction of the append, read by the API."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.assignment import feed
from services.assignment.tables import assignment, assignment_agency, opinion_lead
from shared.contracts.assignment import (
    AnswerReleased,
    AnswerSubmitted,
    AssignmentAccepted,
    AssignmentDimensions,
    AssignmentIssued,
    DeadlineMissed,
)
from shared.eventlog import Recorded
from shared.kernel.errors import NotFound

PAGE_MAX_ROWS = 200
_IN_MAX = 500

Row = sa.RowMapping


def apply(connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
    """Bring tables and feeds up to date with fresh events of one log, in their order."""
    # An assignment's other events come after its issue, so the issues can go first.
    issued = [(each, each.event) for each in recorded if isinstance(each.event, AssignmentIssued)]
    if issued:
        _insert(connection, issued)
    for each in recorded:
        if isinstance(each.event, AssignmentDimensions) and (changes := _changes(each.event)):
            connection.execute(
                assignment.update()
                .where(assignment.c.assignment_id == each.event.assignment_id)
                .values(version=each.version, **changes)
            )
    feed.append(connection, recorded)


def _insert(connection: sa.Connection, issued: Sequence[tuple[Recorded, AssignmentIssued]]) -> None:
    connection.execute(assignment.insert(), [_row(each, event) for each, event in issued])
    connection.execute(
        assignment_agency.insert(),
        [
            {"assignment_id": event.assignment_id, "agency": agency, "place": place}
            for _each, event in issued
            for place, agency in enumerate(feed.concerned(event))
        ],
    )
    leads = [
        {
            "opinion_id": opinion_id,
            "round": event.round,
            "assignment_id": event.assignment_id,
            "place": place,
        }
        for _each, event in issued
        for place, opinion_id in enumerate(event.opinion_ids)
    ]
    if leads:
        connection.execute(opinion_lead.insert(), leads)


def _row(each: Recorded, event: AssignmentIssued) -> dict[str, Any]:
    return {
        "assignment_id": event.assignment_id,
        "province": each.province,
        "agency": event.agency,
        "state": "issued",
        "version": each.version,
        "position": each.position,
        "source_kind": event.source_kind,
        "unit": event.unit,
        "level": event.level,
        "field": event.field,
        "round": event.round,
        "opinions": event.opinions,
        "issued_on": event.issued_on,
        "due_on": event.due_on,
        "deadline_citation": event.deadline_citation,
        "deadline_working_days": event.deadline_working_days,
        "routing_citation": event.routing_citation,
        "session_id": event.session_id,
        "session_kind": event.session_kind,
        "held_on": event.held_on,
        "conclusion_id": event.conclusion_id,
        "commitment_id": event.commitment_id,
        "product_text_id": event.product.text_id if event.product else None,
        "product_owner": event.product.owner if event.product else None,
        "missed": False,
    }


def _changes(event: AssignmentDimensions) -> dict[str, Any]:
    match event:
        case AssignmentAccepted():
            return {"state": "accepted", "accepted_on": event.accepted_on}
        case AnswerSubmitted():
            return {
                "state": "submitted",
                "submitted_on": event.submitted_on,
                "outcome": event.outcome,
                "text_id": event.text.text_id,
            }
        case AnswerReleased():
            return {
                "state": "released",
                "released_on": event.released_on,
                "days_late": event.days_late,
                "working_days_late": event.working_days_late,
            }
        case DeadlineMissed():
            return {"missed": True}
        case _:
            return {}


def one(connection: sa.Connection, assignment_id: str) -> Row:
    """Return the assignment.

    Raises:
        NotFound: `assignment.unknown`.

    """
    return _the(connection, assignment.c.assignment_id == assignment_id)


def of_text(connection: sa.Connection, text_id: str) -> Row:
    """Return the assignment whose answer's text `text_id` is.

    Raises:
        NotFound: `assignment.unknown_text`.

    """
    return _the(connection, assignment.c.text_id == text_id, unknown="assignment.unknown_text")


def _the(
    connection: sa.Connection,
    condition: sa.ColumnElement[bool],
    *,
    unknown: str = "assignment.unknown",
) -> Row:
    row = connection.execute(sa.select(assignment).where(condition)).mappings().one_or_none()
    if row is None:
        raise NotFound(unknown)
    return row


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
            assignment.c.state != "released",
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


def led(
    connection: sa.Connection, opinions_and_rounds: Collection[tuple[str, int]]
) -> set[tuple[str, int]]:
    """Return which of these opinions and rounds have a lead assignment."""
    opinion_ids = sorted({opinion_id for opinion_id, _round in opinions_and_rounds})
    found: set[tuple[str, int]] = set()
    for start in range(0, len(opinion_ids), _IN_MAX):
        rows = connection.execute(
            sa.select(opinion_lead.c.opinion_id, opinion_lead.c.round).where(
                opinion_lead.c.opinion_id.in_(opinion_ids[start : start + _IN_MAX])
            )
        )
        found.update((opinion_id, number) for opinion_id, number in rows)
    return found


def issued(connection: sa.Connection, assignment_ids: Collection[str]) -> set[str]:
    """Return which of `assignment_ids` exist."""
    wanted = sorted(set(assignment_ids))
    found: set[str] = set()
    for start in range(0, len(wanted), _IN_MAX):
        rows = connection.execute(
            sa.select(assignment.c.assignment_id).where(
                assignment.c.assignment_id.in_(wanted[start : start + _IN_MAX])
            )
        )
        found.update(rows.scalars())
    return found
