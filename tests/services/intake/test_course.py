"""Answers and what follows them; what is taken back, given back, moved, erased."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.intake.commands import Command
from services.intake.states import Eligible, InHandling, state_name
from shared.contracts.intake import (
    ErasureDecided,
    ErasureRequested,
    FeedbackGiven,
    FeedbackWindowLapsed,
    GoodPracticeMarked,
    NarrativeErased,
    OpinionAnswered,
    OpinionClosed,
    OpinionCoveredByCommitment,
    OpinionReferred,
    OpinionReopened,
    OpinionRescheduled,
    OpinionReturned,
    OpinionScheduled,
    OpinionWithdrawn,
    RecurrenceLinked,
    ReopenDeclined,
    ReopenRequested,
    ReporterNotified,
)
from shared.contracts.vocabulary import (
    DeclineReason,
    ErasureRefusal,
    FeedbackReason,
    Outcome,
    ReopenRefusal,
    ReturnReason,
    Satisfaction,
    WithdrawalReason,
)
from tests.services.intake.course import (
    ANSWERED_ON,
    DUE,
    HEAD_ID,
    MEMBER_ID,
    OVER,
    WINDOW,
    Past,
    after,
    asking_back,
    closing,
    commenting,
    denying,
    erasing,
    granting,
    joining,
    linking,
    merging,
    praising,
    refusing_again,
    reopening,
    rescheduling,
    returning,
    splitting,
    telling,
    wanting_again,
    wanting_erased,
    window_closing,
    withdrawing,
)
from tests.services.intake.story import (
    ANSWERED_REFERRAL,
    COVERED,
    HELD_ON,
    OPINION_ID,
    OTHER_SESSION_ID,
    SESSION_ID,
    SPEC,
    TO_ANSWERED,
    TO_COVERED,
    TO_DECLINED,
    TO_ELIGIBLE,
    TO_OVERDUE,
    TO_RAISED,
    TO_RECEIVED,
    TO_REFERRED,
    TO_SCHEDULED,
    TODAY,
    WHAT,
    WHERE,
    answering,
    answering_on_spot,
    covering,
    declining,
    missing,
    referring,
    scheduling,
)

TO_LAPSED = after(TO_ANSWERED, window_closing())
TO_CLOSED = after(TO_LAPSED, closing())
TO_ASKED = after(TO_ANSWERED, wanting_again())
TO_REOPENED = after(TO_ASKED, reopening())
NOT_ANSWERED = (TO_RECEIVED, TO_ELIGIBLE, TO_SCHEDULED, TO_REFERRED, TO_DECLINED)
PLAN = Outcome.ACCEPTED_WITH_PLAN


def covering_anew(commitment_id: str = "commitment-2") -> Command:
    return replace(covering(), commitment_id=commitment_id)


# -- told, and what people say to it


@pytest.mark.parametrize(
    "command",
    [
        telling(),
        commenting(),
        wanting_again(),
        reopening(),
        refusing_again(),
        closing(),
        praising(),
    ],
)
def test_before_the_answer_nothing_of_what_follows_it_can_be_asked(command: Command) -> None:
    for past in NOT_ANSWERED:
        assert SPEC.given(*past).refused(command).code == "opinion.not_answered"


def test_the_reporter_is_told_once_in_a_round() -> None:
    (event,) = SPEC.given(*TO_ANSWERED).when(telling())
    on = ANSWERED_ON + timedelta(days=2)
    assert event == ReporterNotified(**WHAT, round=1, notified_on=on, days_taken=2)
    assert SPEC.given(*TO_ANSWERED, event).when(telling()) == []


def test_a_reporter_says_once_in_a_round_what_he_thinks() -> None:
    (event,) = SPEC.given(*TO_ANSWERED).when(commenting())
    assert event == FeedbackGiven(
        **WHAT,
        round=1,
        reporter=OPINION_ID,
        satisfaction=Satisfaction.NOT_SATISFIED,
        reasons=(FeedbackReason.INCOMPLETE,),
        given_on=ANSWERED_ON,
    )
    again = SPEC.given(*TO_ANSWERED, event).refused(commenting(Satisfaction.SATISFIED))
    assert again.code == "opinion.feedback_given"


def test_whoever_was_merged_into_it_speaks_too_and_nobody_else() -> None:
    answered = after(TO_ELIGIBLE, joining(), referring(), answering())
    said = after(answered, commenting(reporter=MEMBER_ID), commenting())
    assert len(said) == len(answered) + 2
    stranger = commenting(reporter="somebody-else")
    assert SPEC.given(*answered).refused(stranger).code == "opinion.not_a_reporter"


def test_whoever_is_not_satisfied_says_why() -> None:
    silent = replace(commenting(), reasons=())
    assert SPEC.given(*TO_ANSWERED).refused(silent).code == "opinion.feedback_unexplained"
    glad = replace(silent, satisfaction=Satisfaction.SATISFIED)
    assert SPEC.given(*TO_ANSWERED).when(glad)


def test_feedback_is_taken_to_the_last_day_of_its_time() -> None:
    assert SPEC.given(*TO_ANSWERED).when(commenting(on=WINDOW.due_on))
    for past, on in ((TO_ANSWERED, OVER), (TO_LAPSED, ANSWERED_ON)):
        assert SPEC.given(*past).refused(commenting(on=on)).code == "opinion.feedback_over"


def test_the_time_for_feedback_ends_the_day_after_its_last_once() -> None:
    assert SPEC.given(*TO_ANSWERED).when(window_closing(WINDOW.due_on)) == []
    (event,) = SPEC.given(*after(TO_ANSWERED, commenting())).when(window_closing())
    assert event == FeedbackWindowLapsed(
        **WHAT, round=1, due_on=WINDOW.due_on, deadline_citation=WINDOW.citation, feedbacks=1
    )
    assert SPEC.given(*TO_LAPSED).when(window_closing()) == []
    assert SPEC.given(*TO_REFERRED).when(window_closing()) == []


# -- closed


def test_it_is_closed_when_the_time_is_over_with_the_least_that_was_said() -> None:
    assert SPEC.given(*TO_ANSWERED).refused(closing()).code == "opinion.feedback_open"
    assert SPEC.given(*TO_LAPSED).when(closing()) == [
        OpinionClosed(**WHAT, round=1, closed_on=OVER)
    ]
    head = after(TO_ELIGIBLE, joining(), referring(), answering())
    said = after(
        head,
        commenting(Satisfaction.PARTLY),
        commenting(Satisfaction.SATISFIED, reporter=MEMBER_ID),
    )
    (closed,) = SPEC.given(*after(said, window_closing())).when(closing())
    assert isinstance(closed, OpinionClosed)
    assert closed.satisfaction is Satisfaction.PARTLY
    assert SPEC.given(*TO_CLOSED).when(closing()) == []


def test_a_plan_is_closed_only_while_its_commitment_stands() -> None:
    planned = answering(outcome=PLAN)
    referred = after(TO_REFERRED, planned, window_closing())
    covered = after(TO_COVERED, replace(planned, commitment_id="commitment-1"), window_closing())
    refused = "opinion.plan_without_commitment"
    assert SPEC.given(*referred).refused(closing()).code == refused
    assert SPEC.given(*covered).refused(closing(commitment_stands=False)).code == refused
    (closed,) = SPEC.given(*covered).when(closing())
    assert isinstance(closed, OpinionClosed)
    assert closed.commitment_id == "commitment-1"


def test_it_is_not_closed_while_somebody_wants_it_reopened() -> None:
    asked = after(TO_LAPSED, wanting_again())
    assert SPEC.given(*asked).refused(closing()).code == "opinion.reopening_pending"
    assert SPEC.given(*after(asked, refusing_again())).when(closing())


# -- taken up again


@pytest.mark.parametrize("past", [TO_ANSWERED, TO_LAPSED, TO_CLOSED])
def test_a_person_confirms_that_it_is_taken_up_again(past: Past) -> None:
    assert SPEC.given(*past).refused(reopening()).code == "opinion.no_reopening_asked"
    assert SPEC.given(*past).refused(refusing_again()).code == "opinion.no_reopening_asked"
    (asked,) = SPEC.given(*past).when(wanting_again())
    reasons = (FeedbackReason.CAME_BACK, FeedbackReason.NOT_CARRIED_OUT)
    assert asked == ReopenRequested(**WHAT, round=1, requested_on=OVER, reasons=reasons)
    assert SPEC.given(*past, asked).when(wanting_again()) == []
    (reopened,) = SPEC.given(*past, asked).when(reopening())
    assert reopened == OpinionReopened(
        **WHAT,
        reopened_on=OVER,
        round=2,
        reason=FeedbackReason.CAME_BACK,
        level_up=False,
        agency="tnmt-ba-dinh",
    )


def test_a_request_that_is_declined_can_be_made_again() -> None:
    (declined,) = SPEC.given(*TO_ASKED).when(refusing_again())
    stands = ReopenRefusal.ANSWER_STANDS
    assert declined == ReopenDeclined(**WHAT, round=1, declined_on=OVER, reason=stands)
    assert SPEC.given(*TO_ASKED, declined).when(wanting_again())


def test_a_new_round_has_an_answer_of_its_own_that_says_it_is_not_the_first() -> None:
    assert SPEC.given(*TO_REOPENED).when(answering()) == []
    (overdue,) = SPEC.given(*TO_REOPENED).when(missing(round=2))
    (answered,) = SPEC.given(*TO_REOPENED).when(answering(round=2))
    assert isinstance(answered, OpinionAnswered)
    assert (answered.round, answered.reopened) == (2, True)
    assert getattr(overdue, "reopened", None) is True
    assert ANSWERED_REFERRAL.reopened is False
    assert SPEC.given(*TO_REOPENED, answered).when(commenting())


def test_an_answer_on_the_spot_was_the_first_round() -> None:
    past = after(TO_SCHEDULED, answering_on_spot(), wanting_again(), reopening())
    reopened = past[-1]
    assert isinstance(reopened, OpinionReopened)
    assert (reopened.round, reopened.agency) == (2, None)


def test_after_so_many_rounds_the_level_above_decides() -> None:
    levels: list[bool] = []
    past: Past = TO_ANSWERED
    for round_ in (2, 3, 4):
        past = after(past, wanting_again(), reopening(at_level=2))
        reopened = past[-1]
        assert isinstance(reopened, OpinionReopened)
        assert reopened.round == round_
        levels.append(reopened.level_up)
        past = after(past, answering(round=round_))
    assert levels == [False, False, True]


# -- taken back


@pytest.mark.parametrize(
    "past",
    [TO_RECEIVED, after(TO_RECEIVED, asking_back()), TO_ELIGIBLE, TO_SCHEDULED, TO_RAISED],
)
def test_it_is_taken_back_before_any_agency_has_it(past: Past) -> None:
    (event,) = SPEC.given(*past).when(withdrawing(keep_ex_officio=True))
    assert isinstance(event, OpinionWithdrawn)
    assert (event.round, event.keep_ex_officio, event.was_overdue) == (None, False, False)
    assert event.state_before == state_name(SPEC.given(*past).state)
    assert SPEC.given(*past, event).when(withdrawing()) == []


def test_what_an_agency_has_says_round_and_overdue_and_may_go_on_ex_officio() -> None:
    (event,) = SPEC.given(*TO_OVERDUE).when(withdrawing(keep_ex_officio=True))
    assert event == OpinionWithdrawn(
        **WHAT,
        withdrawn_on=TODAY,
        reason=WithdrawalReason.REPORTER_ASKED,
        keep_ex_officio=True,
        was_overdue=True,
        round=1,
        state_before="in_handling",
    )
    assert SPEC.given(*TO_OVERDUE, event).when(answering()) == []


@pytest.mark.parametrize("past", [(), TO_ANSWERED, TO_CLOSED, TO_DECLINED])
def test_what_has_its_answer_or_left_the_flow_is_not_taken_back(past: Past) -> None:
    assert SPEC.given(*past).refused(withdrawing()).code == "opinion.not_withdrawable"


# -- given back, covered anew


@pytest.mark.parametrize(("past", "overdue"), [(TO_REFERRED, False), (TO_OVERDUE, True)])
def test_a_cancelled_referral_gives_it_back_for_another_round(past: Past, overdue: bool) -> None:  # noqa: FBT001
    (event,) = SPEC.given(*past).when(returning())
    reason = ReturnReason.ISSUED_IN_ERROR
    assert event == OpinionReturned(
        **WHAT, round=1, reason=reason, returned_on=TODAY, was_overdue=overdue
    )
    (again,) = SPEC.given(*past, event).when(referring())
    assert isinstance(again, OpinionReferred)
    assert (again.round, again.waited_days) == (2, 0)
    (answered,) = SPEC.given(*past, event, again).when(answering(round=2))
    assert isinstance(answered, OpinionAnswered)
    assert answered.reopened is False, "nobody had answered before"


@pytest.mark.parametrize(
    ("past", "command"),
    [
        (TO_REFERRED, returning(round_=2)),
        (TO_REFERRED, returning("commitment-1")),
        (TO_COVERED, returning()),
        (TO_COVERED, returning("commitment-2")),
        (TO_ELIGIBLE, returning("commitment-1")),
        (TO_ANSWERED, returning()),
        ((), returning()),
    ],
)
def test_another_assignment_than_the_one_that_has_it_gives_nothing_back(
    past: Past, command: Command
) -> None:
    assert SPEC.given(*past).when(command) == []


def test_what_is_given_back_still_counts_with_the_session_that_heard_it() -> None:
    returned = after(TO_COVERED, returning("commitment-1"))
    state = SPEC.given(*returned).state
    assert isinstance(state, Eligible)
    assert state.dimensions.held_on == HELD_ON
    (moved,) = SPEC.given(*returned).when(
        replace(scheduling(OTHER_SESSION_ID), held_on=date(2019, 7, 1))
    )
    assert isinstance(moved, OpinionScheduled)
    assert (moved.held_on_before, moved.session_kind_before) == (HELD_ON, COVERED.session_kind)


def test_an_amended_conclusion_covers_it_by_another_commitment_in_the_same_round() -> None:
    (event,) = SPEC.given(*TO_COVERED).when(covering_anew())
    assert event == OpinionCoveredByCommitment(
        **WHERE, commitment_id="commitment-2", round=1, state_before="in_handling"
    )
    assert SPEC.given(*TO_COVERED).when(covering_anew("commitment-1")) == []
    late = after(TO_COVERED, missing(), covering_anew())
    state = SPEC.given(*late).state
    assert isinstance(state, InHandling)
    assert state.is_overdue, "a recorded miss stays"


def test_amendment_and_cancellation_come_to_the_same_in_either_order() -> None:
    amended_first = after(TO_COVERED, covering_anew(), returning("commitment-1"))
    cancelled_first = after(TO_COVERED, returning("commitment-1"), covering_anew())
    for past in (amended_first, cancelled_first):
        state = SPEC.given(*past).state
        assert isinstance(state, InHandling)
        assert (state.commitment_id, state.round) == ("commitment-2", 1)


def test_a_dropped_commitment_does_not_come_back() -> None:
    overtaken = after(TO_SCHEDULED, returning("commitment-1"))
    assert state_name(SPEC.given(*overtaken).state) == "eligible"
    for late in (covering(), answering(commitment_id="commitment-1")):
        assert SPEC.given(*overtaken).when(late) == []


@pytest.mark.parametrize("past", [TO_ANSWERED, TO_DECLINED, TO_ELIGIBLE, TO_REFERRED])
def test_a_conclusion_covers_nothing_that_is_elsewhere(past: Past) -> None:
    assert SPEC.given(*past).when(covering_anew()) == []


# -- the session moves


def test_its_cohort_moves_with_its_session() -> None:
    later = HELD_ON + timedelta(days=7)
    (event,) = SPEC.given(*TO_SCHEDULED).when(rescheduling(later))
    assert event == OpinionRescheduled(**{**WHERE, "held_on": later}, held_on_before=HELD_ON)
    assert SPEC.given(*TO_SCHEDULED, event).when(rescheduling(later)) == []
    assert SPEC.given(*TO_SCHEDULED, event).when(answering_on_spot())


@pytest.mark.parametrize("past", [TO_ELIGIBLE, TO_COVERED, TO_ANSWERED, TO_DECLINED])
def test_another_session_or_state_is_not_moved(past: Past) -> None:
    later = HELD_ON + timedelta(days=7)
    assert SPEC.given(*past).when(rescheduling(later)) == []
    assert SPEC.given(*TO_SCHEDULED).when(rescheduling(later, OTHER_SESSION_ID)) == []
    assert SPEC.given(*TO_SCHEDULED).when(rescheduling(HELD_ON, SESSION_ID)) == []


# -- beside the course


def test_a_recurrence_is_linked_once_to_each_earlier_opinion() -> None:
    (event,) = SPEC.given(*TO_RECEIVED).when(linking())
    assert isinstance(event, RecurrenceLinked)
    assert event.earlier_id == HEAD_ID
    assert SPEC.given(*TO_RECEIVED, event).when(linking()) == []
    assert SPEC.given(*TO_RECEIVED, event).when(linking(MEMBER_ID))


def test_nothing_recurs_to_itself_or_through_what_stands_for_nothing() -> None:
    own = SPEC.given(*TO_RECEIVED).refused(linking(OPINION_ID))
    assert own.code == "opinion.recurs_to_itself"
    merged, split = after(TO_ELIGIBLE, merging()), after(TO_RECEIVED, splitting())
    for past in ((), merged, split):
        assert SPEC.given(*past).refused(linking()).code == "opinion.not_linkable"


def test_an_answered_case_is_an_example_once() -> None:
    (event,) = SPEC.given(*TO_CLOSED).when(praising())
    assert event == GoodPracticeMarked(**WHAT, marked_on=OVER)
    assert SPEC.given(*TO_CLOSED, event).when(praising()) == []


# -- erased


def test_texts_are_erased_when_that_was_asked_and_granted() -> None:
    (asked,) = SPEC.given(*TO_REFERRED).when(wanting_erased())
    assert asked == ErasureRequested(
        **WHAT, requested_on=TODAY, answer_due_on=DUE.due_on, answer_citation=DUE.citation
    )
    assert SPEC.given(*TO_REFERRED, asked).when(wanting_erased()) == []
    late = DUE.due_on + timedelta(days=2)
    (granted,) = SPEC.given(*TO_REFERRED, asked).when(granting(late))
    assert granted == ErasureDecided(
        **WHAT,
        requested_on=TODAY,
        decided_on=late,
        granted=True,
        days_late=2,
        erase_due_on=DUE.due_on,
        erase_citation=DUE.citation,
    )
    (erased,) = SPEC.given(*TO_REFERRED, asked, granted).when(erasing(late))
    assert erased == NarrativeErased(
        **WHAT, erased_on=late, texts=1, due_on=DUE.due_on, days_late=2
    )
    gone = SPEC.given(*TO_REFERRED, asked, granted, erased)
    assert gone.when(erasing()) == []
    assert gone.when(answering()), "the course goes on"
    for again in (wanting_erased(), granting()):
        assert gone.refused(again).code == "opinion.erased"


def test_nothing_is_erased_that_was_not_granted() -> None:
    not_granted = (TO_RECEIVED, after(TO_RECEIVED, wanting_erased()))
    for past in (*not_granted, after(TO_RECEIVED, wanting_erased(), denying())):
        assert SPEC.given(*past).refused(erasing()).code == "opinion.erasure_not_granted"
    assert SPEC.given(*TO_RECEIVED).refused(granting()).code == "opinion.no_erasure_asked"
    for command in (wanting_erased(), granting(), erasing()):
        assert SPEC.given().refused(command).code == "opinion.not_known"


def test_a_refusal_says_why_and_can_be_asked_again() -> None:
    refused = after(TO_RECEIVED, wanting_erased(), denying())
    decided = refused[-1]
    assert isinstance(decided, ErasureDecided)
    assert (decided.granted, decided.refusal) == (False, ErasureRefusal.IN_HANDLING)
    assert SPEC.given(*refused).when(wanting_erased())


def test_a_denunciation_loses_its_text_without_a_request() -> None:
    denounced = after(TO_RECEIVED, declining(DeclineReason.DENUNCIATION, "thanh-tra"))
    (erased,) = SPEC.given(*denounced).when(erasing())
    assert isinstance(erased, NarrativeErased)
    assert erased.due_on is None
    assert SPEC.given(*TO_DECLINED).refused(erasing()).code == "opinion.erasure_not_granted"
