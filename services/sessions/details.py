"""What belongs to a session: its groups, opinions, topics, minutes, notices, commitments."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from services.sessions.tables import (
    amendment,
    attendance,
    commitment,
    conclusion,
    minutes,
    session,
    session_opinion,
    session_topic,
    stated_commitment,
)
from shared.contracts.sessions import (
    AgendaItemPlaced,
    AgendaItemRejected,
    AgendaItemRemoved,
    AgendaSet,
    AnswerGivenOnSpot,
    AttendanceRecorded,
    Commitment,
    CommitmentProgressed,
    CommitmentStated,
    ConclusionAmended,
    ConclusionIssued,
    MinutesApproved,
    MinutesCorrected,
    OpinionRaised,
    SessionDimensions,
)

AGENDA, ROOM = "agenda", "room"


def apply(connection: sa.Connection, province: str, event: SessionDimensions) -> None:
    """Bring the tables beside `session` up to date with an event of one of them."""
    match event:
        case AgendaItemPlaced() | OpinionRaised():
            _insert_opinion(connection, event)
        case AgendaItemRejected() | AgendaItemRemoved():
            _take_off(connection, event)
        case AgendaSet():
            _set_topics(connection, event)
        case AttendanceRecorded():
            _state_attendance(connection, event)
        case AnswerGivenOnSpot():
            answered = {"disposition": "answered_on_spot", "outcome": event.outcome}
            _dispose(connection, event.session_id, [event.opinion_id], answered)
        case CommitmentStated():
            _insert_stated(connection, event)
        case MinutesApproved() | MinutesCorrected():
            _insert_minutes(connection, event)
        case ConclusionIssued() | ConclusionAmended():
            _insert_notice(connection, province, event)
            _replace_commitments(connection, event)
        case CommitmentProgressed():
            connection.execute(
                commitment.update()
                .where(commitment.c.commitment_id == event.commitment_id)
                .values(
                    progress=event.progress,
                    progressed_on=event.progressed_on,
                    days_late=event.days_late,
                )
            )
        case _:
            return


def number_key(number: str) -> str:
    """Return a notice's number as numbers are compared: without case."""
    return number.casefold()


def _insert_opinion(connection: sa.Connection, event: AgendaItemPlaced | OpinionRaised) -> None:
    # One that was taken off may come again.
    connection.execute(session_opinion.delete().where(_is_of(event)))
    row = {
        "session_id": event.session_id,
        "opinion_id": event.opinion_id,
        "source": AGENDA if isinstance(event, AgendaItemPlaced) else ROOM,
        "field": event.field_of_opinion,
        "disposition": "none",
    }
    connection.execute(session_opinion.insert(), row)


def _take_off(connection: sa.Connection, event: AgendaItemRejected | AgendaItemRemoved) -> None:
    """Take an opinion off; one that was rejected at the door has never been on."""
    on_agenda = _is_of(event) & (session_opinion.c.source == AGENDA)
    was_there = connection.execute(
        sa.select(session_opinion.c.opinion_id).where(
            on_agenda, session_opinion.c.disposition == "none"
        )
    ).first()
    if isinstance(event, AgendaItemRemoved):
        _dispose(connection, event.session_id, [event.opinion_id], {"disposition": "removed"})
    else:
        connection.execute(session_opinion.delete().where(on_agenda))
    if was_there is not None:
        connection.execute(
            session.update()
            .where(session.c.session_id == event.session_id)
            .values(opinions_on_agenda=session.c.opinions_on_agenda - 1)
        )


def _is_of(
    event: AgendaItemPlaced | OpinionRaised | AgendaItemRejected | AgendaItemRemoved,
) -> sa.ColumnElement[bool]:
    return (session_opinion.c.session_id == event.session_id) & (
        session_opinion.c.opinion_id == event.opinion_id
    )


def _dispose(
    connection: sa.Connection,
    session_id: str,
    opinion_ids: Sequence[str],
    changes: Mapping[str, Any],
) -> None:
    connection.execute(
        session_opinion.update()
        .where(
            session_opinion.c.session_id == session_id,
            session_opinion.c.opinion_id.in_(opinion_ids),
        )
        .values(changes)
    )


def _set_topics(connection: sa.Connection, event: AgendaSet) -> None:
    connection.execute(session_topic.delete().where(session_topic.c.session_id == event.session_id))
    rows = [
        {"session_id": event.session_id, "topic_id": each.topic_id, "omitted": each.omitted}
        for each in event.topics
    ]
    if rows:
        connection.execute(session_topic.insert(), rows)


def _state_attendance(connection: sa.Connection, event: AttendanceRecorded) -> None:
    stated = {"attendances": event.attendances, "basis": event.basis}
    mine = (attendance.c.session_id == event.session_id) & (attendance.c.group == event.group)
    if connection.execute(attendance.update().where(mine).values(stated)).rowcount == 0:
        row = {"session_id": event.session_id, "group": event.group, **stated}
        connection.execute(attendance.insert(), row)


def _insert_stated(connection: sa.Connection, event: CommitmentStated) -> None:
    row = {
        "session_id": event.session_id,
        "statement_id": event.statement_id,
        "field": event.field_of_commitment,
        "opinion_ids": " ".join(event.opinion_ids),
        "lead_agency": event.lead_agency,
        "due_on": event.due_on,
        "text_id": event.product.text_id if event.product is not None else None,
    }
    connection.execute(stated_commitment.insert(), row)


def _insert_minutes(connection: sa.Connection, event: MinutesApproved | MinutesCorrected) -> None:
    row: dict[str, Any] = {
        "session_id": event.session_id,
        "approver": event.approver,
        "text_id": event.text.text_id,
    }
    match event:
        case MinutesApproved():
            row |= {"correction": 0, "on_day": event.approved_on, "reason": None}
        case MinutesCorrected():
            row |= {
                "correction": event.correction,
                "on_day": event.corrected_on,
                "reason": event.reason,
            }
    connection.execute(minutes.insert(), row)


def _insert_notice(
    connection: sa.Connection, province: str, event: ConclusionIssued | ConclusionAmended
) -> None:
    row: dict[str, Any] = {
        "conclusion_id": event.conclusion_id,
        "province": province,
        "unit": event.unit,
        "year": event.issued_on.year,
        "number_key": number_key(event.number),
        "number": event.number,
        "issued_on": event.issued_on,
        "signer": event.signer,
    }
    if isinstance(event, ConclusionIssued):
        connection.execute(conclusion.insert(), {**row, "session_id": event.session_id})
    else:
        more = {"amendment": event.amendment, "reason": event.reason}
        connection.execute(amendment.insert(), {**row, **more})


def _replace_commitments(
    connection: sa.Connection, event: ConclusionIssued | ConclusionAmended
) -> None:
    columns = commitment.c
    mine = columns.conclusion_id == event.conclusion_id
    heard = {
        row["commitment_id"]: row
        for row in connection.execute(
            sa.select(
                columns.commitment_id, columns.progress, columns.progressed_on, columns.days_late
            ).where(mine)
        ).mappings()
    }
    connection.execute(commitment.delete().where(mine))
    rows = [
        {**_commitment(event.conclusion_id, place, each), **heard.get(each.commitment_id, _NEW)}
        for place, each in enumerate(event.commitments, start=1)
    ]
    if rows:
        connection.execute(commitment.insert(), rows)
    for each in event.commitments:
        covered = {"disposition": "covered", "commitment_id": each.commitment_id}
        _dispose(connection, event.session_id, each.opinion_ids, covered)


_NEW: Mapping[str, Any] = {"progress": None, "progressed_on": None, "days_late": None}


def _commitment(conclusion_id: str, place: int, made: Commitment) -> dict[str, Any]:
    return {
        "commitment_id": made.commitment_id,
        "conclusion_id": conclusion_id,
        "place": place,
        "field": made.field,
        "lead_agency": made.lead_agency,
        "cooperating_agencies": " ".join(made.cooperating_agencies),
        "due_on": made.due_on,
        "text_id": made.product.text_id,
        "supersedes": made.supersedes,
    }
