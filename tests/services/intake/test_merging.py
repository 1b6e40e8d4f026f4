"""One opinion for several, several for one: every transition and refusal."""

from dataclasses import replace
from typing import Any

import pytest

from services.intake.commands import Command
from services.intake.states import Merged, state_name
from shared.contracts.intake import (
    MembersJoined,
    MembersLeft,
    OpinionMerged,
    OpinionRetargeted,
    OpinionSplit,
    OpinionUnmerged,
    OpinionUnscheduled,
)
from shared.contracts.vocabulary import UnscheduleReason
from tests.services.intake.course import (
    HEAD_ID,
    MEMBER_ID,
    OTHER_HEAD_ID,
    PART_IDS,
    Past,
    after,
    asking_back,
    joining,
    merging,
    releasing,
    retargeting,
    returning,
    splitting,
    unmerging,
    withdrawing,
)
from tests.services.intake.story import (
    OPINION_ID,
    RECEIVED,
    SPEC,
    TO_ANSWERED,
    TO_DECLINED,
    TO_ELIGIBLE,
    TO_RECEIVED,
    TO_REFERRED,
    TO_SCHEDULED,
    WHAT,
    WHERE,
    accepting,
    covering,
    declining,
    referring,
)

TO_MERGED = after(TO_ELIGIBLE, merging())
TO_HEAD = after(TO_ELIGIBLE, joining())
SIMILAR: dict[str, Any] = {"similarity_permille": 840, "algorithm": "words-3"}


@pytest.mark.parametrize(
    ("past", "before", "where"),
    [
        (TO_RECEIVED, "received", WHAT),
        (TO_ELIGIBLE, "eligible", WHAT),
        (TO_SCHEDULED, "scheduled", WHERE),
    ],
)
def test_a_head_comes_to_stand_for_it_and_undoing_brings_it_back(
    past: Past, before: str, where: dict[str, Any]
) -> None:
    (merged,) = SPEC.given(*past).when(merging())
    assert merged == OpinionMerged(
        **where, head_id=HEAD_ID, state_before=before, voices_moved=3, **SIMILAR
    )
    back, *off = SPEC.given(*past, merged).when(unmerging())
    assert back == OpinionUnmerged(**where, head_id=HEAD_ID, state_after=before, voices_moved=3)
    gone = OpinionUnscheduled(**where, reason=UnscheduleReason.WITHDRAWN_FROM_AGENDA)
    assert off == ([gone] if before == "scheduled" else [])
    again = SPEC.given(*past, merged, back, *off).state
    assert state_name(again) == ("eligible" if before == "scheduled" else before)


def test_the_same_merge_again_changes_nothing_and_another_head_is_refused() -> None:
    assert SPEC.given(*TO_MERGED).when(merging()) == []
    error = SPEC.given(*TO_MERGED).refused(merging(OTHER_HEAD_ID))
    assert (error.code, error.facts) == ("opinion.not_mergeable", {"state": "merged"})


@pytest.mark.parametrize(
    "past",
    [
        (),
        after(TO_RECEIVED, asking_back()),
        TO_REFERRED,
        TO_ANSWERED,
        TO_DECLINED,
        after(TO_REFERRED, returning()),
        after(TO_ELIGIBLE, withdrawing()),
    ],
)
def test_what_an_agency_has_had_or_screening_does_not_hold_is_not_merged(past: Past) -> None:
    assert SPEC.given(*past).refused(merging()).code == "opinion.not_mergeable"


def test_nothing_is_merged_into_itself() -> None:
    error = SPEC.given(*TO_ELIGIBLE).refused(merging(OPINION_ID))
    assert error.code == "opinion.merged_into_itself"


@pytest.mark.parametrize(
    "state", ["unknown", "answered", "closed", "declined", "merged", "split", "withdrawn"]
)
def test_a_head_is_live_so_the_forest_stays_one_level_deep(state: str) -> None:
    error = SPEC.given(*TO_ELIGIBLE).refused(merging(head_state=state))
    assert (error.code, error.facts["state"]) == ("opinion.head_not_live", state)


def test_a_head_takes_over_the_voices_and_gives_them_back() -> None:
    (joined,) = SPEC.given(*TO_ELIGIBLE).when(joining())
    more = {**WHAT, "voices": 8}
    assert joined == MembersJoined(**more, member_ids=(MEMBER_ID,), voices_moved=5)
    (left,) = SPEC.given(*TO_HEAD).when(releasing())
    assert left == MembersLeft(**WHAT, member_ids=(MEMBER_ID,), voices_moved=5)


@pytest.mark.parametrize("past", [TO_ANSWERED, TO_DECLINED, TO_MERGED, ()])
def test_nobody_joins_what_is_not_live(past: Past) -> None:
    assert SPEC.given(*past).refused(joining()).code == "opinion.head_not_live"


def test_only_members_leave() -> None:
    assert SPEC.given(*TO_ELIGIBLE).refused(releasing()).code == "opinion.not_merged"
    assert SPEC.given().refused(releasing()).code == "opinion.not_merged"


def test_a_member_leaves_a_head_that_has_its_answer() -> None:
    answered = after(TO_HEAD, referring())
    assert SPEC.given(*answered).when(releasing())


def test_a_head_that_is_merged_moves_all_its_voices_and_keeps_its_own() -> None:
    (merged,) = SPEC.given(*TO_HEAD).when(merging())
    assert isinstance(merged, OpinionMerged)
    assert (merged.voices, merged.voices_moved) == (3, 8)
    state = SPEC.given(*TO_HEAD, merged).state
    assert isinstance(state, Merged)
    assert state.course.member_ids == ()


def test_its_members_get_the_new_head() -> None:
    (event,) = SPEC.given(*TO_MERGED).when(retargeting())
    assert event == OpinionRetargeted(**WHAT, head_id=OTHER_HEAD_ID, head_before=HEAD_ID)
    assert SPEC.given(*TO_MERGED, event).when(retargeting()) == []
    assert SPEC.given(*TO_ELIGIBLE).refused(retargeting()).code == "opinion.not_merged"


@pytest.mark.parametrize("command", [accepting(), declining(), referring()])
def test_what_is_merged_goes_no_way_of_its_own(command: Command) -> None:
    assert SPEC.given(*TO_MERGED).refused(command).facts["state"] == "merged"


def test_a_conclusion_that_still_names_it_changes_nothing() -> None:
    assert SPEC.given(*after(TO_SCHEDULED, merging())).when(covering()) == []


def test_only_what_is_merged_is_unmerged() -> None:
    assert SPEC.given(*TO_ELIGIBLE).refused(unmerging()).code == "opinion.not_merged"


# -- split


@pytest.mark.parametrize(("past", "before"), [(TO_RECEIVED, "received"), (TO_ELIGIBLE, "eligible")])
def test_parts_stand_for_the_whole(past: Past, before: str) -> None:
    (event,) = SPEC.given(*past).when(splitting())
    assert event == OpinionSplit(**WHAT, part_ids=PART_IDS, state_before=before)
    assert SPEC.given(*past, event).when(splitting()) == []
    error = SPEC.given(*past, event).refused(splitting("part-3", "part-4"))
    assert error.code == "opinion.not_splittable"


@pytest.mark.parametrize("past", [(), TO_SCHEDULED, TO_REFERRED, TO_ANSWERED, TO_MERGED])
def test_what_has_a_disposition_is_not_split(past: Past) -> None:
    assert SPEC.given(*past).refused(splitting()).code == "opinion.not_splittable"


def test_a_part_is_not_split_again() -> None:
    part = replace(RECEIVED, part_of="whole")
    assert SPEC.given(part).refused(splitting()).code == "opinion.is_part"


def test_one_part_is_no_split() -> None:
    error = SPEC.given(*TO_RECEIVED).refused(splitting("part-1", "part-1"))
    assert error.code == "opinion.too_few_parts"


def test_what_stands_for_others_is_not_split_or_withdrawn_before_they_leave() -> None:
    assert SPEC.given(*TO_HEAD).refused(splitting()).code == "opinion.has_members"
    assert SPEC.given(*TO_HEAD).refused(withdrawing()).code == "opinion.has_members"
