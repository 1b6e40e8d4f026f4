"""Intake puts opinions forward; nothing else of it concerns a session."""

from datetime import date

from services.sessions.commands import PlaceOnAgenda
from services.sessions.policy import react
from shared.contracts.intake import OpinionAccepted, OpinionScheduled
from shared.contracts.sessions import SessionDimensions
from shared.contracts.vocabulary import Channel, Level, Mode, OpinionKind, SessionKind
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
