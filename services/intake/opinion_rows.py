"""How each event changes an opinion's row, in the transaction of the append."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from services.intake.tables import opinion, opinion_text
from shared.contracts.intake import (
    ClarificationProvided,
    ClarificationRequested,
    ErasureDecided,
    ErasureRequested,
    FeedbackGiven,
    FeedbackWindowLapsed,
    ForwardingNotified,
    GoodPracticeMarked,
    HandoverAcknowledged,
    NarrativeErased,
    OpinionAccepted,
    OpinionAnswered,
    OpinionClassified,
    OpinionClosed,
    OpinionCoveredByCommitment,
    OpinionDeclined,
    OpinionDimensions,
    OpinionMerged,
    OpinionReceived,
    OpinionReferred,
    OpinionReopened,
    OpinionRetargeted,
    OpinionReturned,
    OpinionScheduled,
    OpinionSplit,
    OpinionUnmerged,
    OpinionUnscheduled,
    OpinionWithdrawn,
    ReceiptAcknowledged,
    RecurrenceLinked,
    ReopenDeclined,
    ReopenRequested,
    ReporterNotified,
)
from shared.eventlog import Recorded

Values = dict[str, Any]

_NO_ROUND: Values = {
    "outcome": None,
    "answered_on": None,
    "days_late": None,
    "satisfaction": None,
    "window_is_over": False,
    "reporter_notified_on": None,
    "reopen_requested_on": None,
    "closed_on": None,
}
"""What a new round begins with."""


def apply(connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
    """Bring the tables up to date with fresh events of the log, in their order."""
    received: list[Values] = []
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
                .values(
                    {"version": each.version, **_dimensions(each.event), **_changes(each.event)}
                )
            )
            _keep_text(connection, each.event)
    if received:
        connection.execute(opinion.insert(), received)


def _row(each: Recorded, event: OpinionReceived) -> Values:
    return {
        "opinion_id": event.opinion_id,
        "province": each.province,
        "state": "scheduled" if event.session_id else "received",
        "version": each.version,
        "unit": event.unit,
        "level": event.level,
        **_dimensions(event),
        "channel": event.channel,
        "organisation": event.organisation,
        "received_on": event.received_on,
        "receipt": event.receipt,
        "text_id": event.text.text_id if event.text else None,
        "text_refused": event.text_refused,
        "part_of": event.part_of,
        "received_level": event.received_level,
        "paused_working_days": 0,
        "round": 0,
        "window_is_over": False,
    }


def _dimensions(event: OpinionDimensions) -> Values:
    """Return what of an opinion's dimensions can change."""
    return {
        "field": event.field,
        "opinion_kind": event.opinion_kind,
        "voices": event.voices,
        "session_id": event.session_id,
        "session_kind": event.session_kind,
        "held_on": event.held_on,
    }


def _changes(event: OpinionDimensions) -> Values:  # noqa: C901, PLR0911, PLR0912 - a table
    match event:
        case ReceiptAcknowledged():
            return {"acknowledged_on": event.acknowledged_on}
        case HandoverAcknowledged():
            return {"handed_over_on": event.acknowledged_on}
        case ClarificationRequested():
            return {
                "state": "clarifying",
                "clarification_requested_on": event.requested_on,
                "clarification_due_on": event.due_on,
            }
        case ClarificationProvided():
            return {
                "state": "received",
                "clarification_due_on": None,
                "paused_working_days": opinion.c.paused_working_days + event.paused_working_days,
            }
        case OpinionClassified():
            return {
                "competent_level": event.competent_level,
                "urgency": event.urgency,
                "skips_level": event.skips_level,
            }
        case OpinionAccepted(session_id=None):
            return {"state": "eligible", "screened_on": event.accepted_on}
        case OpinionDeclined():
            return {
                "state": "declined",
                "screened_on": event.declined_on,
                "decline_reason": event.reason,
                "redirect": event.redirect,
                "clarification_due_on": None,
            }
        case ForwardingNotified():
            return {"forwarding_notified_on": event.notified_on}
        case OpinionScheduled():
            return {"state": "scheduled"}
        case OpinionUnscheduled():
            nowhere = {"session_id": None, "session_kind": None, "held_on": None}
            return {"state": "eligible", **nowhere}
        case OpinionReferred():
            return {"state": "in_handling", "agency": event.agency, "round": event.round}
        case OpinionCoveredByCommitment():
            return {
                "state": "in_handling",
                "commitment_id": event.commitment_id,
                "round": event.round,
            }
        case OpinionReturned():
            return {"state": "eligible", "agency": None, "commitment_id": None}
        case OpinionAnswered():
            return {
                "state": "answered",
                "agency": event.agency,
                "round": event.round,
                "outcome": event.outcome,
                "answered_on": event.answered_on,
                "days_late": event.days_late,
            }
        case OpinionMerged() | OpinionRetargeted():
            return {"state": "merged", "head_id": event.head_id}
        case OpinionUnmerged():
            return {"state": event.state_after, "head_id": None}
        case OpinionSplit():
            return {"state": "split"}
        case OpinionWithdrawn():
            return {"state": "withdrawn", "withdrawn_on": event.withdrawn_on}
        case _:
            return _changes_after(event)


def _changes_after(event: OpinionDimensions) -> Values:  # noqa: C901, PLR0911, PLR0912 - a table
    """Return what changes with an event after the answer."""
    match event:
        case ReporterNotified():
            return {"reporter_notified_on": event.notified_on}
        case FeedbackGiven():
            return {"satisfaction": event.satisfaction}
        case FeedbackWindowLapsed():
            return {"window_is_over": True}
        case ReopenRequested():
            return {"reopen_requested_on": event.requested_on}
        case ReopenDeclined():
            return {"reopen_requested_on": None}
        case OpinionReopened():
            again = {"state": "in_handling", "round": event.round, "commitment_id": None}
            return {**_NO_ROUND, **again}
        case OpinionClosed():
            return {"state": "closed", "closed_on": event.closed_on}
        case RecurrenceLinked():
            return {"recurs_to": event.earlier_id}
        case GoodPracticeMarked():
            return {"good_practice_on": event.marked_on}
        case ErasureRequested():
            return {
                "erasure_requested_on": event.requested_on,
                "erasure_due_on": event.answer_due_on,
            }
        case ErasureDecided():
            return {"erasure_due_on": event.erase_due_on}
        case NarrativeErased():
            return {"erased_on": event.erased_on, "erasure_due_on": None}
        case _:
            return {}


def _keep_text(connection: sa.Connection, event: OpinionDimensions) -> None:
    """Keep whose text a question or reply is."""
    if isinstance(event, ClarificationRequested | ClarificationProvided) and event.text:
        row = {"text_id": event.text.text_id, "opinion_id": event.opinion_id}
        connection.execute(opinion_text.insert(), row)
