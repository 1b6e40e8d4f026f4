"""Whether what an answer promises is done: claimed by the agency, verified by others. Pure."""

from collections.abc import Sequence

from services.assignment.commands import ClaimFulfilment, JudgeFulfilment
from services.assignment.guards import check_day, check_lead, check_other_seat, in_state
from services.assignment.states import Claimed, Fulfilled, Released, State, dimensions
from shared.contracts.assignment import (
    AssignmentEvent,
    FulfilmentClaimed,
    FulfilmentRejected,
    FulfilmentVerified,
)


def claim(command: ClaimFulfilment, state: State) -> Sequence[AssignmentEvent]:
    """Say that it is done; nothing when that is said already. Raises as the guards do."""
    matter = in_state(state, Released).matter
    check_lead(command.agency, matter)
    if isinstance(state, Claimed | Fulfilled):
        return ()
    check_day(command.on, matter)
    return (
        FulfilmentClaimed(
            **dimensions(matter),
            claimed_on=command.on,
            author=command.author,
            evidence=command.evidence,
        ),
    )


def judge(command: JudgeFulfilment, state: State) -> Sequence[AssignmentEvent]:
    """Verify the claim or reject it: not by whoever made it. Raises as the guards do."""
    if isinstance(state, Fulfilled) and command.note is None:
        return ()
    claimed = in_state(state, Claimed)
    check_other_seat(command.seat, claimed.author)
    check_day(command.on, claimed.matter)
    about = dimensions(claimed.matter)
    if command.note is None:
        return (FulfilmentVerified(**about, verified_on=command.on, seat=command.seat),)
    return (
        FulfilmentRejected(**about, rejected_on=command.on, seat=command.seat, note=command.note),
    )
