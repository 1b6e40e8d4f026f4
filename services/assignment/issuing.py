"""How a matter becomes an agency's duty: issued, said in triage, accepted. Pure."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import timedelta

from services.assignment.commands import (
    AcceptAssignment,
    AssignFromTriage,
    IssueAssignment,
    NoticeSilence,
    TransferLead,
    TriageAssignment,
    TriageReferral,
)
from services.assignment.guards import check_day, check_lead, in_state
from services.assignment.refusal import transfer
from services.assignment.states import (
    Disputed,
    Ended,
    Issued,
    Live,
    State,
    Triaged,
    Unissued,
    dimensions,
)
from shared.contracts.assignment import (
    AssignmentAccepted,
    AssignmentEvent,
    AssignmentIssued,
    AssignmentReopened,
    AutoAccepted,
)
from shared.contracts.assignment_course import AssignmentTriaged, ReferralTriaged
from shared.contracts.vocabulary import AssignmentSource, TransferReason
from shared.kernel.errors import Refused

_DAY = timedelta(days=1)


def issue(command: IssueAssignment, state: State) -> Sequence[AssignmentEvent]:
    """Issue what is not issued; the same again changes nothing.

    Raises Refused: `assignment.issued_differently`.
    """
    if isinstance(state, Unissued):
        return (command.terms,)
    if not isinstance(state, Triaged) and state.matter.issue == command.terms:
        return ()
    raise Refused("assignment.issued_differently", assignment_id=command.terms.assignment_id)


def triage_referral(command: TriageReferral, state: State) -> Sequence[AssignmentEvent]:
    """Put a referral into triage, once."""
    return (command.referral,) if isinstance(state, Unissued) else ()


def triage_assignment(command: TriageAssignment, state: State) -> Sequence[AssignmentEvent]:
    """Put a live matter into triage, once; its agency holds it until a person has spoken."""
    if not isinstance(state, Live) or state.matter.is_in_triage:
        return ()
    return (
        AssignmentTriaged(
            **dimensions(state.matter),
            triaged_on=max(command.on, state.matter.last_on),
            reason=command.reason,
            candidates=command.candidates,
            triage_due_on=command.triage_due_on,
        ),
    )


def assign(command: AssignFromTriage, state: State) -> Sequence[AssignmentEvent]:
    """Issue the referral to the agency, or transfer the live matter to it.

    Raises Refused: `assignment.not_in_triage`, and as the guards do.
    """
    if isinstance(state, Triaged):
        return (_assigned(command, state.referral),)
    if not isinstance(state, Live) or not state.matter.is_in_triage:
        raise Refused("assignment.not_in_triage")
    check_day(command.on, state.matter)
    given = TransferLead(
        agency=command.agency,
        on=command.on,
        reason=TransferReason.TRIAGE,
        calendar=command.calendar,
    )
    return transfer(given, state)


def accept(command: AcceptAssignment, state: State) -> Sequence[AssignmentEvent]:
    """Take the matter on; nothing when it is taken on. Raises as the guards do."""
    if isinstance(state, Unissued | Triaged | Disputed | Ended):
        in_state(state, Issued)
        return ()
    check_lead(command.agency, state.matter)
    if not isinstance(state, Issued):
        return ()
    check_day(command.on, state.matter)
    return (AssignmentAccepted(**dimensions(state.matter), accepted_on=command.on),)


def notice_silence(command: NoticeSilence, state: State) -> Sequence[AssignmentEvent]:
    """Return the acceptance by silence, effective the day after the last day to refuse."""
    if not isinstance(state, Issued) or state.matter.is_in_triage:
        return ()
    matter = state.matter
    last = command.calendar.add_working_days(matter.lead_since, command.working_days)
    if command.today <= last:
        return ()
    return (
        AutoAccepted(
            **dimensions(matter),
            auto_accepted_on=last + _DAY,
            silent_working_days=command.working_days,
            citation=command.citation,
        ),
    )


def _assigned(command: AssignFromTriage, referral: ReferralTriaged) -> AssignmentIssued:
    """Return the issue: the people's due date is the one that runs since the referral."""
    if command.on < referral.triaged_on:
        raise Refused("assignment.day_before", on=command.on, earliest=referral.triaged_on)
    shared = {each.name for each in fields(AssignmentIssued)}
    said = {
        each.name: getattr(referral, each.name)
        for each in fields(ReferralTriaged)
        if each.name in shared
    }
    terms = {
        **said,
        "source_kind": AssignmentSource.REFERRAL,
        "agency": command.agency,
        "opinion_ids": (referral.opinion_id,),
        "opinions": 1,
        "issued_on": command.on,
        "cooperating_agencies": (),
    }
    if referral.round > 1:
        return AssignmentReopened(**terms, former_assignment_id=referral.former_assignment_id)
    return AssignmentIssued(**terms)
