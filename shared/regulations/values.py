"""What a rule can say, as types."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from shared.contracts.vocabulary import Level, OpinionKind


class LimitUnit(StrEnum):
    """What a limit is counted in."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


class LimitBase(StrEnum):
    """The day that a limit is counted from."""

    RECEIPT = "receipt"
    ACCEPTANCE = "acceptance"
    REFERRAL = "referral"
    ISSUE = "issue"
    SESSION_DAY = "session_day"
    REQUEST = "request"
    """The day on which somebody was asked, or asked for something."""
    DECISION = "decision"
    ANSWER = "answer"
    """The day on which the answer was released."""


class SeparateDuty(StrEnum):
    """Two duties in one matter that no single seat may have (bất kiêm nhiệm)."""

    ACCEPTOR_IS_NOT_RECEIVER = "acceptor_is_not_receiver"
    APPROVER_IS_NOT_AUTHOR = "approver_is_not_author"
    VERIFIER_IS_NOT_AGENCY = "verifier_is_not_agency"


class EscalationTarget(StrEnum):
    """Who is told of a matter that is due or overdue (nơi nhận đôn đốc, báo cáo vượt cấp)."""

    CLERK = "clerk"
    AGENCY_HEAD = "agency_head"
    ISSUER = "issuer"
    STANDING_COMMITTEE = "standing_committee"
    FRONT = "front"
    NEXT_LEVEL = "next_level"
    PUBLIC_OVERDUE_LIST = "public_overdue_list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a limit may depend on; None: not known, and then no case that asks for it applies."""

    opinion_kind: OpinionKind | None = None
    field: str | None = None
    urgency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitCase:
    """Matters that have a limit of their own. What it doesn't speak of may be anything."""

    kinds: frozenset[OpinionKind] | None
    fields: frozenset[str] | None
    urgencies: frozenset[str] | None
    days: int
    unit: LimitUnit

    def applies(self, matter: Matter) -> bool:
        """Tell whether `matter` is one of these."""
        return (
            (self.kinds is None or matter.opinion_kind in self.kinds)
            and (self.fields is None or matter.field in self.fields)
            and (self.urgencies is None or matter.urgency in self.urgencies)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A time limit: so many days from its base, which is day zero."""

    days: int
    unit: LimitUnit
    base: LimitBase
    cases: tuple[LimitCase, ...] = ()
    """In order: the first that applies has its own length."""

    def of(self, matter: Matter) -> "Limit":
        """Return the limit for `matter`, which depends on nothing any more."""
        case = next((case for case in self.cases if case.applies(matter)), None)
        source: Limit | LimitCase = case or self
        return Limit(days=source.days, unit=source.unit, base=self.base)


@dataclass(frozen=True, slots=True, kw_only=True)
class PerLevel:
    """A number for each level of government that the rule speaks of."""

    numbers: tuple[tuple[Level, int], ...]

    def of(self, level: Level) -> int | None:
        """Return the number for `level`, None when the rule is silent on it."""
        return dict(self.numbers).get(level)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsPerLevel:
    """The months in which something is done, 1 to 12, for each level the rule speaks of."""

    months: tuple[tuple[Level, tuple[int, ...]], ...]

    def of(self, level: Level) -> tuple[int, ...]:
        """Return the months for `level`, () when the rule is silent on it."""
        return dict(self.months).get(level, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFormalities:
    """What must have been done, or a session may not go on."""

    convened: bool
    """Public notice is given before it opens."""
    minuted: bool
    """Its minutes are approved before its conclusion is issued."""
    working_day: bool
    """It is set on a working day, or on another one for a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionsCutoff:
    """Until when opinions reach the agenda: days before the session, or a day of its month."""

    calendar_days_before: int | None
    day_of_month: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """How often and how far a due date may be moved, and who decides."""

    max_times: int
    max_working_days: int
    approver: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopening:
    """Until when an answered matter may be opened again, and when a level up has to take it."""

    rounds_before_level_up: int
    """After so many rounds the next one belongs to the level above."""
    window: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationStep:
    """Who hears of an open matter, so many working days after (negative: before) its due date."""

    after_due_working_days: int
    to: tuple[EscalationTarget, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HotTopic:
    """When a topic is hot: how much more is reported than before, by how many organisations."""

    window_days: int
    """Calendar days up to the day it is asked for, inclusive."""
    baseline_days: int
    """Calendar days before the window."""
    ratio_permille: int
    """Reports a day of the window, in thousandths of those of the baseline, at least."""
    organisations_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingPeriods:
    """Where the reporting year and its months begin: `start_day` of each month."""

    start_month: int
    """Of the year before, when it is not January."""
    start_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term of office (nhiệm kỳ); both days inclusive."""

    name: str
    starts_on: date
    ends_on: date


Codes = tuple[str, ...]
Escalation = tuple[EscalationStep, ...]
Value = (
    int
    | time
    | Codes
    | Limit
    | PerLevel
    | MonthsPerLevel
    | SessionFormalities
    | OpinionsCutoff
    | Extension
    | Reopening
    | Escalation
    | HotTopic
    | ReportingPeriods
    | Term
)
