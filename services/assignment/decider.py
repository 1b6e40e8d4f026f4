"""An assignment: what follows from each command in each state. Pure.

Missing the deadline is a fact beside the state, recorded once per round at most, and
always before the late release that ends it.
"""

from collections.abc import Sequence
from typing import assert_never

from services.assignment import (
    answering,
    clock,
    coordination,
    ending,
    fulfilment,
    issuing,
    ladder,
    refusal,
)
from services.assignment.commands import (
    AcceptAssignment,
    AssignFromTriage,
    CancelAssignment,
    ClaimFulfilment,
    ClimbLadder,
    Command,
    DecideExtension,
    DecideRefusal,
    IssueAssignment,
    JudgeFulfilment,
    NoticeDeadline,
    NoticeSilence,
    PauseClock,
    RecomputeDeadline,
    RefuseAssignment,
    ReleaseAnswer,
    RequestCoordination,
    RequestExtension,
    ResumeClock,
    ReturnAnswer,
    SubmitAnswer,
    SubmitContribution,
    SupersedeAssignment,
    TransferLead,
    TriageAssignment,
    TriageReferral,
)
from services.assignment.evolving import evolve
from services.assignment.states import State, Unissued
from shared.contracts.assignment import AssignmentEvent
from shared.kernel.decider import Decider


def decide(command: Command, state: State) -> Sequence[AssignmentEvent]:
    """Return what follows from `command`; nothing when it is already so.

    Raises:
        Refused, Forbidden: as the function of the command says, and `guards`.

    """
    match command:
        case IssueAssignment():
            return issuing.issue(command, state)
        case TriageReferral():
            return issuing.triage_referral(command, state)
        case TriageAssignment():
            return issuing.triage_assignment(command, state)
        case AssignFromTriage():
            return issuing.assign(command, state)
        case AcceptAssignment():
            return issuing.accept(command, state)
        case NoticeSilence():
            return issuing.notice_silence(command, state)
        case RefuseAssignment():
            return refusal.refuse(command, state)
        case DecideRefusal():
            return refusal.decide_refusal(command, state)
        case TransferLead():
            return refusal.transfer(command, state)
        case RequestCoordination():
            return coordination.request(command, state)
        case SubmitContribution():
            return coordination.contribute(command, state)
        case PauseClock():
            return clock.pause(command, state)
        case ResumeClock():
            return clock.resume(command, state)
        case RequestExtension():
            return clock.request_extension(command, state)
        case DecideExtension():
            return clock.decide_extension(command, state)
        case RecomputeDeadline():
            return clock.recompute(command, state)
        case SubmitAnswer():
            return answering.submit(command, state)
        case ReturnAnswer():
            return answering.hand_back(command, state)
        case ReleaseAnswer():
            return answering.release(command, state)
        case ClaimFulfilment():
            return fulfilment.claim(command, state)
        case JudgeFulfilment():
            return fulfilment.judge(command, state)
        case CancelAssignment():
            return ending.cancel(command, state)
        case SupersedeAssignment():
            return ending.supersede(command, state)
        case NoticeDeadline():
            return clock.notice(command, state)
        case ClimbLadder():
            return ladder.climb(command, state)
        case _:
            assert_never(command)


DECIDER: Decider[Command, State, AssignmentEvent] = Decider(
    initial=Unissued(), decide=decide, evolve=evolve
)
