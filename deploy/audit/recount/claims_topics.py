"""What Intake's events of topics and of public sentiment claim: opinions as they came, heat."""

from dataclasses import dataclass, field, replace
from typing import Any

from deploy.audit.logged import Logged
from deploy.audit.recount.claims import Stream
from deploy.audit.recount.premises import Premises, Unexplained
from services.intake import sentiments, topics
from services.intake.heat import Reported
from services.intake.sentiments import SENTIMENT
from services.intake.topics import (
    TOPIC,
    ConfirmTopic,
    DismissTopic,
    JoinTopic,
    ProposeTopic,
    TopicCommand,
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

TOPICAL = (TopicDimensions, SentimentReported)
RULED = frozenset(
    {
        "baseline_days",
        "heat",
        "hot_units",
        "is_hot",
        "is_hot_by_rule",
        "level",
        "organisations_min",
        "ratio_permille_min",
        "window_days",
    }
)
CITED = frozenset({"citation"})


@dataclass(slots=True)
class TopicClaims:
    """The part of Intake's claims that is about topics and moods; see `Claims`."""

    premises: Premises
    _opinions: dict[str, Reported] = field(default_factory=dict)
    """By opinion: who reported it, where, when."""

    def stream(self, event: Event) -> Stream | None:
        """Return the stream of `event`."""
        match event:
            case TopicDimensions():
                return Stream(topics.stream_of(event.topic_id), TOPIC)
            case SentimentReported():
                return Stream(sentiments.stream_of(event.report_id), SENTIMENT)
            case _:
                return None

    def asked(self, logged: Logged) -> Any:
        """Return the command; every day in it is the one on which the event happened."""
        match logged.event:
            case SentimentReported() as event:
                province, on = self.premises.ruled_by(), logged.occurred_on
                unit = province.unit(event.unit, on)
                province.field(event.field, on)
                province.organisation(event.organisation, on)
                return replace(event, level=unit.level, reported_on=on)
            case TopicDimensions() as event:
                return self._asked_of_a_topic(logged, event)
            case _:
                raise Unexplained("cause_missing", cause=None)

    def note(self, event: OpinionReceived) -> None:
        """Keep what a topic that the opinion joins is to say of it."""
        self._opinions[event.opinion_id] = Reported(
            unit=event.unit, organisation=event.organisation, received_on=event.received_on
        )

    def _asked_of_a_topic(self, logged: Logged, event: TopicDimensions) -> TopicCommand:
        on = logged.occurred_on
        match event:
            case TopicProposed():
                province = self.premises.ruled_by()
                unit = province.unit(event.unit, on)
                province.field(event.field, on)
                return ProposeTopic(
                    dimensions=TopicDimensions(
                        topic_id=event.topic_id,
                        unit=unit.key,
                        level=unit.level,
                        field=event.field,
                    ),
                    name=event.name,
                    proposed_on=on,
                )
            case TopicJoined():
                reported = self._opinions.get(event.opinion_id)
                if reported is None:
                    raise Unexplained("opinion_unknown", opinion=event.opinion_id)
                return JoinTopic(opinion_id=event.opinion_id, reported=reported, joined_on=on)
            case TopicConfirmed():
                rule = self.premises.ruled_by().regulation.rule("hot_topic", on)
                said = None if event.is_hot is event.is_hot_by_rule else event.is_hot
                return ConfirmTopic(
                    confirmed_on=on,
                    rule=rule.as_hot_topic(),
                    citation=rule.citation,
                    is_hot=said,
                )
            case TopicDismissed():
                return DismissTopic(dismissed_on=on, reason=event.reason)
            case _:
                raise Unexplained("cause_missing", cause=None)
