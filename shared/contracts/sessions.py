"""Events owned by Sessions (phiên đối thoại), from the modules that define them."""

from shared.contracts.session_conclusion import (
    Commitment,
    CommitmentProgressed,
    ConclusionAmended,
    ConclusionIssued,
    ResultsPublished,
    SessionCompleted,
    SessionObligationMet,
    SessionObligationMissed,
)
from shared.contracts.session_dimensions import (
    ObligationDimensions,
    SessionDimensions,
)
from shared.contracts.session_preparation import (
    AgendaItemPlaced,
    AgendaItemRejected,
    AgendaItemRemoved,
    AgendaSet,
    ChairDelegated,
    SessionCancelled,
    SessionConvened,
    SessionPlanned,
    SessionPostponed,
    SessionRescheduled,
    SessionScheduled,
    TopicDisposition,
)
from shared.contracts.session_room import (
    AnswerGivenOnSpot,
    AttendanceRecorded,
    CommitmentStated,
    MinutesApproved,
    MinutesCorrected,
    OpinionRaised,
    SessionAdjourned,
    SessionEnded,
    SessionOpened,
    SessionResumed,
)

SessionEvent = (
    SessionPlanned
    | SessionScheduled
    | SessionRescheduled
    | SessionPostponed
    | SessionCancelled
    | ChairDelegated
    | AgendaSet
    | SessionConvened
    | AgendaItemPlaced
    | AgendaItemRejected
    | AgendaItemRemoved
    | SessionOpened
    | SessionAdjourned
    | SessionResumed
    | AttendanceRecorded
    | OpinionRaised
    | AnswerGivenOnSpot
    | CommitmentStated
    | SessionEnded
    | MinutesApproved
    | MinutesCorrected
    | ConclusionIssued
    | ConclusionAmended
    | ResultsPublished
    | CommitmentProgressed
    | SessionCompleted
)
ObligationEvent = SessionObligationMet | SessionObligationMissed

__all__ = [
    "AgendaItemPlaced",
    "AgendaItemRejected",
    "AgendaItemRemoved",
    "AgendaSet",
    "AnswerGivenOnSpot",
    "AttendanceRecorded",
    "ChairDelegated",
    "Commitment",
    "CommitmentProgressed",
    "CommitmentStated",
    "ConclusionAmended",
    "ConclusionIssued",
    "MinutesApproved",
    "MinutesCorrected",
    "ObligationDimensions",
    "ObligationEvent",
    "OpinionRaised",
    "ResultsPublished",
    "SessionAdjourned",
    "SessionCancelled",
    "SessionCompleted",
    "SessionConvened",
    "SessionDimensions",
    "SessionEnded",
    "SessionEvent",
    "SessionObligationMet",
    "SessionObligationMissed",
    "SessionOpened",
    "SessionPlanned",
    "SessionPostponed",
    "SessionRescheduled",
    "SessionResumed",
    "SessionScheduled",
    "TopicDisposition",
]
