"""What of other services' events concerns a session, and what is asked of it then."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.sessions.commands import PlaceOnAgenda, RemoveFromAgenda
from services.sessions.conclusion_commands import NoteProgress
from services.sessions.policy import react
from shared.contracts.assignment import AnswerReleased, AssignmentCancelled, FulfilmentVerified
from shared.contracts.intake import (
    OpinionAccepted,
    OpinionMerged,
    OpinionScheduled,
    OpinionWithdrawn,
)
from shared.contracts.sessions import SessionDimensions
from shared.contracts.vocabulary import (
    Channel,
    CommitmentProgress,
    Level,
    Mode,
    OpinionKind,
    Outcome,
    RemovalReason,
    SessionKind,
)
from tests.contracts.examples import minimal
from tests.services.sessions.story import DRAIN, SESSION_ID, TO_CONCLUDED

OPINION = {
    "opinion_id": DRAIN,
    "unit": "thanh-cong",
    "level": Level.COMMUNE,
    "field": "environment",
    "opinion_kind": OpinionKind.REFLECTION,
    "channel": Channel.DIRECT,
    "organisation": "mttq-thanh-cong",
    "voices": 2,
    "received_on": date(2019, 4, 2),
}


def test_a_scheduled_opinion_is_placed_on_the_agenda_of_its_session() -> None:
    scheduled = OpinionScheduled(
        **OPINION,  # type: ignore[arg-type]
        session_id=SESSION_ID,
        session_kind=SessionKind.AD_HOC,
        held_on=date(2019, 5, 20),
    )
    place = PlaceOnAgenda(
        opinion_id=DRAIN,
        field_of_opinion="environment",
        stated=SessionDimensions(
            session_id=SESSION_ID,
            unit="thanh-cong",
            level=Level.COMMUNE,
            session_kind=SessionKind.AD_HOC,
            mode=Mode.IN_PERSON,
        ),
    )
    assert react(scheduled) == ((SESSION_ID, place),)


def test_nothing_else_is_reacted_to() -> None:
    accepted = OpinionAccepted(**OPINION)  # type: ignore[arg-type]
    assert [react(event) for event in (accepted, *TO_CONCLUDED)] == [()] * 11


@pytest.mark.parametrize(
    ("form", "reason"),
    [(OpinionMerged, RemovalReason.MERGED), (OpinionWithdrawn, RemovalReason.WITHDRAWN)],
)
def test_what_was_merged_or_withdrawn_leaves_the_agenda_it_was_on(
    form: Any, reason: RemovalReason
) -> None:
    event = replace(minimal(form), opinion_id=DRAIN, session_id=SESSION_ID)
    removal = RemoveFromAgenda(opinion_id=DRAIN, reason=reason)
    assert react(event) == ((SESSION_ID, removal),)
    assert react(replace(event, session_id=None)) == ()


ON = date(2019, 7, 1)
MINE = {"session_id": SESSION_ID, "commitment_id": "c-1"}


@pytest.mark.parametrize(
    ("outcome", "progress"),
    [
        (Outcome.RESOLVED, CommitmentProgress.ANSWERED),
        (Outcome.ACCEPTED_WITH_PLAN, CommitmentProgress.ANSWERED),
        (Outcome.EXPLAINED, CommitmentProgress.SETTLED),
        (Outcome.NOT_RESOLVABLE, CommitmentProgress.SETTLED),
    ],
)
def test_an_answer_settles_a_commitment_only_where_nothing_is_left_to_do(
    outcome: Outcome, progress: CommitmentProgress
) -> None:
    event = replace(minimal(AnswerReleased), **MINE, released_on=ON, outcome=outcome, days_late=3)
    noted = NoteProgress(commitment_id="c-1", progress=progress, on=ON, days_late=3)
    assert react(event) == ((SESSION_ID, noted),)


@pytest.mark.parametrize(
    ("event", "progress"),
    [
        (
            replace(minimal(FulfilmentVerified), **MINE, verified_on=ON),
            CommitmentProgress.FULFILLED,
        ),
        (
            replace(minimal(AssignmentCancelled), **MINE, cancelled_on=ON),
            CommitmentProgress.CANCELLED,
        ),
    ],
)
def test_what_is_verified_or_cancelled_is_noted(event: Any, progress: CommitmentProgress) -> None:
    noted = NoteProgress(commitment_id="c-1", progress=progress, on=ON)
    assert react(event) == ((SESSION_ID, noted),)
    assert react(replace(event, commitment_id=None)) == ()
