"""An agency that says a matter is another's, and who leads then. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.assignment.commands import DecideRefusal, RefuseAssignment, TransferLead
from services.assignment.guards import check_day, check_lead, in_state
from services.assignment.states import Disputed, Issued, Live, Matter, State, dimensions
from shared.calendar import WorkCalendar
from shared.contracts.assignment import AssignmentEvent
from shared.contracts.assignment_course import (
    AssignmentRefused,
    LeadTransferred,
    RefusalOverruled,
    RefusalUpheld,
)
from shared.contracts.vocabulary import TransferReason
from shared.kernel.errors import Refused


def refuse(command: RefuseAssignment, state: State) -> Sequence[AssignmentEvent]:
    """Record the refusal, which names who is held competent instead.

    Raises:
        Refused: `assignment.back_to_refuser` when that is the agency itself or one whose own
            refusal was upheld; and as the guards do.

    """
    if isinstance(state, Disputed):
        said = (state.refusal.reason, state.refusal.competent_agency, state.refusal.legal_basis)
        if said == (command.reason, command.competent_agency, command.legal_basis):
            return ()
    matter = in_state(state, Issued).matter
    check_lead(command.agency, matter)
    check_day(command.on, matter)
    _check_competent(command.competent_agency, matter)
    return (
        AssignmentRefused(
            **dimensions(matter),
            refused_on=command.on,
            reason=command.reason,
            legal_basis=command.legal_basis,
            competent_agency=command.competent_agency,
            decision_due_on=command.decision_due_on,
            author=command.author,
        ),
    )


def decide_refusal(command: DecideRefusal, state: State) -> Sequence[AssignmentEvent]:
    """Uphold the refusal and transfer the lead, or overrule it.

    Raises:
        Refused: `assignment.chair_decides` after so many transfers;
            `assignment.back_to_refuser`; and as the guards do.

    """
    matter = in_state(state, Disputed).matter
    check_day(command.on, matter)
    if matter.transfers >= command.transfers_max and not command.by_chair:
        raise Refused("assignment.chair_decides", transfers=matter.transfers)
    decided: dict[str, Any] = {
        "decided_on": command.on,
        "seat": command.seat,
        "by_chair": command.by_chair,
    }
    if command.agency is None:
        return (RefusalOverruled(**dimensions(matter), **decided),)
    _check_competent(command.agency, matter)
    reason = TransferReason.REFUSAL_UPHELD
    return (
        RefusalUpheld(**dimensions(matter), agency_after=command.agency, **decided),
        _transferred(matter, command.agency, command.on, reason, command.calendar),
    )


def transfer(command: TransferLead, state: State) -> Sequence[AssignmentEvent]:
    """Give a live matter to another agency; nothing when it has it, or when none is live.

    What rests on no person's word is dated by the latest step at the earliest.
    """
    if not isinstance(state, Live) or command.agency == state.matter.agency:
        return ()
    on = max(command.on, state.matter.last_on)
    return (_transferred(state.matter, command.agency, on, command.reason, command.calendar),)


def _transferred(
    matter: Matter, agency: str, on: date, reason: TransferReason, calendar: WorkCalendar
) -> LeadTransferred:
    return LeadTransferred(
        **dimensions(matter, agency=agency),
        agency_before=matter.agency,
        transferred_on=on,
        reason=reason,
        held_working_days=calendar.working_days_between(matter.lead_since, on),
    )


def _check_competent(agency: str, matter: Matter) -> None:
    if agency == matter.agency or agency in matter.not_competent:
        raise Refused("assignment.back_to_refuser", agency=agency)
