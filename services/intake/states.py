"""What one opinion can be: small types, one for each state. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from shared.contracts.intake import (
    ClarificationRequested,
    ErasureDecided,
    ErasureRequested,
    FeedbackGiven,
    OpinionAnswered,
    OpinionDimensions,
    OpinionReceived,
    ReopenRequested,
)
from shared.contracts.vocabulary import DeclineReason


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody has reported it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is remembered of an opinion whatever state it is in."""

    round: int = 0
    """The last round of handling; 0 before the first."""
    answers: int = 0
    reopenings: int = 0
    eligible_on: date | None = None
    """When it was accepted, or last came back from an agency; None: not stated."""
    is_classified: bool = False
    skips_level: bool | None = None
    is_acknowledged: bool = False
    receivers: frozenset[str] = frozenset()
    """Organisations that acknowledged its handover."""
    member_ids: tuple[str, ...] = ()
    """Opinions merged into it, in the order in which they came."""
    dropped: frozenset[str] = frozenset()
    """Commitments that answer for it no more."""
    earlier_ids: frozenset[str] = frozenset()
    """Opinions whose recurrence it is."""
    is_good_practice: bool = False
    erasure_request: ErasureRequested | None = None
    """The request that waits for its decision."""
    erasure: ErasureDecided | None = None
    """The last decision about erasing."""
    is_erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What every later state remembers."""

    dimensions: OpinionDimensions
    reception: OpinionReceived
    """The first event, to tell a repeated report from a different one."""
    course: Course = Course()


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Known):
    """Waits for screening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarifying(Known):
    """Waits for the reporter's reply; the screening clock stands still."""

    request: ClarificationRequested


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligible(Known):
    """Fit for dialogue; waits for a disposition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled(Known):
    """On a session's agenda, or raised in its room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InHandling(Known):
    """An agency's duty."""

    round: int
    is_overdue: bool = False
    commitment_id: str | None = None
    """What answers for it, if not a referral."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Known):
    """The people have their answer, and may say what they think of it."""

    answer: OpinionAnswered
    commitment_id: str | None = None
    is_notified: bool = False
    feedback: tuple[FeedbackGiven, ...] = ()
    window_is_over: bool = False
    reopen_request: ReopenRequested | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Answered):
    """Nothing is left to be done here, unless it is taken up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(Known):
    """Left the flow. Terminal."""

    reason: DeclineReason
    redirect: str | None
    declined_on: date | None = None
    """None: not stated by an older release."""
    is_notified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged(Known):
    """Another opinion stands for it."""

    head_id: str
    before: Received | Eligible | Scheduled
    """What undoing brings back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Known):
    """Its parts stand for it. Terminal."""

    part_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Known):
    """Taken back. Terminal."""


KnownState = (
    Received
    | Clarifying
    | Eligible
    | Scheduled
    | InHandling
    | Answered
    | Closed
    | Declined
    | Merged
    | Split
    | Withdrawn
)
State = Unknown | KnownState


def dimensions_of(event: OpinionDimensions) -> OpinionDimensions:
    """Return only the dimensions of an opinion's event."""
    return OpinionDimensions(**values_of(event))


def values_of(dimensions: OpinionDimensions) -> dict[str, Any]:
    """Return the dimensions by name, to make an event with."""
    return {f.name: getattr(dimensions, f.name) for f in fields(OpinionDimensions)}


STATE_NAMES: Mapping[type[State], str] = {
    Unknown: "unknown",
    Received: "received",
    Clarifying: "clarifying",
    Eligible: "eligible",
    Scheduled: "scheduled",
    InHandling: "in_handling",
    Answered: "answered",
    Closed: "closed",
    Declined: "declined",
    Merged: "merged",
    Split: "split",
    Withdrawn: "withdrawn",
}


def state_name(state: State) -> str:
    """Return the state's name as it stands in read models and errors."""
    return STATE_NAMES[type(state)]
