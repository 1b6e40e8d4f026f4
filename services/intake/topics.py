"""One topic: proposed, joined by opinions, confirmed or dismissed by a person. Pure.

A topic merges nothing: its opinions stay opinions, and are counted as such.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, assert_never

from services.intake.heat import Reported, heat_of, hot_units, is_hot
from shared.contracts.intake import (
    TopicConfirmed,
    TopicDimensions,
    TopicDismissed,
    TopicJoined,
    TopicProposed,
)
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import TopicDismissal
from shared.kernel.decider import Decider
from shared.kernel.errors import Refused
from shared.regulations import HotTopic

OPINIONS_MAX = 5_000
"""Opinions of one topic; beyond it, it is no topic any more but a field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeTopic:
    """Name what many opinions are about."""

    dimensions: TopicDimensions
    name: TextRef
    proposed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinTopic:
    """Say that an opinion is about the topic."""

    opinion_id: str
    reported: Reported
    joined_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmTopic:
    """Confirm the topic, as hot or not."""

    confirmed_on: date
    rule: HotTopic
    citation: str
    is_hot: bool | None = None
    """What the person says; None takes what the rule says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissTopic:
    """Say that it is no topic."""

    dismissed_on: date
    reason: TopicDismissal


TopicCommand = ProposeTopic | JoinTopic | ConfirmTopic | DismissTopic
TopicEvent = TopicProposed | TopicJoined | TopicConfirmed | TopicDismissed


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Nobody has proposed it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """Proposed, and confirmed where `is_hot` is not None."""

    proposal: TopicProposed
    is_hot: bool | None = None
    joined: Mapping[str, Reported] = field(default_factory=dict)
    """By opinion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissed:
    """No topic. Terminal."""

    proposal: TopicProposed
    reason: TopicDismissal


Topic = Unnamed | Live | Dismissed


def decide(command: TopicCommand, topic: Topic) -> Sequence[TopicEvent]:
    """Return what happens when `command` meets `topic`; nothing, if it already has.

    Raises:
        Refused: with code `topic.proposed_differently` when an id comes back with other
            content, `topic.unknown`, `topic.dismissed` by the state, `topic.full` beyond
            `OPINIONS_MAX`, `topic.without_opinions` when there is nothing to confirm.

    """
    match command:
        case ProposeTopic():
            return _propose(command, topic)
        case JoinTopic():
            return _join(command, _live(topic))
        case ConfirmTopic():
            return _confirm(command, _live(topic))
        case DismissTopic():
            if isinstance(topic, Dismissed) and topic.reason is command.reason:
                return ()
            return (
                TopicDismissed(
                    **_values(_live(topic).proposal),
                    dismissed_on=command.dismissed_on,
                    reason=command.reason,
                ),
            )
        case _:
            assert_never(command)


def evolve(topic: Topic, event: TopicEvent) -> Topic:
    """Return the topic after `event`. Total: an event that was recorded is true."""
    if isinstance(event, TopicProposed):
        return Live(proposal=event)
    if not isinstance(topic, Live):
        return topic
    match event:
        case TopicJoined():
            reported = Reported(
                unit=event.opinion_unit,
                organisation=event.organisation,
                received_on=event.received_on,
            )
            return replace(topic, joined={**topic.joined, event.opinion_id: reported})
        case TopicConfirmed():
            return replace(topic, is_hot=event.is_hot)
        case TopicDismissed():
            return Dismissed(proposal=topic.proposal, reason=event.reason)
        case _:
            assert_never(event)


TOPIC: Decider[TopicCommand, Topic, TopicEvent] = Decider(Unnamed(), decide, evolve)


def stream_of(topic_id: str) -> str:
    """Return the stream of one topic."""
    return f"topic-{topic_id}"


def _propose(command: ProposeTopic, topic: Topic) -> Sequence[TopicEvent]:
    proposed = TopicProposed(
        **_values(command.dimensions), proposed_on=command.proposed_on, name=command.name
    )
    if isinstance(topic, Unnamed):
        return (proposed,)
    if topic.proposal == proposed:
        return ()
    raise Refused("topic.proposed_differently", topic=proposed.topic_id)


def _join(command: JoinTopic, topic: Live) -> Sequence[TopicEvent]:
    if command.opinion_id in topic.joined:
        return ()
    if len(topic.joined) >= OPINIONS_MAX:
        raise Refused("topic.full", limit=OPINIONS_MAX)
    return (
        TopicJoined(
            **_values(topic.proposal),
            opinion_id=command.opinion_id,
            opinion_unit=command.reported.unit,
            organisation=command.reported.organisation,
            received_on=command.reported.received_on,
            joined_on=command.joined_on,
        ),
    )


def _confirm(command: ConfirmTopic, topic: Live) -> Sequence[TopicEvent]:
    reported, rule, on = topic.joined.values(), command.rule, command.confirmed_on
    if not reported:
        raise Refused("topic.without_opinions")
    heat = heat_of(reported, topic.proposal.unit, rule, on)
    there = hot_units(reported, rule, on)
    by_rule = is_hot(heat, rule) or bool(there)
    said = by_rule if command.is_hot is None else command.is_hot
    if topic.is_hot is said:
        return ()
    return (
        TopicConfirmed(
            **_values(topic.proposal),
            confirmed_on=on,
            is_hot=said,
            is_hot_by_rule=by_rule,
            opinions=len(reported),
            heat=heat,
            hot_units=there,
            window_days=rule.window_days,
            baseline_days=rule.baseline_days,
            ratio_permille_min=rule.ratio_permille,
            organisations_min=rule.organisations_min,
            citation=command.citation,
        ),
    )


def _live(topic: Topic) -> Live:
    match topic:
        case Live():
            return topic
        case Dismissed():
            raise Refused("topic.dismissed")
        case Unnamed():
            raise Refused("topic.unknown")
        case _:
            assert_never(topic)


def _values(dimensions: TopicDimensions) -> dict[str, Any]:
    return {each.name: getattr(dimensions, each.name) for each in fields(TopicDimensions)}
