"""What may happen after the room: minutes, amendments, results, progress; breaks before."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.sessions.commands import (
    AdjournSession,
    AnswerOnSpot,
    EndSession,
    ResumeSession,
    StateCommitment,
)
from services.sessions.conclusion_commands import (
    AmendConclusion,
    ApproveMinutes,
    CorrectMinutes,
    DueDay,
    KeptCommitment,
    NoteProgress,
    ProposedCommitment,
    PublishResults,
)
from services.sessions.states import state_name
from shared.contracts.sessions import (
    CommitmentProgressed,
    ConclusionAmended,
    ConclusionIssued,
    MinutesApproved,
    MinutesCorrected,
    ResultsPublished,
    SessionAdjourned,
    SessionCompleted,
    SessionResumed,
)
from shared.contracts.vocabulary import (
    ChangeReason,
    CommitmentProgress,
    CorrectionReason,
    Outcome,
)
from tests.services.sessions.story import (
    CONCLUDED,
    DRAIN,
    HELD_ON,
    ISSUED_ON,
    MARKET,
    SPEC,
    TO_ANSWERED,
    TO_CONCLUDED,
    TO_HELD,
    TO_OPENED,
    TO_SCHEDULED,
    WHEN,
    agency,
    issuing,
    proposed,
    raising,
    text,
)

CHAIR = "ubnd-thanh-cong/chu-tich"
FIRST = CONCLUDED.commitments[0].commitment_id
APPROVE = ApproveMinutes(on=date(2019, 5, 21), approver=CHAIR, text=text(20, "sessions"))
MINUTED = MinutesApproved(**WHEN, approved_on=APPROVE.on, approver=CHAIR, text=text(20, "sessions"))
CORRECT = CorrectMinutes(
    on=date(2019, 5, 22),
    approver=CHAIR,
    reason=CorrectionReason.WRONG_FIGURE,
    text=text(21, "sessions"),
)
TO_MINUTED = (*TO_HELD, MINUTED)
DUE = DueDay(due_on=date(2019, 5, 30), citation="Điều 32")
BREAK = SessionAdjourned(**WHEN, adjourned_on=HELD_ON, reason=ChangeReason.FORCE_MAJEURE)
TO_ADJOURNED = (*TO_ANSWERED, BREAK)


def amending(*commitments: ProposedCommitment | KeptCommitment, **changes: Any) -> AmendConclusion:
    asked = {
        "number": "13/TB-UBND",
        "is_number_free": True,
        "issued_on": date(2019, 6, 3),
        "signer": CHAIR,
        "reason": CorrectionReason.AGENCY_CHANGED,
        "today": date(2019, 6, 4),
        "backdating_max_days": 30,
        **changes,
    }
    return AmendConclusion(commitments=commitments, **asked)


def changed(**changes: Any) -> ProposedCommitment:
    asked = {
        "commitment_id": "commitment-2",
        "lead": agency("ubnd-ba-dinh"),
        "supersedes": FIRST,
        **changes,
    }
    return proposed(**asked)


def progressing(
    progress: CommitmentProgress = CommitmentProgress.FULFILLED, commitment_id: str = FIRST
) -> NoteProgress:
    return NoteProgress(commitment_id=commitment_id, progress=progress, on=date(2019, 7, 1))


def faults(command: AmendConclusion, *more: Any) -> list[tuple[str, str]]:
    error = SPEC.given(*TO_CONCLUDED, *more).refused(command)
    assert error.code == "session.conclusion_incomplete"
    told: Any = error.facts["faults"]
    return [(fault["place"], fault["code"]) for fault in told]


# ---- Breaks and promises in the room


def test_a_session_stops_and_goes_on() -> None:
    stop = AdjournSession(on=HELD_ON, reason=ChangeReason.FORCE_MAJEURE)
    assert SPEC.given(*TO_ANSWERED).when(stop) == [BREAK]
    given = SPEC.given(*TO_ADJOURNED)
    assert state_name(given.state) == "adjourned"
    assert given.when(stop) == []
    assert given.when(ResumeSession(on=date(2019, 5, 21))) == [
        SessionResumed(**WHEN, resumed_on=date(2019, 5, 21))
    ]
    early = ResumeSession(on=date(2019, 5, 19))
    assert given.refused(early).code == "session.resumed_too_early"


@pytest.mark.parametrize(
    "command",
    [
        raising(opinion_id="o-9"),
        AnswerOnSpot(opinion_id=DRAIN, outcome=Outcome.EXPLAINED),
        EndSession(speaking_turns=None),
    ],
)
def test_nothing_happens_in_a_break(command: Any) -> None:
    assert SPEC.given(*TO_ADJOURNED).refused(command).code == "session.is_adjourned"


def test_only_what_is_under_way_stops_and_only_what_stopped_goes_on() -> None:
    stop = AdjournSession(on=HELD_ON, reason=ChangeReason.FORCE_MAJEURE)
    assert SPEC.given(*TO_SCHEDULED).refused(stop).code == "session.not_opened"
    assert SPEC.given(*TO_HELD).refused(stop).code == "session.already_ended"
    early = replace(stop, on=date(2019, 5, 19))
    assert SPEC.given(*TO_OPENED).refused(early).code == "session.adjourned_before_session"
    go_on = ResumeSession(on=HELD_ON)
    assert SPEC.given(*TO_OPENED).refused(go_on).code == "session.not_adjourned"


def promising(**changes: Any) -> StateCommitment:
    asked: dict[str, Any] = {
        "statement_id": "p-1",
        "field_of_commitment": "environment",
        "opinion_ids": (DRAIN,),
        "lead_agency": None,
        "due_on": None,
        "product": None,
        **changes,
    }
    return StateCommitment(**asked)


def test_a_promise_in_the_room_is_noted_once() -> None:
    given = SPEC.given(*TO_ANSWERED)
    (stated,) = given.when(promising())
    again = SPEC.given(*TO_ANSWERED, stated)
    assert again.when(promising()) == []
    other = promising(lead_agency="tnmt-ba-dinh")
    assert again.refused(other).code == "session.commitment_stated_differently"
    strange = promising(opinion_ids=("o-9",))
    assert given.refused(strange).code == "session.opinion_not_here"
    assert SPEC.given(*TO_HELD).refused(promising()).code == "session.already_ended"


# ---- Minutes


def test_minutes_are_approved_once_after_the_end() -> None:
    assert SPEC.given(*TO_HELD).when(APPROVE) == [MINUTED]
    given = SPEC.given(*TO_MINUTED)
    assert (state_name(given.state), given.when(APPROVE)) == ("minuted", [])
    other = replace(APPROVE, text=text(22, "sessions"))
    assert given.refused(other).code == "session.minutes_approved"
    assert SPEC.given(*TO_ANSWERED).refused(APPROVE).code == "session.not_ended"
    assert SPEC.given(*TO_CONCLUDED).refused(APPROVE).code == "session.already_concluded"


def test_approved_minutes_are_corrected_any_number_of_times() -> None:
    (first,) = SPEC.given(*TO_MINUTED).when(CORRECT)
    assert isinstance(first, MinutesCorrected)
    assert first.correction == 1
    given = SPEC.given(*TO_MINUTED, CONCLUDED, first)
    assert given.when(CORRECT) == []
    (second,) = given.when(replace(CORRECT, text=text(23, "sessions")))
    assert isinstance(second, MinutesCorrected)
    assert second.correction == 2


@pytest.mark.parametrize("before", [TO_HELD, TO_CONCLUDED])
def test_minutes_that_nobody_approved_are_not_corrected(before: Any) -> None:
    assert SPEC.given(*before).refused(CORRECT).code == "session.no_minutes"


def test_a_conclusion_waits_for_the_minutes_where_they_are_asked_for() -> None:
    command = issuing(must_be_minuted=True)
    assert SPEC.given(*TO_HELD).refused(command).code == "session.not_minuted"
    assert SPEC.given(*TO_MINUTED).when(command) == [CONCLUDED]


@pytest.mark.parametrize(("due_on", "days_late"), [(ISSUED_ON, 0), (date(2019, 5, 20), 4)])
def test_a_conclusion_says_how_late_it_is(due_on: date, days_late: int) -> None:
    due = DueDay(due_on=due_on, citation="Điều 9")
    (issued,) = SPEC.given(*TO_HELD).when(issuing(due=due))
    assert isinstance(issued, ConclusionIssued)
    assert (issued.conclusion_due_on, issued.days_late) == (due_on, days_late)
    assert issued.deadline_citation == "Điều 9"


def test_a_conclusion_of_an_older_release_said_again_changes_nothing() -> None:
    assert SPEC.given(*TO_CONCLUDED).when(issuing(due=DUE)) == []


# ---- Amendments


def test_an_amendment_names_everything_that_holds() -> None:
    (amended,) = SPEC.given(*TO_CONCLUDED).when(amending(changed()))
    assert isinstance(amended, ConclusionAmended)
    assert (amended.amendment, amended.conclusion_id) == (1, CONCLUDED.conclusion_id)
    (commitment,) = amended.commitments
    assert (commitment.commitment_id, commitment.supersedes) == ("commitment-2", FIRST)


def test_what_is_kept_stays_as_it_is() -> None:
    split = changed(opinion_ids=())
    (amended,) = SPEC.given(*TO_CONCLUDED).when(
        amending(KeptCommitment(commitment_id=FIRST), replace(split, supersedes=None))
    )
    assert isinstance(amended, ConclusionAmended)
    assert amended.commitments[0] == CONCLUDED.commitments[0]


def test_an_amendment_keeps_to_the_guards_of_a_conclusion() -> None:
    assert faults(
        amending(
            changed(lead=None, product=None, due_on=None, opinion_ids=(DRAIN,)),
            number="",
            issued_on=date(2019, 5, 23),
        )
    ) == [
        ("number", "session.number_missing"),
        ("issued_on", "session.issued_before_notice"),
        ("commitments[1].lead_agency", "session.lead_missing"),
        ("commitments[1].product", "session.product_missing"),
        ("commitments[1].due_on", "session.due_on_missing"),
        ("opinions", "session.opinion_without_disposition"),
    ]


def test_an_amendment_names_commitments_that_hold_and_each_once() -> None:
    kept = KeptCommitment(commitment_id=FIRST)
    assert faults(amending(kept, KeptCommitment(commitment_id="c-9"))) == [
        ("commitments[2]", "session.commitment_not_current"),
        ("commitments", "session.amendment_changes_nothing"),
    ]
    assert ("commitments[2]", "session.commitment_named_twice") in faults(
        amending(kept, changed(opinion_ids=()))
    )


def test_what_is_done_is_neither_replaced_nor_dropped() -> None:
    done = CommitmentProgressed(
        **WHEN,
        commitment_id=FIRST,
        progress=CommitmentProgress.FULFILLED,
        progressed_on=date(2019, 5, 30),
    )
    assert ("commitments[1]", "session.commitment_done") in faults(amending(changed()), done)
    fresh = replace(changed(), supersedes=None)
    assert ("commitments", "session.commitment_done") in faults(amending(fresh), done)


def test_only_a_conclusion_is_amended() -> None:
    assert SPEC.given(*TO_HELD).refused(amending()).code == "session.not_concluded"


# ---- Results and progress


@pytest.mark.parametrize(("on", "days_late"), [(date(2019, 5, 30), 0), (date(2019, 6, 2), 3)])
def test_results_are_published_in_time_or_late(on: date, days_late: int) -> None:
    command = PublishResults(published_on=on, today=date(2019, 6, 4), due=DUE)
    assert SPEC.given(*TO_CONCLUDED).when(command) == [
        ResultsPublished(
            **WHEN,
            published_on=on,
            due_on=DUE.due_on,
            days_late=days_late,
            deadline_citation="Điều 32",
        )
    ]


def test_results_are_published_once_between_the_issue_and_today() -> None:
    command = PublishResults(published_on=ISSUED_ON, today=date(2019, 6, 4), due=DUE)
    given = SPEC.given(*TO_CONCLUDED)
    early, late = (
        replace(command, published_on=on) for on in (date(2019, 5, 23), date(2019, 6, 5))
    )
    assert given.refused(early).code == "session.published_before_issue"
    assert given.refused(late).code == "session.published_in_future"
    again = SPEC.given(*TO_CONCLUDED, *given.when(command))
    assert again.when(command) == []
    other = replace(command, published_on=date(2019, 5, 25))
    assert again.refused(other).code == "session.published_already"
    assert SPEC.given(*TO_HELD).refused(command).code == "session.not_concluded"


@pytest.mark.parametrize(
    ("progress", "fulfilled", "cancelled"),
    [
        (CommitmentProgress.SETTLED, 1, 0),
        (CommitmentProgress.FULFILLED, 1, 0),
        (CommitmentProgress.CANCELLED, 0, 1),
    ],
)
def test_with_the_last_commitment_the_session_is_complete(
    progress: CommitmentProgress, fulfilled: int, cancelled: int
) -> None:
    _, completed = SPEC.given(*TO_CONCLUDED).when(progressing(progress))
    assert completed == SessionCompleted(
        **WHEN, completed_on=date(2019, 7, 1), fulfilled=fulfilled, cancelled=cancelled
    )


def test_an_answer_with_a_plan_leaves_the_session_open() -> None:
    (progressed,) = SPEC.given(*TO_CONCLUDED).when(progressing(CommitmentProgress.ANSWERED))
    given = SPEC.given(*TO_CONCLUDED, progressed)
    assert state_name(given.state) == "concluded"
    assert given.when(progressing(CommitmentProgress.ANSWERED)) == []
    assert len(given.when(progressing())) == 2


def test_progress_of_what_does_not_hold_any_more_is_not_noted() -> None:
    (amended,) = SPEC.given(*TO_CONCLUDED).when(amending(changed()))
    assert SPEC.given(*TO_CONCLUDED, amended).when(progressing()) == []
    assert SPEC.given(*TO_HELD).when(progressing()) == []
    assert SPEC.given().when(progressing()) == []


def test_nothing_is_noted_after_a_commitment_has_ended() -> None:
    done = SPEC.given(*TO_CONCLUDED).when(progressing())
    given = SPEC.given(*TO_CONCLUDED, *done)
    assert state_name(given.state) == "completed"
    assert given.when(progressing(CommitmentProgress.CANCELLED)) == []


def test_a_conclusion_that_promised_nothing_is_complete_once_public() -> None:
    answered = [
        SPEC.given(*TO_ANSWERED).when(AnswerOnSpot(opinion_id=each, outcome=Outcome.EXPLAINED))[0]
        for each in (DRAIN, MARKET)
    ]
    ended = SPEC.given(*TO_ANSWERED, *answered).when(EndSession(speaking_turns=None))
    before = (*TO_ANSWERED, *answered, *ended)
    (issued,) = SPEC.given(*before).when(replace(issuing(), commitments=()))
    command = PublishResults(published_on=ISSUED_ON, today=ISSUED_ON, due=DUE)
    _, completed = SPEC.given(*before, issued).when(command)
    assert completed == SessionCompleted(**WHEN, completed_on=ISSUED_ON, fulfilled=0, cancelled=0)
