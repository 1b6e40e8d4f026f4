"""What the invented history is made of: plain facts, for whoever drives the services."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.contracts.vocabulary import (
    Channel,
    DeclineReason,
    Level,
    Mode,
    OpinionKind,
    Outcome,
    SessionKind,
)


class Via(StrEnum):
    """How an opinion comes into the system."""

    DIGEST = "digest"
    """Gathered by the Front beforehand; arrives as a row of a workbook."""
    ROOM = "room"
    """First heard in the room of its session."""


class Fate(StrEnum):
    """What becomes of an opinion."""

    ON_THE_SPOT = "on_the_spot"
    """Answered by the chair in the room of its session."""
    COMMITMENT = "commitment"
    """Covered by a commitment of the conclusion, answered by the lead agency."""
    UNANSWERED = "unanswered"
    """Covered by a commitment whose agency never releases an answer."""
    REFERRAL = "referral"
    """No session: referred to an agency, which answers."""
    DECLINED = "declined"
    """No session: screening sends it into its statutory procedure."""


class RowFault(StrEnum):
    """What is wrong with a deliberately faulty row of a digest."""

    NEGATIVE_VOICES = "negative_voices"
    IMPOSSIBLE_DATE = "impossible_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoricOpinion:
    """One opinion, from what was said to what was answered."""

    key: str
    """Stable, unique in the history, without any personal datum."""
    unit: str
    level: Level
    organisation: str
    field: str
    opinion_kind: OpinionKind
    channel: Channel
    voices: int
    received_on: date
    text: str
    via: Via
    fate: Fate
    session_key: str | None = None
    outcome: Outcome | None = None
    answer_text: str | None = None
    """None for those never answered and those declined."""

    @property
    def is_answered(self) -> bool:
        """Tell whether the people get an answer in the end."""
        return self.outcome is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoricAnswer:
    """What the lead agency writes, and when."""

    submitted_on: date
    released_on: date
    outcome: Outcome
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCommitment:
    """A commitment of a conclusion: who leads, what comes of it, until when."""

    key: str
    field: str
    opinion_keys: tuple[str, ...]
    lead_agency: str
    product: str
    due_on: date
    answer: HistoricAnswer | None
    """None: the agency never answers."""

    @property
    def days_late(self) -> int:
        """Return calendar days from the due date to the release, 0 when on time or never."""
        if self.answer is None:
            return 0
        return max(0, (self.answer.released_on - self.due_on).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSession:
    """One dialogue session with all that comes of it."""

    key: str
    """Stable: the session's id derives from it."""
    unit: str
    level: Level
    session_kind: SessionKind
    mode: Mode
    held_on: date
    planned_year: int
    trigger: str | None
    """Coded reason of an ad hoc session; None when periodic."""
    head_present: bool
    attendances: tuple[tuple[str, int], ...]
    """Attendances by group; a group without any is left out."""
    speaking_turns: int | None
    """None: not stated in the minutes."""
    opinions: tuple[HistoricOpinion, ...]
    commitments: tuple[PlannedCommitment, ...]
    issued_on: date
    """Day of the conclusion notice."""
    conclusion_number: str

    @property
    def attended(self) -> int:
        """Return the attendances of all groups together."""
        return sum(count for _, count in self.attendances)


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """An opinion without a session that goes straight to an agency."""

    opinion: HistoricOpinion
    referred_on: date
    agency: str | None
    """Chosen by hand; None leaves it to the routing table."""
    lead_agency: str
    """Who handles it in the end, chosen either way."""
    answer: HistoricAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """An opinion without a session that screening turns away."""

    opinion: HistoricOpinion
    declined_on: date
    reason: DeclineReason
    redirect: str
    """Agency whose procedure it belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRow:
    """One row of a digest workbook, as an official typed it."""

    stt: int
    """Running number in the column "STT", from 1."""
    sheet_row: int
    """1-based row of the sheet, headings included."""
    opinion_key: str | None
    """None for a faulty row, which is nobody's opinion."""
    received_on: date | str
    """Text only where the date is impossible."""
    unit_name: str
    field_name: str
    kind_name: str
    channel_name: str
    voices: int
    text: str
    fault: RowFault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoricDigest:
    """One organisation's digest of one quarter."""

    key: str
    organisation: str
    organisation_name: str
    number: str
    """Never twice within one organisation."""
    year: int
    quarter: int
    """1 to 4, of `reported_on`."""
    reported_on: date
    rows: tuple[DigestRow, ...]

    @property
    def faulty_rows(self) -> int:
        """Return how many rows an importer must refuse."""
        return sum(row.fault is not None for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything that happens in the demo, in time order."""

    seed: int
    sessions: tuple[PlannedSession, ...]
    referrals: tuple[Referral, ...]
    declined: tuple[Declined, ...]
    digests: tuple[HistoricDigest, ...]
    planted: tuple[str, ...]
    """Invented names, telephone and identity numbers inside the texts: they must not leak."""

    @property
    def opinions(self) -> tuple[HistoricOpinion, ...]:
        """Return every opinion: those of sessions, then the referred, then the declined."""
        return (
            *(opinion for session in self.sessions for opinion in session.opinions),
            *(referral.opinion for referral in self.referrals),
            *(declined.opinion for declined in self.declined),
        )

    @property
    def first_on(self) -> date:
        """Return the day of the first digest, before which nothing is done."""
        return min(digest.reported_on for digest in self.digests)

    @property
    def last_on(self) -> date:
        """Return the last day on which anything happens; a demo's clock must pass it."""
        released = [
            commitment.answer.released_on if commitment.answer else commitment.due_on
            for session in self.sessions
            for commitment in session.commitments
        ]
        return max(*released, *(referral.answer.released_on for referral in self.referrals))
