"""When an opinion is referred or a conclusion issued, then these assignments follow. Pure.

Two logs have no common order, so an opinion may come by both. The first assignment that
is issued leads it for the round; the second leaves it out, and raises nothing.
"""

from collections.abc import Collection, Iterable, Iterator

from services.assignment.commands import IssueAssignment
from services.assignment.routing import lead_of
from shared.contracts import Event
from shared.contracts.assignment import AssignmentIssued
from shared.contracts.intake import OpinionReferred
from shared.contracts.sessions import Commitment, ConclusionIssued
from shared.contracts.vocabulary import AssignmentSource
from shared.kernel.ids import derived_id
from shared.provinces import Province
from shared.texts.formats import ngay

RESOLUTION_RULE = "resolution_due"
FIRST_ROUND = 1
"""A conclusion speaks of opinions that nobody has answered yet."""

OpinionRound = tuple[str, int]


def referral_assignment_id(opinion_id: str, number: int) -> str:
    """Return the id of the assignment for round `number` of a referred opinion."""
    return derived_id("assignment", "referral", opinion_id, str(number))


def commitment_assignment_id(commitment_id: str) -> str:
    """Return the id of the assignment for a commitment of a conclusion."""
    return derived_id("assignment", "commitment", commitment_id)


def opinions_of(event: Event) -> tuple[OpinionRound, ...]:
    """Return each opinion that `event` asks an assignment for, with its round."""
    match event:
        case OpinionReferred():
            return ((event.opinion_id, event.round),)
        case ConclusionIssued():
            return tuple(
                (opinion_id, FIRST_ROUND)
                for commitment in event.commitments
                for opinion_id in commitment.opinion_ids
            )
        case _:
            return ()


def assignment_ids_of(event: Event) -> tuple[str, ...]:
    """Return the ids that the assignments following from `event` have, issued or not."""
    match event:
        case OpinionReferred():
            return (referral_assignment_id(event.opinion_id, event.round),)
        case ConclusionIssued():
            return tuple(
                commitment_assignment_id(commitment.commitment_id)
                for commitment in event.commitments
            )
        case _:
            return ()


def react(
    event: Event,
    province: Province,
    *,
    led: Collection[OpinionRound],
    issued: Collection[str],
) -> Iterator[IssueAssignment]:
    """Yield a command for each assignment that `event` asks for and that is not there.

    `led` holds the opinions and rounds that have a lead, `issued` the assignments that
    exist. Raises Refused or RegulationError when the province's file has no answer.
    """
    match event:
        case OpinionReferred():
            is_there = referral_assignment_id(event.opinion_id, event.round) in issued
            if not is_there and (event.opinion_id, event.round) not in led:
                yield IssueAssignment(terms=_for_referral(event, province))
        case ConclusionIssued():
            taken: set[OpinionRound] = set()
            for commitment in event.commitments:
                mine = tuple(
                    opinion_id
                    for opinion_id in dict.fromkeys(commitment.opinion_ids)
                    if (opinion_id, FIRST_ROUND) not in led
                    and (opinion_id, FIRST_ROUND) not in taken
                )
                if commitment_assignment_id(commitment.commitment_id) not in issued:
                    taken.update((opinion_id, FIRST_ROUND) for opinion_id in mine)
                    yield IssueAssignment(terms=_for_commitment(event, commitment, mine))
        case _:
            return


def _for_referral(referral: OpinionReferred, province: Province) -> AssignmentIssued:
    """Return the terms; the limit runs from the day of referral, which is day zero.

    Source: the province's regulation, rule `resolution_due`.
    """
    lead = lead_of(referral, province)
    deadline = province.due(RESOLUTION_RULE, referral.referred_on)
    return AssignmentIssued(
        assignment_id=referral_assignment_id(referral.opinion_id, referral.round),
        source_kind=AssignmentSource.REFERRAL,
        agency=lead.agency,
        unit=referral.unit,
        level=referral.level,
        field=referral.field,
        round=referral.round,
        opinion_ids=(referral.opinion_id,),
        opinions=1,
        issued_on=referral.referred_on,
        due_on=deadline.due_on,
        received_on=referral.received_on,
        session_id=referral.session_id,
        session_kind=referral.session_kind,
        held_on=referral.held_on,
        cooperating_agencies=(),
        deadline_citation=deadline.citation,
        deadline_working_days=deadline.working_days,
        routing_citation=lead.routing_citation,
    )


def _for_commitment(
    conclusion: ConclusionIssued, commitment: Commitment, opinion_ids: Iterable[str]
) -> AssignmentIssued:
    """Return the terms; the conclusion itself says who leads and until when."""
    opinions = tuple(opinion_ids)
    cooperating = dict.fromkeys(commitment.cooperating_agencies)
    cooperating.pop(commitment.lead_agency, None)
    return AssignmentIssued(
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
