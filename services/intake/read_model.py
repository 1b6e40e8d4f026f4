"""What each opinion is now: kept in the transaction of the append, read by the API."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.intake.tables import handling, known_session, opinion
from shared.contracts.intake import (
    OpinionAccepted,
    OpinionAnswered,
    OpinionCoveredByCommitment,
    OpinionDeclined,
    OpinionDimensions,
    OpinionReceived,
    OpinionReferred,
    OpinionScheduled,
    OpinionUnscheduled,
)
from shared.contracts.sessions import SessionScheduled
from shared.eventlog import Recorded
from shared.kernel.errors import NotFound

PAGE_MAX_ROWS = 200


def apply(connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
    """Bring the table up to date with fresh events of the log, in their order."""
    received: list[dict[str, Any]] = []
    for each in recorded:
        if isinstance(each.event, OpinionReceived):
            received.append(_row(each, each.event))
            continue
        if received:
            connection.execute(opinion.insert(), received)
            received = []
        if isinstance(each.event, OpinionDimensions):
            connection.execute(
                opinion.update()
                .where(opinion.c.opinion_id == each.event.opinion_id)
                .values(version=each.version, **_changes(each.event))
            )
    if received:
        connection.execute(opinion.insert(), received)


def _row(each: Recorded, event: OpinionReceived) -> dict[str, Any]:
    return {
        "opinion_id": event.opinion_id,
        "province": each.province,
        "state": "scheduled" if event.session_id else "received",
        "version": each.version,
        "unit": event.unit,
        "level": event.level,
        "field": event.field,
        "opinion_kind": event.opinion_kind,
        "channel": event.channel,
        "organisation": event.organisation,
        "voices": event.voices,
        "received_on": event.received_on,
        "receipt": event.receipt,
        "text_id": event.text.text_id if event.text else None,
        "text_refused": event.text_refused,
        "session_id": event.session_id,
        "session_kind": event.session_kind,
        "held_on": event.held_on,
    }


def _changes(event: OpinionDimensions) -> dict[str, Any]:
    match event:
        case OpinionAccepted(session_id=None):
            return {"state": "eligible"}
        case OpinionDeclined():
            return {"state": "declined"}
        case OpinionScheduled():
            return {
                "state": "scheduled",
                "session_id": event.session_id,
                "session_kind": event.session_kind,
                "held_on": event.held_on,
            }
        case OpinionUnscheduled():
            nowhere = {"session_id": None, "session_kind": None, "held_on": None}
            return {"state": "eligible", **nowhere}
        case OpinionReferred():
            return {"state": "in_handling", "agency": event.agency}
        case OpinionCoveredByCommitment():
            return {"state": "in_handling"}
        case OpinionAnswered():
            return {
                "state": "answered",
                "agency": event.agency,
                "outcome": event.outcome,
                "answered_on": event.answered_on,
                "days_late": event.days_late,
            }
        case _:
            return {}


def note_sessions(connection: sa.Connection, scheduled: Sequence[Recorded]) -> None:
    """Remember the sessions that `scheduled` fixes the day of."""
    for each in scheduled:
        if isinstance(each.event, SessionScheduled):
            row = {
                "province": each.province,
                "unit": each.event.unit,
                "session_kind": each.event.session_kind,
                "held_on": each.event.held_on,
            }
            mine = sa.and_(
                known_session.c.session_id == each.event.session_id,
                known_session.c.province == each.province,
            )
            if connection.execute(known_session.update().where(mine).values(row)).rowcount == 0:
                connection.execute(
                    known_session.insert(), {"session_id": each.event.session_id, **row}
                )


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


def session(connection: sa.Connection, session_id: str, province: str) -> sa.RowMapping:
    """Return what is known of a session of `province`.

    Raises:
        NotFound: `session.unknown`.

    """
    row = (
        connection.execute(
            sa.select(known_session).where(
                known_session.c.session_id == session_id, known_session.c.province == province
            )
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound("session.unknown")
    return row


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
