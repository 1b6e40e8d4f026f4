"""What a report is asked: which statistic, where, when, broken down by what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.reporting.statistics import Statistic
from shared.contracts.vocabulary import Level, SessionKind
from shared.kernel.errors import BadInput

DAY, MONTH, PROVINCE = "day", "month", "province"

_ORDERS: dict[str, tuple[str, ...]] = {
    "level": tuple(Level),
    "session_kind": tuple(SessionKind),
}
"""Values of a vocabulary stand in its order, all others in that of the alphabet."""

Group = tuple[str | None, ...]
"""Values of a report's `by`, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A report's definition and period, without what it is computed from."""

    statistic: Statistic
    provinces: tuple[str, ...]
    period_from: date
    period_to: date
    """Inclusive."""
    by: tuple[str, ...]

    @property
    def period(self) -> tuple[date, date]:
        """First and last day."""
        return self.period_from, self.period_to

    @property
    def is_by_time(self) -> bool:
        """Whether the period is cut into days or months."""
        return DAY in self.by or MONTH in self.by

    def group(self, province: str, day: date, cell: Sequence[str | None]) -> Group:
        """Return the row that a cell of the statistic belongs to."""
        values = dict(zip(self.statistic.cells, cell, strict=True))
        values |= {PROVINCE: province, DAY: day.isoformat(), MONTH: day.isoformat()[:7]}
        return tuple(values[name] for name in self.by)

    def order(self, group: Group) -> tuple[tuple[int, int, str], ...]:
        """Return what rows are sorted by; no value comes last."""
        return tuple(_rank(name, value) for name, value in zip(self.by, group, strict=True))


def question(
    statistic: Statistic,
    *,
    provinces: Sequence[str],
    period_from: date,
    period_to: date,
    by: Sequence[str],
) -> Question:
    """Return the question, in one form for everything that means the same.

    Raises:
        BadInput: `report.period_reversed`, `report.unknown_dimension`.

    """
    if period_to < period_from:
        raise BadInput("report.period_reversed", period_from=period_from, period_to=period_to)
    allowed = (PROVINCE, MONTH, DAY, *statistic.cells)
    if not set(by) <= set(allowed):
        raise BadInput("report.unknown_dimension", allowed=allowed)
    return Question(
        statistic=statistic,
        provinces=tuple(sorted(set(provinces))),
        period_from=period_from,
        period_to=period_to,
        by=tuple(dict.fromkeys(by)),
    )


def _rank(name: str, value: str | None) -> tuple[int, int, str]:
    if value is None:
        return (1, 0, "")
    order = _ORDERS.get(name, ())
    return (0, order.index(value) if value in order else len(order), value)
