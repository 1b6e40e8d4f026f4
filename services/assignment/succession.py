"""What becomes of a live matter whose agency is no more. Pure."""

from datetime import date

from services.assignment.commands import TransferLead, TriageAssignment
from services.assignment.routing import Lead, successor
from services.assignment.rules import TRIAGE_RULE, due_on
from shared.contracts.vocabulary import TransferReason, TriageReason
from shared.provinces import Province, Unrouted


def succeed(agency: str, province: Province, today: date) -> TransferLead | TriageAssignment | None:
    """Return what to do with a matter of `agency`; None while the agency is there.

    Its successor takes it over with its due date. Where several share its duties, or nobody
    has them, a person says.
    """
    if province.agencies.on(agency, today) is not None:
        return None
    match successor(agency, province, today):
        case Lead(agency=after):
            return TransferLead(
                agency=after,
                on=today,
                reason=TransferReason.SUCCESSION,
                calendar=province.calendar,
            )
        case Unrouted(reason=reason, candidates=candidates):
            pass
        case _:
            reason, candidates = TriageReason.NO_SUCCESSOR, ()
    return TriageAssignment(
        on=today,
        reason=reason,
        candidates=candidates,
        triage_due_on=due_on(province, TRIAGE_RULE, today),
    )
