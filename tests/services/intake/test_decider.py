"""What becomes of an opinion: every transition, every refusal."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.intake.commands import Command
from services.intake.evolving import OpinionEvent
from services.intake.states import Scheduled, state_name
from shared.contracts.intake import OpinionAccepted, OpinionDeclined, OpinionReferred
from shared.contracts.vocabulary import DeclineReason, OpinionKind, TextRefusal
from tests.services.intake.story import (
    ACCEPTED,
    ANSWERED_COMMITMENT,
    ANSWERED_ON_SPOT,
    ANSWERED_REFERRAL,
    BACKDATING_MAX_DAYS,
    CADRE,
    COMPLAINED,
    COVERED,
    DECLINED,
    IN_THE_ROOM,
    OPINION_ID,
    OTHER_SESSION_ID,
    OVERDUE,
    OVERDUE_COMMITMENT,
    RAISED,
    RAISED_ACCEPTED,
    RECEIVED,
    RECEIVED_ON,
    REFERRED,
    SCHEDULED,
    SCREENER,
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
    UNSCHEDULED,
    WHAT,
    accepting,
    answering,
    answering_on_spot,
    covering,
    declining,
    missing,
    raising,
    receiving,
    referring,
    scheduling,
    taking_off,
    text,
)

Past = tuple[OpinionEvent, ...]

PASTS: dict[str, Past] = {
    "unknown": (),
    "received": TO_RECEIVED,
    "eligible": TO_ELIGIBLE,
    "scheduled": TO_SCHEDULED,
    "in_handling": TO_REFERRED,
    "answered": TO_ANSWERED,
    "declined": TO_DECLINED,
}


@pytest.mark.parametrize(("name", "past"), PASTS.items())
def test_a_state_is_called_as_the_read_model_calls_it(name: str, past: Past) -> None:
    assert state_name(SPEC.given(*past).state) == name


# -- received


def test_a_reported_opinion_is_received() -> None:
    assert SPEC.given().when(receiving()) == [RECEIVED]


def test_the_digest_and_its_row_are_kept() -> None:
    (event,) = SPEC.given().when(receiving(digest_id="digest-1", row=7))
    assert event == replace(RECEIVED, digest_id="digest-1", row=7)


@pytest.mark.parametrize("past", [TO_RECEIVED, TO_ELIGIBLE, TO_COVERED, TO_DECLINED])
def test_the_same_report_again_changes_nothing_whatever_became_of_it(past: Past) -> None:
    assert SPEC.given(*past).when(receiving()) == []


def test_a_report_that_stands_in_another_row_is_the_same_report() -> None:
    first = SPEC.given().when(receiving(digest_id="digest-1", row=7))
    assert SPEC.given(*first).when(receiving(digest_id="digest-1", row=9)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"voices": 4},
        {"field": "urban_order"},
        {"received_on": RECEIVED_ON - timedelta(days=1)},
        {"opinion_kind": OpinionKind.PROPOSAL},
        {"text": text(2)},
        {"digest_id": "digest-2"},
    ],
)
def test_another_report_under_the_same_id_is_refused(change: dict[str, object]) -> None:
    error = SPEC.given(*TO_SCHEDULED).refused(receiving(**change))
    assert (error.code, error.facts) == ("opinion.reported_differently", {"opinion": OPINION_ID})


def test_a_denunciation_is_not_received() -> None:
    error = SPEC.given().refused(receiving(opinion_kind=OpinionKind.DENUNCIATION))
    assert error.code == "opinion.denunciation_not_stored"


def test_a_complaint_is_received_to_be_declined() -> None:
    assert SPEC.given().when(receiving(opinion_kind=OpinionKind.COMPLAINT)) == [COMPLAINED]


def test_an_opinion_stands_for_somebody() -> None:
    assert SPEC.given().refused(receiving(voices=0)).code == "opinion.voices_missing"
    (event,) = SPEC.given().when(receiving(voices=1))
    assert event.voices == 1


def test_the_day_of_reception_is_today_at_the_latest() -> None:
    assert SPEC.given().when(receiving(received_on=TODAY))
    error = SPEC.given().refused(receiving(received_on=TODAY + timedelta(days=1)))
    assert error.code == "opinion.received_in_future"


def test_the_day_of_reception_is_as_old_as_the_regulation_allows() -> None:
    oldest_on = TODAY - timedelta(days=BACKDATING_MAX_DAYS)
    assert SPEC.given().when(receiving(received_on=oldest_on))
    error = SPEC.given().refused(receiving(received_on=oldest_on - timedelta(days=1)))
    assert (error.code, error.facts["oldest_on"]) == ("opinion.received_too_long_ago", oldest_on)


def test_an_opinion_raised_in_the_room_is_received_and_accepted_on_that_agenda() -> None:
    assert SPEC.given().when(raising()) == [RAISED, RAISED_ACCEPTED]


def test_raised_with_a_text_that_is_not_believed_it_is_received_without_one() -> None:
    without = replace(RAISED, text=None, text_refused=TextRefusal.TAKEN)
    assert SPEC.given().when(raising(TextRefusal.TAKEN)) == [without, RAISED_ACCEPTED]
    assert SPEC.given(without, RAISED_ACCEPTED).when(raising()) == []
    assert isinstance(SPEC.given(*TO_RAISED).state, Scheduled)


def test_an_opinion_is_raised_once() -> None:
    assert SPEC.given(*TO_RAISED).when(raising()) == []


# -- screening


def test_screening_accepts() -> None:
    assert SPEC.given(*TO_RECEIVED).when(accepting()) == [ACCEPTED]


def test_accepting_again_changes_nothing() -> None:
    assert SPEC.given(*TO_ELIGIBLE).when(accepting()) == []


def test_who_entered_it_may_not_accept_it_where_the_regulation_says_so() -> None:
    error = SPEC.given(*TO_RECEIVED).refused(accepting(CADRE))
    assert (error.code, error.facts) == ("opinion.same_seat", {"seat": CADRE})
    assert SPEC.given(*TO_RECEIVED).when(accepting(CADRE, by_another_seat=False)) == [ACCEPTED]


def test_who_entered_it_is_not_known_of_older_entries() -> None:
    older = replace(RECEIVED, entered_by=None)
    assert SPEC.given(older).when(accepting(CADRE)) == [ACCEPTED]


def test_the_same_report_by_another_seat_is_the_same_report() -> None:
    assert SPEC.given(*TO_RECEIVED).when(receiving(entered_by=SCREENER)) == []


def test_a_complaint_can_not_be_accepted() -> None:
    error = SPEC.given(COMPLAINED).refused(accepting())
    assert error.code == "opinion.must_be_declined"


@pytest.mark.parametrize("name", ["unknown", "scheduled", "in_handling", "answered", "declined"])
def test_what_is_not_in_screening_can_not_be_accepted(name: str) -> None:
    error = SPEC.given(*PASTS[name]).refused(accepting())
    assert (error.code, error.facts) == ("opinion.not_in_screening", {"state": name})


@pytest.mark.parametrize("before", ["received", "eligible"])
def test_screening_declines_also_what_it_had_accepted(before: str) -> None:
    declined = replace(DECLINED, state_before=before)
    assert SPEC.given(*PASTS[before]).when(declining()) == [declined]


def test_declining_again_for_the_same_reason_changes_nothing() -> None:
    assert SPEC.given(*TO_DECLINED).when(declining()) == []


@pytest.mark.parametrize(
    "again",
    [declining(DeclineReason.ALREADY_ANSWERED), declining(redirect="ubnd-ba-dinh")],
)
def test_a_reason_once_given_is_not_changed(again: Command) -> None:
    error = SPEC.given(*TO_DECLINED).refused(again)
    assert (error.code, error.facts) == ("opinion.not_in_screening", {"state": "declined"})


def test_a_complaint_is_declined_to_whoever_is_competent() -> None:
    assert SPEC.given(COMPLAINED).refused(declining()).code == "opinion.redirect_missing"
    (event,) = SPEC.given(COMPLAINED).when(declining(DeclineReason.COMPLAINT, "ubnd-ba-dinh"))
    assert isinstance(event, OpinionDeclined)
    assert (event.reason, event.redirect) == (DeclineReason.COMPLAINT, "ubnd-ba-dinh")


@pytest.mark.parametrize(
    "reason", [DeclineReason.COMPLAINT, DeclineReason.DENUNCIATION, DeclineReason.NOT_COMPETENT]
)
def test_who_is_sent_elsewhere_is_told_where(reason: DeclineReason) -> None:
    given = SPEC.given(*TO_RECEIVED)
    assert given.refused(declining(reason)).code == "opinion.redirect_missing"
    assert given.when(declining(reason, "ubnd-ha-noi"))


@pytest.mark.parametrize("name", ["unknown", "scheduled", "in_handling", "answered"])
def test_what_is_not_in_screening_can_not_be_declined(name: str) -> None:
    error = SPEC.given(*PASTS[name]).refused(declining())
    assert (error.code, error.facts) == ("opinion.not_in_screening", {"state": name})


# -- dispositions


def test_an_eligible_opinion_is_referred() -> None:
    assert SPEC.given(*TO_ELIGIBLE).when(referring()) == [REFERRED]


def test_the_routing_table_may_be_left_to_choose() -> None:
    (event,) = SPEC.given(*TO_ELIGIBLE).when(referring(None))
    assert isinstance(event, OpinionReferred)
    assert event.agency is None


def test_an_eligible_opinion_is_scheduled() -> None:
    assert SPEC.given(*TO_ELIGIBLE).when(scheduling()) == [SCHEDULED]


def test_scheduling_for_the_same_session_again_changes_nothing() -> None:
    assert SPEC.given(*TO_SCHEDULED).when(scheduling()) == []


def test_an_opinion_is_on_one_agenda_at_most() -> None:
    error = SPEC.given(*TO_SCHEDULED).refused(scheduling(OTHER_SESSION_ID))
    assert (error.code, error.facts) == ("opinion.not_eligible", {"state": "scheduled"})


def test_a_session_is_not_before_the_reception() -> None:
    given = SPEC.given(*TO_ELIGIBLE)
    assert given.when(scheduling(held_on=RECEIVED_ON))
    error = given.refused(scheduling(held_on=RECEIVED_ON - timedelta(days=1)))
    assert error.code == "opinion.session_before_reception"


@pytest.mark.parametrize("command", [referring(), scheduling(OTHER_SESSION_ID)])
@pytest.mark.parametrize(
    "name", ["unknown", "received", "scheduled", "in_handling", "answered", "declined"]
)
def test_only_an_eligible_opinion_gets_a_disposition(name: str, command: Command) -> None:
    error = SPEC.given(*PASTS[name]).refused(command)
    assert (error.code, error.facts) == ("opinion.not_eligible", {"state": name})


def test_an_opinion_off_the_agenda_is_eligible_again_and_names_no_session() -> None:
    assert SPEC.given(*TO_SCHEDULED).when(taking_off()) == [UNSCHEDULED]
    given = SPEC.given(*TO_SCHEDULED, UNSCHEDULED)
    assert given.when(referring()) == [REFERRED]
    (event,) = given.when(scheduling(OTHER_SESSION_ID))
    assert event.session_id == OTHER_SESSION_ID


# -- handling and answer


def test_a_commitment_covers_an_opinion_of_its_session() -> None:
    assert SPEC.given(*TO_SCHEDULED).when(covering()) == [COVERED]


def test_the_chair_answers_an_opinion_of_the_session() -> None:
    assert SPEC.given(*TO_SCHEDULED).when(answering_on_spot()) == [ANSWERED_ON_SPOT]


def test_an_opinion_raised_in_the_room_is_answered_there() -> None:
    (event,) = SPEC.given(*TO_RAISED).when(answering_on_spot())
    assert event == replace(
        ANSWERED_ON_SPOT,
        channel=IN_THE_ROOM["channel"],
        organisation=IN_THE_ROOM["organisation"],
        session_unit=None,
        session_level=None,
    )


def test_the_answer_to_a_referral_is_released() -> None:
    assert SPEC.given(*TO_REFERRED).when(answering()) == [ANSWERED_REFERRAL]


def test_the_answer_to_a_commitment_counts_on_its_session() -> None:
    answer = answering(commitment_id="commitment-1")
    assert SPEC.given(*TO_COVERED).when(answer) == [ANSWERED_COMMITMENT]


def test_an_answer_that_overtakes_the_conclusion_brings_the_commitment_with_it() -> None:
    answer = answering(commitment_id="commitment-1")
    events = SPEC.given(*TO_SCHEDULED).when(answer)
    assert events == [COVERED, ANSWERED_COMMITMENT]
    assert SPEC.given(*TO_SCHEDULED, *events).when(covering()) == []


def test_an_opinion_in_handling_becomes_overdue_once() -> None:
    assert SPEC.given(*TO_REFERRED).when(missing()) == [OVERDUE]
    assert SPEC.given(*TO_OVERDUE).when(missing()) == []
    assert state_name(SPEC.given(*TO_OVERDUE).state) == "in_handling"


def test_an_opinion_that_a_commitment_covers_becomes_overdue_on_its_session() -> None:
    late = missing(commitment_id="commitment-1")
    assert SPEC.given(*TO_COVERED).when(late) == [OVERDUE_COMMITMENT]


def test_a_miss_that_overtakes_the_conclusion_brings_the_commitment_with_it() -> None:
    late = missing(commitment_id="commitment-1")
    events = SPEC.given(*TO_SCHEDULED).when(late)
    assert events == [COVERED, OVERDUE_COMMITMENT]
    assert SPEC.given(*TO_SCHEDULED, *events).when(covering()) == []


def test_an_answer_says_whether_the_opinion_was_overdue() -> None:
    (answered,) = SPEC.given(*TO_OVERDUE).when(answering())
    assert answered == replace(ANSWERED_REFERRAL, was_overdue=True)


def test_a_miss_of_another_round_is_not_this_rounds() -> None:
    assert SPEC.given(*TO_REFERRED).when(missing(round=2)) == []


@pytest.mark.parametrize(
    "name", ["unknown", "received", "eligible", "scheduled", "answered", "declined"]
)
def test_what_nobody_handles_is_not_overdue(name: str) -> None:
    assert SPEC.given(*PASTS[name]).when(missing()) == []


def test_an_answer_of_another_round_is_not_this_rounds() -> None:
    assert SPEC.given(*TO_REFERRED).when(answering(round=2)) == []


def test_an_opinion_is_answered_once() -> None:
    assert SPEC.given(*TO_ANSWERED).when(answering()) == []


@pytest.mark.parametrize("command", [taking_off(), covering(), answering_on_spot()])
@pytest.mark.parametrize(
    "name", ["unknown", "received", "eligible", "in_handling", "answered", "declined"]
)
def test_what_a_session_says_of_an_opinion_not_on_its_agenda_changes_nothing(
    name: str, command: Command
) -> None:
    assert SPEC.given(*PASTS[name]).when(command) == []


@pytest.mark.parametrize(
    "command",
    [
        taking_off(OTHER_SESSION_ID),
        covering(OTHER_SESSION_ID),
        answering_on_spot(OTHER_SESSION_ID),
    ],
)
def test_what_another_session_says_of_an_opinion_changes_nothing(command: Command) -> None:
    assert SPEC.given(*TO_SCHEDULED).when(command) == []


@pytest.mark.parametrize("name", ["unknown", "received", "eligible", "scheduled", "declined"])
def test_an_answer_to_a_referral_that_never_was_changes_nothing(name: str) -> None:
    assert SPEC.given(*PASTS[name]).when(answering()) == []


def test_every_event_carries_the_dimensions_of_its_opinion() -> None:
    past: list[OpinionEvent] = []
    for command in (receiving(), accepting(), scheduling(), covering(), answering()):
        past += SPEC.given(*past).when(command)
    assert len(past) == 5
    for event in past:
        assert {name: getattr(event, name) for name in WHAT} == WHAT
    assert [event.session_id for event in past] == [None, None, *[SESSION_ID] * 3]
    assert past[-1].held_on == date(2019, 5, 20)


def test_an_event_that_has_no_beginning_changes_no_state() -> None:
    assert state_name(SPEC.given(OpinionAccepted(**WHAT)).state) == "unknown"
