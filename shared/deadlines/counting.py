"""The deadline function: limit, base date, pauses and extensions under a calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from shared.calendar import DayKind, WorkCalendar
from shared.regulations import Limit, LimitBase, LimitUnit

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A clock stopped (tạm dừng): working days after `paused_on` up to `resumed_on` are free."""

    paused_on: date
    resumed_on: date
    reason: str
    """One of the regulation's `pause_reasons`."""

    def frees(self, day: date) -> bool:
        """Tell whether `day`, if it is worked, does not count."""
        return self.paused_on < day <= self.resumed_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All that a due date depends on, but for the calendar."""

    limit: Limit
    """Settled: its cases are chosen already (`Limit.of`)."""
    base_on: date
    """The day that the limit's base names: of receipt, of issue."""
    received_at: time | None = None
    """Hour of a receipt in Viet Nam, where it is known."""
    cutoff: time | None = None
    """What is received later in the day counts from the next working day; None: no such hour."""
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[int, ...] = ()
    """Working days, as granted one after the other."""


class ZeroReason(StrEnum):
    """Why day zero is the day it is."""

    BASE = "base"
    """It is the base date itself."""
    DAY_OFF = "day_off"
    """The receipt was on a day off."""
    AFTER_CUTOFF = "after_cutoff"
    """The receipt was after the cut-off hour."""


class Counting(StrEnum):
    """What a day after day zero is for the limit."""

    COUNTED = "counted"
    """A day of the limit itself."""
    ADDED = "added"
    """A working day that an extension or a pause has added."""
    OFF = "off"
    """Not worked, so not counted."""
    PAUSED = "paused"
    """Worked, and not counted: the clock stood still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day after day zero, up to the due date."""

    on: date
    counting: Counting
    kind: DayKind
    number: int | None
    """Which day of its counting it is, from 1; None where it does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When something is due, and how that came about."""

    due_on: date
    """Last civil day on time, inclusive, to its end in Viet Nam."""
    terms: Terms
    counted_from_on: date
    """Day zero, which is not counted."""
    zero_reason: ZeroReason
    days: tuple[Day, ...]
    """Every day after day zero up to `due_on`, so that the count can be followed."""
    citation: str
    is_law: bool

    @property
    def working_days(self) -> int | None:
        """Length of the limit; None when it is counted in calendar days."""
        limit = self.terms.limit
        return limit.days if limit.unit is LimitUnit.WORKING_DAYS else None

    @property
    def calendar_days(self) -> int | None:
        """Length of the limit; None when it is counted in working days."""
        limit = self.terms.limit
        return limit.days if limit.unit is LimitUnit.CALENDAR_DAYS else None


def deadline_of(
    terms: Terms, calendar: WorkCalendar, *, citation: str, is_law: bool = False
) -> Deadline:
    """Return the deadline of `terms` by `calendar`.

    Day zero is the base date; for a receipt on a day off, or after the cut-off hour, the next
    working day. Working days of the limit, then of the extensions, are counted from the day
    after; those of a pause are passed over. A limit in calendar days counts every day, ends
    on whatever day that is, and gets the working days of pauses within it and of extensions
    added behind.
    """
    zero, reason = _day_zero(terms, calendar)
    days = tuple(_days(terms, zero, calendar))
    return Deadline(
        due_on=days[-1].on if days else zero,
        terms=terms,
        counted_from_on=zero,
        zero_reason=reason,
        days=days,
        citation=citation,
        is_law=is_law,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An open due date that a calendar moves."""

    due_on_before: date
    deadline: Deadline
    """By the new calendar."""
    days: tuple[date, ...]
    """What caused it: days that are worked by one of both calendars only."""


def moved(
    terms: Terms,
    due_on: date,
    *,
    before: WorkCalendar,
    after: WorkCalendar,
    citation: str,
    is_law: bool = False,
) -> Moved | None:
    """Return where the calendar `after` moves a due date recorded as `due_on`; None: nowhere.

    `terms` is how it was counted, `before` the calendar that it was counted by. A date that
    differs for another reason, a rule or a cut-off hour that changed, is none of the
    calendar's doing and stays. To be asked about open deadlines only: a closed one is
    history.
    """
    now = deadline_of(terms, after, citation=citation, is_law=is_law)
    days = before.days_unlike(after, terms.base_on - _DAY, max(due_on, now.due_on))
    if now.due_on == due_on or not days:
        return None
    return Moved(due_on_before=due_on, deadline=now, days=days)


def _day_zero(terms: Terms, calendar: WorkCalendar) -> tuple[date, ZeroReason]:
    if terms.limit.base is not LimitBase.RECEIPT:
        return terms.base_on, ZeroReason.BASE
    if not calendar.is_working(terms.base_on):
        return calendar.first_working_day(terms.base_on), ZeroReason.DAY_OFF
    is_late = (
        terms.received_at is not None
        and terms.cutoff is not None
        and terms.received_at > terms.cutoff
    )
    if is_late:
        return calendar.first_working_day(terms.base_on + _DAY), ZeroReason.AFTER_CUTOFF
    return terms.base_on, ZeroReason.BASE


def _days(terms: Terms, zero: date, calendar: WorkCalendar) -> Iterator[Day]:
    counted = added = 0
    owed = sum(terms.extensions)
    on = zero
    while counted < terms.limit.days or added < owed:
        on += _DAY
        kind = calendar.kind(on)
        is_free = kind.is_working and any(pause.frees(on) for pause in terms.pauses)
        number: int | None = None
        if counted < terms.limit.days and terms.limit.unit is LimitUnit.CALENDAR_DAYS:
            owed += is_free
            counting, number = Counting.COUNTED, (counted := counted + 1)
        elif not kind.is_working:
            counting = Counting.OFF
        elif is_free:
            counting = Counting.PAUSED
        elif counted < terms.limit.days:
            counting, number = Counting.COUNTED, (counted := counted + 1)
        else:
            counting, number = Counting.ADDED, (added := added + 1)
        yield Day(on=on, counting=counting, kind=kind, number=number)
