"""Sessions: their kinds, and why something about them was changed."""

from enum import StrEnum


class SessionKind(StrEnum):
    """Kind of a dialogue session (hình thức đối thoại)."""

    PERIODIC = "periodic"
    AD_HOC = "ad_hoc"
    THEMATIC = "thematic"


class Mode(StrEnum):
    """How people take part in a session."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


class UnscheduleReason(StrEnum):
    """Why an opinion left an agenda."""

    WITHDRAWN_FROM_AGENDA = "withdrawn_from_agenda"
    SESSION_NOT_OPEN = "session_not_open"
    AGENDA_FULL = "agenda_full"
    SESSION_POSTPONED = "session_postponed"
    SESSION_CANCELLED = "session_cancelled"


class RemovalReason(StrEnum):
    """Why an opinion is no more on the agenda that it was on."""

    MERGED = "merged"
    """Another opinion stands for it."""
    WITHDRAWN = "withdrawn"
    """Whoever put it forward took it back."""


class ChangeReason(StrEnum):
    """Why a session is moved, postponed or cancelled."""

    CHAIR_UNAVAILABLE = "chair_unavailable"
    VENUE_UNAVAILABLE = "venue_unavailable"
    PREPARATION_INCOMPLETE = "preparation_incomplete"
    HIGHER_DIRECTIVE = "higher_directive"
    """A higher level called for something else on that day."""
    FORCE_MAJEURE = "force_majeure"
    JOINED_WITH_ANOTHER = "joined_with_another"
    """Another session takes its matters on."""
    NO_LONGER_NEEDED = "no_longer_needed"


class OverrideReason(StrEnum):
    """Why a session is set on a day that clashes or is off all the same."""

    DIFFERENT_HOURS = "different_hours"
    """Both take place, one after the other."""
    URGENT = "urgent"
    PEOPLE_ASKED = "people_asked"
    """The people can come on that day only."""
    REPRESENTED = "represented"
    """Whoever is taken sends somebody."""


class DelegationReason(StrEnum):
    """Why the head of the unit doesn't chair."""

    OFFICIAL_DUTY = "official_duty"
    ON_LEAVE = "on_leave"
    SEAT_VACANT = "seat_vacant"
    CONCERNED_BY_TOPIC = "concerned_by_topic"


class OmissionReason(StrEnum):
    """Why a hot topic is not on the agenda."""

    ON_ANOTHER_AGENDA = "on_another_agenda"
    ALREADY_ANSWERED = "already_answered"
    NOT_COMPETENT = "not_competent"
    """Another level decides it."""
    UNDER_PROCEEDINGS = "under_proceedings"
    """In a statutory procedure: complaint, denunciation, court, inspection."""
    NOT_READY = "not_ready"
    """What is needed to speak about it is not there yet."""


class CorrectionReason(StrEnum):
    """Why approved minutes, or an issued conclusion, say something else from now on."""

    CLERICAL_ERROR = "clerical_error"
    OMITTED = "omitted"
    WRONG_FIGURE = "wrong_figure"
    AGENCY_CHANGED = "agency_changed"
    CIRCUMSTANCES_CHANGED = "circumstances_changed"


class CommitmentProgress(StrEnum):
    """How far a commitment of a conclusion has come."""

    ANSWERED = "answered"
    """The lead agency's answer is released; what it promises is still to be seen."""
    SETTLED = "settled"
    """The answer is released and leaves nothing to be done."""
    FULFILLED = "fulfilled"
    """Supervision has verified it."""
    CANCELLED = "cancelled"


class AttendanceBasis(StrEnum):
    """How a number of attendances came about."""

    DECLARED = "declared"
    COUNTED = "counted"
