"""What a session can be.

Every state remembers the events that a repeat is compared with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from shared.contracts.sessions import (
    AgendaSet,
    AnswerGivenOnSpot,
    AttendanceRecorded,
    ChairDelegated,
    Commitment,
    CommitmentProgressed,
    CommitmentStated,
    ConclusionAmended,
    ConclusionIssued,
    MinutesApproved,
    MinutesCorrected,
    OpinionRaised,
    ResultsPublished,
    SessionAdjourned,
    SessionCancelled,
    SessionCompleted,
    SessionConvened,
    SessionEnded,
    SessionOpened,
    SessionPlanned,
    SessionRescheduled,
    SessionScheduled,
)


@dataclass(frozen=True, slots=True)
class NotPlanned:
    """Nobody has planned it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What every later state remembers."""

    plan: SessionPlanned


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned(Known):
    """In the year's plan, without a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(Known):
    """It will not be held. Terminal."""

    cancelled: SessionCancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed(Known):
    """Its day is fixed."""

    appointed: SessionScheduled | SessionRescheduled
    chair: str | None
    """Seat that is to chair, if one is named."""
    delegated: ChairDelegated | None = None
    agenda: frozenset[str] = frozenset()
    """Opinions that Intake put forward in time."""
    removed: frozenset[str] = frozenset()
    """Opinions, of the agenda or the room, that need no disposition any more."""
    topics: AgendaSet | None = None

    @property
    def held_on(self) -> date:
        """The day."""
        return self.appointed.held_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled(Fixed):
    """Waits for its notice, and takes opinions on its agenda."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Convened(Fixed):
    """The public has notice; waits for its day, and still takes opinions."""

    convened: SessionConvened


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun(Fixed):
    """People came together."""

    opened: SessionOpened
    attendances: Mapping[str, AttendanceRecorded]
    """Latest statement by group."""
    raised: Mapping[str, OpinionRaised]
    answered: Mapping[str, AnswerGivenOnSpot]
    stated: Mapping[str, CommitmentStated]

    @property
    def opinions(self) -> frozenset[str]:
        """Every opinion of the session, on the agenda or raised in the room."""
        return (self.agenda | self.raised.keys()) - self.removed


@dataclass(frozen=True, slots=True, kw_only=True)
class InProgress(Begun):
    """Under way in the room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjourned(Begun):
    """Stopped, and to go on."""

    adjourned: SessionAdjourned


@dataclass(frozen=True, slots=True, kw_only=True)
class Over(Begun):
    """Over, and counted."""

    ended: SessionEnded


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Over):
    """Waits for its minutes, or for its conclusion where those are not asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Minuted(Over):
    """Its minutes are final; waits for its conclusion."""

    minutes: MinutesApproved | MinutesCorrected


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued(Over):
    """Its conclusion notice is out."""

    minutes: MinutesApproved | MinutesCorrected | None
    conclusion: ConclusionIssued
    amended: ConclusionAmended | None = None
    """The latest amendment."""
    published: ResultsPublished | None = None
    progress: Mapping[str, CommitmentProgressed]
    """By commitment, those of earlier notices too."""

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        """What holds now."""
        return (self.amended or self.conclusion).commitments


@dataclass(frozen=True, slots=True, kw_only=True)
class Concluded(Issued):
    """Its commitments are being carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed(Issued):
    """Nothing of its conclusion is left to be done."""

    completed: SessionCompleted


State = (
    NotPlanned
    | Planned
    | Cancelled
    | Scheduled
    | Convened
    | InProgress
    | Adjourned
    | Held
    | Minuted
    | Concluded
    | Completed
)


def state_name(state: State) -> str:  # noqa: PLR0911 - one for each state
    """Return the state's name as it stands in read models and errors."""
    match state:
        case NotPlanned():
            return "not_planned"
        case Planned():
            return "planned"
        case Cancelled():
            return "cancelled"
        case Scheduled():
            return "scheduled"
        case Convened():
            return "convened"
        case InProgress():
            return "in_progress"
        case Adjourned():
            return "adjourned"
        case Held():
            return "held"
        case Minuted():
            return "minuted"
        case Concluded():
            return "concluded"
        case Completed():
            return "completed"
        case _:
            assert_never(state)
