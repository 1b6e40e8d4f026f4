"""What other services change afterwards reaches opinions, in whatever order it is heard."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa

from services.intake import known_sessions, read_model
from services.intake.tables import early_answer, handling, known_commitment
from shared.contracts import Event
from shared.contracts.assignment import (
    AssignmentCancelled,
    AssignmentReopened,
    AssignmentSuperseded,
    LeadTransferred,
)
from shared.contracts.intake import (
    OpinionCoveredByCommitment,
    OpinionRescheduled,
    OpinionReturned,
    OpinionUnscheduled,
)
from shared.contracts.sessions import (
    ConclusionAmended,
    SessionCancelled,
    SessionPostponed,
    SessionRescheduled,
)
from shared.contracts.vocabulary import (
    CancelReason,
    ChangeReason,
    CorrectionReason,
    TransferReason,
    UnscheduleReason,
)
from shared.kernel.errors import NotFound
from shared.runtime import Runtime
from tests.services.intake.hearing import (
    RAISED,
    REJECTED,
    SESSION_SCHEDULED,
    WHEN,
    Teller,
    assignment,
    concluded,
    given,
    issued,
    told,
)
from tests.services.intake.story import (
    HELD_ON,
    OPINION_ID,
    REFERRED,
    SESSION_ID,
    TO_REFERRED,
    TO_SCHEDULED,
)
from tests.services.opened import Opened

LATER = date(2019, 5, 27)
WHERE: dict[str, Any] = {name: value for name, value in WHEN.items() if name != "held_on"}
RESCHEDULED = SessionRescheduled(
    **WHERE, held_on=LATER, held_on_before=HELD_ON, reason=ChangeReason.CHAIR_UNAVAILABLE
)
POSTPONED = SessionPostponed(**WHERE, held_on_before=HELD_ON, reason=ChangeReason.FORCE_MAJEURE)
CALLED_OFF = SessionCancelled(**WHERE, held_on=HELD_ON, reason=ChangeReason.NO_LONGER_NEEDED)


def amended(*opinion_ids: str, commitment_id: str = "commitment-2") -> ConclusionAmended:
    first = concluded(*opinion_ids, commitment_id=commitment_id)
    return ConclusionAmended(
        **WHEN,
        conclusion_id=first.conclusion_id,
        amendment=1,
        number="15/TB-UBND",
        issued_on=date(2019, 6, 3),
        signer=first.signer,
        reason=CorrectionReason.WRONG_FIGURE,
        commitments=tuple(
            replace(commitment, supersedes="commitment-1") for commitment in first.commitments
        ),
    )


def cancelled(reason: str, commitment_id: str | None = "commitment-1") -> AssignmentCancelled:
    values = assignment(commitment_id=commitment_id)
    on = date(2019, 6, 4)
    return AssignmentCancelled(
        **values,
        cancelled_on=on,
        reason=CancelReason(reason),
        missed=False,
        held_working_days=0,
        legs=(),
    )


@pytest.fixture
def runtime(intake: Opened) -> Runtime:
    return intake.runtime


@pytest.fixture
def teller(runtime: Runtime) -> Teller:
    return Teller(runtime)


def row(runtime: Runtime) -> sa.RowMapping:
    with runtime.store.read() as connection:
        return read_model.one(connection, OPINION_ID)


def kinds(events: Sequence[Event]) -> list[type]:
    return [type(event) for event in events]


def agencies(runtime: Runtime) -> list[str]:
    with runtime.store.read() as connection:
        return sorted(connection.scalars(sa.select(handling.c.agency)))


# -- sessions that move


def test_a_session_that_moves_takes_its_agenda_along(runtime: Runtime, teller: Teller) -> None:
    given(runtime, *TO_SCHEDULED)
    (event,) = teller.sessions(SESSION_SCHEDULED, RESCHEDULED)
    assert isinstance(event, OpinionRescheduled)
    assert (event.held_on, event.held_on_before) == (LATER, HELD_ON)
    assert row(runtime)["held_on"] == LATER
    assert teller.sessions(RESCHEDULED) == []
    with runtime.store.read() as connection:
        known = known_sessions.session(connection, SESSION_ID, "ha-noi")
        assert known["held_on"] == LATER


def test_what_left_the_agenda_does_not_move(runtime: Runtime, teller: Teller) -> None:
    given(runtime, *TO_SCHEDULED)
    assert kinds(teller.sessions(REJECTED, RESCHEDULED)) == [OpinionUnscheduled]


@pytest.mark.parametrize("gone", [POSTPONED, CALLED_OFF])
def test_nothing_is_scheduled_for_a_session_without_a_day(
    runtime: Runtime, teller: Teller, gone: Event
) -> None:
    given(runtime, *TO_SCHEDULED)
    off = replace(REJECTED, reason=UnscheduleReason.SESSION_CANCELLED)
    assert kinds(teller.sessions(SESSION_SCHEDULED, gone, off)) == [OpinionUnscheduled]
    with runtime.store.read() as connection, pytest.raises(NotFound):
        known_sessions.session(connection, SESSION_ID, "ha-noi")


# -- conclusions that change


@pytest.mark.parametrize("order", sorted(set(permutations("sssaa"))))
def test_an_amended_conclusion_ends_the_same_in_whatever_order_two_logs_are_heard(
    runtime: Runtime, teller: Teller, order: tuple[str, ...]
) -> None:
    sessions: Iterator[Event] = iter([RAISED, concluded(), amended()])
    assignments: Iterator[Event] = iter([issued(), cancelled("commitment_dropped")])
    for service in order:
        if service == "s":
            teller.sessions(next(sessions))
        else:
            teller.assignment(next(assignments))
    found = row(runtime)
    assert (found["state"], found["commitment_id"]) == ("in_handling", "commitment-2")
    with runtime.store.read() as connection:
        assert list(connection.scalars(sa.select(known_commitment.c.commitment_id))) == [
            "commitment-2"
        ]
        assert list(connection.execute(sa.select(early_answer))) == []
    assert agencies(runtime) == []


def test_an_unchanged_commitment_changes_nothing(runtime: Runtime, teller: Teller) -> None:
    given(runtime, *TO_SCHEDULED)
    assert kinds(teller.sessions(concluded())) == [OpinionCoveredByCommitment]
    assert teller.sessions(amended(commitment_id="commitment-1")) == []


# -- assignments that end


def test_an_assignment_issued_in_error_gives_its_opinion_back(
    runtime: Runtime, teller: Teller
) -> None:
    given(runtime, *TO_REFERRED)
    teller.assignment(issued(commitment_id=None))
    (event,) = teller.assignment(cancelled("issued_in_error", None))
    assert isinstance(event, OpinionReturned)
    assert row(runtime)["state"] == "eligible"
    assert agencies(runtime) == []
    again = replace(REFERRED, round=2)
    given(runtime, again)
    assert teller.assignment(cancelled("issued_in_error", None)) == []


def test_an_assignment_cancelled_for_its_withdrawal_is_no_news(
    runtime: Runtime, teller: Teller
) -> None:
    given(runtime, *TO_REFERRED)
    teller.assignment(issued(commitment_id=None))
    assert teller.assignment(cancelled("withdrawn", None)) == []
    assert agencies(runtime) == []
    assert len(told(runtime)) == len(TO_REFERRED)


def test_whoever_leads_now_may_read(runtime: Runtime, teller: Teller) -> None:
    given(runtime, *TO_REFERRED)
    teller.assignment(issued(commitment_id=None))
    moved = LeadTransferred(
        **{**assignment(commitment_id=None), "agency": "ubnd-ba-dinh"},
        agency_before="tnmt-ba-dinh",
        transferred_on=date(2019, 6, 1),
        reason=TransferReason.REFUSAL_UPHELD,
        held_working_days=5,
    )
    teller.assignment(moved, moved)
    assert agencies(runtime) == ["ubnd-ba-dinh", "ubnd-thanh-cong"]
    over = AssignmentSuperseded(
        **assignment(commitment_id=None),
        superseded_on=date(2019, 6, 2),
        by="a-2",
        missed=False,
        held_working_days=0,
        legs=(),
    )
    teller.assignment(over)
    assert agencies(runtime) == []
    reopened = AssignmentReopened(
        **{**assignment(commitment_id=None), "assignment_id": "a-2", "round": 2},
        cooperating_agencies=("ubnd-thanh-cong",),
        deadline_citation="Điều 5",
        former_assignment_id="assignment-1",
    )
    teller.assignment(reopened)
    assert agencies(runtime) == ["tnmt-ba-dinh", "ubnd-thanh-cong"]
