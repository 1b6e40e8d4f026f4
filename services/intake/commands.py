"""What can be asked of one opinion. Commands carry dates and resolved facts in."""

from dataclasses import dataclass
from datetime import date

from services.intake.commands_course import CourseCommand
from services.intake.commands_screening import ScreeningCommand
from shared.contracts.intake import OpinionDimensions
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import (
    DeclineReason,
    Level,
    Outcome,
    SessionKind,
    TextRefusal,
    UnscheduleReason,
)

ACCEPTOR_IS_NOT_RECEIVER = "acceptor_is_not_receiver"
"""Among the regulation's `roles`: who entered an opinion may not accept it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveOpinion:
    """Record an opinion that an organisation reports, or that was raised in a session."""

    dimensions: OpinionDimensions
    receipt: str
    text: TextRef
    entered_by: str
    """Seat that enters it."""
    today: date
    backdating_max_days: int
    digest_id: str | None = None
    row: int | None = None
    received_level: Level | None = None
    """Level of the organisation that reports it."""
    part_of: str | None = None
    """The opinion that is split into this one and others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveRaised:
    """Record an opinion first heard in the room; it is fit for dialogue by being there."""

    dimensions: OpinionDimensions
    receipt: str
    text: TextRef
    text_refused: TextRefusal | None
    """Why `text`, which its sender wrote, is not believed; None when it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptOpinion:
    """Screening finds the opinion fit for dialogue."""

    seat: str
    """Who accepts."""
    by_another_seat: bool
    """Whether the regulation wants another seat than the one that entered the opinion."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineOpinion:
    """Screening finds that the opinion must leave the flow."""

    reason: DeclineReason
    redirect: str | None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferOpinion:
    """Send the opinion straight to an agency, or let the routing table choose one."""

    referred_on: date
    agency: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleOpinion:
    """Put the opinion forward for a session's agenda."""

    session_id: str
    session_kind: SessionKind
    held_on: date
    session_unit: str
    """Unit whose head holds the session."""
    session_level: Level
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOffAgenda:
    """The session can't take the opinion any more."""

    session_id: str
    reason: UnscheduleReason


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverByCommitment:
    """A conclusion's commitment answers for the opinion from now on."""

    session_id: str
    commitment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOnSpot:
    """The chair answered in the room."""

    session_id: str
    outcome: Outcome
    answered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnswer:
    """The lead agency's answer was released."""

    agency: str
    outcome: Outcome
    answered_on: date
    due_on: date
    days_late: int
    round: int
    text: TextRef
    commitment_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOverdue:
    """The lead agency's last day passed without a released answer."""

    agency: str
    due_on: date
    round: int
    commitment_id: str | None


Command = (
    ReceiveOpinion
    | ReceiveRaised
    | AcceptOpinion
    | DeclineOpinion
    | ReferOpinion
    | ScheduleOpinion
    | TakeOffAgenda
    | CoverByCommitment
    | AnswerOnSpot
    | RecordAnswer
    | NoteOverdue
    | ScreeningCommand
    | CourseCommand
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDigest:
    """Say that a digest file was read to its end."""

    digest_id: str
    organisation: str
    number: str
    file_sha256: str
    rows: int
    rows_received: int
    rows_repeated: int
    rows_rejected: int
