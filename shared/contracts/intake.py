"""Events owned by Intake (tiếp nhận ý kiến)."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import (
    Breadth,
    Channel,
    DeclineReason,
    Intensity,
    Level,
    Mode,
    OpinionKind,
    Outcome,
    SessionKind,
    Stance,
    TextRefusal,
    TopicDismissal,
    UnscheduleReason,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionDimensions:
    """What every figure about an opinion is broken down by, as known at the event."""

    opinion_id: str
    unit: str
    """Key of the territorial unit in the province's file, never an official code."""
    level: Level
    field: str
    opinion_kind: OpinionKind
    channel: Channel
    organisation: str
    """Key of the organisation that reported the opinion."""
    voices: int
    """How many people hold it, at least 1."""
    received_on: date
    session_id: str | None = None
    session_kind: SessionKind | None = None
    held_on: date | None = None
    """The session's day: the cohort that the opinion and its answer count in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionReceived(OpinionDimensions):
    """An organisation reported an opinion, or it was raised in a session."""

    receipt: str
    """The number that the reporter gets; says nothing about the opinion."""
    text: TextRef | None = None
    """None where what came with it was not believed: see `text_refused`."""
    text_refused: TextRefusal | None = None
    """Why an opinion raised in a session has no text here."""
    entered_by: str | None = None
    """Seat that entered it; None for an opinion raised in a session."""
    digest_id: str | None = None
    row: int | None = None
    """1-based row of the digest's sheet, headings included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionAccepted(OpinionDimensions):
    """Screening found the opinion fit for dialogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionDeclined(OpinionDimensions):
    """Screening found that the opinion must leave the flow."""

    reason: DeclineReason
    redirect: str | None = None
    """Key of the agency that is competent, where one is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionScheduled(OpinionDimensions):
    """The opinion was put forward for the agenda of the session it now names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionUnscheduled(OpinionDimensions):
    """The opinion left the agenda of the session it still names, and is eligible."""

    reason: UnscheduleReason


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionReferred(OpinionDimensions):
    """The opinion goes straight to an agency."""

    referred_on: date
    round: int
    """1 for the first handling, one more after each reopening."""
    agency: str | None = None
    """Chosen by hand; None leaves it to the routing table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionCoveredByCommitment(OpinionDimensions):
    """A conclusion's commitment answers for the opinion from now on."""

    commitment_id: str
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionBecameOverdue(OpinionDimensions):
    """The day by which the people were to have their answer is over, and they have none."""

    agency: str
    """The lead agency."""
    due_on: date
    """Last civil day on which the answer would have been on time, inclusive."""
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionAnswered(OpinionDimensions):
    """The people have their answer."""

    outcome: Outcome
    answered_on: date
    on_the_spot: bool
    """True in the room of a session, by its chair; no deadline applies then."""
    round: int
    agency: str | None = None
    """Who answered; None on the spot."""
    due_on: date | None = None
    days_late: int = 0
    """Calendar days after `due_on`; 0 when on time or on the spot."""
    text: TextRef | None = None
    was_overdue: bool | None = None
    """Whether `OpinionBecameOverdue` was recorded for this round; it ends here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestImported:
    """A digest workbook was read to its end. Says how much of it is new."""

    digest_id: str
    organisation: str
    number: str
    file_sha256: str
    rows: int
    rows_received: int
    rows_repeated: int
    rows_rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionResultsDeclared:
    """A figure from paper: results of past sessions, as their source states them.

    A measure that is None was not stated, which is not zero.
    """

    declaration_id: str
    scope: str
    """`unit`, `communes_of` the unit, or `sector:<field>`."""
    territory_scheme: str
    unit_level: Level
    unit_code: str
    unit_name: str
    period_label: str
    source: str
    derived: tuple[str, ...] = ()
    """Measures that the source implies but does not print."""
    approximate: tuple[str, ...] = ()
    """Fields that the source gives as "about", "over", or leaves to inference."""
    level: Level | None = None
    session_kind: SessionKind | None = None
    mode: Mode | None = None
    period_from: date | None = None
    period_to: date | None = None
    """Inclusive."""
    sessions: int | None = None
    attendances: int | None = None
    participants: int | None = None
    opinions: int | None = None
    contributions: int | None = None
    speaking_turns: int | None = None
    answered: int | None = None


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


IntakeEvent = (
    OpinionReceived
    | OpinionAccepted
    | OpinionDeclined
    | OpinionScheduled
    | OpinionUnscheduled
    | OpinionReferred
    | OpinionCoveredByCommitment
    | OpinionBecameOverdue
    | OpinionAnswered
    | DigestImported
    | SessionResultsDeclared
    | TopicProposed
    | TopicJoined
    | TopicConfirmed
    | TopicDismissed
    | SentimentReported
)
