"""What others withdraw, reopen or amend, in whichever order it is heard."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from itertools import permutations
from typing import TypeVar

import pytest

from services.assignment import read_model
from services.assignment.definition import DEFINITION
from services.assignment.reactions import issue_assignments
from services.assignment.terms import commitment_assignment_id, referral_assignment_id
from shared.contracts import Event
from shared.contracts.assignment import (
    AssignmentCancelled,
    AssignmentIssued,
    AssignmentReopened,
    AssignmentSuperseded,
)
from shared.contracts.assignment_course import ReferralTriaged
from shared.contracts.intake import OpinionDimensions, OpinionReopened, OpinionWithdrawn
from shared.contracts.sessions import Commitment, ConclusionAmended, ConclusionIssued
from shared.contracts.vocabulary import (
    CancelReason,
    CorrectionReason,
    FeedbackReason,
    Level,
    WithdrawalReason,
)
from shared.runtime import Runtime
from tests.services.assignment.matters import (
    DUE,
    MONDAY,
    commitment,
    conclusion,
    recorded,
    referral,
)
from tests.services.conftest import Open
from tests.services.opened import since_opened

E = TypeVar("E")
ONE = referral_assignment_id("o-1", 1)


@pytest.fixture
def runtime(open_service: Open) -> Runtime:
    return open_service(DEFINITION).runtime


def hear(runtime: Runtime, owner: str, *events: Event, first: int = 0) -> None:
    heard = [recorded(event, owner, first + place) for place, event in enumerate(events)]
    with runtime.store.write() as tx:
        issue_assignments(runtime, tx, heard)


def found(runtime: Runtime, kind: type[E]) -> list[E]:
    events = [entry.recorded().event for entry in since_opened(runtime)]
    return [event for event in events if isinstance(event, kind)]


def dimensions(opinion_id: str) -> dict[str, object]:
    event = referral(opinion_id)
    return {field.name: getattr(event, field.name) for field in fields(OpinionDimensions)}


def withdrawal(
    opinion_id: str = "o-1", *, number: int | None = 1, keep: bool = False
) -> OpinionWithdrawn:
    return OpinionWithdrawn(
        **dimensions(opinion_id),  # type: ignore[arg-type]
        withdrawn_on=MONDAY,
        reason=WithdrawalReason.SETTLED_ELSEWHERE,
        round=number,
        keep_ex_officio=keep,
        was_overdue=False,
    )


def reopening(*, agency: str | None = "tnmt-ba-dinh", level_up: bool = False) -> OpinionReopened:
    return OpinionReopened(
        **dimensions("o-1"),  # type: ignore[arg-type]
        reopened_on=MONDAY,
        round=2,
        agency=agency,
        reason=FeedbackReason.NOT_CARRIED_OUT,
        level_up=level_up,
    )


def amended(*commitments: Commitment, amendment: int = 1) -> ConclusionAmended:
    first = conclusion(*commitments)
    same = {
        field.name: getattr(first, field.name)
        for field in fields(ConclusionAmended)
        if field.name != "commitments" and hasattr(first, field.name)
    }
    return ConclusionAmended(
        **same, amendment=amendment, reason=CorrectionReason.AGENCY_CHANGED, commitments=commitments
    )


def test_a_withdrawn_opinion_ends_its_assignment(runtime: Runtime) -> None:
    hear(runtime, "intake", referral("o-1"), withdrawal())
    (event,) = found(runtime, AssignmentCancelled)
    assert (event.reason, event.missed) == (CancelReason.WITHDRAWN, False)
    assert [(leg.agency, leg.to_on) for leg in event.legs] == [("ubnd-ba-dinh", MONDAY)]
    hear(runtime, "intake", referral("o-1"), withdrawal())
    assert len(found(runtime, AssignmentIssued)) == 1


@pytest.mark.parametrize("event", [withdrawal(keep=True), withdrawal(number=None)])
def test_what_goes_on_ex_officio_or_was_with_nobody_changes_nothing(
    runtime: Runtime, event: OpinionWithdrawn
) -> None:
    hear(runtime, "intake", referral("o-1"), event)
    assert found(runtime, AssignmentCancelled) == []


def test_a_commitment_that_answers_for_others_as_well_goes_on(runtime: Runtime) -> None:
    hear(runtime, "sessions", conclusion(commitment("k-1", "o-1", "o-2")))
    hear(runtime, "intake", withdrawal())
    assert found(runtime, AssignmentCancelled) == []


@pytest.mark.parametrize("is_early", [True, False])
def test_a_withdrawal_and_a_conclusion_end_the_same_in_either_order(
    runtime: Runtime, *, is_early: bool
) -> None:
    promise = conclusion(commitment("k-1", "o-1"))
    order: list[tuple[str, Event]] = [("intake", withdrawal()), ("sessions", promise)]
    for owner, event in order if is_early else reversed(order):
        hear(runtime, owner, event)
    entries = [entry.recorded() for entry in since_opened(runtime)]
    (cancelled,) = (each for each in entries if isinstance(each.event, AssignmentCancelled))
    assert cancelled.causation_id == recorded(withdrawal(), "intake").event_id
    with runtime.store.read() as connection:
        (row,) = read_model.page(connection, province="ha-noi")
    assert (row["state"], row["cancel_reason"]) == ("cancelled", "withdrawn")


def test_a_reopened_opinion_gets_a_round_of_its_own_with_a_new_due_date(runtime: Runtime) -> None:
    hear(runtime, "intake", referral("o-1", agency="tnmt-ba-dinh"), reopening())
    (again,) = found(runtime, AssignmentReopened)
    assert again.assignment_id == referral_assignment_id("o-1", 2)
    assert (again.agency, again.round, again.due_on) == ("tnmt-ba-dinh", 2, DUE)
    assert again.former_assignment_id == ONE
    hear(runtime, "intake", reopening(), first=1)
    assert len(found(runtime, AssignmentReopened)) == 1


def test_one_level_up_the_routing_table_says_who_leads(runtime: Runtime) -> None:
    hear(runtime, "intake", reopening(level_up=True))
    (again,) = found(runtime, AssignmentReopened)
    assert (again.level, again.former_assignment_id) == (Level.PROVINCE, None)
    assert again.routing_citation is not None


def test_an_unchanged_commitment_keeps_its_assignment_and_a_changed_one_is_superseded(
    runtime: Runtime,
) -> None:
    hear(
        runtime,
        "sessions",
        conclusion(commitment("k-1", "o-1"), commitment("k-2", "o-2"), commitment("k-3", "o-3")),
    )
    changed = replace(
        commitment("k-2b", "o-2", "o-3", lead="ubnd-ha-noi", cooperating=()),
        supersedes="k-2",
        due_on=date(2019, 7, 1),
    )
    hear(runtime, "sessions", amended(commitment("k-1", "o-1"), changed), first=1)
    (superseded,) = found(runtime, AssignmentSuperseded)
    assert superseded.commitment_id == "k-2"
    assert superseded.by == commitment_assignment_id("k-2b")
    (dropped,) = found(runtime, AssignmentCancelled)
    assert (dropped.commitment_id, dropped.reason) == ("k-3", CancelReason.COMMITMENT_DROPPED)
    last = found(runtime, AssignmentIssued)[-1]
    assert (last.opinion_ids, last.agency) == (("o-2", "o-3"), "ubnd-ha-noi")
    with runtime.store.read() as connection:
        states = {
            row["commitment_id"]: row["state"]
            for row in read_model.page(connection, province="ha-noi")
        }
    assert states == {"k-1": "issued", "k-2": "superseded", "k-3": "cancelled", "k-2b": "issued"}


def test_the_same_amendment_again_changes_nothing(runtime: Runtime) -> None:
    hear(runtime, "sessions", conclusion(commitment("k-1", "o-1")))
    changed = replace(commitment("k-2", "o-1"), supersedes="k-1")
    for _ in range(2):
        hear(runtime, "sessions", amended(changed), first=1)
    assert len(found(runtime, AssignmentIssued)) == 2
    assert len(found(runtime, AssignmentSuperseded)) == 1


def test_in_every_order_of_two_logs_an_opinion_has_one_live_lead_or_none(
    open_service: Open,
) -> None:
    intake: Sequence[Event] = (referral("o-2"), withdrawal("o-1"))
    sessions: Sequence[Event] = (
        conclusion(commitment("k-1", "o-1"), commitment("k-2", "o-2")),
        amended(commitment("k-1", "o-1"), replace(commitment("k-3", "o-2"), supersedes="k-2")),
    )
    runtime = open_service(DEFINITION).runtime
    orders = {
        tuple(owner for owner, _ in order)
        for order in permutations([("intake", 0), ("intake", 1), ("sessions", 0), ("sessions", 1)])
    }
    for number, order in enumerate(sorted(orders)):
        left = {"intake": list(enumerate(intake)), "sessions": list(enumerate(sessions))}
        for owner in order:
            place, event = left[owner].pop(0)
            renamed = _renamed(event, str(number))
            hear(runtime, owner, renamed, first=10 * number + place)
        with runtime.store.read() as connection:
            rows = read_model.page(connection, province="ha-noi")
            ids = [row["assignment_id"] for row in rows if row["state"] == "issued"]
            led = [
                each for found in read_model.opinions(connection, ids).values() for each in found
            ]
        mine = sorted(each for each in led if each.endswith(f"#{number}"))
        assert mine == [f"o-2#{number}"], order


def _renamed(event: Event, number: str) -> Event:
    """Return the event about opinions and commitments of its own."""
    match event:
        case OpinionDimensions():
            return replace(event, opinion_id=f"{event.opinion_id}#{number}")
        case ConclusionIssued() | ConclusionAmended():
            commitments = tuple(
                replace(
                    each,
                    commitment_id=f"{each.commitment_id}#{number}",
                    opinion_ids=tuple(f"{mine}#{number}" for mine in each.opinion_ids),
                    supersedes=each.supersedes and f"{each.supersedes}#{number}",
                )
                for each in event.commitments
            )
            return replace(event, conclusion_id=f"c#{number}", commitments=commitments)
        case _:
            return event


def test_nobody_is_competent_after_a_reopening_of_an_agency_that_never_was(
    runtime: Runtime,
) -> None:
    hear(runtime, "intake", reopening(agency="co-quan-la"))
    (again,) = found(runtime, AssignmentReopened)
    assert again.agency == "ubnd-ba-dinh"
    assert found(runtime, ReferralTriaged) == []
