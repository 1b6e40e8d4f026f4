"""What a rule can say, as types, and how each is written in TOML.

A reader takes the table of the rule and returns its `value`; a wrong shape is a
RegulationError `reference.*` with file and place.
"""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from shared.contracts.vocabulary import Level
from shared.kernel.periods import Period
from shared.kernel.reference import Table

DAYS_LIMIT = 3_660
"""No rule speaks of more than ten years of days."""


_MONTHS = frozenset(f"{month:02d}" for month in range(1, 13))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A time limit: so many days from its base, which is day zero."""

    days: int
    unit: LimitUnit
    base: LimitBase


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
class EscalationStep:
    """Who hears of an open matter, so many working days after (negative: before) its due date."""

    after_due_working_days: int
    to: tuple[str, ...]


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
    | Escalation
    | ReportingPeriods
    | Term
)


def day_count(rule: Table) -> int:
    """Read `value = 7`: calendar days."""
    return rule.count("value", most=DAYS_LIMIT)


def hour(rule: Table) -> time:
    """Read `value = 17:00:00`: civil time."""
    return rule.hour("value")


def codes(rule: Table) -> Codes:
    """Read `value = ["voters_request", "judged_necessary"]`."""
    return _codes(rule, "value")


def limit(rule: Table) -> Limit:
    """Read `value = { working_days = 15, from = "receipt" }`, or `calendar_days`."""
    table = rule.table("value")
    given = [unit for unit in LimitUnit if unit in table]
    if len(given) != 1:
        raise rule.wrong("value", "{ working_days | calendar_days = …, from = … }")
    found = Limit(
        days=table.count(given[0], most=DAYS_LIMIT),
        unit=given[0],
        base=table.one_of("from", LimitBase),
    )
    table.close()
    return found


def per_level(rule: Table) -> PerLevel:
    """Read `value = { province = 3, commune = 2 }`: levels left out are not ruled."""
    table = rule.table("value")
    numbers = tuple((level, table.count(level, most=366)) for level in Level if level in table)
    if not numbers:
        raise rule.wrong("value", "{ province | district | commune = … }")
    table.close()
    return PerLevel(numbers=numbers)


def months_per_level(rule: Table) -> MonthsPerLevel:
    """Read `value = { province = ["04", "07", "10"] }`: months of each year."""
    table = rule.table("value")
    months = tuple(
        (level, tuple(sorted(_month(table, level, month) for month in table.texts(level))))
        for level in Level
        if level in table
    )
    if not months:
        raise rule.wrong("value", '{ province | district | commune = ["04", …] }')
    table.close()
    return MonthsPerLevel(months=months)


def session_formalities(rule: Table) -> SessionFormalities:
    """Read `value = { convened = true, minuted = true, working_day = true }`."""
    table = rule.table("value")
    found = SessionFormalities(
        convened=table.flag("convened"),
        minuted=table.flag("minuted"),
        working_day=table.flag("working_day"),
    )
    table.close()
    return found


def opinions_cutoff(rule: Table) -> OpinionsCutoff:
    """Read `value = { calendar_days_before = 3 }` or `{ day_of_month = 5 }`."""
    table = rule.table("value")
    before = "calendar_days_before" in table
    if before == ("day_of_month" in table):
        raise rule.wrong("value", "{ calendar_days_before | day_of_month = … }")
    found = OpinionsCutoff(
        calendar_days_before=table.count("calendar_days_before", most=366) if before else None,
        day_of_month=None if before else table.count("day_of_month", least=1, most=28),
    )
    table.close()
    return found


def extension(rule: Table) -> Extension:
    """Read `value = { max_times = 1, max_working_days = 10, approver = "issuer" }`."""
    table = rule.table("value")
    found = Extension(
        max_times=table.count("max_times", most=100),
        max_working_days=table.count("max_working_days", most=DAYS_LIMIT),
        approver=table.slug("approver"),
    )
    table.close()
    return found


def escalation(rule: Table) -> Escalation:
    """Read `value = [{ after_due_working_days = 1, to = ["agency_head"] }]`, in order."""
    steps: list[EscalationStep] = []
    for row in rule.tables("value"):
        after = row.count("after_due_working_days", least=-DAYS_LIMIT, most=DAYS_LIMIT)
        if steps and after <= steps[-1].after_due_working_days:
            raise row.wrong("after_due_working_days", f"> {steps[-1].after_due_working_days}")
        steps.append(EscalationStep(after_due_working_days=after, to=_codes(row, "to")))
        row.close()
    if not steps:
        raise rule.wrong("value", "[{ after_due_working_days = …, to = […] }]")
    return tuple(steps)


def reporting_periods(rule: Table) -> ReportingPeriods:
    """Read `value = { start_month = 12, start_day = 15 }`."""
    table = rule.table("value")
    found = ReportingPeriods(
        start_month=table.count("start_month", least=1, most=12),
        start_day=table.count("start_day", least=1, most=28),
    )
    table.close()
    return found


def term(rule: Table) -> Term:
    """Read `value = { name = "2020-2025", valid_from = …, valid_to = … }`."""
    table = rule.table("value")
    period: Period = table.period()
    if period.valid_to is None:
        raise table.wrong("valid_to", "yyyy-mm-dd")
    found = Term(name=table.text("name"), starts_on=period.valid_from, ends_on=period.valid_to)
    table.close()
    return found


def _month(table: Table, key: str, month: str) -> int:
    if month not in _MONTHS:
        raise table.wrong(key, '["01", … "12"]')
    return int(month)


def _codes(table: Table, key: str) -> Codes:
    found = table.texts(key)
    if not all(code.isascii() and code.replace("_", "").isalnum() for code in found):
        raise table.wrong(key, "[a_code, …]")
    return found
