"""What can be asked of an opinion that is under way, or has its answer."""

from dataclasses import dataclass
from datetime import date

from services.intake.commands_screening import Deadline
from shared.contracts.vocabulary import (
    ErasureRefusal,
    FeedbackReason,
    ReopenRefusal,
    ReturnReason,
    Satisfaction,
    WithdrawalReason,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RescheduleOpinion:
    """The session that the opinion is on has another day."""

    session_id: str
    held_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnOpinion:
    """The assignment that answered for the opinion was cancelled."""

    round: int
    reason: ReturnReason
    on: date
    commitment_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOpinion:
    """Whoever put the opinion forward takes it back."""

    on: date
    reason: WithdrawalReason
    keep_ex_officio: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyReporter:
    """The reporter was told the answer."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveFeedback:
    """A reporter says what he thinks of the answer."""

    reporter: str
    """The opinion under whose receipt he speaks."""
    satisfaction: Satisfaction
    reasons: tuple[FeedbackReason, ...]
    on: date
    window: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseFeedback:
    """The time for feedback is over; looked at on the day `today`."""

    today: date
    window: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReopening:
    """Ask that the matter be taken up again."""

    on: date
    reasons: tuple[FeedbackReason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenOpinion:
    """Take the matter up again, as was asked."""

    on: date
    reopenings_at_level: int
    """How often the level that answered may be asked again; then the level above decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineReopening:
    """The matter is not taken up again."""

    on: date
    reason: ReopenRefusal


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseOpinion:
    """Nothing is left to be done here."""

    on: date
    commitment_stands: bool
    """Whether the commitment that answers for the opinion is still one of its conclusion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRecurrence:
    """The matter had been answered before."""

    earlier_id: str
    earlier_answered_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkGoodPractice:
    """How the opinion was dealt with is an example."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestErasure:
    """The person concerned asks that the texts be erased."""

    on: date
    deadline: Deadline
    """For the decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideErasure:
    """Grant or refuse the request."""

    on: date
    refusal: ErasureRefusal | None
    """None grants it."""
    deadline: Deadline
    """For the erasure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseNarrative:
    """The texts' keys are destroyed in the same transaction."""

    on: date
    texts: int


CourseCommand = (
    RescheduleOpinion
    | ReturnOpinion
    | WithdrawOpinion
    | NotifyReporter
    | GiveFeedback
    | LapseFeedback
    | RequestReopening
    | ReopenOpinion
    | DeclineReopening
    | CloseOpinion
    | LinkRecurrence
    | MarkGoodPractice
    | RequestErasure
    | DecideErasure
    | EraseNarrative
)
