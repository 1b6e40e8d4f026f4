"""Whom the statistic `assignments` charges with what, and on which day."""

from dataclasses import fields
from datetime import date
from typing import Any

from shared.contracts.assignment import (
    AnswerReleased,
    AssignmentReopened,
    DeadlineMissed,
)
from shared.contracts.assignment_course import ContributionMissed, LeadTransferred
from shared.contracts.assignment_dimensions import AssignmentDimensions
from shared.contracts.vocabulary import Outcome, TransferReason
from tests.services.assignment.matters import ISSUED, MONDAY, TEXT
from tests.services.reporting.history import sums

FIRST, SECOND = ISSUED.agency, "tnmt-ba-dinh"


def about(agency: str = FIRST) -> dict[str, Any]:
    names = (field.name for field in fields(AssignmentDimensions))
    return {name: getattr(ISSUED, name) for name in names} | {"agency": agency}


def counted(*events: Any) -> dict[tuple[Any, ...], int]:
    return sums(*events, statistic="assignments")


def released(agency: str, *, days_late: int, agency_days_late: int) -> AnswerReleased:
    return AnswerReleased(
        **about(agency),
        submitted_on=date(2019, 6, 10),
        released_on=date(2019, 6, 12),
        outcome=Outcome.RESOLVED,
        approver="head",
        text=TEXT,
        days_late=days_late,
        working_days_late=days_late,
        agency_days_late=agency_days_late,
        missed=days_late > 0,
        held_working_days=7,
    )


def test_every_round_is_issued_on_its_day() -> None:
    again = AssignmentReopened(
        **{field.name: getattr(ISSUED, field.name) for field in fields(ISSUED)},
        former_assignment_id="a-0",
    )
    assert counted(ISSUED, again) == {(MONDAY, FIRST, "issued"): 2}


def test_what_the_people_waited_and_what_the_agency_took_are_two_measures() -> None:
    day = date(2019, 6, 12)
    assert counted(released(FIRST, days_late=2, agency_days_late=0)) == {
        (day, FIRST, "released"): 1,
        (day, FIRST, "agency_on_time"): 1,
        (day, FIRST, "held_working_days"): 7,
    }


def test_a_transfer_and_the_days_before_it_are_the_former_agency_s() -> None:
    moved = LeadTransferred(
        **about(SECOND),
        agency_before=FIRST,
        transferred_on=date(2019, 5, 24),
        reason=TransferReason.REFUSAL_UPHELD,
        held_working_days=4,
    )
    assert counted(moved) == {
        (date(2019, 5, 24), FIRST, "transferred"): 1,
        (date(2019, 5, 24), FIRST, "held_working_days"): 4,
    }


def test_a_missed_contribution_is_not_the_lead_s() -> None:
    late = ContributionMissed(**about(), cooperating_agency=SECOND, effective_on=date(2019, 6, 1))
    missed = DeadlineMissed(**about(), effective_on=date(2019, 6, 11))
    assert counted(late, missed) == {
        (date(2019, 6, 1), SECOND, "contributions_missed"): 1,
        (date(2019, 6, 11), FIRST, "missed"): 1,
    }
