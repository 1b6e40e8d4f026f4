"""What each opinion is now, as people ask for it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.intake.tables import handling, opinion
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
    after: str,
    limit: int,
) -> list[sa.RowMapping]:
    """Return opinions of `province` in the order of their ids, those after `after`."""
    query = sa.select(opinion).where(opinion.c.province == province, opinion.c.opinion_id > after)
    if state is not None:
        query = query.where(opinion.c.state == state)
    if session_id is not None:
        query = query.where(opinion.c.session_id == session_id)
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


def teller(connection: sa.Connection, text_id: str) -> str | None:
    """Return the opinion whose narrative `text_id` is, None when it is nobody's."""
    told: str | None = connection.scalar(
        sa.select(opinion.c.opinion_id).where(opinion.c.text_id == text_id).limit(1)
    )
    return told


def narrated(connection: sa.Connection, text_id: str, *, province: str) -> sa.RowMapping:
    """Return the opinion of `province` that `text_id` tells.

    Raises:
        NotFound: `opinion.unknown`.

    """
    query = sa.select(opinion).where(opinion.c.text_id == text_id, opinion.c.province == province)
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


def as_json(row: sa.RowMapping) -> dict[str, Any]:
    """Return an opinion's row as JSON values."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }
