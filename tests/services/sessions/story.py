"""One session as a story: the events and commands that the tests are told with."""

from datetime import date
from typing import Any

from services.sessions.commands import (
    OpenSession,
    PlaceOnAgenda,
    PlanSession,
    RaiseOpinion,
)
from services.sessions.conclusion_commands import (
    IssueConclusion,
    NamedAgency,
    ProposedCommitment,
    Standing,
)
from services.sessions.decider import SESSION
from services.sessions.sessions import raised_opinion_id
from shared.contracts.sessions import (
    AgendaItemPlaced,
    AnswerGivenOnSpot,
    AttendanceRecorded,
    Commitment,
    ConclusionIssued,
    OpinionRaised,
    SessionDimensions,
    SessionEnded,
    SessionEvent,
    SessionOpened,
    SessionPlanned,
    SessionScheduled,
)
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import (
    AttendanceBasis,
    Level,
    Mode,
    OpinionKind,
    Outcome,
    SessionKind,
    Visibility,
)
from tests.specs import Spec

SPEC = Spec(SESSION)
SESSION_ID = "0b7a5f0e-0000-5000-8000-000000000001"
DRAIN, LIGHTS, MARKET_LINE = (f"0b7a5f0e-0000-5000-8000-0000000000a{n}" for n in (1, 2, 3))
MARKET = raised_opinion_id(SESSION_ID, MARKET_LINE)
"""Two opinions put forward by Intake, and one first heard in the room."""
HELD_ON = date(2019, 5, 20)
ISSUED_ON = date(2019, 5, 24)
DUE_ON = date(2019, 6, 28)
TRIGGERS = ("conspicuous", "many_people")

WHAT: dict[str, Any] = {
    "session_id": SESSION_ID,
    "unit": "thanh-cong",
    "level": Level.COMMUNE,
    "session_kind": SessionKind.PERIODIC,
    "mode": Mode.IN_PERSON,
}
WHEN = {**WHAT, "held_on": HELD_ON}


def text(number: int, owner: str = "intake") -> TextRef:
    return TextRef(
        text_id=f"text-{number}",
        owner=owner,
        commitment=f"{number:064x}",
        visibility=Visibility.RESTRICTED if owner == "intake" else Visibility.PUBLIC,
    )


PLANNED = SessionPlanned(**WHAT, planned_year=2019)
SCHEDULED = SessionScheduled(**WHEN)
DRAIN_PLACED = AgendaItemPlaced(**WHEN, opinion_id=DRAIN, field_of_opinion="environment")
LIGHTS_PLACED = AgendaItemPlaced(**WHEN, opinion_id=LIGHTS, field_of_opinion="urban_order")
OPENED = SessionOpened(**WHEN, chair="ubnd-thanh-cong/chu-tich", head_present=True)
ATTENDED = AttendanceRecorded(
    **WHEN,
    group="nhan_dan",
    attendances=85,
    attendances_before=0,
    basis=AttendanceBasis.COUNTED,
)
MARKET_RAISED = OpinionRaised(
    **WHEN,
    opinion_id=MARKET,
    field_of_opinion="urban_order",
    opinion_kind=OpinionKind.REFLECTION,
    voices=4,
    text=text(3),
)
LIGHTS_ANSWERED = AnswerGivenOnSpot(**WHEN, opinion_id=LIGHTS, outcome=Outcome.EXPLAINED)
ENDED = SessionEnded(**WHEN, speaking_turns=11)
CONCLUDED = ConclusionIssued(
    **WHEN,
    conclusion_id="conclusion-1",
    number="12/TB-UBND",
    issued_on=ISSUED_ON,
    signer="ubnd-thanh-cong/chu-tich",
    commitments=(
        Commitment(
            commitment_id="commitment-1",
            field="environment",
            opinion_ids=(DRAIN, MARKET),
            lead_agency="tnmt-ba-dinh",
            cooperating_agencies=("ubnd-thanh-cong",),
            product=text(9, "sessions"),
            due_on=DUE_ON,
        ),
    ),
)

TO_PLANNED: tuple[SessionEvent, ...] = (PLANNED,)
TO_SCHEDULED: tuple[SessionEvent, ...] = (*TO_PLANNED, SCHEDULED)
TO_AGENDA: tuple[SessionEvent, ...] = (*TO_SCHEDULED, DRAIN_PLACED, LIGHTS_PLACED)
TO_OPENED: tuple[SessionEvent, ...] = (*TO_AGENDA, OPENED)
TO_ANSWERED: tuple[SessionEvent, ...] = (
    *TO_OPENED,
    ATTENDED,
    MARKET_RAISED,
    LIGHTS_ANSWERED,
)
TO_HELD: tuple[SessionEvent, ...] = (*TO_ANSWERED, ENDED)
TO_CONCLUDED: tuple[SessionEvent, ...] = (*TO_HELD, CONCLUDED)


def planning(**changes: Any) -> PlanSession:
    asked = {"planned_year": 2019, "trigger": None, **changes}
    return PlanSession(
        dimensions=SessionDimensions(
            **{**WHAT, **{key: asked.pop(key) for key in (*WHAT, "field") if key in asked}}
        ),
        adhoc_triggers=TRIGGERS,
        **asked,
    )


def placing(opinion_id: str = DRAIN) -> PlaceOnAgenda:
    return PlaceOnAgenda(
        opinion_id=opinion_id,
        field_of_opinion="environment",
        stated=SessionDimensions(**{**WHAT, "unit": "ba-dinh", "level": Level.DISTRICT}),
    )


def opening(today: date = HELD_ON, **changes: Any) -> OpenSession:
    asked = {"chair": OPENED.chair, "head_present": True, "backdating_max_days": 30, **changes}
    return OpenSession(today=today, **asked)


def raising(**changes: Any) -> RaiseOpinion:
    asked = {
        "opinion_id": MARKET,
        "field_of_opinion": "urban_order",
        "opinion_kind": OpinionKind.REFLECTION,
        "voices": 4,
        "text": text(3),
        **changes,
    }
    return RaiseOpinion(**asked)


def agency(key: str, standing: Standing = Standing.COMPETENT) -> NamedAgency:
    return NamedAgency(key=key, standing=standing)


def proposed(**changes: Any) -> ProposedCommitment:
    asked = {
        "commitment_id": "commitment-1",
        "field": "environment",
        "is_field_known": True,
        "opinion_ids": (DRAIN, MARKET),
        "lead": agency("tnmt-ba-dinh"),
        "cooperating": (agency("ubnd-thanh-cong"),),
        "product": text(9, "sessions"),
        "due_on": DUE_ON,
        **changes,
    }
    return ProposedCommitment(**asked)


def issuing(*commitments: ProposedCommitment, **changes: Any) -> IssueConclusion:
    asked = {
        "conclusion_id": "conclusion-1",
        "number": "12/TB-UBND",
        "is_number_free": True,
        "issued_on": ISSUED_ON,
        "signer": "ubnd-thanh-cong/chu-tich",
        "today": date(2019, 5, 25),
        "backdating_max_days": 30,
        **changes,
    }
    return IssueConclusion(commitments=commitments or (proposed(),), **asked)
