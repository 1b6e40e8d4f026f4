"""What becomes of a topic; how hot it is; and that a mood is recorded once."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake import topics
from services.intake.heat import HOT_UNITS_MAX, Reported, heat_of, hot_units, is_hot, rank
from services.intake.sentiments import SENTIMENT
from services.intake.topics import TOPIC, ConfirmTopic, DismissTopic, JoinTopic, ProposeTopic
from shared.contracts.intake import (
    SentimentReported,
    TopicConfirmed,
    TopicDimensions,
    TopicDismissed,
    TopicHeat,
    TopicJoined,
    TopicProposed,
)
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import (
    Breadth,
    Intensity,
    Level,
    Stance,
    TopicDismissal,
    Visibility,
)
from shared.regulations import HotTopic
from tests.specs import Spec

ON = date(2019, 5, 20)
RULE = HotTopic(window_days=14, baseline_days=90, ratio_permille=2_000, organisations_min=3)
CITATION = "Quy chế 1, Điều 2"
SPEC = Spec(TOPIC)
DIMENSIONS: dict[str, Any] = {
    "topic_id": "topic-1",
    "unit": "ba-dinh",
    "level": Level.DISTRICT,
    "field": "environment",
}
WHAT = TopicDimensions(**DIMENSIONS)
NAME = TextRef(text_id="name-1", owner="intake", commitment="0" * 64, visibility=Visibility.PUBLIC)
PROPOSED = TopicProposed(**DIMENSIONS, proposed_on=ON, name=NAME)


def reported(number: int, days_ago: int, unit: str = "thanh-cong") -> Reported:
    return Reported(
        unit=unit, organisation=f"hoi-{number}", received_on=ON - timedelta(days=days_ago)
    )


def joined(opinion_id: str, told: Reported) -> TopicJoined:
    return TopicJoined(
        **DIMENSIONS,
        opinion_id=opinion_id,
        opinion_unit=told.unit,
        organisation=told.organisation,
        received_on=told.received_on,
        joined_on=ON,
    )


ONE = joined("o-1", reported(1, 1))
THREE = tuple(joined(f"o-{number}", reported(number, number)) for number in (1, 2, 3))
CONFIRM = ConfirmTopic(confirmed_on=ON, rule=RULE, citation=CITATION)
HEAT = TopicHeat(unit="ba-dinh", reports=3, reports_before=0, organisations=3)
CONFIRMED = TopicConfirmed(
    **DIMENSIONS,
    confirmed_on=ON,
    is_hot=True,
    is_hot_by_rule=True,
    opinions=3,
    heat=HEAT,
    hot_units=(replace(HEAT, unit="thanh-cong"),),
    window_days=14,
    baseline_days=90,
    ratio_permille_min=2_000,
    organisations_min=3,
    citation=CITATION,
)
DISMISSED = TopicDismissed(**DIMENSIONS, dismissed_on=ON, reason=TopicDismissal.NOT_SHARED)
DISMISS = DismissTopic(dismissed_on=ON, reason=TopicDismissal.NOT_SHARED)
PROPOSE = ProposeTopic(dimensions=WHAT, name=NAME, proposed_on=ON)


# -- the topic


def test_a_topic_is_proposed_once() -> None:
    assert SPEC.given().when(PROPOSE) == [PROPOSED]
    assert SPEC.given(PROPOSED).when(PROPOSE) == []
    assert SPEC.given(PROPOSED, DISMISSED).when(PROPOSE) == []


def test_another_topic_under_the_same_id_is_refused() -> None:
    other = replace(PROPOSE, dimensions=replace(WHAT, field="education"))
    error = SPEC.given(PROPOSED).refused(other)
    assert str(error) == "topic.proposed_differently topic=topic-1"


def test_an_opinion_joins_once_with_who_reported_it_where_and_when() -> None:
    joining = JoinTopic(opinion_id="o-1", reported=reported(1, 1), joined_on=ON)
    assert SPEC.given(PROPOSED).when(joining) == [ONE]
    assert SPEC.given(PROPOSED, ONE).when(joining) == []
    assert SPEC.given(PROPOSED, *THREE, CONFIRMED).when(replace(joining, opinion_id="o-9")) == [
        replace(ONE, opinion_id="o-9")
    ]


def test_a_topic_takes_so_many_opinions_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "OPINIONS_MAX", 3)
    joining = JoinTopic(opinion_id="o-4", reported=reported(1, 1), joined_on=ON)
    assert str(SPEC.given(PROPOSED, *THREE).refused(joining)) == "topic.full limit=3"
    assert SPEC.given(PROPOSED, *THREE).when(replace(joining, opinion_id="o-3")) == []


def test_a_person_confirms_and_the_figures_and_the_rule_of_that_day_stand_beside_it() -> None:
    assert SPEC.given(PROPOSED, *THREE).when(CONFIRM) == [CONFIRMED]


def test_confirming_again_changes_nothing_until_something_else_is_said() -> None:
    given = SPEC.given(PROPOSED, *THREE, CONFIRMED)
    assert given.when(CONFIRM) == []
    cooled = replace(CONFIRM, is_hot=False)
    assert given.when(cooled) == [replace(CONFIRMED, is_hot=False)]
    later = replace(CONFIRM, confirmed_on=ON + timedelta(days=60))
    (event,) = given.when(later)
    assert isinstance(event, TopicConfirmed)
    assert (event.is_hot, event.is_hot_by_rule) == (False, False)


def test_a_person_may_differ_from_the_rule_and_it_shows() -> None:
    (event,) = SPEC.given(PROPOSED, ONE).when(replace(CONFIRM, is_hot=True))
    assert isinstance(event, TopicConfirmed)
    assert (event.is_hot, event.is_hot_by_rule) == (True, False)


def test_a_topic_without_opinions_is_not_confirmed() -> None:
    assert str(SPEC.given(PROPOSED).refused(CONFIRM)) == "topic.without_opinions"


@pytest.mark.parametrize("past", [(PROPOSED,), (PROPOSED, *THREE, CONFIRMED)])
def test_a_topic_is_dismissed_with_a_reason(past: tuple[topics.TopicEvent, ...]) -> None:
    assert SPEC.given(*past).when(DISMISS) == [DISMISSED]
    assert SPEC.given(*past, DISMISSED).when(DISMISS) == []
    other = replace(DISMISS, reason=TopicDismissal.SETTLED)
    assert str(SPEC.given(*past, DISMISSED).refused(other)) == "topic.dismissed"


def test_what_is_dismissed_or_unknown_is_neither_joined_nor_confirmed() -> None:
    joining = JoinTopic(opinion_id="o-1", reported=reported(1, 1), joined_on=ON)
    for command in (joining, CONFIRM):
        assert str(SPEC.given(PROPOSED, DISMISSED).refused(command)) == "topic.dismissed"
        assert str(SPEC.given().refused(command)) == "topic.unknown"
    assert str(SPEC.given().refused(DISMISS)) == "topic.unknown"


def test_what_was_recorded_of_a_topic_that_is_none_any_more_changes_nothing() -> None:
    state = SPEC.given(PROPOSED, DISMISSED).state
    for event in (ONE, CONFIRMED):
        assert TOPIC.evolve(state, event) == state
    assert TOPIC.evolve(TOPIC.initial, ONE) == TOPIC.initial


# -- heat


def heat(*told: Reported) -> TopicHeat:
    return heat_of(told, "ba-dinh", RULE, ON)


def test_a_thick_digest_is_one_report() -> None:
    assert heat(*[reported(1, 1)] * 50) == TopicHeat(
        unit="ba-dinh", reports=1, reports_before=0, organisations=1
    )
    assert not is_hot(heat(*[reported(1, 1)] * 50), RULE)


def test_window_and_baseline_meet_without_gap_or_overlap() -> None:
    found = heat(reported(1, 0), reported(1, 13), reported(1, 14), reported(1, 103))
    assert (found.reports, found.reports_before, found.organisations) == (2, 2, 1)
    beyond = heat(reported(1, 104), reported(1, -1))
    assert (beyond.reports, beyond.reports_before) == (0, 0)


def test_the_ratio_compares_what_comes_in_a_day() -> None:
    """Seven reports in 14 days are one in two days, 15 in 90 days one in six: three times."""
    recent = [reported(number, number) for number in range(7)]
    before = [reported(number, 20 + number) for number in range(15)]
    assert heat(*recent, *before).ratio_permille == 3_000
    assert is_hot(heat(*recent, *before), RULE)


@pytest.mark.parametrize(("ratio", "organisations", "expected"), [
    (2_000, 3, True), (1_999, 3, False), (2_000, 2, False), (None, 3, True), (None, 2, False),
])  # fmt: skip
def test_both_thresholds_are_of_the_rule_and_inclusive(
    ratio: int | None, organisations: int, *, expected: bool
) -> None:
    figures = TopicHeat(
        unit="ba-dinh",
        reports=9,
        reports_before=9,
        organisations=organisations,
        ratio_permille=ratio,
    )
    assert is_hot(figures, RULE) is expected


def test_a_topic_is_hot_where_it_is_hot_even_when_it_cools_elsewhere() -> None:
    elsewhere = [reported(9, days, "giang-vo") for days in range(14, 100)]
    here = [reported(number, number, "thanh-cong") for number in (1, 2, 3)]
    assert not is_hot(heat(*elsewhere, *here), RULE)
    (hot,) = hot_units([*elsewhere, *here], RULE, ON)
    assert (hot.unit, hot.organisations) == ("thanh-cong", 3)
    past = [joined(f"o-{number}", told) for number, told in enumerate([*elsewhere, *here])]
    (event,) = SPEC.given(PROPOSED, *past).when(CONFIRM)
    assert isinstance(event, TopicConfirmed)
    assert event.is_hot
    assert event.hot_units == (hot,)


def test_only_the_hottest_units_stand_in_the_event() -> None:
    there = [reported(number, 1, f"phuong-{unit:02}") for unit in range(40) for number in range(3)]
    assert len(hot_units(there, RULE, ON)) == HOT_UNITS_MAX


def test_the_hottest_has_most_organisations_then_is_new_then_grew_most() -> None:
    def of(organisations: int, ratio: int | None, unit: str = "a") -> TopicHeat:
        return TopicHeat(
            unit=unit,
            reports=5,
            reports_before=5,
            organisations=organisations,
            ratio_permille=ratio,
        )

    hottest_first = [of(4, 10), of(3, None), of(3, 9_000), of(3, 2_000), of(3, 2_000, "b")]
    shuffled = [hottest_first[place] for place in (3, 1, 4, 0, 2)]
    assert sorted(shuffled, key=rank) == hottest_first


reports = st.builds(
    Reported,
    unit=st.sampled_from(["thanh-cong", "giang-vo"]),
    organisation=st.sampled_from(["hoi-1", "hoi-2", "hoi-3", "hoi-4"]),
    received_on=st.dates(ON - timedelta(days=120), ON + timedelta(days=3)),
)


@given(st.lists(reports, max_size=40), st.randoms(use_true_random=False))
def test_order_and_repetition_change_no_heat(told: list[Reported], chance: Random) -> None:
    again = [*told, *told[: len(told) // 2]]
    chance.shuffle(again)
    assert heat(*again) == heat(*told)
    assert hot_units(again, RULE, ON) == hot_units(told, RULE, ON)


@given(st.lists(reports, max_size=40))
def test_a_report_more_today_never_cools(told: list[Reported]) -> None:
    more = [*told, Reported(unit="giang-vo", organisation="hoi-9", received_on=ON)]
    before, after = heat(*told), heat(*more)
    assert after.reports == before.reports + 1
    assert after.organisations == before.organisations + 1
    if before.ratio_permille is not None and after.ratio_permille is not None:
        assert after.ratio_permille >= before.ratio_permille


# -- moods

MOOD = SentimentReported(
    report_id="report-1",
    unit="ba-dinh",
    level=Level.DISTRICT,
    field="environment",
    organisation="mttq-ba-dinh",
    period_from=date(2019, 5, 1),
    period_to=date(2019, 5, 15),
    stance=Stance.OUTRAGE,
    intensity=Intensity.STRONG,
    breadth=Breadth.MANY,
    reported_on=ON,
    text=NAME,
)


def test_a_mood_is_recorded_once() -> None:
    moods = Spec(SENTIMENT)
    assert moods.given().when(MOOD) == [MOOD]
    assert moods.given(MOOD).when(MOOD) == []
    other = replace(MOOD, stance=Stance.SUPPORT)
    assert moods.given(MOOD).refused(other).code == "sentiment.reported_differently"


def test_a_period_ends_when_it_has_begun_and_is_over() -> None:
    moods = Spec(SENTIMENT)
    reversed_ = replace(MOOD, period_from=date(2019, 5, 16))
    assert moods.given().refused(reversed_).code == "sentiment.period_reversed"
    to_come = replace(MOOD, period_to=ON + timedelta(days=1))
    assert moods.given().refused(to_come).code == "sentiment.period_in_future"
    today = replace(MOOD, period_to=ON)
    assert moods.given().when(today) == [today]
