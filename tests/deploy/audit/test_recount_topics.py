"""The deep recount of topics and moods: nothing in a true history, in a false one the lie."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from deploy.audit.recount import recount
from services.intake.heat import Reported
from services.intake.sentiments import SENTIMENT
from services.intake.topics import (
    TOPIC,
    ConfirmTopic,
    DismissTopic,
    JoinTopic,
    ProposeTopic,
    TopicCommand,
    stream_of,
)
from shared.contracts import Event
from shared.contracts.intake import (
    OpinionReceived,
    SentimentReported,
    TopicConfirmed,
    TopicDimensions,
    TopicDismissed,
    TopicJoined,
    TopicProposed,
)
from shared.contracts.vocabulary import Breadth, Intensity, Level, Stance, TopicDismissal
from shared.kernel.ids import derived_id
from tests.deploy.audit.story import TEXT, Story, told

TOPIC_ID = "topic-1"


def happened(story: Story, command: TopicCommand) -> Event:
    """Let `command` be decided and recorded today; return its event."""
    stream = stream_of(TOPIC_ID)
    past = [each.event for each in story.recorded("intake") if each.stream == stream]
    (event,) = TOPIC.decide(command, TOPIC.state_after(past))  # type: ignore[arg-type]  # of it
    event_id = derived_id(stream, str(len(past)))
    story.append("intake", event, stream=stream, event_id=event_id)
    return event


def reported(story: Story, opinion_id: str) -> Reported:
    events = [each.event for each in story.recorded("intake")]
    received = [each for each in events if isinstance(each, OpinionReceived)]
    (of,) = [each for each in received if each.opinion_id == opinion_id]
    return Reported(unit=of.unit, organisation=of.organisation, received_on=of.received_on)


def mood(story: Story, **changes: Any) -> SentimentReported:
    return SentimentReported(
        **{
            "report_id": "report-1",
            "unit": "thanh-cong",
            "level": Level.COMMUNE,
            "field": "environment",
            "organisation": "mttq-thanh-cong",
            "period_from": date(2019, 1, 1),
            "period_to": date(2019, 1, 5),
            "stance": Stance.OUTRAGE,
            "intensity": Intensity.STRONG,
            "breadth": Breadth.MANY,
            "reported_on": story.today,
            "text": replace(TEXT, text_id="t-mood"),
            **changes,
        }
    )


def with_topic() -> Story:
    """Return the story, in which a topic was proposed, joined, confirmed, then dismissed."""
    story = told()
    rule = story.province.regulation.rule("hot_topic", story.today)
    happened(
        story,
        ProposeTopic(
            dimensions=TopicDimensions(
                topic_id=TOPIC_ID, unit="ba-dinh", level=Level.DISTRICT, field="environment"
            ),
            name=replace(TEXT, text_id="t-name"),
            proposed_on=story.today,
        ),
    )
    for opinion_id in ("o-1", "o-2", "o-3"):
        told_of = reported(story, opinion_id)
        joining = JoinTopic(opinion_id=opinion_id, reported=told_of, joined_on=story.today)
        happened(story, joining)
    confirm = ConfirmTopic(
        confirmed_on=story.today, rule=rule.as_hot_topic(), citation=rule.citation, is_hot=True
    )
    happened(story, confirm)
    report = mood(story)
    (event,) = SENTIMENT.decide(report, None)
    story.append("intake", event, stream="sentiment-report-1", event_id=derived_id("mood"))
    return story


def test_a_true_history_has_nothing_that_does_not_follow() -> None:
    story = with_topic()
    happened(story, DismissTopic(dismissed_on=story.today, reason=TopicDismissal.SETTLED))
    result = recount(story.archives, story.provinces)
    assert result.findings == []
    assert result.entries == sum(log.size() for log in story.archives)


Lie = Callable[[Story], tuple[str, int]]


def another_topic(story: Story) -> tuple[str, int]:
    last = story.last("intake", TopicProposed)
    event = replace(last.event, topic_id="topic-2", level=Level.COMMUNE)  # type: ignore[arg-type]
    return story.forge(last, event, stream="topic-topic-2")


def joins(**changes: Any) -> Lie:
    def lie(story: Story) -> tuple[str, int]:
        last = story.last("intake", TopicJoined)
        told_of = reported(story, "o-4")
        true = {
            "opinion_id": "o-4",
            "opinion_unit": told_of.unit,
            "organisation": told_of.organisation,
            "received_on": told_of.received_on,
        }
        return story.forge(last, replace(last.event, **{**true, **changes}))

    return lie


def confirms(**changes: Any) -> Lie:
    def lie(story: Story) -> tuple[str, int]:
        last = story.last("intake", TopicConfirmed)
        assert isinstance(last.event, TopicConfirmed)
        false = replace(last.event, is_hot=False, **changes)
        return story.forge(last, false)

    return lie


def hotter(story: Story) -> tuple[str, int]:
    last = story.last("intake", TopicConfirmed)
    assert isinstance(last.event, TopicConfirmed)
    heat = replace(last.event.heat, reports=last.event.heat.reports + 1)
    return story.forge(last, replace(last.event, is_hot=False, heat=heat))


def dismisses(story: Story) -> tuple[str, int]:
    happened(story, DismissTopic(dismissed_on=story.today, reason=TopicDismissal.SETTLED))
    last = story.last("intake", TopicDismissed)
    return story.forge(last, replace(last.event, reason=TopicDismissal.NOT_SHARED))  # type: ignore[arg-type]


def reports(**changes: Any) -> Lie:
    def lie(story: Story) -> tuple[str, int]:
        last = story.last("intake", SentimentReported)
        false = mood(story, report_id="report-2", **changes)
        return story.forge(last, false, stream="sentiment-report-2")

    return lie


LIES: dict[str, tuple[Lie, set[tuple[str, object]]]] = {
    "a level that the unit hasn't": (another_topic, {("differs", "level")}),
    "an opinion nobody received": (joins(opinion_id="o-99"), {("opinion_unknown", None)}),
    "another organisation": (joins(organisation="hoi-x"), {("differs", "organisation")}),
    "another unit": (joins(opinion_unit="giang-vo"), {("differs", "opinion_unit")}),
    "another day": (joins(received_on=date(2019, 1, 1)), {("differs", "received_on")}),
    "an opinion twice": (joins(opinion_id="o-1"), {("not_possible", "—")}),
    "more reports than there were": (hotter, {("differs", "heat")}),
    "another rule": (confirms(organisations_min=1), {("differs", "organisations_min")}),
    "another citation": (confirms(citation="Quy chế 9"), {("differs", "citation")}),
    "more opinions": (confirms(opinions=9), {("differs", "opinions")}),
    "what was dismissed": (dismisses, {("not_possible", "topic.dismissed")}),
    "a mood before its time": (
        reports(period_to=date(2029, 1, 1)),
        {("not_possible", "sentiment.period_in_future")},
    ),
    "a mood of another level": (reports(level=Level.PROVINCE), {("differs", "level")}),
}


@pytest.mark.parametrize("name", LIES)
def test_of_a_lie_exactly_the_lie_is_found(name: str) -> None:
    lie, expected = LIES[name]
    story = with_topic()
    place = lie(story)
    findings = recount(story.archives, story.provinces).findings
    found = {(each.code, each.facts.get("field", each.facts.get("reason"))) for each in findings}
    assert found == expected
    assert {(each.origin, each.position) for each in findings} == {place}
    assert all(each.is_proof for each in findings)
