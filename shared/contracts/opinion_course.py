"""Events of Intake about an opinion that is under way, or has its answer."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.opinion_dimensions import OpinionDimensions
from shared.contracts.vocabulary import (
    ErasureRefusal,
    FeedbackReason,
    ReopenRefusal,
    ReturnReason,
    Satisfaction,
    WithdrawalReason,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionRescheduled(OpinionDimensions):
    """The session that the opinion is on is held on another day, its cohort from now on."""

    held_on_before: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionReturned(OpinionDimensions):
    """The opinion is nobody's duty any more, and waits for another disposition.

    It still counts with the session that it was heard at, if there was one.
    """

    round: int
    """The round that ended without an answer."""
    reason: ReturnReason
    returned_on: date
    was_overdue: bool
    """Whether `OpinionBecameOverdue` was recorded for that round; it ends here."""
    reopened: bool = False
    """Whether the opinion had been answered before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionWithdrawn(OpinionDimensions):
    """Whoever put the opinion forward took it back."""

    withdrawn_on: date
    reason: WithdrawalReason
    keep_ex_officio: bool
    """Whether the agency goes on by its own duty."""
    was_overdue: bool
    """Whether `OpinionBecameOverdue` was recorded for this round; it ends here."""
    round: int | None = None
    """The round in handling; None where no agency had it."""
    state_before: str | None = None
    reopened: bool = False
    """Whether the opinion had been answered before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterNotified(OpinionDimensions):
    """Whoever put the opinion forward was told the answer."""

    round: int
    notified_on: date
    days_taken: int
    """Calendar days since the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackGiven(OpinionDimensions):
    """A reporter said what he thinks of the answer."""

    round: int
    reporter: str
    """The opinion under whose receipt it was said: this one, or one merged into it."""
    satisfaction: Satisfaction
    reasons: tuple[FeedbackReason, ...]
    given_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackWindowLapsed(OpinionDimensions):
    """The time for feedback is over. Silence is not satisfaction."""

    round: int
    due_on: date
    """Last day on which feedback was taken, inclusive."""
    deadline_citation: str
    feedbacks: int
    """How many reporters had said something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenRequested(OpinionDimensions):
    """Somebody asks that the matter be taken up again. A person decides."""

    round: int
    """The round whose answer did not do."""
    requested_on: date
    reasons: tuple[FeedbackReason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenDeclined(OpinionDimensions):
    """The matter is not taken up again."""

    round: int
    declined_on: date
    reason: ReopenRefusal


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionReopened(OpinionDimensions):
    """The matter is taken up again: a new round begins."""

    reopened_on: date
    round: int
    """The new round, at least 2."""
    reason: FeedbackReason
    level_up: bool
    """Whether the level above decides, since this one was asked often enough."""
    agency: str | None = None
    """Who answered before; None on the spot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionClosed(OpinionDimensions):
    """The time for feedback is over and nothing is left to be done here."""

    round: int
    closed_on: date
    satisfaction: Satisfaction | None = None
    """The least of what reporters said; None where nobody said anything."""
    commitment_id: str | None = None
    """The commitment that goes on, where the answer was a plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurrenceLinked(OpinionDimensions):
    """The matter had been answered before, and is here again."""

    earlier_id: str
    linked_on: date
    earlier_answered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodPracticeMarked(OpinionDimensions):
    """How the opinion was dealt with is an example for others."""

    marked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRequested(OpinionDimensions):
    """The person concerned asks that the texts of the opinion be erased."""

    requested_on: date
    answer_due_on: date
    """Last day for the decision, inclusive."""
    answer_citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureDecided(OpinionDimensions):
    """The request has its answer."""

    requested_on: date
    decided_on: date
    granted: bool
    days_late: int
    """Calendar days after the last day for the decision."""
    refusal: ErasureRefusal | None = None
    erase_due_on: date | None = None
    """Last day for the erasure, inclusive, where it was granted."""
    erase_citation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrativeErased(OpinionDimensions):
    """The keys of the opinion's texts were destroyed. No figure changes by it."""

    erased_on: date
    texts: int
    """How many texts there were."""
    due_on: date | None = None
    """Last day on which that was in time; None where nobody asked for it."""
    days_late: int = 0
