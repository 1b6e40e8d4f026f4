"""One opinion as a story: the events and commands that the tests are told with."""

from datetime import date
from typing import Any

from services.intake.commands import (
    AcceptOpinion,
    AnswerOnSpot,
    CoverByCommitment,
    DeclineOpinion,
    NoteOverdue,
    ReceiveOpinion,
    ReceiveRaised,
    RecordAnswer,
    ReferOpinion,
    ScheduleOpinion,
    TakeOffAgenda,
)
from services.intake.decider import OPINION
from services.intake.receipt import receipt_number
from shared.contracts.intake import (
    OpinionAccepted,
    OpinionAnswered,
    OpinionBecameOverdue,
    OpinionCoveredByCommitment,
    OpinionDeclined,
    OpinionDimensions,
    OpinionReceived,
    OpinionReferred,
    OpinionScheduled,
    OpinionUnscheduled,
)
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import (
    Channel,
    DeclineReason,
    Level,
    OpinionKind,
    Outcome,
    SessionKind,
    TextRefusal,
    UnscheduleReason,
    Visibility,
)
from tests.specs import Spec

SPEC = Spec(OPINION)
OPINION_ID = "0b7a5f0e-0000-5000-8000-0000000000a1"
CADRE, SCREENER = "mttq-ba-dinh/can-bo", "mttq-ba-dinh/sang-loc"
SESSION_ID = "0b7a5f0e-0000-5000-8000-000000000001"
OTHER_SESSION_ID = "0b7a5f0e-0000-5000-8000-000000000002"
RECEIVED_ON = date(2019, 5, 6)
HELD_ON = date(2019, 5, 20)
TODAY = date(2019, 5, 20)
BACKDATING_MAX_DAYS = 30

WHAT: dict[str, Any] = {
    "opinion_id": OPINION_ID,
    "unit": "thanh-cong",
    "level": Level.COMMUNE,
    "field": "environment",
    "opinion_kind": OpinionKind.REFLECTION,
    "channel": Channel.DIRECT,
    "organisation": "mttq-thanh-cong",
    "voices": 3,
    "received_on": RECEIVED_ON,
}
WHERE: dict[str, Any] = {
    **WHAT,
    "session_id": SESSION_ID,
    "session_kind": SessionKind.PERIODIC,
    "held_on": HELD_ON,
    "session_unit": "ba-dinh",
    "session_level": Level.DISTRICT,
}
IN_THE_ROOM = {
    **WHERE,
    "channel": Channel.SESSION,
    "organisation": "session",
    "session_unit": None,
    "session_level": None,
}


def text(number: int = 1, owner: str = "intake") -> TextRef:
    return TextRef(
        text_id=f"text-{number}",
        owner=owner,
        commitment=f"{number:064x}",
        visibility=Visibility.RESTRICTED,
    )


KEPT: dict[str, Any] = {"receipt": receipt_number(OPINION_ID), "text": text()}
WAITED_DAYS = (TODAY - RECEIVED_ON).days
ENTERED: dict[str, Any] = {**KEPT, "entered_by": CADRE, "gathering_days": WAITED_DAYS}
SCREENED: dict[str, Any] = {"screening_days": WAITED_DAYS}
RECEIVED = OpinionReceived(**WHAT, **ENTERED)
COMPLAINED = OpinionReceived(**{**WHAT, "opinion_kind": OpinionKind.COMPLAINT}, **ENTERED)
ACCEPTED = OpinionAccepted(**WHAT, accepted_on=TODAY, **SCREENED)
DECLINED = OpinionDeclined(
    **WHAT, reason=DeclineReason.UNCLEAR, declined_on=TODAY, state_before="received", **SCREENED
)
SCHEDULED = OpinionScheduled(**WHERE, scheduled_on=TODAY, waited_days=0)
UNSCHEDULED = OpinionUnscheduled(**WHERE, reason=UnscheduleReason.SESSION_NOT_OPEN)
REFERRED = OpinionReferred(**WHAT, referred_on=TODAY, round=1, agency="tnmt-ba-dinh", waited_days=0)
COVERED = OpinionCoveredByCommitment(
    **WHERE, commitment_id="commitment-1", round=1, state_before="scheduled"
)
RAISED = OpinionReceived(**IN_THE_ROOM, **KEPT)
RAISED_ACCEPTED = OpinionAccepted(**IN_THE_ROOM)

ANSWER: dict[str, Any] = {
    "outcome": Outcome.RESOLVED,
    "answered_on": date(2019, 6, 20),
    "agency": "tnmt-ba-dinh",
    "due_on": date(2019, 6, 18),
    "days_late": 2,
    "round": 1,
    "text": text(9, "assignment"),
}
LATE: dict[str, Any] = {name: ANSWER[name] for name in ("agency", "due_on", "round")}
ON_SPOT: dict[str, Any] = {
    "outcome": Outcome.EXPLAINED,
    "answered_on": HELD_ON,
    "on_the_spot": True,
    "round": 1,
    "was_overdue": False,
}
IN_TIME: dict[str, Any] = {**ANSWER, "on_the_spot": False, "was_overdue": False}
ANSWERED_REFERRAL = OpinionAnswered(**WHAT, **IN_TIME)
ANSWERED_COMMITMENT = OpinionAnswered(**WHERE, **IN_TIME)
OVERDUE = OpinionBecameOverdue(**WHAT, **LATE)
OVERDUE_COMMITMENT = OpinionBecameOverdue(**WHERE, **LATE)
ANSWERED_ON_SPOT = OpinionAnswered(**WHERE, **ON_SPOT)

TO_RECEIVED = (RECEIVED,)
TO_ELIGIBLE = (*TO_RECEIVED, ACCEPTED)
TO_SCHEDULED = (*TO_ELIGIBLE, SCHEDULED)
TO_REFERRED = (*TO_ELIGIBLE, REFERRED)
TO_COVERED = (*TO_SCHEDULED, COVERED)
TO_OVERDUE = (*TO_REFERRED, OVERDUE)
TO_ANSWERED = (*TO_REFERRED, ANSWERED_REFERRAL)
TO_DECLINED = (*TO_RECEIVED, DECLINED)
TO_RAISED = (RAISED, RAISED_ACCEPTED)


def receiving(**changes: Any) -> ReceiveOpinion:
    asked: dict[str, Any] = {
        **KEPT,
        "entered_by": CADRE,
        "today": TODAY,
        "backdating_max_days": BACKDATING_MAX_DAYS,
    }
    what = {**WHAT, **{key: changes.pop(key) for key in tuple(changes) if key in WHAT}}
    return ReceiveOpinion(dimensions=OpinionDimensions(**what), **{**asked, **changes})


def raising(text_refused: TextRefusal | None = None) -> ReceiveRaised:
    return ReceiveRaised(
        dimensions=OpinionDimensions(**IN_THE_ROOM), **KEPT, text_refused=text_refused
    )


def accepting(seat: str = SCREENER, *, by_another_seat: bool = True) -> AcceptOpinion:
    return AcceptOpinion(seat=seat, by_another_seat=by_another_seat, on=TODAY)


def declining(
    reason: DeclineReason = DeclineReason.UNCLEAR, redirect: str | None = None
) -> DeclineOpinion:
    return DeclineOpinion(reason=reason, redirect=redirect, on=TODAY)


def referring(agency: str | None = "tnmt-ba-dinh") -> ReferOpinion:
    return ReferOpinion(referred_on=TODAY, agency=agency)


def scheduling(session_id: str = SESSION_ID, held_on: date = HELD_ON) -> ScheduleOpinion:
    return ScheduleOpinion(
        session_id=session_id,
        session_kind=SessionKind.PERIODIC,
        held_on=held_on,
        session_unit="ba-dinh",
        session_level=Level.DISTRICT,
        on=TODAY,
    )


def taking_off(session_id: str = SESSION_ID) -> TakeOffAgenda:
    return TakeOffAgenda(session_id=session_id, reason=UnscheduleReason.SESSION_NOT_OPEN)


def covering(session_id: str = SESSION_ID) -> CoverByCommitment:
    return CoverByCommitment(session_id=session_id, commitment_id="commitment-1")


def answering_on_spot(session_id: str = SESSION_ID) -> AnswerOnSpot:
    return AnswerOnSpot(session_id=session_id, outcome=Outcome.EXPLAINED, answered_on=HELD_ON)


def answering(**changes: Any) -> RecordAnswer:
    return RecordAnswer(**{**ANSWER, "commitment_id": None, **changes})


def missing(**changes: Any) -> NoteOverdue:
    return NoteOverdue(**{**LATE, "commitment_id": None, **changes})
