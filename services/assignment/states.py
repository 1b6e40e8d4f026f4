"""What an assignment can be, and what it remembers. Pure."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any, assert_never

from services.assignment import legs
from shared.contracts.assignment import (
    AnswerSubmitted,
    AssignmentCancelled,
    AssignmentIssued,
    AssignmentSuperseded,
)
from shared.contracts.assignment_course import (
    AssignmentRefused,
    ClockPaused,
    CoordinationRequested,
    ExtensionRequested,
    ReferralTriaged,
)
from shared.contracts.assignment_dimensions import AssignmentDimensions, Leg

_DIMENSIONS = tuple(field.name for field in fields(AssignmentDimensions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What every state of an issued assignment remembers."""

    issue: AssignmentIssued
    """The first event, to tell a repeated issue from a different one."""
    agency: str
    """The lead agency now."""
    due_on: date
    legs: tuple[Leg, ...]
    last_on: date
    """Day of the latest step: none is dated before it."""
    missed: bool = False
    """Whether `DeadlineMissed` is recorded."""
    not_competent: frozenset[str] = frozenset()
    """Agencies whose refusal was upheld."""
    transfers: int = 0
    """After refusals that were upheld."""
    extensions: int = 0
    added_working_days: int = 0
    """By pauses and extensions."""
    extension: ExtensionRequested | None = None
    """The request that nobody has decided."""
    awaited: tuple[CoordinationRequested, ...] = ()
    """Contributions that are not there."""
    late: frozenset[str] = frozenset()
    """Agencies of `awaited` whose miss is recorded."""
    steps: frozenset[int] = frozenset()
    """Of the ladder, those that are recorded."""
    is_in_triage: bool = False

    @property
    def lead_since(self) -> date:
        """Return the first day of the lead agency's leg."""
        return legs.lead(self.legs).from_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Unissued:
    """Nobody's duty yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Triaged:
    """A person must say whose duty it is."""

    referral: ReferralTriaged


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """The lead agency has not said anything yet."""

    matter: Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """The lead agency has refused, and nobody has decided."""

    matter: Matter
    refusal: AssignmentRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The lead agency is at work."""

    matter: Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """The clock stands; the due date will move when it goes on."""

    matter: Matter
    pause: ClockPaused


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """An answer waits for the second pair of eyes."""

    matter: Matter
    answer: AnswerSubmitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """The people have the answer, which is final."""

    matter: Matter
    answer: AnswerSubmitted
    approver: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed(Released):
    """The agency says that what it promised is done."""

    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfilled(Released):
    """Supervision has verified it. Nothing changes any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Nobody's duty any more, without an answer."""

    matter: Matter
    by: AssignmentCancelled | AssignmentSuperseded


Live = Issued | Disputed | Accepted | Paused | Submitted
"""An answer is awaited."""
State = Unissued | Triaged | Live | Released | Claimed | Fulfilled | Ended


def state_name(state: State) -> str:  # noqa: PLR0911 - one name for each state
    """Return the state's name as it stands in read models and errors."""
    match state:
        case Unissued():
            return "unissued"
        case Triaged():
            return "triage"
        case Issued():
            return "issued"
        case Disputed():
            return "refused"
        case Accepted():
            return "accepted"
        case Paused():
            return "paused"
        case Submitted():
            return "submitted"
        case Claimed():
            return "claimed"
        case Fulfilled():
            return "fulfilled"
        case Released():
            return "released"
        case Ended():
            return "cancelled" if isinstance(state.by, AssignmentCancelled) else "superseded"
        case _:
            assert_never(state)


def dimensions(matter: Matter, **changed: object) -> dict[str, Any]:
    """Return the dimensions by name as they stand now, to make an event with."""
    values = {name: getattr(matter.issue, name) for name in _DIMENSIONS}
    return values | {"agency": matter.agency, "due_on": matter.due_on} | changed
