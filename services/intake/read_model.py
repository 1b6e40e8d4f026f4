"""What each opinion is now, as people ask for it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.intake.tables import handling, opinion, opinion_text
from shared.kernel.errors import NotFound

PAGE_MAX_ROWS = 200


def one(
    connection: sa.Connection, opinion_id: str, *, province: str | None = None
) -> sa.RowMapping:
    """Return the opinion, of `province` where one is given.

    Raises:
        NotFound: `opinion.unknown`.

    """
    row = (
        connection.execute(sa.select(opinion).where(opinion.c.opinion_id == opinion_id))
        .mappings()
        .one_or_none()
    )
    if row is None or province not in (None, row["province"]):
        raise NotFound("opinion.unknown")
    return row


def page(
    connection: sa.Connection,
    *,
    province: str,
    state: str | None,
    session_id: str | None,
    good_practice: bool = False,
    after: str,
    limit: int,
) -> list[sa.RowMapping]:
    """Return opinions of `province` in the order of their ids, those after `after`."""
    query = sa.select(opinion).where(opinion.c.province == province, opinion.c.opinion_id > after)
    if state is not None:
        query = query.where(opinion.c.state == state)
    if session_id is not None:
        query = query.where(opinion.c.session_id == session_id)
    if good_practice:
        query = query.where(opinion.c.good_practice_on.is_not(None))
    query = query.order_by(opinion.c.opinion_id).limit(min(limit, PAGE_MAX_ROWS))
    return list(connection.execute(query).mappings())


def known(
    connection: sa.Connection, opinion_ids: Sequence[str], *, province: str | None = None
) -> dict[str, str]:
    """Return which of `opinion_ids` are known, each with its province; of `province` if given."""
    query = sa.select(opinion.c.opinion_id, opinion.c.province).where(
        opinion.c.opinion_id.in_(list(opinion_ids))
    )
    if province is not None:
        query = query.where(opinion.c.province == province)
    return {row.opinion_id: row.province for row in connection.execute(query)}


def on_agenda(connection: sa.Connection, session_id: str, province: str) -> list[str]:
    """Return the opinions that are on the agenda of a session."""
    query = sa.select(opinion.c.opinion_id).where(
        opinion.c.session_id == session_id,
        opinion.c.province == province,
        opinion.c.state == "scheduled",
    )
    return list(connection.scalars(query.order_by(opinion.c.opinion_id)))


def texts_of(connection: sa.Connection, opinion_id: str) -> list[str]:
    """Return the opinion's own texts here: its narrative, questions and replies."""
    narrative = sa.select(opinion.c.text_id).where(
        opinion.c.opinion_id == opinion_id, opinion.c.text_id.is_not(None)
    )
    others = sa.select(opinion_text.c.text_id).where(opinion_text.c.opinion_id == opinion_id)
    return [*connection.scalars(narrative), *connection.scalars(others.order_by("text_id"))]


def related(connection: sa.Connection, opinion_id: str) -> dict[str, list[dict[str, str]]]:
    """Return the opinions merged into this one, and its parts, each with its state."""
    return {
        name: [
            {"opinion_id": row.opinion_id, "state": row.state}
            for row in connection.execute(
                sa.select(opinion.c.opinion_id, opinion.c.state)
                .where(column == opinion_id)
                .order_by(opinion.c.opinion_id)
                .limit(PAGE_MAX_ROWS)
            )
        ]
        for name, column in (("members", opinion.c.head_id), ("parts", opinion.c.part_of))
    }


Waiting = Callable[[sa.Connection, str, date, str, int], Sequence[sa.RowMapping]]
"""Return opinions of a province that something may befall on a day, after an id, so many."""


def unclarified(
    connection: sa.Connection, province: str, today: date, after: str, limit: int
) -> Sequence[sa.RowMapping]:
    """Return opinions whose reporter did not reply in time."""
    waits = sa.and_(opinion.c.state == "clarifying", opinion.c.clarification_due_on < today)
    return _waiting(connection, province, waits, after, limit)


def awaiting_feedback(
    connection: sa.Connection, province: str, today: date, after: str, limit: int
) -> Sequence[sa.RowMapping]:
    """Return answered opinions whose time for feedback was not found to be over."""
    waits = sa.and_(
        opinion.c.state == "answered",
        opinion.c.window_is_over.is_(False),
        opinion.c.answered_on < today,
    )
    return _waiting(connection, province, waits, after, limit)


def closable(
    connection: sa.Connection, province: str, _today: date, after: str, limit: int
) -> Sequence[sa.RowMapping]:
    """Return answered opinions whose time for feedback is over, and nobody wants reopened."""
    waits = sa.and_(
        opinion.c.state == "answered",
        opinion.c.window_is_over.is_(True),
        opinion.c.reopen_requested_on.is_(None),
    )
    return _waiting(connection, province, waits, after, limit)


def _waiting(
    connection: sa.Connection,
    province: str,
    waits: sa.ColumnElement[bool],
    after: str,
    limit: int,
) -> Sequence[sa.RowMapping]:
    query = sa.select(opinion).where(
        opinion.c.province == province, waits, opinion.c.opinion_id > after
    )
    return connection.execute(query.order_by(opinion.c.opinion_id).limit(limit)).mappings().all()


def teller(connection: sa.Connection, text_id: str) -> str | None:
    """Return the opinion whose narrative `text_id` is, None when it is nobody's."""
    told: str | None = connection.scalar(
        sa.select(opinion.c.opinion_id).where(opinion.c.text_id == text_id).limit(1)
    )
    return told


def narrated(connection: sa.Connection, text_id: str, *, province: str) -> sa.RowMapping:
    """Return an opinion of `province` that `text_id` tells.

    Raises:
        NotFound: `opinion.unknown`.

    """
    mine = opinion.c.opinion_id.in_(_told_by(text_id, province))
    query = sa.select(opinion).where(mine).order_by(opinion.c.opinion_id)
    row = connection.execute(query.limit(1)).mappings().first()
    if row is None:
        raise NotFound("opinion.unknown")
    return row


def is_handled_by(connection: sa.Connection, opinion_id: str, agency: str) -> bool:
    """Return whether `agency` now holds an open leg on the opinion."""
    found = connection.execute(
        sa.select(handling.c.agency)
        .where(handling.c.opinion_id == opinion_id, handling.c.agency == agency)
        .limit(1)
    )
    return found.first() is not None


def is_text_handled_by(
    connection: sa.Connection, text_id: str, agency: str, *, province: str
) -> bool:
    """Return whether `agency` now holds an open leg on an opinion that `text_id` tells."""
    mine = _told_by(text_id, province).subquery()
    found = connection.execute(
        sa.select(handling.c.agency)
        .join(mine, mine.c.opinion_id == handling.c.opinion_id)
        .where(handling.c.agency == agency)
        .limit(1)
    )
    return found.first() is not None


def _told_by(text_id: str, province: str) -> sa.Select[tuple[str]]:
    """Return the query for the opinions of `province` whose text it is."""
    further = sa.select(opinion_text.c.opinion_id).where(opinion_text.c.text_id == text_id)
    return sa.select(opinion.c.opinion_id).where(
        opinion.c.province == province,
        sa.or_(opinion.c.text_id == text_id, opinion.c.opinion_id.in_(further)),
    )


def as_json(row: sa.RowMapping) -> dict[str, Any]:
    """Return an opinion's row as JSON values."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }
