"""What each session is now: kept in the transaction of the append, read by the API.

The id alone is the key: a plan of another province that reuses one is refused, in the words
of a plan that differs, which tell nothing of the other province. Every change names the
province as well all the same.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.sessions.tables import attendance, commitment, conclusion, session, session_opinion
from shared.contracts.sessions import (
    AgendaItemPlaced,
    AnswerGivenOnSpot,
    AttendanceRecorded,
    ConclusionIssued,
    OpinionRaised,
    SessionDimensions,
    SessionEnded,
    SessionOpened,
    SessionPlanned,
    SessionScheduled,
)
from shared.eventlog import Recorded
from shared.kernel.errors import Refused
from shared.store import insert_if_free

Changes = Mapping[str, Any]


def apply(connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
    """Bring the tables up to date with fresh events of the log, in their order.

    Raises:
        Refused: `session.planned_differently` for the id of another province's session.

    """
    for each in recorded:
        event = each.event
        if isinstance(event, SessionPlanned):
            inserted = connection.execute(insert_if_free(connection, session), _row(each, event))
            if not inserted.rowcount:
                raise Refused("session.planned_differently", session=event.session_id)
        elif isinstance(event, SessionDimensions):
            mine = (session.c.session_id == event.session_id) & (
                session.c.province == each.province
            )
            changes = {"version": each.version, **_changes(event)}
            if connection.execute(session.update().where(mine).values(changes)).rowcount:
                _apply_details(connection, each.province, event)


def number_key(number: str) -> str:
    """Return a notice's number as numbers are compared: without case."""
    return number.casefold()


def _row(each: Recorded, event: SessionPlanned) -> dict[str, Any]:
    return {
        "session_id": event.session_id,
        "province": each.province,
        "state": "planned",
        "version": each.version,
        "unit": event.unit,
        "level": event.level,
        "session_kind": event.session_kind,
        "mode": event.mode,
        "field": event.field,
        "planned_year": event.planned_year,
        "trigger": event.trigger,
        "calendar_on": date(event.planned_year, 12, 31),
        "opinions_on_agenda": 0,
        "opinions_raised": 0,
        "opinions_answered_on_spot": 0,
        "opinions_covered": 0,
    }


def _changes(event: SessionDimensions) -> Changes:
    columns = session.c
    match event:
        case SessionScheduled():
            return {"state": "scheduled", "held_on": event.held_on, "calendar_on": event.held_on}
        case AgendaItemPlaced():
            return {"opinions_on_agenda": columns.opinions_on_agenda + 1}
        case SessionOpened():
            return {
                "state": "in_progress",
                "chair": event.chair,
                "head_present": event.head_present,
            }
        case AttendanceRecorded():
            more = event.attendances - event.attendances_before
            return {"attendances": sa.func.coalesce(columns.attendances, 0) + more}
        case OpinionRaised():
            return {"opinions_raised": columns.opinions_raised + 1}
        case AnswerGivenOnSpot():
            return {"opinions_answered_on_spot": columns.opinions_answered_on_spot + 1}
        case SessionEnded():
            return {"state": "held", "speaking_turns": event.speaking_turns}
        case ConclusionIssued():
            covered = sum(len(each.opinion_ids) for each in event.commitments)
            return {
                "state": "concluded",
                "conclusion_id": event.conclusion_id,
                "opinions_covered": covered,
            }
        case _:
            return {}


def _apply_details(connection: sa.Connection, province: str, event: SessionDimensions) -> None:
    match event:
        case AgendaItemPlaced():
            _insert_opinion(connection, event, "agenda")
        case OpinionRaised():
            _insert_opinion(connection, event, "room")
        case AttendanceRecorded():
            _state_attendance(connection, event)
        case AnswerGivenOnSpot():
            answered = {"disposition": "answered_on_spot", "outcome": event.outcome}
            _dispose(connection, event.session_id, [event.opinion_id], answered)
        case ConclusionIssued():
            _insert_conclusion(connection, province, event)
        case _:
            return


def _insert_opinion(
    connection: sa.Connection, event: AgendaItemPlaced | OpinionRaised, source: str
) -> None:
    row = {
        "session_id": event.session_id,
        "opinion_id": event.opinion_id,
        "source": source,
        "field": event.field_of_opinion,
        "disposition": "none",
    }
    connection.execute(session_opinion.insert(), row)


def _dispose(
    connection: sa.Connection, session_id: str, opinion_ids: Sequence[str], changes: Changes
) -> None:
    connection.execute(
        session_opinion.update()
        .where(
            session_opinion.c.session_id == session_id,
            session_opinion.c.opinion_id.in_(opinion_ids),
        )
        .values(changes)
    )


def _state_attendance(connection: sa.Connection, event: AttendanceRecorded) -> None:
    stated = {"attendances": event.attendances, "basis": event.basis}
    mine = (attendance.c.session_id == event.session_id) & (attendance.c.group == event.group)
    if connection.execute(attendance.update().where(mine).values(stated)).rowcount == 0:
        row = {"session_id": event.session_id, "group": event.group, **stated}
        connection.execute(attendance.insert(), row)


def _insert_conclusion(connection: sa.Connection, province: str, event: ConclusionIssued) -> None:
    connection.execute(
        conclusion.insert(),
        {
            "conclusion_id": event.conclusion_id,
            "session_id": event.session_id,
            "province": province,
            "unit": event.unit,
            "year": event.issued_on.year,
            "number_key": number_key(event.number),
            "number": event.number,
            "issued_on": event.issued_on,
            "signer": event.signer,
        },
    )
    rows = [
        {
            "commitment_id": each.commitment_id,
            "conclusion_id": event.conclusion_id,
            "place": place,
            "field": each.field,
            "lead_agency": each.lead_agency,
            "cooperating_agencies": " ".join(each.cooperating_agencies),
            "due_on": each.due_on,
            "text_id": each.product.text_id,
        }
        for place, each in enumerate(event.commitments, start=1)
    ]
    if rows:
        connection.execute(commitment.insert(), rows)
    for each in event.commitments:
        covered = {"disposition": "covered", "commitment_id": each.commitment_id}
        _dispose(connection, event.session_id, each.opinion_ids, covered)
