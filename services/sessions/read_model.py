"""What each session is now: kept in the transaction of the append, read by the API.

The id alone is the key: a plan of another province that reuses one is refused, in the words
of a plan that differs, which tell nothing of the other province. Every change names the
province as well all the same.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.sessions import details
from services.sessions.tables import obligation, session
from shared.contracts.sessions import (
    AgendaItemPlaced,
    AgendaSet,
    AnswerGivenOnSpot,
    AttendanceRecorded,
    ChairDelegated,
    ConclusionAmended,
    ConclusionIssued,
    MinutesApproved,
    OpinionRaised,
    ResultsPublished,
    SessionAdjourned,
    SessionCancelled,
    SessionCompleted,
    SessionConvened,
    SessionDimensions,
    SessionEnded,
    SessionObligationMet,
    SessionObligationMissed,
    SessionOpened,
    SessionPlanned,
    SessionPostponed,
    SessionRescheduled,
    SessionResumed,
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
                details.apply(connection, each.province, event)
        elif isinstance(event, SessionObligationMet | SessionObligationMissed):
            _oblige(connection, each.province, event)


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
    match event:
        case SessionScheduled() | SessionRescheduled():
            return _arranged(event)
        case SessionPostponed() | SessionCancelled() | ChairDelegated() | SessionConvened():
            return _prepared(event)
        case AgendaSet():
            return {
                "topics_on_agenda": event.topics_on_agenda,
                "topics_omitted": event.topics_omitted,
            }
        case ConclusionIssued() | ConclusionAmended() | ResultsPublished() | SessionCompleted():
            return _concluded(event)
        case _:
            return _held(event)


def _arranged(event: SessionScheduled | SessionRescheduled) -> Changes:
    sequence = session.c.sequence
    changes: dict[str, Any] = {
        "state": "scheduled",
        "held_on": event.held_on,
        "calendar_on": event.held_on,
        "starts_at": event.starts_at,
        "venue": event.venue,
        "chair": event.chair,
        "is_delegated": None,
        "required_agencies": " ".join(event.required_agencies or ()) or None,
        "convened_on": None,
        # An invitation that was cancelled before comes again as a later one.
        "sequence": sa.case((sequence > 0, sequence + 1), else_=0),
    }
    if isinstance(event, SessionRescheduled):
        changes |= {"change_reason": event.reason, "sequence": sequence + 1}
    return changes


def _prepared(
    event: SessionPostponed | SessionCancelled | ChairDelegated | SessionConvened,
) -> Changes:
    sequence = session.c.sequence + 1
    match event:
        case SessionPostponed():
            return {
                "state": "planned",
                "held_on": None,
                "calendar_on": date(event.held_on_before.year, 12, 31),
                "starts_at": None,
                "convened_on": None,
                "change_reason": event.reason,
                "sequence": sequence,
            }
        case SessionCancelled():
            return {"state": "cancelled", "change_reason": event.reason, "sequence": sequence}
        case ChairDelegated():
            return {"chair": event.chair, "is_delegated": True}
        case SessionConvened():
            return {"state": "convened", "convened_on": event.convened_on}


def _held(event: SessionDimensions) -> Changes:
    columns = session.c
    match event:
        case AgendaItemPlaced():
            return {"opinions_on_agenda": columns.opinions_on_agenda + 1}
        case SessionOpened():
            return {
                "state": "in_progress",
                "chair": event.chair,
                "head_present": event.head_present,
            }
        case SessionAdjourned():
            return {"state": "adjourned"}
        case SessionResumed():
            return {"state": "in_progress"}
        case AttendanceRecorded():
            more = event.attendances - event.attendances_before
            return {"attendances": sa.func.coalesce(columns.attendances, 0) + more}
        case OpinionRaised():
            return {"opinions_raised": columns.opinions_raised + 1}
        case AnswerGivenOnSpot():
            return {"opinions_answered_on_spot": columns.opinions_answered_on_spot + 1}
        case SessionEnded():
            return {"state": "held", "speaking_turns": event.speaking_turns}
        case MinutesApproved():
            return {"state": "minuted"}
        case _:
            return {}


def _concluded(
    event: ConclusionIssued | ConclusionAmended | ResultsPublished | SessionCompleted,
) -> Changes:
    match event:
        case ConclusionIssued():
            return {
                "state": "concluded",
                "conclusion_id": event.conclusion_id,
                "conclusion_due_on": event.conclusion_due_on,
                "opinions_covered": sum(len(each.opinion_ids) for each in event.commitments),
            }
        case ConclusionAmended():
            return {"state": "concluded", "completed_on": None}
        case ResultsPublished():
            return {"published_on": event.published_on, "publication_due_on": event.due_on}
        case SessionCompleted():
            return {"state": "completed", "completed_on": event.completed_on}


def _oblige(
    connection: sa.Connection, province: str, event: SessionObligationMet | SessionObligationMissed
) -> None:
    mine = obligation.c.obligation_id == event.obligation_id
    connection.execute(obligation.delete().where(mine))
    row: dict[str, Any] = {
        "obligation_id": event.obligation_id,
        "province": province,
        "unit": event.unit,
        "level": event.level,
        "head": event.head,
        "period_from": event.period_from,
        "period_to": event.period_to,
        "required": event.required,
        "citation": event.citation,
        "session_ids": " ".join(event.session_ids),
    }
    match event:
        case SessionObligationMet():
            row |= {"state": "met", "was_missed": event.was_missed, "met_on": event.met_on}
        case SessionObligationMissed():
            row |= {"state": "missed", "was_missed": True, "met_on": None}
    connection.execute(obligation.insert(), row)
