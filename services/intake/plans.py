"""Which streams one deed moves together, and by which commands, in order. Pure."""

from collections.abc import Mapping

from services.intake.commands import Command
from services.intake.commands_course import WithdrawOpinion
from services.intake.commands_screening import (
    JoinMembers,
    MergeOpinion,
    ReleaseMembers,
    RetargetOpinion,
    UnmergeOpinion,
)
from services.intake.states import Known, Merged, State, Unknown, state_name

Plan = list[tuple[str, Command]]
"""Opinion and command."""
States = Mapping[str, State]
"""By opinion."""


def concerned(opinion_id: str, states: States) -> frozenset[str]:
    """Return the other opinions whose state a plan for `opinion_id` needs to know."""
    match states.get(opinion_id, Unknown()):
        case Merged(head_id=head_id):
            return frozenset({head_id})
        case Known(course=course):
            return frozenset(course.member_ids)
        case _:
            return frozenset()


def merge(
    opinion_id: str,
    head_id: str,
    states: States,
    *,
    similarity_permille: int | None,
    algorithm: str | None,
) -> Plan:
    """Return how the head comes to stand for the opinion and for its members."""
    state = states.get(opinion_id, Unknown())
    first = MergeOpinion(
        head_id=head_id,
        head_state=state_name(states.get(head_id, Unknown())),
        similarity_permille=similarity_permille,
        algorithm=algorithm,
    )
    plan: Plan = [(opinion_id, first)]
    if isinstance(state, Known) and not isinstance(state, Merged):
        members = state.course.member_ids
        moved = (opinion_id, *members)
        plan.append((head_id, JoinMembers(member_ids=moved, voices=state.dimensions.voices)))
        plan += [(each, RetargetOpinion(head_id=head_id)) for each in members]
    return plan


def unmerge(opinion_id: str, states: States) -> Plan:
    """Return how the opinion comes to stand for itself again."""
    state = states.get(opinion_id, Unknown())
    plan: Plan = [(opinion_id, UnmergeOpinion())]
    if isinstance(state, Merged):
        left = ReleaseMembers(member_ids=(opinion_id,), voices=state.reception.voices)
        plan.append((state.head_id, left))
    return plan


def withdraw(opinion_id: str, states: States, command: WithdrawOpinion) -> Plan:
    """Return how the opinion is taken back: those it stood for go on without it.

    The first that was merged into it is promoted, and stands for the others.
    """
    state = states.get(opinion_id, Unknown())
    last: Plan = [(opinion_id, command)]
    if isinstance(state, Merged):
        return unmerge(opinion_id, states) + last
    if not isinstance(state, Known) or not state.course.member_ids:
        return last
    promoted, *others = state.course.member_ids
    voices = {
        each: found.reception.voices
        for each in state.course.member_ids
        if isinstance(found := states.get(each, Unknown()), Known)
    }
    leaving = ReleaseMembers(member_ids=state.course.member_ids, voices=sum(voices.values()))
    plan: Plan = [(opinion_id, leaving), (promoted, UnmergeOpinion(promoted=True))]
    if others:
        more = sum(voices.get(each, 0) for each in others)
        plan.append((promoted, JoinMembers(member_ids=tuple(others), voices=more)))
        plan += [(each, RetargetOpinion(head_id=promoted)) for each in others]
    return plan + last
