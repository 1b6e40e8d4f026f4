"""Events owned by Intake (tiếp nhận ý kiến)."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.opinion_course import (
    ErasureDecided,
    ErasureRequested,
    FeedbackGiven,
    FeedbackWindowLapsed,
    GoodPracticeMarked,
    NarrativeErased,
    OpinionClosed,
    OpinionReopened,
    OpinionRescheduled,
    OpinionReturned,
    OpinionWithdrawn,
    RecurrenceLinked,
    ReopenDeclined,
    ReopenRequested,
    ReporterNotified,
)
from shared.contracts.opinion_dimensions import (
    OpinionDimensions,
)
from shared.contracts.opinion_screening import (
    ClarificationLapsed,
    ClarificationProvided,
    ClarificationRequested,
    DenunciationStubKept,
    ForwardingNotified,
    HandoverAcknowledged,
    MembersJoined,
    MembersLeft,
    OpinionClassified,
    OpinionMerged,
    OpinionRetargeted,
    OpinionSplit,
    OpinionUnmerged,
    ReceiptAcknowledged,
)
from shared.contracts.opinion_sources import DigestImported, SessionResultsDeclared
from shared.contracts.opinion_topics import (
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
    DeclineReason,
    Level,
    Outcome,
    SessionKind,
    TextRefusal,
    UnscheduleReason,
)


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
    part_of: str | None = None
    """The opinion that this one was split off."""
    received_level: Level | None = None
    """Level of the organisation that reported it; None in the room, and where not known."""
    gathering_days: int | None = None
    """Calendar days from `received_on` until it was entered here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionAccepted(OpinionDimensions):
    """Screening found the opinion fit for dialogue."""

    accepted_on: date | None = None
    screening_days: int | None = None
    """Calendar days since `received_on`; None in the room, where nobody screens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionDeclined(OpinionDimensions):
    """Screening found that the opinion must leave the flow."""

    reason: DeclineReason
    redirect: str | None = None
    """Key of the agency that is competent, where one is named."""
    declined_on: date | None = None
    state_before: str | None = None
    screening_days: int | None = None
    """Calendar days since `received_on`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionScheduled(OpinionDimensions):
    """The opinion was put forward for the agenda of the session it now names."""

    scheduled_on: date | None = None
    waited_days: int | None = None
    """Calendar days since it became eligible."""
    held_on_before: date | None = None
    """The cohort that it leaves, where it was heard at another session before."""
    session_kind_before: SessionKind | None = None
    session_unit_before: str | None = None
    session_level_before: Level | None = None


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
    waited_days: int | None = None
    """Calendar days since it became eligible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionCoveredByCommitment(OpinionDimensions):
    """A conclusion's commitment answers for the opinion from now on."""

    commitment_id: str
    round: int
    state_before: str | None = None
    """None in older releases: it was on an agenda."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionBecameOverdue(OpinionDimensions):
    """The day by which the people were to have their answer is over, and they have none."""

    agency: str
    """The lead agency."""
    due_on: date
    """Last civil day on which the answer would have been on time, inclusive."""
    round: int
    reopened: bool = False
    """Whether the opinion had been answered before: then an earlier round counts."""


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
    reopened: bool = False
    """Whether the opinion had been answered before: then that answer counts."""


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
    | ReceiptAcknowledged
    | HandoverAcknowledged
    | ClarificationRequested
    | ClarificationProvided
    | ClarificationLapsed
    | OpinionClassified
    | ForwardingNotified
    | DenunciationStubKept
    | OpinionMerged
    | OpinionRetargeted
    | OpinionUnmerged
    | MembersJoined
    | MembersLeft
    | OpinionSplit
    | OpinionRescheduled
    | OpinionReturned
    | OpinionWithdrawn
    | ReporterNotified
    | FeedbackGiven
    | FeedbackWindowLapsed
    | ReopenRequested
    | ReopenDeclined
    | OpinionReopened
    | OpinionClosed
    | RecurrenceLinked
    | GoodPracticeMarked
    | ErasureRequested
    | ErasureDecided
    | NarrativeErased
)

__all__ = [
    "ClarificationLapsed",
    "ClarificationProvided",
    "ClarificationRequested",
    "DenunciationStubKept",
    "DigestImported",
    "ErasureDecided",
    "ErasureRequested",
    "FeedbackGiven",
    "FeedbackWindowLapsed",
    "ForwardingNotified",
    "GoodPracticeMarked",
    "HandoverAcknowledged",
    "IntakeEvent",
    "MembersJoined",
    "MembersLeft",
    "NarrativeErased",
    "OpinionAccepted",
    "OpinionAnswered",
    "OpinionBecameOverdue",
    "OpinionClassified",
    "OpinionClosed",
    "OpinionCoveredByCommitment",
    "OpinionDeclined",
    "OpinionDimensions",
    "OpinionMerged",
    "OpinionReceived",
    "OpinionReferred",
    "OpinionReopened",
    "OpinionRescheduled",
    "OpinionRetargeted",
    "OpinionReturned",
    "OpinionScheduled",
    "OpinionSplit",
    "OpinionUnmerged",
    "OpinionUnscheduled",
    "OpinionWithdrawn",
    "ReceiptAcknowledged",
    "RecurrenceLinked",
    "ReopenDeclined",
    "ReopenRequested",
    "ReporterNotified",
    "SentimentReported",
    "SessionResultsDeclared",
    "TopicConfirmed",
    "TopicDimensions",
    "TopicDismissed",
    "TopicHeat",
    "TopicJoined",
    "TopicProposed",
]
