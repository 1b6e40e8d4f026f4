"""Sessions and commitments as Sessions told of them: what can be scheduled for, what stands."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from services.intake.tables import known_commitment, known_session
from shared.contracts.sessions import (
    ConclusionAmended,
    ConclusionIssued,
    SessionCancelled,
    SessionPostponed,
    SessionRescheduled,
    SessionScheduled,
)
from shared.eventlog import Recorded
from shared.kernel.errors import NotFound


def note(connection: sa.Connection, heard: Sequence[Recorded]) -> None:
    """Remember the sessions whose day is fixed, and the commitments that stand."""
    for each in heard:
        match each.event:
            case SessionScheduled() | SessionRescheduled() as event:
                row = {
                    "province": each.province,
                    "unit": event.unit,
                    "session_kind": event.session_kind,
                    "held_on": event.held_on,
                }
                mine = _mine(event.session_id, each.province)
                if connection.execute(known_session.update().where(mine).values(row)).rowcount == 0:
                    connection.execute(
                        known_session.insert(), {"session_id": event.session_id, **row}
                    )
            case SessionPostponed() | SessionCancelled() as event:
                mine = _mine(event.session_id, each.province)
                connection.execute(known_session.delete().where(mine))
            case ConclusionIssued() | ConclusionAmended() as event:
                _note_commitments(connection, each.province, event)
            case _:
                continue


def session(connection: sa.Connection, session_id: str, province: str) -> sa.RowMapping:
    """Return what is known of a session of `province`.

    Raises:
        NotFound: `session.unknown`.

    """
    query = sa.select(known_session).where(_mine(session_id, province))
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound("session.unknown")
    return row


def commitment_stands(connection: sa.Connection, commitment_id: str | None) -> bool:
    """Tell whether the commitment is still one of its conclusion."""
    query = sa.select(known_commitment.c.commitment_id).where(
        known_commitment.c.commitment_id == commitment_id
    )
    return connection.execute(query).first() is not None


def _note_commitments(
    connection: sa.Connection, province: str, event: ConclusionIssued | ConclusionAmended
) -> None:
    mine = sa.and_(
        known_commitment.c.session_id == event.session_id,
        known_commitment.c.province == province,
    )
    connection.execute(known_commitment.delete().where(mine))
    rows: list[dict[str, Any]] = [
        {
            "commitment_id": commitment.commitment_id,
            "province": province,
            "session_id": event.session_id,
        }
        for commitment in event.commitments
    ]
    if rows:
        connection.execute(known_commitment.insert(), rows)


def _mine(session_id: str, province: str) -> sa.ColumnElement[bool]:
    return sa.and_(known_session.c.session_id == session_id, known_session.c.province == province)
