"""What Intake recorded is carried out once, in order, within its province."""

from datetime import date

import pytest

from services.sessions.decider import SESSION
from services.sessions.definition import DEFINITION
from services.sessions.reactions import on_intake
from shared.contracts.intake import OpinionScheduled
from shared.contracts.sessions import (
    AgendaItemPlaced,
    AgendaItemRejected,
    SessionEvent,
)
from shared.contracts.vocabulary import Channel, Level, OpinionKind, SessionKind
from shared.eventlog import Draft, Entry, Recorded
from shared.eventlog.entry import entry_bytes
from tests.services.conftest import Open
from tests.services.opened import Opened, since_opened
from tests.services.sessions.story import (
    DRAIN,
    LIGHTS,
    SESSION_ID,
    TO_OPENED,
    TO_SCHEDULED,
)

INTAKE = "test.local/ha-noi/intake"
TIME = "2019-05-14T03:00:00.000000Z"


@pytest.fixture
def service(open_service: Open) -> Opened:
    return open_service(DEFINITION)


def heard(position: int, opinion_id: str) -> Entry:
    scheduled = OpinionScheduled(
        opinion_id=opinion_id,
        unit="thanh-cong",
        level=Level.COMMUNE,
        field="environment",
        opinion_kind=OpinionKind.REFLECTION,
        channel=Channel.DIRECT,
        organisation="mttq-thanh-cong",
        voices=2,
        received_on=date(2019, 4, 2),
        session_id=SESSION_ID,
        session_kind=SessionKind.PERIODIC,
        held_on=date(2019, 5, 20),
    )
    draft = Draft(
        id=f"event-{position}",
        stream=f"opinion-{opinion_id}",
        event=scheduled,
        actor="mttq-thanh-cong/sang-loc",
        occurred_at=TIME,
        correlation_id="digest-7",
    )
    return Entry(INTAKE, position, entry_bytes(draft.envelope(INTAKE), time=TIME, version=2))


def given(service: Opened, past: tuple[SessionEvent, ...]) -> None:
    log = service.runtime.ledger.log("ha-noi")
    drafts = [
        Draft(
            id=f"given-{number}",
            stream=f"session-{SESSION_ID}",
            event=event,
            actor="ubnd-thanh-cong/thu-ky",
            occurred_at=TIME,
        )
        for number, event in enumerate(past)
    ]
    with service.runtime.store.write() as tx:
        log.append(tx, drafts)


def when(service: Opened, *entries: Entry) -> list[Recorded]:
    log = service.runtime.ledger.log("ha-noi")
    before = log.size()
    with service.runtime.store.write() as tx:
        on_intake(service.runtime, tx, [entry.checked() for entry in entries])
    return [entry.recorded() for entry in log.read(before - 1)]


def test_opinions_are_placed_in_the_order_that_they_came(service: Opened) -> None:
    given(service, TO_SCHEDULED)
    placed = [each.event for each in when(service, heard(7, DRAIN), heard(8, LIGHTS))]
    assert [(type(event), getattr(event, "opinion_id", "")) for event in placed] == [
        (AgendaItemPlaced, DRAIN),
        (AgendaItemPlaced, LIGHTS),
    ]


def test_a_reaction_names_its_cause_and_is_dated_by_it(service: Opened) -> None:
    given(service, TO_SCHEDULED)
    (placed,) = when(service, heard(7, DRAIN))
    assert (placed.causation_id, placed.correlation_id) == ("event-7", "digest-7")
    assert (placed.actor, placed.occurred_at) == ("service:sessions", TIME)


def test_an_entry_heard_twice_is_carried_out_once(service: Opened) -> None:
    given(service, TO_OPENED)
    late = heard(7, "0b7a5f0e-0000-5000-8000-0000000000ff")
    (first,) = when(service, late)
    assert isinstance(first.event, AgendaItemRejected)
    assert when(service, late) == []


def test_an_unknown_session_sends_the_opinion_back_and_can_still_be_planned(
    service: Opened,
) -> None:
    (sent_back,) = when(service, heard(7, DRAIN))
    assert isinstance(sent_back.event, AgendaItemRejected)
    given(service, TO_SCHEDULED)
    (placed,) = when(service, heard(8, DRAIN))
    assert isinstance(placed.event, AgendaItemPlaced)
    assert placed.version == 3


def test_what_was_recorded_decodes_to_what_was_decided(service: Opened) -> None:
    given(service, TO_OPENED)
    recorded = [entry.checked().event for entry in since_opened(service.runtime)]
    assert recorded == list(TO_OPENED)
    assert SESSION.state_after(TO_OPENED) == SESSION.state_after(recorded)  # type: ignore[arg-type]
