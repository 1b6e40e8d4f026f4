"""What an assignment asks, of whom and until when. Pure."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from services.assignment.commands import IssueAssignment, TriageReferral
from services.assignment.routing import lead_again, lead_of
from services.assignment.rules import RESOLUTION_RULE, TRIAGE_RULE, due_on
from shared.contracts.assignment import AssignmentIssued, AssignmentReopened
from shared.contracts.assignment_course import ReferralTriaged
from shared.contracts.intake import OpinionReferred, OpinionReopened
from shared.contracts.sessions import Commitment, ConclusionAmended, ConclusionIssued
from shared.contracts.vocabulary import AssignmentSource, Level
from shared.kernel.ids import derived_id
from shared.provinces import Province, Unrouted
from shared.texts.formats import ngay

FIRST_ROUND = 1
"""A conclusion speaks of opinions that nobody has answered yet."""


ATTEMPTS_MAX = 10
"""So often at most an opinion is referred in one round, each time after a cancelled assignment."""


def referral_assignment_id(opinion_id: str, number: int, attempt: int = 1) -> str:
    """Return the id of the assignment for round `number` of a referred opinion."""
    again = () if attempt == 1 else (str(attempt),)
    return derived_id("assignment", "referral", opinion_id, str(number), *again)


def commitment_assignment_id(commitment_id: str) -> str:
    """Return the id of the assignment for a commitment of a conclusion."""
    return derived_id("assignment", "commitment", commitment_id)


def for_referral(
    referral: OpinionReferred, province: Province, assignment_id: str
) -> IssueAssignment | TriageReferral:
    """Return the issue; the limit runs from the day of referral, which is day zero.

    Source: the province's regulation, rule `resolution_due`. Raises as `lead_of`.
    """
    lead = lead_of(referral, province)
    about = {
        **_about(referral, referral.level, province),
        "assignment_id": assignment_id,
    }
    if isinstance(lead, Unrouted):
        return TriageReferral(referral=_triaged(about, lead, province))
    return IssueAssignment(
        terms=AssignmentIssued(
            **_issued(about), agency=lead.agency, routing_citation=lead.routing_citation
        )
    )


def for_reopening(
    reopened: OpinionReopened, province: Province, former: str | None
) -> IssueAssignment | TriageReferral:
    """Return the issue of the next round; its limit runs from the day of reopening.

    Raises as `lead_again`.
    """
    level, lead = lead_again(reopened, province)
    about = {
        **_about(reopened, level, province),
        "assignment_id": referral_assignment_id(reopened.opinion_id, reopened.round),
        "former_assignment_id": former,
    }
    if isinstance(lead, Unrouted):
        return TriageReferral(referral=_triaged(about, lead, province))
    return IssueAssignment(
        terms=AssignmentReopened(
            **_issued(about), agency=lead.agency, routing_citation=lead.routing_citation
        )
    )


def _about(
    opinion: OpinionReferred | OpinionReopened, level: Level, province: Province
) -> dict[str, Any]:
    """Return what a triage and an issue both say, with the day that they are dated by."""
    on = opinion.referred_on if isinstance(opinion, OpinionReferred) else opinion.reopened_on
    deadline = province.due(RESOLUTION_RULE, on)
    return {
        "opinion_id": opinion.opinion_id,
        "opinion_kind": opinion.opinion_kind,
        "unit": opinion.unit,
        "level": level,
        "field": opinion.field,
        "round": opinion.round,
        "received_on": opinion.received_on,
        "session_id": opinion.session_id,
        "session_kind": opinion.session_kind,
        "held_on": opinion.held_on,
        "on": on,
        "due_on": deadline.due_on,
        "counted_from_on": deadline.counted_from_on,
        "deadline_citation": deadline.citation,
        "deadline_working_days": deadline.working_days,
    }


def _triaged(about: dict[str, Any], lead: Unrouted, province: Province) -> ReferralTriaged:
    on = about["on"]
    return ReferralTriaged(
        **{name: value for name, value in about.items() if name != "on"},
        triaged_on=on,
        reason=lead.reason,
        candidates=lead.candidates,
        triage_due_on=due_on(province, TRIAGE_RULE, on),
    )


def _issued(about: dict[str, Any]) -> dict[str, Any]:
    """Return what an issue says besides its agency."""
    known = {each.name for each in fields(AssignmentReopened)}
    return {
        **{name: value for name, value in about.items() if name in known},
        "source_kind": AssignmentSource.REFERRAL,
        "opinion_ids": (about["opinion_id"],),
        "opinions": 1,
        "issued_on": about["on"],
        "cooperating_agencies": (),
    }


def for_commitment(
    conclusion: ConclusionIssued | ConclusionAmended,
    commitment: Commitment,
    opinion_ids: Iterable[str],
) -> IssueAssignment:
    """Return the issue; the conclusion itself says who leads and until when."""
    opinions = tuple(opinion_ids)
    cooperating = dict.fromkeys(commitment.cooperating_agencies)
    cooperating.pop(commitment.lead_agency, None)
    return IssueAssignment(
        terms=AssignmentIssued(
            assignment_id=commitment_assignment_id(commitment.commitment_id),
            source_kind=AssignmentSource.COMMITMENT,
            agency=commitment.lead_agency,
            unit=conclusion.unit,
            level=conclusion.level,
            field=commitment.field,
            round=FIRST_ROUND,
            opinion_ids=opinions,
            opinions=len(opinions),
            issued_on=conclusion.issued_on,
            due_on=commitment.due_on,
            session_id=conclusion.session_id,
            session_kind=conclusion.session_kind,
            held_on=conclusion.held_on,
            conclusion_id=conclusion.conclusion_id,
            commitment_id=commitment.commitment_id,
            cooperating_agencies=tuple(cooperating),
            deadline_citation=(
                f"Thông báo kết luận {conclusion.number} ngày {ngay(conclusion.issued_on)}"
            ),
            product=commitment.product,
        )
    )
