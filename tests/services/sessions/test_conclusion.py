"""A conclusion names who, what and until when, for every opinion; or it is not issued."""

import unicodedata
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.sessions.conclusion import tidy_number, vague_words
from services.sessions.conclusion_commands import Standing
from shared.contracts.sessions import ConclusionIssued, SessionEvent
from tests.services.sessions.story import (
    CONCLUDED,
    DRAIN,
    ENDED,
    HELD_ON,
    ISSUED_ON,
    LIGHTS,
    LIGHTS_ANSWERED,
    MARKET,
    SPEC,
    TO_AGENDA,
    TO_ANSWERED,
    TO_CONCLUDED,
    TO_HELD,
    agency,
    issuing,
    proposed,
)


def faults_of(*commitments: Any, **changes: Any) -> list[tuple[object, object]]:
    error = SPEC.given(*TO_HELD).refused(issuing(*commitments, **changes))
    assert error.code == "session.conclusion_incomplete"
    faults = error.facts["faults"]
    assert isinstance(faults, list)
    assert error.facts["count"] == len(faults)
    return [(fault["place"], fault["code"]) for fault in faults]


def test_a_whole_conclusion_is_issued() -> None:
    assert SPEC.given(*TO_HELD).when(issuing()) == [CONCLUDED]


def test_one_lead_agency_is_named_for_each_of_several_commitments() -> None:
    one = proposed(opinion_ids=(DRAIN,))
    other = proposed(commitment_id="commitment-2", opinion_ids=(MARKET,), cooperating=())
    (issued,) = SPEC.given(*TO_HELD).when(issuing(one, other))
    assert isinstance(issued, ConclusionIssued)
    assert [each.opinion_ids for each in issued.commitments] == [(DRAIN,), (MARKET,)]


def test_a_commitment_may_answer_no_single_opinion() -> None:
    extra = proposed(commitment_id="commitment-2", opinion_ids=())
    (issued,) = SPEC.given(*TO_HELD).when(issuing(proposed(), extra))
    assert isinstance(issued, ConclusionIssued)
    assert issued.commitments[1].opinion_ids == ()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"product": None}, ("product", "session.product_missing")),
        ({"lead": None}, ("lead_agency", "session.lead_missing")),
        (
            {"lead": agency("nobody", Standing.UNKNOWN)},
            ("lead_agency", "session.agency_unknown"),
        ),
        (
            {"lead": agency("dissolved", Standing.NOT_COMPETENT)},
            ("lead_agency", "session.agency_not_competent"),
        ),
        ({"due_on": None}, ("due_on", "session.due_on_missing")),
        ({"due_on": ISSUED_ON}, ("due_on", "session.due_not_after_issue")),
        ({"due_on": HELD_ON}, ("due_on", "session.due_not_after_issue")),
        ({"is_field_known": False}, ("field", "session.commitment_field_unknown")),
        (
            {"cooperating": (agency("tnmt-ba-dinh"),)},
            ("cooperating_agencies", "session.lead_cooperates"),
        ),
        (
            {"cooperating": (agency("ubnd-ba-dinh"), agency("ubnd-ba-dinh"))},
            ("cooperating_agencies", "session.cooperating_twice"),
        ),
        (
            {"cooperating": (agency("nobody", Standing.UNKNOWN),)},
            ("cooperating_agencies", "session.agency_unknown"),
        ),
        (
            {"cooperating": (agency("dissolved", Standing.NOT_COMPETENT),)},
            ("cooperating_agencies", "session.agency_not_competent"),
        ),
        (
            {"opinion_ids": (DRAIN, MARKET, "elsewhere")},
            ("opinion_ids", "session.opinion_not_of_session"),
        ),
        (
            {"opinion_ids": (DRAIN, MARKET, LIGHTS)},
            ("opinion_ids", "session.opinion_answered_on_spot"),
        ),
        (
            {"opinion_ids": (DRAIN, MARKET, DRAIN)},
            ("opinion_ids", "session.opinion_covered_twice"),
        ),
    ],
)
def test_each_fault_of_a_commitment_keeps_the_conclusion_from_being_issued(
    changes: dict[str, object], fault: tuple[str, str]
) -> None:
    place, code = fault
    assert faults_of(proposed(**changes)) == [(f"commitments[1].{place}", code)]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"number": ""}, ("number", "session.number_missing")),
        ({"number": "TB-UBND"}, ("number", "session.number_malformed")),
        ({"number": "12 <b>"}, ("number", "session.number_malformed")),
        ({"number": "1" * 41}, ("number", "session.number_malformed")),
        ({"is_number_free": False}, ("number", "session.number_taken")),
        ({"issued_on": date(2019, 5, 19)}, ("issued_on", "session.issued_before_session")),
        ({"issued_on": date(2019, 5, 26)}, ("issued_on", "session.issued_in_future")),
        ({"today": date(2019, 6, 24)}, ("issued_on", "session.issued_too_long_ago")),
    ],
)
def test_each_fault_of_the_notice_keeps_it_from_being_issued(
    changes: dict[str, object], fault: tuple[str, str]
) -> None:
    assert faults_of(**changes) == [fault]


@pytest.mark.parametrize("issued_on", [HELD_ON, date(2019, 5, 25)])
def test_a_conclusion_is_dated_from_the_sessions_day_to_today(issued_on: date) -> None:
    (issued,) = SPEC.given(*TO_HELD).when(issuing(issued_on=issued_on))
    assert isinstance(issued, ConclusionIssued)
    assert issued.issued_on == issued_on


def test_every_opinion_on_the_agenda_or_raised_needs_a_disposition() -> None:
    error = SPEC.given(*TO_HELD).refused(issuing(proposed(opinion_ids=(DRAIN,))))
    assert error.facts["faults"] == [
        {
            "place": "opinions",
            "code": "session.opinion_without_disposition",
            "opinion": MARKET,
        }
    ]


def test_an_opinion_covered_by_two_commitments_is_told_at_the_second() -> None:
    other = proposed(commitment_id="commitment-2", opinion_ids=(MARKET,))
    assert faults_of(proposed(), other) == [
        ("commitments[2].opinion_ids", "session.opinion_covered_twice")
    ]


def test_all_faults_are_told_at_once() -> None:
    bare = proposed(lead=None, product=None, due_on=None, opinion_ids=())
    assert faults_of(bare, proposed(due_on=HELD_ON), number="") == [
        ("number", "session.number_missing"),
        ("commitments[1].lead_agency", "session.lead_missing"),
        ("commitments[1].product", "session.product_missing"),
        ("commitments[1].due_on", "session.due_on_missing"),
        ("commitments[2].due_on", "session.due_not_after_issue"),
    ]


def test_a_session_whose_every_opinion_was_answered_concludes_without_commitments() -> None:
    answered = [replace(LIGHTS_ANSWERED, opinion_id=opinion_id) for opinion_id in (DRAIN, MARKET)]
    past = (*TO_ANSWERED, *answered, ENDED)
    command = replace(issuing(), commitments=())
    (issued,) = SPEC.given(*past).when(command)
    assert isinstance(issued, ConclusionIssued)
    assert issued.commitments == ()


@pytest.mark.parametrize("past", [TO_AGENDA, TO_ANSWERED])
def test_a_conclusion_comes_after_the_end(past: tuple[SessionEvent, ...]) -> None:
    assert SPEC.given(*past).refused(issuing()).code == "session.not_ended"


def test_the_same_conclusion_again_is_nothing_new_however_late() -> None:
    late = issuing(today=date(2021, 1, 1), is_number_free=False)
    assert SPEC.given(*TO_CONCLUDED).when(late) == []


@pytest.mark.parametrize(
    "command",
    [
        issuing(number="13/TB-UBND"),
        issuing(proposed(lead=agency("ubnd-ba-dinh"))),
        issuing(proposed(), proposed(commitment_id="commitment-2", lead=None)),
    ],
)
def test_a_conclusion_that_is_out_is_not_changed(command: Any) -> None:
    error = SPEC.given(*TO_CONCLUDED).refused(command)
    assert error.code == "session.already_concluded"
    assert error.facts == {"number": "12/TB-UBND"}


# ---- Numbers


@pytest.mark.parametrize("typed", ["12/TB-UBND", " 12 / TB - UBND ", "12/TB–UBND"])
def test_a_number_is_the_same_however_it_was_spaced(typed: str) -> None:
    assert tidy_number(typed) == "12/TB-UBND"


def test_a_number_may_hold_vietnamese_letters_in_any_composition() -> None:
    decomposed = unicodedata.normalize("NFD", "7/TB-HĐND&ỦY")
    (issued,) = SPEC.given(*TO_HELD).when(issuing(number=tidy_number(decomposed)))
    assert isinstance(issued, ConclusionIssued)
    assert issued.number == "7/TB-HĐND&ỦY"


# ---- Wording


@pytest.mark.parametrize(
    ("product", "words"),
    [
        ("Giải quyết sớm kiến nghị của tổ dân phố 5", ("sớm",)),
        ("KHẨN TRƯƠNG nạo vét cống", ("khẩn trương",)),
        ("Khẩn\n trương xử lý", ("khẩn trương",)),
        ("Quan tâm, nghiên cứu đề xuất", ("quan tâm", "nghiên cứu")),
        ("Biên bản nạo vét 120 m cống ngõ 84", ()),
        ("", ()),
    ],
)
def test_words_that_promise_nothing_are_found(product: str, words: tuple[str, ...]) -> None:
    assert vague_words(product) == words


def test_vague_words_are_found_in_decomposed_text() -> None:
    assert vague_words(unicodedata.normalize("NFD", "Sớm nghiên cứu")) == ("sớm", "nghiên cứu")


@pytest.mark.parametrize("product", ["Bản đồ Som Tum", "som nhat", "sốm", "quan tam", "sớmmai"])
def test_other_words_and_other_tones_are_left_alone(product: str) -> None:
    assert vague_words(product) == ()
