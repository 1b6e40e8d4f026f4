"""What a session and its conclusion may hold always fits into an entry of the log."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from services.sessions.conclusion import COMMITMENTS_MAX, COOPERATING_MAX, OPINIONS_MAX
from services.sessions.conclusion_commands import ProposedCommitment
from shared.contracts.sessions import (
    AgendaItemPlaced,
    AgendaItemRejected,
    ConclusionIssued,
    OpinionRaised,
    SessionEnded,
    SessionEvent,
    SessionOpened,
    SessionPlanned,
    SessionScheduled,
)
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import (
    Level,
    Mode,
    SessionKind,
    UnscheduleReason,
    Visibility,
)
from shared.eventlog.entry import ENTRY_MAX_BYTES, Draft, entry_bytes
from shared.kernel.ids import derived_id
from tests.services.sessions.story import (
    ATTENDED,
    HELD_ON,
    SPEC,
    agency,
    issuing,
    placing,
    proposed,
    raising,
    text,
)

KEY = "k" * 80
"""As long as the API takes one: of a unit, a field, an agency, a province; and a seat."""
TIME = "2019-05-24T03:00:00.000000Z"
WHEN: dict[str, Any] = {
    "session_id": derived_id("session"),
    "unit": KEY,
    "level": Level.PROVINCE,
    "session_kind": SessionKind.THEMATIC,
    "mode": Mode.IN_PERSON,
    "field": KEY,
    "held_on": HELD_ON,
}
WHAT = {name: value for name, value in WHEN.items() if name != "held_on"}
PRODUCT = TextRef(
    text_id=derived_id("product"),
    owner="sessions",
    commitment="c" * 64,
    visibility=Visibility.RESTRICTED,
)
IDS = [derived_id("opinion", str(number)) for number in range(OPINIONS_MAX)]


def placed(opinion_ids: Sequence[str]) -> list[SessionEvent]:
    items = [
        AgendaItemPlaced(**WHEN, opinion_id=opinion_id, field_of_opinion=KEY)
        for opinion_id in opinion_ids
    ]
    planned = SessionPlanned(**WHAT, planned_year=2019)
    return [planned, SessionScheduled(**WHEN), *items]


def opened(opinion_ids: Sequence[str]) -> list[SessionEvent]:
    return [*placed(opinion_ids), SessionOpened(**WHEN, chair=KEY, head_present=True)]


def held(opinion_ids: Sequence[str]) -> list[SessionEvent]:
    attended = replace(ATTENDED, **WHEN)
    return [*opened(opinion_ids), attended, SessionEnded(**WHEN, speaking_turns=None)]


def spread(
    opinion_ids: Sequence[str] = IDS,
    *,
    commitments: int = COMMITMENTS_MAX,
    cooperating: int = COOPERATING_MAX,
) -> list[ProposedCommitment]:
    """Return commitments among which opinions and mentions of agencies are dealt out."""
    return [
        proposed(
            commitment_id=derived_id("commitment", str(number)),
            field=KEY,
            opinion_ids=tuple(opinion_ids[number::commitments]),
            lead=agency("l" * 80),
            cooperating=tuple(
                agency(f"{mention:080d}") for mention in range(cooperating)[number::commitments]
            ),
            product=PRODUCT,
        )
        for number in range(commitments)
    ]


def test_the_largest_conclusion_fits_with_every_id_at_its_longest() -> None:
    command = issuing(
        *spread(),
        conclusion_id=derived_id("conclusion"),
        number="1" + "\U00010400" * 39,
        signer=KEY,
    )
    (issued,) = SPEC.given(*held(IDS)).when(command)
    assert isinstance(issued, ConclusionIssued)
    assert sum(len(each.opinion_ids) for each in issued.commitments) == OPINIONS_MAX
    draft = Draft(
        id=derived_id("event"),
        stream=f"session-{derived_id('session')}",
        event=issued,
        actor=KEY,
        occurred_at=TIME,
        correlation_id=derived_id("correlation"),
        causation_id=derived_id("cause"),
        references="r" * 500,
    )
    origin = f"{'d' * 253}/{KEY}/sessions"
    content = entry_bytes(draft.envelope(origin), time=TIME, version=10**9)
    assert 0.9 * ENTRY_MAX_BYTES < len(content) < ENTRY_MAX_BYTES


@pytest.mark.parametrize(
    ("commitments", "place", "code", "limit"),
    [
        (
            spread(commitments=COMMITMENTS_MAX + 1),
            "commitments",
            "session.too_many_commitments",
            COMMITMENTS_MAX,
        ),
        (
            spread(cooperating=COOPERATING_MAX + 1),
            "cooperating_agencies",
            "session.too_many_cooperating",
            COOPERATING_MAX,
        ),
        (
            spread([*IDS, "one-more"]),
            "opinions",
            "session.too_many_opinions",
            OPINIONS_MAX,
        ),
    ],
    ids=["commitments", "cooperating", "opinions"],
)
def test_one_more_is_named_among_the_faults(
    commitments: list[ProposedCommitment], place: str, code: str, limit: int
) -> None:
    # A log from before the bound may hold a session with more opinions.
    error = SPEC.given(*held([*IDS, "one-more"])).refused(issuing(*commitments))
    assert error.code == "session.conclusion_incomplete"
    faults = error.facts["faults"]
    assert isinstance(faults, list)
    assert {"place": place, "code": code, "limit": limit} in faults


def test_an_opinion_beyond_the_last_place_of_an_agenda_is_sent_back() -> None:
    (last,) = SPEC.given(*placed(IDS[1:])).when(placing("last"))
    assert isinstance(last, AgendaItemPlaced)
    (rejected,) = SPEC.given(*placed(IDS)).when(placing("late"))
    assert rejected == AgendaItemRejected(
        **WHEN, opinion_id="late", reason=UnscheduleReason.AGENDA_FULL
    )
    assert SPEC.given(*placed(IDS)).when(placing(IDS[0])) == []


def test_a_session_takes_no_more_opinions_in_the_room_than_fit() -> None:
    (last,) = SPEC.given(*opened(IDS[1:])).when(raising())
    assert isinstance(last, OpinionRaised)
    full = SPEC.given(*opened(IDS[1:]), last)
    error = full.refused(raising(opinion_id="one-more", text=text(4)))
    assert (error.code, error.facts) == ("session.too_many_opinions", {"limit": OPINIONS_MAX})
    assert full.when(raising()) == []
