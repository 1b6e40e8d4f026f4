"""What other agencies contribute, and who is charged when they don't. Pure."""

from collections.abc import Sequence

from services.assignment.commands import RequestCoordination, SubmitContribution
from services.assignment.guards import check_day, check_lead, matter_in
from services.assignment.states import Accepted, Paused, State, Submitted, dimensions
from shared.contracts.assignment import AssignmentEvent
from shared.contracts.assignment_course import ContributionSubmitted, CoordinationRequested
from shared.kernel.errors import Refused


def request(command: RequestCoordination, state: State) -> Sequence[AssignmentEvent]:
    """Ask another agency; nothing when it has been asked and has not answered.

    Raises Refused: `assignment.coordination_with_itself`, and as the guards do.
    """
    matter = matter_in(state, Accepted, Paused)
    check_lead(command.agency, matter)
    if command.cooperating_agency == matter.agency:
        raise Refused("assignment.coordination_with_itself", agency=matter.agency)
    if any(each.cooperating_agency == command.cooperating_agency for each in matter.awaited):
        return ()
    check_day(command.on, matter)
    return (
        CoordinationRequested(
            **dimensions(matter),
            cooperating_agency=command.cooperating_agency,
            requested_on=command.on,
            contribution_due_on=command.due_on,
        ),
    )


def contribute(command: SubmitContribution, state: State) -> Sequence[AssignmentEvent]:
    """Record a contribution, late or not.

    Raises Refused: `assignment.contribution_not_awaited`, and as the guards do.
    """
    matter = matter_in(state, Accepted, Paused, Submitted)
    awaited = (each for each in matter.awaited if each.cooperating_agency == command.agency)
    asked = next(awaited, None)
    if asked is None:
        raise Refused("assignment.contribution_not_awaited", agency=command.agency)
    check_day(command.on, matter)
    return (
        ContributionSubmitted(
            **dimensions(matter),
            cooperating_agency=command.agency,
            submitted_on=command.on,
            text=command.text,
            contribution_days_late=max(0, (command.on - asked.contribution_due_on).days),
        ),
    )
