from collections.abc import Collection
from dataclasses import replace
from datetime import date

import pytest

from services.assignment.commands import IssueAssignment
from services.assignment.policy import Standing, opinions_of, react
from services.assignment.terms import commitment_assignment_id, referral_assignment_id
from shared.contracts import Event
from shared.contracts.assignment import AssignmentIssued
from shared.contracts.vocabulary import AssignmentSource, Level
from shared.kernel.ids import derived_id
from shared.provinces import Province, load_provinces
from tests.services.assignment.matters import (
    DUE,
    ISSUED,
    MONDAY,
    commitment,
    conclusion,
    referral,
)
from tests.services.opened import PROVINCES


@pytest.fixture(scope="module")
def province() -> Province:
    return load_provinces(PROVINCES)["ha-noi"]


def issued_for(
    event: Event,
    province: Province,
    *,
    led: Collection[tuple[str, int]] = (),
    issued: Collection[str] = (),
) -> list[AssignmentIssued]:
    standing = Standing(leads=dict.fromkeys(led, "another"), live=dict.fromkeys(issued, True))
    found = []
    for assignment_id, command in react(event, province, standing):
        standing.note(command, assignment_id)
        assert isinstance(command, IssueAssignment)
        found.append(command.terms)
    return found


def test_a_referral_becomes_an_assignment_of_the_agency_in_the_routing_table(
    province: Province,
) -> None:
    (terms,) = issued_for(referral(field="environment"), province)
    assert terms.agency == "tnmt-ba-dinh"
    assert terms.routing_citation is not None
    assert "routing[1]" in terms.routing_citation


def test_a_hand_overrules_the_routing_table(province: Province) -> None:
    (terms,) = issued_for(referral(agency="ubnd-ha-noi"), province)
    assert (terms.agency, terms.routing_citation) == ("ubnd-ha-noi", None)


def test_a_referral_is_due_by_the_regulation_counted_from_its_day(province: Province) -> None:
    (terms,) = issued_for(referral(), province)
    assert (terms.issued_on, terms.due_on) == (MONDAY, DUE)
    assert terms.deadline_working_days == 15
    assert terms.deadline_citation


def test_a_referral_s_assignment_carries_the_opinion_s_dimensions(province: Province) -> None:
    (terms,) = issued_for(referral("o-9", number=2), province)
    assert terms.source_kind is AssignmentSource.REFERRAL
    assert (terms.opinion_ids, terms.opinions, terms.round) == (("o-9",), 1, 2)
    assert (terms.unit, terms.level, terms.field) == ("ba-dinh", Level.DISTRICT, "urban_order")
    assert terms.received_on == date(2019, 5, 13)


def test_the_id_of_an_assignment_comes_from_what_it_is_for(province: Province) -> None:
    (by_referral,) = issued_for(referral("o-9"), province)
    (by_commitment,) = issued_for(conclusion(commitment("k-1", "o-1")), province)
    assert by_referral.assignment_id == derived_id("assignment", "referral", "o-9", "1")
    assert by_commitment.assignment_id == derived_id("assignment", "commitment", "k-1")


def test_each_commitment_becomes_an_assignment_as_the_conclusion_promises(
    province: Province,
) -> None:
    event = conclusion(commitment("k-1", "o-1", "o-2"), commitment("k-2", lead="ubnd-ha-noi"))
    first, second = issued_for(event, province)
    assert first.source_kind is AssignmentSource.COMMITMENT
    assert (first.opinion_ids, first.opinions) == (("o-1", "o-2"), 2)
    assert (second.opinion_ids, second.opinions, second.agency) == ((), 0, "ubnd-ha-noi")
    assert first.due_on == date(2019, 6, 28)
    assert first.deadline_citation == "Thông báo kết luận 25-TB/QU ngày 20/05/2019"
    assert first.deadline_working_days is None
    assert first.cooperating_agencies == ("tnmt-ba-dinh",)
    assert (first.session_id, first.held_on) == ("s-1", date(2019, 5, 15))
    assert (first.conclusion_id, first.commitment_id) == ("c-1", "k-1")
    assert first.product is not None
    assert first.product.text_id == "product-k-1"


def test_a_lead_agency_does_not_cooperate_with_itself(province: Province) -> None:
    event = conclusion(
        commitment("k-1", cooperating=("tnmt-ba-dinh", "ubnd-ba-dinh", "tnmt-ba-dinh"))
    )
    (terms,) = issued_for(event, province)
    assert terms.cooperating_agencies == ("tnmt-ba-dinh",)


def test_a_referral_of_an_opinion_that_is_led_issues_nothing(province: Province) -> None:
    assert issued_for(referral("o-1"), province, led={("o-1", 1)}) == []


def test_another_round_of_an_opinion_has_a_lead_of_its_own(province: Province) -> None:
    assert len(issued_for(referral("o-1", number=2), province, led={("o-1", 1)})) == 1


def test_a_commitment_leaves_out_an_opinion_that_is_led(province: Province) -> None:
    event = conclusion(commitment("k-1", "o-1", "o-2"))
    (terms,) = issued_for(event, province, led={("o-1", 1)})
    assert (terms.opinion_ids, terms.opinions) == (("o-2",), 1)


def test_the_first_of_two_commitments_leads_an_opinion_of_both(province: Province) -> None:
    event = conclusion(commitment("k-1", "o-1", "o-1"), commitment("k-2", "o-1", "o-2"))
    first, second = issued_for(event, province)
    assert (first.opinion_ids, second.opinion_ids) == (("o-1",), ("o-2",))


def test_what_is_issued_is_not_issued_again(province: Province) -> None:
    issued = {referral_assignment_id("o-1", 1), commitment_assignment_id("k-1")}
    assert issued_for(referral("o-1"), province, issued=issued) == []
    assert issued_for(conclusion(commitment("k-1", "o-3")), province, issued=issued) == []


def test_nothing_else_that_happens_makes_an_assignment(province: Province) -> None:
    assert issued_for(ISSUED, province) == []
    assert opinions_of(ISSUED) == ()


def test_the_same_event_gives_the_same_commands(province: Province) -> None:
    event = conclusion(commitment("k-1", "o-1"), commitment("k-2", "o-2"))
    assert issued_for(event, province) == issued_for(event, province)


def test_a_unit_abolished_since_the_reception_is_routed_as_of_that_day(
    province: Province,
) -> None:
    late = replace(referral(), received_on=date(2025, 6, 27), referred_on=date(2025, 7, 10))

    (issued,) = issued_for(late, province)

    assert issued.agency == "ubnd-ba-dinh"
