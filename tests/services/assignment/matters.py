"""Matters that assignments are about, and how a service hears of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.assignment.reactions import issue_assignments
from shared.contracts import Event
from shared.contracts.assignment import (
    AnswerSubmitted,
    AssignmentAccepted,
    AssignmentIssued,
    DeadlineMissed,
)
from shared.contracts.intake import OpinionReferred
from shared.contracts.sessions import Commitment, ConclusionIssued
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import (
    AssignmentSource,
    Channel,
    Level,
    Mode,
    OpinionKind,
    Outcome,
    SessionKind,
    Visibility,
)
from shared.eventlog import Recorded
from shared.kernel.ids import derived_id
from shared.runtime import Runtime

MONDAY = date(2019, 5, 20)
DUE = date(2019, 6, 10)
"""15 working days after `MONDAY`."""

ISSUED = AssignmentIssued(
    assignment_id="a-1",
    source_kind=AssignmentSource.REFERRAL,
    agency="ubnd-ba-dinh",
    unit="ba-dinh",
    level=Level.DISTRICT,
    field="urban_order",
    round=1,
    opinion_ids=("o-1",),
    opinions=1,
    issued_on=MONDAY,
    due_on=DUE,
    received_on=date(2019, 5, 13),
    cooperating_agencies=("tnmt-ba-dinh",),
    deadline_citation="Quy chế",
    deadline_working_days=15,
)
TEXT = TextRef(
    text_id="t-1", owner="assignment", commitment="ab" * 32, visibility=Visibility.RESTRICTED
)

_ABOUT = {
    "assignment_id": "a-1",
    "source_kind": AssignmentSource.REFERRAL,
    "agency": "ubnd-ba-dinh",
    "unit": "ba-dinh",
    "level": Level.DISTRICT,
    "field": "urban_order",
    "round": 1,
    "opinion_ids": ("o-1",),
    "opinions": 1,
    "issued_on": MONDAY,
    "due_on": DUE,
    "received_on": date(2019, 5, 13),
}


def accepted(on: date = date(2019, 5, 22)) -> AssignmentAccepted:
    """Return the acceptance of `ISSUED`."""
    return AssignmentAccepted(**_ABOUT, accepted_on=on)  # type: ignore[arg-type]


def submitted(on: date = date(2019, 6, 3), author: str = "ubnd/clerk") -> AnswerSubmitted:
    """Return an answer to `ISSUED`."""
    return AnswerSubmitted(
        **_ABOUT,  # type: ignore[arg-type]
        submitted_on=on,
        outcome=Outcome.RESOLVED,
        author=author,
        text=TEXT,
    )


def missed() -> DeadlineMissed:
    """Return the miss of `ISSUED`."""
    return DeadlineMissed(**_ABOUT, effective_on=date(2019, 6, 11))  # type: ignore[arg-type]


def referral(
    opinion_id: str = "o-1",
    *,
    field: str = "urban_order",
    agency: str | None = None,
    number: int = 1,
) -> OpinionReferred:
    """Return an opinion of Ba Đình that is referred on Monday."""
    return OpinionReferred(
        opinion_id=opinion_id,
        unit="ba-dinh",
        level=Level.DISTRICT,
        field=field,
        opinion_kind=OpinionKind.RECOMMENDATION,
        channel=Channel.DIRECT,
        organisation="mttq-ba-dinh",
        voices=1,
        received_on=date(2019, 5, 13),
        referred_on=MONDAY,
        round=number,
        agency=agency,
    )


def commitment(
    commitment_id: str,
    *opinion_ids: str,
    lead: str = "ubnd-ba-dinh",
    cooperating: tuple[str, ...] = ("tnmt-ba-dinh",),
) -> Commitment:
    """Return a commitment that is due on 28/06/2019."""
    return Commitment(
        commitment_id=commitment_id,
        field="environment",
        opinion_ids=opinion_ids,
        lead_agency=lead,
        cooperating_agencies=cooperating,
        product=replace(TEXT, owner="sessions", text_id=f"product-{commitment_id}"),
        due_on=date(2019, 6, 28),
    )


def conclusion(*commitments: Commitment, conclusion_id: str = "c-1") -> ConclusionIssued:
    """Return the conclusion of a periodic session held on 15/05/2019."""
    return ConclusionIssued(
        session_id="s-1",
        unit="ba-dinh",
        level=Level.DISTRICT,
        session_kind=SessionKind.PERIODIC,
        mode=Mode.IN_PERSON,
        held_on=date(2019, 5, 15),
        conclusion_id=conclusion_id,
        number="25-TB/QU",
        issued_on=MONDAY,
        signer="ba-dinh/chair",
        commitments=commitments,
    )


def recorded(event: Event, owner: str, position: int = 0, province: str = "ha-noi") -> Recorded:
    """Return `event` as an entry of the log of `owner`."""
    origin = f"test.local/{province}/{owner}"
    event_id = derived_id("test", origin, str(position))
    return Recorded(
        origin=origin,
        position=position,
        stream="any",
        version=0,
        event_id=event_id,
        time="2019-05-20T05:00:00.000000Z",
        occurred_at="2019-05-20T05:00:00.000000Z",
        actor="test/screener",
        correlation_id=event_id,
        causation_id=None,
        event=event,
    )


def hear(runtime: Runtime, events: Sequence[Event], *, first: int = 0, **named: str) -> None:
    """Have the service react to `events`, as one batch of Intake's or Sessions' log."""
    owners = {OpinionReferred: "intake", ConclusionIssued: "sessions"}
    heard = [
        recorded(event, owners[type(event)], first + number, **named)
        for number, event in enumerate(events)
    ]
    with runtime.store.write() as tx:
        issue_assignments(runtime, tx, heard)
