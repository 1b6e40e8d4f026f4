"""What each event makes of the rows about its assignment."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from services.assignment.ladder import PUBLIC_LIST
from services.assignment.tables import (
    assignment,
)
from shared.contracts.assignment import (
    AnswerReleased,
    AnswerReturned,
    AnswerSubmitted,
    AssignmentAccepted,
    AssignmentCancelled,
    AssignmentIssued,
    AssignmentReopened,
    AssignmentSuperseded,
    AutoAccepted,
    DeadlineMissed,
    FulfilmentClaimed,
    FulfilmentRejected,
    FulfilmentVerified,
)
from shared.contracts.assignment_course import (
    AssignmentRefused,
    ClockPaused,
    ClockResumed,
    DeadlineRecomputed,
    EscalationRaised,
    ExtensionGranted,
    ExtensionRefused,
    ExtensionRequested,
    LeadTransferred,
    RefusalOverruled,
    ReminderSent,
)
from shared.contracts.assignment_dimensions import AssignmentDimensions
from shared.contracts.vocabulary import TransferReason
from shared.eventlog import Recorded

Values = dict[str, Any]


def row(each: Recorded, event: AssignmentIssued) -> Values:
    """Return the row of an assignment that is issued."""
    former = event.former_assignment_id if isinstance(event, AssignmentReopened) else None
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
        "original_due_on": event.due_on,
        "counted_from_on": event.counted_from_on,
        "lead_since": event.issued_on,
        "former_assignment_id": former,
        "transfers": 0,
        "paused_working_days": 0,
        "extended_working_days": 0,
        "returns": 0,
        "claims": 0,
    }


def changes(event: AssignmentDimensions) -> Values:  # noqa: C901, PLR0911, PLR0912
    """Return the columns of its assignment that `event` changes."""
    columns = assignment.c
    match event:
        case AssignmentAccepted():
            return _accepted(event.accepted_on)
        case AutoAccepted():
            return _accepted(event.auto_accepted_on, is_silent=True)
        case AssignmentRefused():
            return {
                "state": "refused",
                "refusal_reason": event.reason,
                "refusal_text_id": event.legal_basis.text_id,
                "competent_agency": event.competent_agency,
                "decision_due_on": event.decision_due_on,
            }
        case RefusalOverruled():
            return {**_accepted(event.decided_on), "decision_due_on": None}
        case LeadTransferred():
            is_upheld = event.reason is TransferReason.REFUSAL_UPHELD
            return {
                "agency": event.agency,
                "state": sa.case((columns.state == "refused", "issued"), else_=columns.state),
                "lead_since": event.transferred_on,
                "decision_due_on": None,
                "transfers": columns.transfers + int(is_upheld),
            }
        case ClockPaused():
            return {"state": "paused", "paused_on": event.paused_on, "pause_reason": event.reason}
        case ClockResumed():
            return {
                "state": "accepted",
                "paused_on": None,
                "pause_reason": None,
                "due_on": event.due_on,
                "paused_working_days": columns.paused_working_days + event.paused_working_days,
            }
        case ExtensionRequested():
            return {
                "extension_working_days": event.working_days,
                "extension_reason": event.reason,
            }
        case ExtensionGranted():
            return {
                "due_on": event.due_on,
                "extension_working_days": None,
                "extension_reason": None,
                "extended_working_days": columns.extended_working_days + event.working_days,
            }
        case ExtensionRefused():
            return {"extension_working_days": None, "extension_reason": None}
        case DeadlineRecomputed():
            return {"due_on": event.due_on}
        case AnswerSubmitted():
            return {
                "state": "submitted",
                "submitted_on": event.submitted_on,
                "outcome": event.outcome,
                "text_id": event.text.text_id,
            }
        case AnswerReturned():
            return {
                "state": "accepted",
                "submitted_on": None,
                "outcome": None,
                "note_text_id": event.note.text_id,
                "returns": columns.returns + 1,
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
        case ReminderSent():
            return {"ladder_working_days": event.step_working_days}
        case EscalationRaised():
            listed = {"listed_on": event.reached_on} if PUBLIC_LIST in event.to else {}
            return {"ladder_working_days": event.step_working_days, **listed}
        case FulfilmentClaimed():
            return {
                "state": "claimed",
                "claimed_on": event.claimed_on,
                "evidence_text_id": event.evidence.text_id,
                "claims": columns.claims + 1,
            }
        case FulfilmentVerified():
            return {"state": "fulfilled", "verified_on": event.verified_on}
        case FulfilmentRejected():
            note = event.note.text_id
            return {"state": "released", "claimed_on": None, "note_text_id": note}
        case AssignmentCancelled():
            return {
                "state": "cancelled",
                "ended_on": event.cancelled_on,
                "cancel_reason": event.reason,
            }
        case AssignmentSuperseded():
            return {
                "state": "superseded",
                "ended_on": event.superseded_on,
                "superseded_by": event.by,
            }
        case _:
            return {}


def _accepted(on: date, *, is_silent: bool = False) -> Values:
    return {"state": "accepted", "accepted_on": on, "is_accepted_by_silence": is_silent}
