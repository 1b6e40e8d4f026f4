"""Acknowledging, asking back, classifying, sending elsewhere: every transition and refusal."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.intake.commands_screening import KeepStub
from services.intake.decider import OPINION
from services.intake.records import STUB
from services.intake.states import state_name
from shared.contracts.intake import (
    ClarificationLapsed,
    ClarificationProvided,
    ClarificationRequested,
    DenunciationStubKept,
    ForwardingNotified,
    HandoverAcknowledged,
    OpinionClassified,
    OpinionDeclined,
    ReceiptAcknowledged,
)
from shared.contracts.vocabulary import DeclineReason, Level, OpinionKind, Urgency
from tests.services.intake.course import (
    DUE,
    Past,
    acknowledging,
    after,
    asking_back,
    classifying,
    handing_over,
    letting_lapse,
    replying,
    telling_where,
)
from tests.services.intake.story import (
    RECEIVED,
    RECEIVED_ON,
    SPEC,
    TO_ANSWERED,
    TO_DECLINED,
    TO_ELIGIBLE,
    TO_RECEIVED,
    TO_SCHEDULED,
    TODAY,
    WAITED_DAYS,
    WHAT,
    accepting,
    declining,
    referring,
    scheduling,
)

DEADLINE: dict[str, Any] = {"due_on": DUE.due_on, "deadline_citation": DUE.citation}
TO_CLARIFYING = after(TO_RECEIVED, asking_back())
REDIRECTED = after(TO_RECEIVED, declining(DeclineReason.NOT_COMPETENT, "ubnd-ha-noi"))


# -- acknowledged


def test_the_reporter_is_told_that_it_is_here() -> None:
    (event,) = SPEC.given(*TO_RECEIVED).when(acknowledging())
    told: dict[str, Any] = {"acknowledged_on": TODAY, "days_taken": WAITED_DAYS, "days_late": 0}
    assert event == ReceiptAcknowledged(**WHAT, **told, **DEADLINE)


def test_an_acknowledgement_past_its_day_says_how_late_it_is() -> None:
    (event,) = SPEC.given(*TO_RECEIVED).when(acknowledging(DUE.due_on + timedelta(days=3)))
    assert isinstance(event, ReceiptAcknowledged)
    assert event.days_late == 3


def test_receipt_is_acknowledged_once_in_whatever_state() -> None:
    for past in (TO_RECEIVED, TO_SCHEDULED, TO_ANSWERED, TO_DECLINED):
        acknowledged = after(past, acknowledging())
        assert state_name(OPINION.state_after(acknowledged)) == state_name(
            OPINION.state_after(past)
        )
        assert SPEC.given(*acknowledged).when(acknowledging()) == []


def test_what_nobody_reported_can_not_be_acknowledged() -> None:
    assert SPEC.given().refused(acknowledging()).code == "opinion.not_known"


def test_a_handover_is_acknowledged_once_by_each_organisation() -> None:
    (event,) = SPEC.given(*TO_RECEIVED).when(handing_over())
    assert isinstance(event, HandoverAcknowledged)
    assert (event.receiver, event.organisation) == ("mttq-ba-dinh", "mttq-thanh-cong")
    handed_over = after(TO_RECEIVED, handing_over())
    assert SPEC.given(*handed_over).when(handing_over()) == []
    assert len(SPEC.given(*handed_over).when(handing_over("mttq-ha-noi"))) == 1


def test_nobody_acknowledges_what_it_reported_itself() -> None:
    error = SPEC.given(*TO_RECEIVED).refused(handing_over("mttq-thanh-cong"))
    assert error.code == "opinion.handed_to_itself"


# -- asked back


def test_a_question_to_the_reporter_stops_screening() -> None:
    (event,) = SPEC.given(*TO_RECEIVED).when(asking_back())
    assert event == ClarificationRequested(**WHAT, requested_on=TODAY, **DEADLINE)
    assert SPEC.given(*TO_CLARIFYING).refused(accepting()).code == "opinion.not_in_screening"
    assert SPEC.given(*TO_CLARIFYING).refused(asking_back()).code == "opinion.not_in_screening"


def test_the_reply_lets_screening_go_on_and_says_how_long_it_stood() -> None:
    (event,) = SPEC.given(*TO_CLARIFYING).when(replying())
    assert event == ClarificationProvided(
        **WHAT,
        requested_on=TODAY,
        provided_on=TODAY + timedelta(days=6),
        paused_working_days=4,
    )
    assert SPEC.given(*after(TO_CLARIFYING, replying())).when(accepting())


def test_a_reply_to_no_question_is_refused() -> None:
    assert SPEC.given(*TO_RECEIVED).refused(replying()).code == "opinion.not_clarifying"


def test_no_reply_in_time_declines_the_opinion() -> None:
    on = DUE.due_on + timedelta(days=1)
    lapsed, declined = SPEC.given(*TO_CLARIFYING).when(letting_lapse())
    assert lapsed == ClarificationLapsed(**WHAT, requested_on=TODAY, due_on=DUE.due_on)
    assert declined == OpinionDeclined(
        **WHAT,
        reason=DeclineReason.NOT_CLARIFIED,
        declined_on=on,
        state_before="clarifying",
        screening_days=(on - RECEIVED_ON).days,
    )


def test_nothing_lapses_on_the_last_day_or_without_a_question() -> None:
    assert SPEC.given(*TO_CLARIFYING).when(letting_lapse(DUE.due_on)) == []
    assert SPEC.given(*TO_RECEIVED).when(letting_lapse()) == []


def test_what_is_being_clarified_can_be_declined() -> None:
    (event,) = SPEC.given(*TO_CLARIFYING).when(declining())
    assert isinstance(event, OpinionDeclined)
    assert event.state_before == "clarifying"


# -- classified


@pytest.mark.parametrize("past", [TO_RECEIVED, TO_ELIGIBLE])
def test_screening_says_what_it_is_about(past: Past) -> None:
    (event,) = SPEC.given(*past).when(classifying())
    assert event == OpinionClassified(
        **{**WHAT, "field": "urban_order", "opinion_kind": OpinionKind.PROPOSAL},
        competent_level=Level.COMMUNE,
        urgency=Urgency.PRESSING,
        field_before="environment",
        opinion_kind_before=OpinionKind.REFLECTION,
    )


@pytest.mark.parametrize(
    ("received", "competent", "skips"),
    [
        (Level.PROVINCE, Level.COMMUNE, True),
        (Level.DISTRICT, Level.COMMUNE, True),
        (Level.COMMUNE, Level.COMMUNE, False),
        (Level.COMMUNE, Level.PROVINCE, False),
        (None, Level.COMMUNE, None),
    ],
)
def test_a_matter_brought_above_the_competent_level_skips_one(
    received: Level | None, competent: Level, *, skips: bool | None
) -> None:
    past = replace(RECEIVED, received_level=received)
    (event,) = SPEC.given(past).when(classifying(level=competent))
    assert isinstance(event, OpinionClassified)
    assert event.skips_level is skips


def test_another_classification_says_what_the_one_before_said() -> None:
    received = replace(RECEIVED, received_level=Level.DISTRICT)
    first = after((received,), classifying())
    (event,) = SPEC.given(*first).when(classifying(level=Level.PROVINCE))
    assert isinstance(event, OpinionClassified)
    assert (event.again, event.skips_level, event.skips_level_before) == (True, False, True)


def test_what_has_a_disposition_is_not_classified() -> None:
    for past in (TO_SCHEDULED, TO_ANSWERED, TO_DECLINED):
        assert SPEC.given(*past).refused(classifying()).code == "opinion.not_in_screening"


@pytest.mark.parametrize("kind", [OpinionKind.COMPLAINT, OpinionKind.DENUNCIATION])
def test_what_turns_out_to_be_a_complaint_must_leave_the_flow(kind: OpinionKind) -> None:
    received = after(TO_RECEIVED, classifying(kind))
    assert SPEC.given(*received).refused(accepting()).code == "opinion.must_be_declined"
    eligible = SPEC.given(*after(TO_ELIGIBLE, classifying(kind)))
    assert eligible.refused(referring()).code == "opinion.must_be_declined"
    assert eligible.refused(scheduling()).code == "opinion.must_be_declined"
    assert eligible.refused(declining()).code == "opinion.redirect_missing"
    assert eligible.when(declining(DeclineReason.COMPLAINT, "ubnd-ha-noi"))


# -- sent elsewhere


def test_the_reporter_is_told_where_the_matter_belongs_once() -> None:
    late = DUE.due_on + timedelta(days=1)
    (event,) = SPEC.given(*REDIRECTED).when(telling_where(late))
    assert event == ForwardingNotified(
        **WHAT,
        redirect="ubnd-ha-noi",
        declined_on=TODAY,
        notified_on=late,
        days_late=1,
        **DEADLINE,
    )
    assert SPEC.given(*REDIRECTED, event).when(telling_where()) == []


def test_where_nothing_was_sent_nothing_is_told() -> None:
    for past in (TO_DECLINED, TO_RECEIVED):
        assert SPEC.given(*past).refused(telling_where()).code == "opinion.not_redirected"


def test_of_a_denunciation_a_stub_is_kept_once() -> None:
    asked = KeepStub(
        stub_id="stub-1",
        unit="thanh-cong",
        level=Level.COMMUNE,
        redirect="thanh-tra-ha-noi",
        on=TODAY,
    )
    (kept,) = STUB.decide(asked, None)
    assert kept == DenunciationStubKept(
        stub_id="stub-1",
        unit="thanh-cong",
        level=Level.COMMUNE,
        redirect="thanh-tra-ha-noi",
        kept_on=TODAY,
    )
    assert STUB.decide(asked, kept) == ()
