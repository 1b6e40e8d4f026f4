"""One opinion stands for another: the merge forest, always one level deep. Pure.

Each step concerns one stream; `plans` says which streams a merge moves together.
"""

from collections.abc import Sequence
from dataclasses import replace

from services.intake.commands_screening import (
    JoinMembers,
    MergeOpinion,
    ReleaseMembers,
    RetargetOpinion,
    UnmergeOpinion,
)
from services.intake.evolving import OpinionEvent
from services.intake.states import (
    Clarifying,
    Eligible,
    InHandling,
    Known,
    Merged,
    Received,
    Scheduled,
    State,
    state_name,
    values_of,
)
from shared.contracts.intake import (
    MembersJoined,
    MembersLeft,
    OpinionDimensions,
    OpinionMerged,
    OpinionRetargeted,
    OpinionUnmerged,
    OpinionUnscheduled,
)
from shared.contracts.vocabulary import UnscheduleReason
from shared.kernel.errors import Refused

Events = Sequence[OpinionEvent]
Live = Received | Clarifying | Eligible | Scheduled | InHandling
"""States of an opinion that is still to be answered, and can stand for others."""
LIVE = frozenset({"received", "clarifying", "eligible", "scheduled", "in_handling"})


def merge(command: MergeOpinion, state: State) -> Events:
    """Return that the head stands for the opinion, and for what it stood for itself.

    Raises Refused: see `decide`.
    """
    if isinstance(state, Merged) and state.head_id == command.head_id:
        return ()
    if not isinstance(state, Received | Eligible | Scheduled) or state.course.round > 0:
        raise Refused("opinion.not_mergeable", state=state_name(state))
    if command.head_id == state.dimensions.opinion_id:
        raise Refused("opinion.merged_into_itself", opinion=command.head_id)
    if command.head_state not in LIVE:
        raise Refused("opinion.head_not_live", opinion=command.head_id, state=command.head_state)
    merged = OpinionMerged(
        **values_of(_alone(state)),
        head_id=command.head_id,
        state_before=state_name(state),
        voices_moved=state.dimensions.voices,
        similarity_permille=command.similarity_permille,
        algorithm=command.algorithm,
    )
    return (merged,)


def retarget(command: RetargetOpinion, state: State) -> Events:
    """Return that another head stands for the opinion. Raises Refused: see `decide`."""
    if not isinstance(state, Merged):
        raise Refused("opinion.not_merged", state=state_name(state))
    if state.head_id == command.head_id:
        return ()
    retargeted = OpinionRetargeted(
        **values_of(state.dimensions), head_id=command.head_id, head_before=state.head_id
    )
    return (retargeted,)


def unmerge(command: UnmergeOpinion, state: State) -> Events:
    """Return that the opinion stands for itself again, as it did before.

    Its place on an agenda was given up with the merge, so from there it comes off the
    agenda at once. Raises Refused: see `decide`.
    """
    if not isinstance(state, Merged):
        raise Refused("opinion.not_merged", state=state_name(state))
    values = values_of(state.dimensions)
    unmerged = OpinionUnmerged(
        **values,
        head_id=state.head_id,
        state_after=state_name(state.before),
        voices_moved=state.dimensions.voices,
        promoted=command.promoted,
    )
    if not isinstance(state.before, Scheduled):
        return (unmerged,)
    off = OpinionUnscheduled(**values, reason=UnscheduleReason.WITHDRAWN_FROM_AGENDA)
    return (unmerged, off)


def join(command: JoinMembers, state: State) -> Events:
    """Return that the opinion stands for others too. Raises Refused: see `decide`."""
    if not isinstance(state, Live):
        head = state.dimensions.opinion_id if isinstance(state, Known) else None
        raise Refused("opinion.head_not_live", opinion=head, state=state_name(state))
    joined = MembersJoined(
        **values_of(_with_voices(state, command.voices)),
        member_ids=command.member_ids,
        voices_moved=command.voices,
    )
    return (joined,)


def release(command: ReleaseMembers, state: State) -> Events:
    """Return that opinions left their head, whatever became of it. Raises Refused: see `decide`."""
    if not isinstance(state, Known) or not set(command.member_ids) <= set(state.course.member_ids):
        raise Refused("opinion.not_merged", state=state_name(state))
    left = MembersLeft(
        **values_of(_with_voices(state, -command.voices)),
        member_ids=command.member_ids,
        voices_moved=command.voices,
    )
    return (left,)


def _alone(state: Known) -> OpinionDimensions:
    return replace(state.dimensions, voices=state.reception.voices)


def _with_voices(state: Known, more: int) -> OpinionDimensions:
    return replace(state.dimensions, voices=state.dimensions.voices + more)
