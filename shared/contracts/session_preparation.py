"""Events of Sessions before a session: plan, day, agenda, notice."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.session_dimensions import SessionDimensions
from shared.contracts.vocabulary import (
    ChangeReason,
    DelegationReason,
    OmissionReason,
    OverrideReason,
    RemovalReason,
    UnscheduleReason,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlanned(SessionDimensions):
    """The session stands in the year's plan, or was called ad hoc."""

    planned_year: int
    trigger: str | None = None
    """Coded reason of an ad hoc session, from the regulation's list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionScheduled(SessionDimensions):
    """The day is fixed; opinions can be put on the agenda."""

    held_on: date
    starts_at: str | None = None
    """Civil time, as in `08:30`."""
    venue: str | None = None
    """Key of the place, chosen by the unit."""
    chair: str | None = None
    """Seat that is to chair."""
    required_agencies: tuple[str, ...] | None = None
    """Agencies without which it can't be held."""
    override: OverrideReason | None = None
    """Why it stands on a day off, or beside another session that needs the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRescheduled(SessionDimensions):
    """The session has another day, hour or place. Whoever was invited is invited anew."""

    held_on: date
    held_on_before: date
    reason: ChangeReason
    starts_at: str | None = None
    venue: str | None = None
    chair: str | None = None
    required_agencies: tuple[str, ...] | None = None
    override: OverrideReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPostponed(SessionDimensions):
    """The session is in the plan again, without a day and without an agenda."""

    held_on_before: date
    reason: ChangeReason


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCancelled(SessionDimensions):
    """The session will not be held."""

    reason: ChangeReason
    held_on: date | None = None
    """The day that was fixed, if one was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChairDelegated(SessionDimensions):
    """The head of the unit lets another seat chair."""

    held_on: date
    chair: str
    reason: DelegationReason
    chair_before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicDisposition:
    """What becomes of a confirmed hot topic at one session."""

    topic_id: str
    omitted: OmissionReason | None = None
    """None: it is on the agenda."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaSet(SessionDimensions):
    """What is to be spoken about. Every confirmed hot topic of the unit has its disposition."""

    held_on: date
    topics: tuple[TopicDisposition, ...]
    topics_on_agenda: int
    topics_omitted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionConvened(SessionDimensions):
    """The public has notice of the session, and the invitations are out."""

    held_on: date
    convened_on: date
    notice_days: int
    """Calendar days from the notice to the session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItemPlaced(SessionDimensions):
    """An opinion scheduled by Intake is on the agenda."""

    held_on: date
    opinion_id: str
    field_of_opinion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItemRejected(SessionDimensions):
    """An opinion came too late for this agenda, or the agenda is gone."""

    opinion_id: str
    reason: UnscheduleReason
    held_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItemRemoved(SessionDimensions):
    """An opinion of this agenda needs no disposition any more."""

    held_on: date
    opinion_id: str
    reason: RemovalReason
