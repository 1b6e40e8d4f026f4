"""What may happen between issue and answer and after it, and what is refused."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from services.assignment.commands import (
    AcceptAssignment,
    AssignFromTriage,
    CancelAssignment,
    ClaimFulfilment,
    Command,
    DecideExtension,
    DecideRefusal,
    IssueAssignment,
    JudgeFulfilment,
    NoticeDeadline,
    NoticeSilence,
    PauseClock,
    RecomputeDeadline,
    RefuseAssignment,
    ReleaseAnswer,
    RequestCoordination,
    RequestExtension,
    ResumeClock,
    ReturnAnswer,
    SubmitAnswer,
    SubmitContribution,
    SupersedeAssignment,
    TransferLead,
    TriageAssignment,
    TriageReferral,
)
from services.assignment.decider import DECIDER
from services.assignment.states import state_name
from shared.calendar import DayKind, WorkCalendar
from shared.contracts.assignment import (
    AnswerReleased,
    AssignmentCancelled,
    AssignmentEvent,
    AssignmentIssued,
    AssignmentReopened,
    DeadlineMissed,
)
from shared.contracts.assignment_course import (
    AssignmentTriaged,
    ContributionMissed,
    ContributionSubmitted,
    DeadlineRecomputed,
    ExtensionGranted,
    ExtensionRefused,
    LeadTransferred,
    ReferralTriaged,
    RefusalUpheld,
)
from shared.contracts.vocabulary import (
    CancelReason,
    ExtensionReason,
    Level,
    OpinionKind,
    Outcome,
    RefusalReason,
    TransferReason,
    TriageReason,
)
from shared.kernel.errors import Forbidden
from shared.regulations import Extension
from tests.services.assignment.matters import DUE, ISSUED, MONDAY, TEXT, accepted, missed, submitted
from tests.specs import Spec

spec = Spec(DECIDER)
Past = Sequence[AssignmentEvent]

LEAD, OTHER, THIRD = "ubnd-ba-dinh", "tnmt-ba-dinh", "ubnd-ha-noi"
PLAIN = WorkCalendar({})
TUESDAY, THURSDAY = date(2019, 5, 21), date(2019, 5, 23)
AFTER = date(2019, 6, 11)
"""The day after the due date."""

REFUSE = RefuseAssignment(
    agency=LEAD,
    on=TUESDAY,
    author="ubnd/clerk",
    reason=RefusalReason.OUTSIDE_COMPETENCE,
    legal_basis=TEXT,
    competent_agency=OTHER,
    decision_due_on=THURSDAY,
)
UPHOLD = DecideRefusal(
    on=THURSDAY, seat="podium", by_chair=False, transfers_max=3, calendar=PLAIN, agency=OTHER
)
SILENCE = NoticeSilence(today=date(2019, 5, 24), working_days=3, citation="k", calendar=PLAIN)
PAUSE = PauseClock(agency=LEAD, on=THURSDAY, reason="rain", reasons=("rain", "flood"))
RESUME = ResumeClock(agency=LEAD, on=date(2019, 5, 28), calendar=PLAIN)
ASK_MORE = RequestExtension(
    agency=LEAD,
    on=DUE,
    working_days=5,
    reason=ExtensionReason.FIELD_INSPECTION,
    rule=Extension(max_times=1, max_working_days=5, approver="issuer"),
)
GRANT = DecideExtension(on=DUE, seat="podium", is_granted=True, calendar=PLAIN)
COORDINATE = RequestCoordination(
    agency=LEAD, on=THURSDAY, cooperating_agency=THIRD, due_on=date(2019, 5, 30)
)
RECOMPUTE = RecomputeDeadline(
    today=THURSDAY,
    counted_from_on=MONDAY,
    calendar=WorkCalendar({date(2019, 6, 5): DayKind.HOLIDAY}),
)
RELEASE = ReleaseAnswer(agency=LEAD, on=date(2019, 6, 5), approver="ubnd/head", calendar=PLAIN)
CLAIM = ClaimFulfilment(agency=LEAD, on=date(2019, 6, 7), author="ubnd/clerk", evidence=TEXT)
VERIFY = JudgeFulfilment(on=date(2019, 6, 9), seat="front/supervisor", note=None)
CANCEL = CancelAssignment(on=THURSDAY, reason=CancelReason.ISSUED_IN_ERROR, calendar=PLAIN)
TRIAGED = ReferralTriaged(
    assignment_id="a-1",
    unit="ba-dinh",
    level=Level.DISTRICT,
    field="urban_order",
    opinion_kind=OpinionKind.RECOMMENDATION,
    round=1,
    opinion_id="o-1",
    received_on=date(2019, 5, 13),
    triaged_on=MONDAY,
    reason=TriageReason.AMBIGUOUS,
    candidates=(LEAD, OTHER),
    triage_due_on=TUESDAY,
    due_on=DUE,
    counted_from_on=MONDAY,
    deadline_citation="Quy chế",
    deadline_working_days=15,
)


def after(past: Past, *commands: Command) -> list[AssignmentEvent]:
    """Return what happened, and then what the commands led to."""
    events = list(past)
    for command in commands:
        events += spec.given(*events).when(command)
    return events


def name_after(past: Past) -> str:
    return state_name(spec.given(*past).state)


ACCEPTED: Past = (ISSUED, accepted())
SUBMITTED: Past = (*ACCEPTED, submitted())
REFUSED = after((ISSUED,), REFUSE)
MOVED = after(REFUSED, UPHOLD)
PAUSED = after(ACCEPTED, PAUSE)
RELEASED = after(SUBMITTED, RELEASE)
CLAIMED = after(RELEASED, CLAIM)
FULFILLED = after(CLAIMED, VERIFY)
CANCELLED = after((ISSUED,), CANCEL)


def test_each_state_has_its_name() -> None:
    pasts = ((), (TRIAGED,), (ISSUED,), REFUSED, ACCEPTED, PAUSED, SUBMITTED)
    ends = (RELEASED, CLAIMED, FULFILLED, CANCELLED)
    superseded = after((ISSUED,), SupersedeAssignment(on=MONDAY, by="a-2", calendar=PLAIN))
    assert [name_after(past) for past in (*pasts, *ends, superseded)] == [
        *("unissued", "triage", "issued", "refused", "accepted", "paused", "submitted"),
        *("released", "claimed", "fulfilled", "cancelled", "superseded"),
    ]


def test_a_refusal_that_is_upheld_moves_the_lead_and_charges_the_days_to_whoever_had_it() -> None:
    upheld, moved = spec.given(*REFUSED).when(UPHOLD)
    assert isinstance(upheld, RefusalUpheld)
    assert isinstance(moved, LeadTransferred)
    assert (moved.agency, moved.agency_before, moved.due_on) == (OTHER, LEAD, DUE)
    assert (moved.held_working_days, moved.reason) == (3, TransferReason.REFUSAL_UPHELD)
    assert name_after(MOVED) == "issued"


def test_the_same_refusal_again_changes_nothing_and_another_is_refused() -> None:
    assert spec.given(*REFUSED).when(REFUSE) == []
    other = replace(REFUSE, competent_agency=THIRD)
    assert spec.given(*REFUSED).refused(other).code == "assignment.not_now"


@pytest.mark.parametrize("competent", [LEAD, OTHER])
def test_a_matter_never_goes_back_to_who_was_found_not_competent(competent: str) -> None:
    again = replace(REFUSE, agency=OTHER, on=THURSDAY, competent_agency=competent)
    error = spec.given(*MOVED).refused(again)
    assert (error.code, error.facts) == ("assignment.back_to_refuser", {"agency": competent})
    disputed = after(MOVED, replace(again, competent_agency=THIRD))
    decision = replace(UPHOLD, agency=competent)
    assert spec.given(*disputed).refused(decision).code == "assignment.back_to_refuser"


def test_after_so_many_transfers_the_chair_alone_decides() -> None:
    disputed = after(MOVED, replace(REFUSE, agency=OTHER, on=THURSDAY, competent_agency=THIRD))
    decision = replace(UPHOLD, agency=THIRD, transfers_max=1)
    assert spec.given(*disputed).refused(decision).code == "assignment.chair_decides"
    assert len(spec.given(*disputed).when(replace(decision, by_chair=True))) == 2


def test_an_overruled_refusal_is_an_acceptance_that_can_not_be_refused_again() -> None:
    overruled = after(REFUSED, replace(UPHOLD, agency=None))
    assert name_after(overruled) == "accepted"
    assert spec.given(*overruled).refused(REFUSE).code == "assignment.not_now"


def test_silence_is_acceptance_from_the_day_after_the_last_to_refuse() -> None:
    assert spec.given(ISSUED).when(replace(SILENCE, today=THURSDAY)) == []
    (event,) = spec.given(ISSUED).when(replace(SILENCE, today=date(2019, 7, 1)))
    assert event == spec.given(ISSUED).when(SILENCE)[0]
    assert name_after((ISSUED, event)) == "accepted"
    assert spec.given(*REFUSED).when(SILENCE) == []
    # A new lead has its own time to speak.
    assert spec.given(*MOVED).when(SILENCE) == []


@pytest.mark.parametrize("past", [(ISSUED,), ACCEPTED, PAUSED, SUBMITTED])
def test_a_successor_goes_on_where_the_former_agency_stood(past: Past) -> None:
    succession = TransferLead(
        agency=THIRD, on=THURSDAY, reason=TransferReason.SUCCESSION, calendar=PLAIN
    )
    before = name_after(past)
    moved = after(past, succession)
    assert (name_after(moved), moved[-1].due_on) == (before, DUE)
    assert after(moved, succession) == moved
    assert spec.given(*RELEASED).when(succession) == []


def test_a_pause_moves_the_due_date_when_it_ends_and_nothing_is_missed_meanwhile() -> None:
    assert spec.given(*PAUSED).when(NoticeDeadline(today=date(2020, 1, 1))) == []
    (event,) = spec.given(*PAUSED).when(RESUME)
    assert (event.due_on_before, event.due_on) == (DUE, date(2019, 6, 13))  # type: ignore[union-attr]
    assert event.paused_working_days == 3  # type: ignore[union-attr]


def test_a_pause_needs_a_listed_reason_and_time_that_is_left() -> None:
    unlisted = spec.given(*ACCEPTED).refused(replace(PAUSE, reason="holiday"))
    assert (unlisted.code, unlisted.facts["listed"]) == (
        "assignment.pause_unlisted",
        ("rain", "flood"),
    )
    assert spec.given(*ACCEPTED).refused(replace(PAUSE, on=AFTER)).code == "assignment.after_due"
    assert spec.given(*PAUSED).when(PAUSE) == []


def test_an_extension_keeps_the_original_due_date_and_comes_before_it_only() -> None:
    asked = after(ACCEPTED, ASK_MORE)
    (event,) = spec.given(*asked).when(GRANT)
    assert isinstance(event, ExtensionGranted)
    assert (event.due_on, event.due_on_before) == (date(2019, 6, 17), DUE)
    assert event.original_due_on == DUE
    assert spec.given(*asked).refused(replace(GRANT, on=AFTER)).code == "assignment.after_due"
    late = replace(ASK_MORE, on=AFTER)
    assert spec.given(*ACCEPTED).refused(late).code == "assignment.after_due"
    (refused,) = spec.given(*asked).when(replace(GRANT, is_granted=False))
    assert isinstance(refused, ExtensionRefused)


@pytest.mark.parametrize(
    ("past", "command", "code"),
    [
        (ACCEPTED, GRANT, "assignment.extension_not_requested"),
        (ACCEPTED, replace(ASK_MORE, working_days=6), "assignment.extension_too_long"),
        (
            after(ACCEPTED, ASK_MORE),
            replace(ASK_MORE, working_days=4),
            "assignment.extension_pending",
        ),
        (after(ACCEPTED, ASK_MORE, GRANT), ASK_MORE, "assignment.extensions_used_up"),
    ],
)
def test_extensions_are_capped(past: Past, command: Command, code: str) -> None:
    assert spec.given(*past).refused(command).code == code


def test_a_day_off_announced_moves_open_limits_and_counts_pauses_and_extensions_in() -> None:
    (event,) = spec.given(*ACCEPTED).when(RECOMPUTE)
    assert isinstance(event, DeadlineRecomputed)
    assert (event.due_on_before, event.due_on) == (DUE, date(2019, 6, 11))
    assert after((*ACCEPTED, event), RECOMPUTE) == [*ACCEPTED, event]
    extended = after(ACCEPTED, ASK_MORE, GRANT)
    (event,) = spec.given(*extended).when(replace(RECOMPUTE, today=DUE))
    assert event.due_on == date(2019, 6, 18)


@pytest.mark.parametrize("past", [(*ACCEPTED, missed()), RELEASED, CANCELLED])
def test_what_is_missed_or_over_keeps_its_due_date(past: Past) -> None:
    assert spec.given(*past).when(RECOMPUTE) == []


def test_a_promised_date_stays_whatever_the_calendar_says() -> None:
    promised = replace(ISSUED, deadline_working_days=None)
    assert spec.given(promised).when(RECOMPUTE) == []


def test_a_contribution_that_is_missed_is_charged_to_its_agency_and_may_still_come() -> None:
    asked = after(ACCEPTED, COORDINATE)
    assert after(asked, COORDINATE) == asked
    look = NoticeDeadline(today=date(2019, 5, 31))
    (event,) = spec.given(*asked).when(look)
    assert isinstance(event, ContributionMissed)
    assert (event.cooperating_agency, event.agency) == (THIRD, LEAD)
    assert after((*asked, event), look) == [*asked, event]
    contribution = SubmitContribution(agency=THIRD, on=date(2019, 6, 3), text=TEXT)
    (late,) = spec.given(*asked, event).when(contribution)
    assert isinstance(late, ContributionSubmitted)
    assert late.contribution_days_late == 4
    again = spec.given(*asked, late).refused(contribution)
    assert again.code == "assignment.contribution_not_awaited"


def test_a_lead_does_not_ask_itself() -> None:
    error = spec.given(*ACCEPTED).refused(replace(COORDINATE, cooperating_agency=LEAD))
    assert error.code == "assignment.coordination_with_itself"


def test_an_answer_is_handed_back_by_another_seat_than_its_author_s() -> None:
    back = ReturnAnswer(agency=LEAD, on=date(2019, 6, 4), seat="ubnd/head", note=TEXT)
    returned = after(SUBMITTED, back)
    assert name_after(returned) == "accepted"
    again = SubmitAnswer(
        agency=LEAD, on=date(2019, 6, 5), outcome=Outcome.EXPLAINED, author="c", text=TEXT
    )
    assert name_after(after(returned, again)) == "submitted"
    own = replace(back, seat="ubnd/clerk")
    assert spec.given(*SUBMITTED).refused(own).code == "assignment.same_seat"


def test_a_release_says_who_held_the_matter_for_how_long() -> None:
    moved = after(
        MOVED,
        AcceptAssignment(agency=OTHER, on=THURSDAY),
        SubmitAnswer(agency=OTHER, on=THURSDAY, outcome=Outcome.EXPLAINED, author="c", text=TEXT),
        ReleaseAnswer(agency=OTHER, on=date(2019, 5, 30), approver="h", calendar=PLAIN),
    )
    event = moved[-1]
    assert isinstance(event, AnswerReleased)
    assert event.legs is not None
    lead = [(leg.agency, leg.working_days) for leg in event.legs if leg.role == "lead"]
    assert lead == [(LEAD, 3), (OTHER, 5)]
    assert event.held_working_days == 5


def test_fulfilment_is_verified_by_others_and_a_rejected_claim_can_be_made_again() -> None:
    own = replace(VERIFY, seat="ubnd/clerk")
    assert spec.given(*CLAIMED).refused(own).code == "assignment.same_seat"
    rejected = after(CLAIMED, replace(VERIFY, note=TEXT))
    assert name_after(rejected) == "released"
    assert name_after(after(rejected, replace(CLAIM, on=date(2019, 6, 20)))) == "claimed"
    assert after(FULFILLED, VERIFY, CLAIM) == FULFILLED
    assert spec.given(*RELEASED).refused(VERIFY).code == "assignment.not_now"


def test_a_late_end_records_the_miss_before_it() -> None:
    first, second = spec.given(*ACCEPTED).when(replace(CANCEL, on=AFTER))
    assert isinstance(first, DeadlineMissed)
    assert isinstance(second, AssignmentCancelled)
    assert second.missed


def test_an_end_is_never_dated_before_the_step_it_follows() -> None:
    (event,) = spec.given(*ACCEPTED).when(replace(CANCEL, on=date(2019, 1, 1)))
    assert event.cancelled_on == date(2019, 5, 22)  # type: ignore[union-attr]


def test_only_what_answers_for_the_one_opinion_ends_with_it() -> None:
    with_it = replace(CANCEL, reason=CancelReason.WITHDRAWN, opinion_id="o-1")
    assert len(spec.given(ISSUED).when(with_it)) == 1
    assert spec.given(ISSUED).when(replace(with_it, opinion_id="o-2")) == []
    several = replace(ISSUED, opinion_ids=("o-1", "o-2"), opinions=2)
    assert spec.given(several).when(with_it) == []


@pytest.mark.parametrize("past", [(), (TRIAGED,), RELEASED, FULFILLED, CANCELLED])
def test_what_is_not_live_is_not_ended(past: Past) -> None:
    assert spec.given(*past).when(CANCEL) == []


def test_what_waits_in_triage_is_issued_with_the_due_date_that_runs_since_the_referral() -> None:
    assert spec.given().when(TriageReferral(referral=TRIAGED)) == [TRIAGED]
    assert spec.given(TRIAGED).when(TriageReferral(referral=TRIAGED)) == []
    assign = AssignFromTriage(agency=OTHER, on=THURSDAY, calendar=PLAIN)
    (event,) = spec.given(TRIAGED).when(assign)
    assert isinstance(event, AssignmentIssued)
    assert (event.agency, event.issued_on, event.due_on) == (OTHER, THURSDAY, DUE)
    (again,) = spec.given(replace(TRIAGED, round=2, former_assignment_id="a-0")).when(assign)
    assert isinstance(again, AssignmentReopened)
    assert again.former_assignment_id == "a-0"
    early = replace(assign, on=date(2019, 5, 19))
    assert spec.given(TRIAGED).refused(early).code == "assignment.day_before"
    assert spec.given(ISSUED).refused(assign).code == "assignment.not_in_triage"


def test_an_agency_holds_its_matter_until_triage_has_spoken() -> None:
    send = TriageAssignment(
        on=THURSDAY, reason=TriageReason.AGENCY_SPLIT, candidates=(OTHER,), triage_due_on=THURSDAY
    )
    waiting = after((ISSUED,), send, send)
    assert isinstance(waiting[-1], AssignmentTriaged)
    assert (len(waiting), waiting[-1].agency) == (2, LEAD)
    assert spec.given(*waiting).when(SILENCE) == []
    (moved,) = spec.given(*waiting).when(
        AssignFromTriage(agency=OTHER, on=THURSDAY, calendar=PLAIN)
    )
    assert isinstance(moved, LeadTransferred)
    assert (moved.reason, moved.held_working_days) == (TransferReason.TRIAGE, 3)


def test_a_round_is_issued_once() -> None:
    other = IssueAssignment(terms=replace(ISSUED, due_on=date(2019, 7, 1)))
    for past in (REFUSED, PAUSED, CANCELLED, (TRIAGED,)):
        assert spec.given(*past).refused(other).code == "assignment.issued_differently"


@pytest.mark.parametrize(
    "command",
    [REFUSE, PAUSE, RESUME, ASK_MORE, COORDINATE, RELEASE, CLAIM],
    ids=lambda command: type(command).__name__,
)
def test_nobody_else_than_the_lead_acts_for_it(command: Command) -> None:
    pasts = {
        RefuseAssignment: (ISSUED,),
        ResumeClock: PAUSED,
        ReleaseAnswer: SUBMITTED,
        ClaimFulfilment: RELEASED,
    }
    past = pasts.get(type(command), ACCEPTED)
    theirs = replace(command, agency=THIRD)  # type: ignore[arg-type]
    assert spec.given(*past).refused(theirs, Forbidden).code == "assignment.other_agency"


@pytest.mark.parametrize(
    "command",
    [REFUSE, UPHOLD, PAUSE, RESUME, ASK_MORE, GRANT, COORDINATE, RELEASE, CLAIM, VERIFY],
    ids=lambda command: type(command).__name__,
)
def test_nothing_is_done_to_what_is_over_or_was_never_issued(command: Command) -> None:
    assert spec.given().refused(command).code == "assignment.not_issued"
    assert spec.given(*CANCELLED).refused(command).code == "assignment.not_now"


def test_a_make_up_day_announced_late_moves_no_due_date_into_the_past() -> None:
    made_up = WorkCalendar({date(2019, 6, 1): DayKind.MAKE_UP})
    earlier = replace(RECOMPUTE, calendar=made_up)
    (event,) = spec.given(*ACCEPTED).when(earlier)
    assert isinstance(event, DeadlineRecomputed)
    assert event.due_on == date(2019, 6, 7)
    assert spec.given(*ACCEPTED).when(replace(earlier, today=DUE)) == []


def test_whoever_leads_from_now_on_owes_itself_no_contribution() -> None:
    asked = after(ACCEPTED, COORDINATE)
    succession = TransferLead(
        agency=THIRD, on=THURSDAY, reason=TransferReason.SUCCESSION, calendar=PLAIN
    )
    moved = after(asked, succession)
    assert spec.given(*moved).when(NoticeDeadline(today=date(2019, 5, 31))) == []
