"""Events of Intake about many opinions at once: what they are about, and what people feel."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Breadth, Intensity, Level, Stance, TopicDismissal


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicDimensions:
    """What every figure about a topic is broken down by."""

    topic_id: str
    unit: str
    level: Level
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicHeat:
    """How much more is reported than before, in one territory."""

    unit: str
    reports: int
    """Of the window: an organisation counts once a day, whatever it reports on that day."""
    reports_before: int
    """Of the baseline before the window, counted alike."""
    organisations: int
    """Different ones that reported in the window."""
    ratio_permille: int | None = None
    """Reports a day of the window, in thousandths of those of the baseline; None without any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicProposed(TopicDimensions):
    """Somebody sees that many opinions are about one thing, and names it."""

    proposed_on: date
    name: TextRef


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicJoined(TopicDimensions):
    """An opinion is about the topic. It stays an opinion of its own."""

    opinion_id: str
    opinion_unit: str
    organisation: str
    """Key of the organisation that reported the opinion."""
    received_on: date
    joined_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicConfirmed(TopicDimensions):
    """A person confirmed the topic, as hot or not, and saw these figures."""

    confirmed_on: date
    """Last day of the window, inclusive."""
    is_hot: bool
    is_hot_by_rule: bool
    """What the rule says; the person may differ, and this shows it."""
    opinions: int
    """Joined so far, of whatever day."""
    heat: TopicHeat
    """Of all its opinions."""
    hot_units: tuple[TopicHeat, ...]
    """Units of its opinions that are hot by themselves, hottest first; at most 20."""
    window_days: int
    baseline_days: int
    ratio_permille_min: int
    organisations_min: int
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicDismissed(TopicDimensions):
    """A person found that it is no topic, or none any more."""

    dismissed_on: date
    reason: TopicDismissal


@dataclass(frozen=True, slots=True, kw_only=True)
class SentimentReported:
    """What an organisation hears people say: a mood, never a number of opinions."""

    report_id: str
    unit: str
    level: Level
    field: str
    organisation: str
    period_from: date
    period_to: date
    """Inclusive."""
    stance: Stance
    intensity: Intensity
    breadth: Breadth
    reported_on: date
    text: TextRef
    topic_id: str | None = None
