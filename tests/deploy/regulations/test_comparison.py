"""Assignments under another regulation: late and on time, before and after."""

from datetime import date
from pathlib import Path

import pytest

from deploy.regulations.comparison import AgencyFigures, Handled, by_agency, compare, handled
from shared.contracts.vocabulary import OpinionKind
from shared.kernel.periods import Period
from shared.provinces import Province, load_province
from tests.deploy.audit.story import told
from tests.shared.provinces.samples import SAMPLE, written

PERIOD = Period(valid_from=date(2021, 5, 1), valid_to=date(2021, 5, 31))
ON = date(2021, 6, 30)
RULE = (
    '{ key = "resolution_due", value = { working_days = 5, from = "receipt", cases = '
    '[{ kinds = ["proposal"], working_days = 30 }] }, '
    'valid_from = 2021-01-01, citation = "Quy chế A", law = false },'
)


@pytest.fixture
def stricter(tmp_path: Path) -> Province:
    text = SAMPLE.replace("[regulation]\nrule = [", f"[regulation]\nrule = [{RULE}")
    return load_province(written(tmp_path, text))


def matter(
    name: str,
    *,
    kind: OpinionKind = OpinionKind.RECOMMENDATION,
    released_on: date | None = date(2021, 5, 20),
    due_on: date = date(2021, 5, 31),
    is_promised: bool = False,
    issued_on: date = date(2021, 5, 10),
) -> Handled:
    return Handled(
        assignment_id=name,
        agency="ubnd-b",
        is_promised=is_promised,
        field="health",
        opinion_kind=kind,
        issued_on=issued_on,
        due_at_issue=date(2021, 5, 31),
        due_on=due_on,
        released_on=released_on,
    )


def test_who_answered_between_both_dates_would_be_late(stricter: Province) -> None:
    (found,) = compare([matter("a")], PERIOD, stricter, ON)
    assert (found.due_on, found.was_late, found.would_be_late) == (date(2021, 5, 17), False, True)


def test_a_matter_of_a_kind_with_a_longer_limit_is_no_longer_late(stricter: Province) -> None:
    late = matter("a", kind=OpinionKind.PROPOSAL, released_on=date(2021, 6, 10))
    (found,) = compare([late], PERIOD, stricter, ON)
    assert (found.due_on, found.was_late, found.would_be_late) == (date(2021, 6, 21), True, False)


def test_an_open_matter_is_late_on_the_day_it_is_looked_at(stricter: Province) -> None:
    still_open = matter("a", released_on=None)
    (early,) = compare([still_open], PERIOD, stricter, date(2021, 5, 17))
    (later,) = compare([still_open], PERIOD, stricter, date(2021, 5, 18))
    assert (early.would_be_late, later.would_be_late) == (False, True)


def test_what_a_conclusion_promised_stays(stricter: Province) -> None:
    (found,) = compare([matter("a", is_promised=True)], PERIOD, stricter, ON)
    assert found.due_on == date(2021, 5, 31)


def test_an_extension_is_given_by_the_other_regulation_as_well(stricter: Province) -> None:
    (found,) = compare([matter("a", due_on=date(2021, 6, 2))], PERIOD, stricter, ON)
    assert found.due_on == date(2021, 5, 19)


def test_what_was_issued_outside_the_period_is_left_out(stricter: Province) -> None:
    outside = [matter("a", issued_on=date(2021, 4, 30)), matter("b", issued_on=date(2021, 6, 1))]
    assert compare(outside, PERIOD, stricter, ON) == []


def test_each_agency_has_its_figures(stricter: Province) -> None:
    compared = compare(
        [
            matter("a"),
            matter("b", released_on=date(2021, 5, 12)),
            matter("c", kind=OpinionKind.PROPOSAL, released_on=date(2021, 6, 10)),
        ],
        PERIOD,
        stricter,
        ON,
    )
    assert by_agency(compared) == [
        AgencyFigures(
            agency="ubnd-b",
            assignments=3,
            late_before=1,
            late_after=1,
            newly_late=1,
            newly_on_time=1,
        )
    ]


def test_assignments_are_read_from_their_events() -> None:
    story = told()
    events = [recorded.event for recorded in story.recorded("assignment")]
    found = handled(events, {"o-1": OpinionKind.PROPOSAL})
    assert [(each.is_promised, each.opinion_kind is None) for each in found] == [
        (False, False),
        (True, True),
        (False, True),
    ]
    assert [each.released_on is None for each in found] == [False, False, True]
    assert all(each.due_on == each.due_at_issue for each in found)
