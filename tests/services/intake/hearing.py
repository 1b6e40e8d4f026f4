"""What other services tell Intake, as it comes: encoded, stored, decoded and checked."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.intake import reactions
from shared.contracts import Event
from shared.contracts.assignment import AnswerReleased, AssignmentIssued, DeadlineMissed
from shared.contracts.sessions import (
    AgendaItemRejected,
    AnswerGivenOnSpot,
    Commitment,
    ConclusionIssued,
    OpinionRaised,
    SessionScheduled,
)
from shared.contracts.vocabulary import (
    AssignmentSource,
    Level,
    Mode,
    OpinionKind,
    Outcome,
    SessionKind,
    UnscheduleReason,
)
from shared.eventlog import Draft, Entry, Recorded
from shared.eventlog.entry import entry_bytes
from shared.runtime import Runtime
from tests.services.intake.story import HELD_ON, OPINION_ID, SESSION_ID, text
from tests.services.opened import since_opened

TIME = "2019-06-20T03:00:00.000000Z"
WHEN: dict[str, Any] = {
    "session_id": SESSION_ID,
    "unit": "thanh-cong",
    "level": Level.COMMUNE,
    "session_kind": SessionKind.PERIODIC,
    "mode": Mode.IN_PERSON,
    "held_on": HELD_ON,
}
SESSION_SCHEDULED = SessionScheduled(**WHEN)
RAISED = OpinionRaised(
    **WHEN,
    opinion_id=OPINION_ID,
    field_of_opinion="environment",
    opinion_kind=OpinionKind.REFLECTION,
    voices=3,
    text=text(),
)
REJECTED = AgendaItemRejected(
    **WHEN, opinion_id=OPINION_ID, reason=UnscheduleReason.SESSION_NOT_OPEN
)
ANSWERED_ON_SPOT = AnswerGivenOnSpot(**WHEN, opinion_id=OPINION_ID, outcome=Outcome.EXPLAINED)


def concluded(*opinion_ids: str, commitment_id: str = "commitment-1") -> ConclusionIssued:
    return ConclusionIssued(
        **WHEN,
        conclusion_id="conclusion-1",
        number="12/TB-UBND",
        issued_on=date(2019, 5, 24),
        signer="ubnd-thanh-cong/chu-tich",
        commitments=(
            Commitment(
                commitment_id=commitment_id,
                field="environment",
                opinion_ids=opinion_ids or (OPINION_ID,),
                lead_agency="tnmt-ba-dinh",
                cooperating_agencies=("ubnd-thanh-cong",),
                product=text(8, "sessions"),
                due_on=date(2019, 6, 18),
            ),
        ),
    )


def assignment(*opinion_ids: str, commitment_id: str | None = "commitment-1") -> dict[str, Any]:
    ids = opinion_ids or (OPINION_ID,)
    return {
        "assignment_id": "assignment-1",
        "source_kind": AssignmentSource.COMMITMENT if commitment_id else AssignmentSource.REFERRAL,
        "agency": "tnmt-ba-dinh",
        "unit": "thanh-cong",
        "level": Level.COMMUNE,
        "field": "environment",
        "round": 1,
        "opinion_ids": ids,
        "opinions": len(ids),
        "issued_on": date(2019, 5, 24),
        "due_on": date(2019, 6, 18),
        "commitment_id": commitment_id,
    }


def issued(*opinion_ids: str, commitment_id: str | None = "commitment-1") -> AssignmentIssued:
    return AssignmentIssued(
        **assignment(*opinion_ids, commitment_id=commitment_id),
        cooperating_agencies=("ubnd-thanh-cong",),
        deadline_citation="12/TB-UBND",
    )


def released(*opinion_ids: str, commitment_id: str | None = "commitment-1") -> AnswerReleased:
    return AnswerReleased(
        **assignment(*opinion_ids, commitment_id=commitment_id),
        submitted_on=date(2019, 6, 19),
        released_on=date(2019, 6, 20),
        outcome=Outcome.RESOLVED,
        approver="tnmt-ba-dinh/truong-phong",
        text=text(9, "assignment"),
        days_late=2,
        working_days_late=2,
        agency_days_late=1,
        missed=True,
    )


def missed(*opinion_ids: str, commitment_id: str | None = "commitment-1") -> DeadlineMissed:
    values = assignment(*opinion_ids, commitment_id=commitment_id)
    return DeadlineMissed(**values, effective_on=date(2019, 6, 19))


class Teller:
    """Tells Intake what happened elsewhere, each log in its order."""

    def __init__(self, runtime: Runtime, province: str = "ha-noi") -> None:
        self._runtime = runtime
        self._province = province
        self._heard = {"sessions": 0, "assignment": 0}
        self.contents: dict[str, list[bytes]] = {"sessions": [], "assignment": []}
        """What the other logs hold, as it was told."""

    def sessions(self, *events: Event) -> list[Event]:
        """Return what Intake recorded on hearing `events` of Sessions in one batch."""
        return self._tell("sessions", reactions.on_sessions, events)

    def assignment(self, *events: Event) -> list[Event]:
        """Return what Intake recorded on hearing `events` of Assignment in one batch."""
        return self._tell("assignment", reactions.on_assignment, events)

    def _tell(self, service: str, hear: Any, events: Sequence[Event]) -> list[Event]:
        log = self._runtime.ledger.log(self._province)
        before = log.size()
        batch = [self._entry(service, event) for event in events]
        with self._runtime.store.write() as tx:
            hear(self._runtime, tx, batch)
        return [entry.recorded().event for entry in log.read(before - 1)]

    def _entry(self, service: str, event: Event) -> Recorded:
        position = self._heard[service]
        self._heard[service] += 1
        origin = f"test.local/{self._province}/{service}"
        draft = Draft(
            id=f"{service}-{self._province}-{position}",
            stream="whatever",
            event=event,
            actor="test/seat",
            occurred_at=TIME,
            correlation_id=f"correlation-{position}",
        )
        content = entry_bytes(draft.envelope(origin), time=TIME, version=position)
        self.contents[service].append(content)
        return Entry(origin, position, content).checked()


def given(runtime: Runtime, *events: Any, province: str = "ha-noi") -> None:
    """Record `events` of opinions as Intake's own past."""
    log = runtime.ledger.log(province)
    first = log.size()
    drafts = [
        Draft(
            id=f"given-{province}-{first + number}",
            stream=f"opinion-{event.opinion_id}",
            event=event,
            actor="test/screener",
            occurred_at=TIME,
        )
        for number, event in enumerate(events)
    ]
    with runtime.store.write() as tx:
        log.append(tx, drafts)


def told(runtime: Runtime, province: str = "ha-noi") -> list[Event]:
    """Return every event of Intake's log since it was opened, oldest first."""
    return [entry.recorded().event for entry in since_opened(runtime, province)]
