"""When another service's event is heard, then these commands follow. Pure.

Two logs have no common order, so an opinion may come by both. The first assignment that
is issued leads it for the round; the second leaves it out, and raises nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from services.assignment.commands import (
    CancelAssignment,
    Command,
    IssueAssignment,
    SupersedeAssignment,
    TriageReferral,
)
from services.assignment.terms import (
    ATTEMPTS_MAX,
    FIRST_ROUND,
    commitment_assignment_id,
    for_commitment,
    for_referral,
    for_reopening,
    referral_assignment_id,
)
from shared.contracts import Event
from shared.contracts.assignment import AssignmentIssued
from shared.contracts.intake import OpinionReferred, OpinionReopened, OpinionWithdrawn
from shared.contracts.sessions import ConclusionAmended, ConclusionIssued
from shared.contracts.vocabulary import CancelReason
from shared.provinces import Province

OpinionRound = tuple[str, int]
HEARD = (OpinionReferred, OpinionReopened, OpinionWithdrawn, ConclusionIssued, ConclusionAmended)
"""The events of others that something follows from."""


@dataclass(slots=True)
class Standing:
    """What there is already, of all that an event is about."""

    leads: dict[OpinionRound, str] = field(default_factory=dict)
    """Opinions and rounds that an assignment leads."""
    live: dict[str, bool] = field(default_factory=dict)
    """Assignments that exist: whether an answer is awaited."""
    promised: dict[str, dict[str, None]] = field(default_factory=dict)
    """By conclusion: the commitments that assignments were issued for."""
    cancelled: set[str] = field(default_factory=set)
    """Assignments that were cancelled: their opinion can be referred again."""

    def note(self, command: Command, assignment_id: str) -> None:
        """Take in what `command` does to the assignment, so that the next event finds it."""
        match command:
            case IssueAssignment(terms=terms):
                self.issued(terms)
            case TriageReferral(referral=referral):
                self.live[assignment_id] = True
                self.leads[referral.opinion_id, referral.round] = assignment_id
            case CancelAssignment():
                self.end(assignment_id)
                self.cancelled.add(assignment_id)
            case SupersedeAssignment():
                self.end(assignment_id)
            case _:
                pass

    def issued(self, terms: AssignmentIssued) -> None:
        """Take in an assignment that is issued."""
        self.live[terms.assignment_id] = True
        for opinion_id in terms.opinion_ids:
            self.leads[opinion_id, terms.round] = terms.assignment_id
        if terms.conclusion_id is not None and terms.commitment_id is not None:
            self.promised.setdefault(terms.conclusion_id, {})[terms.commitment_id] = None

    def end(self, assignment_id: str) -> None:
        """Take in that an assignment ends without an answer: its opinions are free."""
        self.live[assignment_id] = False
        self.leads = {key: leader for key, leader in self.leads.items() if leader != assignment_id}


def opinions_of(event: Event) -> tuple[OpinionRound, ...]:
    """Return each opinion that `event` is about, with the rounds that matter."""
    match event:
        case OpinionReferred():
            return ((event.opinion_id, event.round),)
        case OpinionReopened():
            return ((event.opinion_id, event.round), (event.opinion_id, event.round - 1))
        case OpinionWithdrawn():
            return () if event.round is None else ((event.opinion_id, event.round),)
        case ConclusionIssued() | ConclusionAmended():
            return tuple(
                (opinion_id, FIRST_ROUND)
                for commitment in event.commitments
                for opinion_id in commitment.opinion_ids
            )
        case _:
            return ()


def assignment_ids_of(event: Event) -> tuple[str, ...]:
    """Return the ids that the assignments following from `event` may have, issued or not."""
    match event:
        case OpinionReferred() | OpinionReopened():
            return tuple(
                referral_assignment_id(event.opinion_id, event.round, attempt)
                for attempt in range(1, ATTEMPTS_MAX + 1)
            )
        case ConclusionIssued() | ConclusionAmended():
            return tuple(
                commitment_assignment_id(commitment.commitment_id)
                for commitment in event.commitments
            )
        case _:
            return ()


def react(event: Event, province: Province, standing: Standing) -> Iterator[tuple[str, Command]]:
    """Yield what follows from `event` that is not there: of which assignment, and what.

    The caller notes each in `standing` before it takes the next. Raises Refused or
    RegulationError when the province's file has no answer.
    """
    match event:
        case OpinionReferred():
            yield from _referred(event, province, standing)
        case OpinionReopened():
            assignment_id = referral_assignment_id(event.opinion_id, event.round)
            if assignment_id not in standing.live and opinions_of(event)[0] not in standing.leads:
                former = standing.leads.get((event.opinion_id, event.round - 1))
                yield assignment_id, for_reopening(event, province, former)
        case OpinionWithdrawn():
            yield from _withdrawn(event, province, standing)
        case ConclusionIssued():
            yield from _promised(event, standing)
        case ConclusionAmended():
            yield from _amended(event, province, standing)
        case _:
            return


def _referred(
    event: OpinionReferred, province: Province, standing: Standing
) -> Iterator[tuple[str, Command]]:
    if (event.opinion_id, event.round) in standing.leads:
        return
    # An assignment that was cancelled is over for good: a new referral gets one of its own.
    mine = (each for each in assignment_ids_of(event) if each not in standing.cancelled)
    assignment_id = next(mine, None)
    if assignment_id is not None and assignment_id not in standing.live:
        yield assignment_id, for_referral(event, province, assignment_id)


def _withdrawn(
    event: OpinionWithdrawn, province: Province, standing: Standing
) -> Iterator[tuple[str, Command]]:
    if event.round is None or event.keep_ex_officio:
        return
    leader = standing.leads.get((event.opinion_id, event.round))
    if leader is not None:
        yield leader, _cancelled(event, province)


def _cancelled(event: OpinionWithdrawn, province: Province) -> CancelAssignment:
    return CancelAssignment(
        on=event.withdrawn_on,
        reason=CancelReason.WITHDRAWN,
        calendar=province.calendar,
        opinion_id=event.opinion_id,
    )


def _promised(
    event: ConclusionIssued | ConclusionAmended, standing: Standing
) -> Iterator[tuple[str, Command]]:
    """Yield an issue for each commitment that has none, with the opinions that nobody leads."""
    for commitment in event.commitments:
        assignment_id = commitment_assignment_id(commitment.commitment_id)
        if assignment_id in standing.live:
            continue
        mine = tuple(
            opinion_id
            for opinion_id in dict.fromkeys(commitment.opinion_ids)
            if (opinion_id, FIRST_ROUND) not in standing.leads
        )
        yield assignment_id, for_commitment(event, commitment, mine)


def _amended(
    event: ConclusionAmended, province: Province, standing: Standing
) -> Iterator[tuple[str, Command]]:
    """Yield the ends first, so that the new commitments find their opinions free."""
    kept = {commitment.commitment_id for commitment in event.commitments}
    follows = {
        commitment.supersedes: commitment_assignment_id(commitment.commitment_id)
        for commitment in event.commitments
    }
    for former in tuple(standing.promised.get(event.conclusion_id, ())):
        assignment_id = commitment_assignment_id(former)
        if former in kept or not standing.live.get(assignment_id):
            continue
        if former in follows:
            yield (
                assignment_id,
                SupersedeAssignment(
                    on=event.issued_on, by=follows[former], calendar=province.calendar
                ),
            )
        else:
            yield (
                assignment_id,
                CancelAssignment(
                    on=event.issued_on,
                    reason=CancelReason.COMMITMENT_DROPPED,
                    calendar=province.calendar,
                ),
            )
    yield from _promised(event, standing)
