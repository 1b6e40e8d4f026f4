"""What a page of figures is about: where, when, broken down by what. All of it in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import request

from services.reporting.declared import MEASURES
from services.reporting.names import Names
from services.reporting.periods import NamedPeriod, periods_of, year_of
from services.reporting.questions import Question, question
from services.reporting.statistics import Statistic, statistic_called
from services.reporting.text_table import label_of, measures_shown
from shared.access import Action
from shared.kernel.clock import civil_date
from shared.kernel.errors import BadInput
from shared.pages.dates import typed_day
from shared.regulations.values import ReportingPeriods
from shared.web.callers import allowed, caller
from shared.web.current import runtime

ADDRESS = "/reporting/pages/report"
DEFAULT_STATISTIC = "sessions"
ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The frame of a page of figures."""

    asked: Question
    province: str
    periods: tuple[NamedPeriod, ...]
    """To choose from: those of the reporting year that the period ends in, and the one before."""
    shows_all: bool
    """Whether every measure has a column, and not only those that can be compared."""

    @property
    def query(self) -> Mapping[str, str]:
        """What the address says of it."""
        return {
            "statistic": self.asked.statistic.name,
            "province": self.province,
            "from": self.asked.period_from.isoformat(),
            "to": self.asked.period_to.isoformat(),
            "by": ",".join(self.asked.by),
        }

    @property
    def choices(self) -> Sequence[tuple[str, ...]]:
        """Ways to break the figures down that are offered: each cell, what is asked, nothing."""
        cells = self.asked.statistic.cells
        alone = ((name,) for name in (*cells, "month"))
        return tuple(dict.fromkeys((self.asked.by, _usual(self.asked.statistic), *alone, ())))

    def measures_shown(self, document: Mapping[str, Any]) -> Sequence[str]:
        """Return the measures that have a column: those that can be compared, or all."""
        everything = measures_shown(document)
        if self.shows_all or not self.asked.statistic.declared:
            return everything
        return [name for name in everything if name in MEASURES]

    def label(self, row: Mapping[str, Any], names: Names) -> str:
        """Return what a row is called."""
        return ", ".join(label_of(row, self.asked.by, names))

    def events_of(self, row: Mapping[str, Any], measure: str, is_sum: bool) -> str | None:  # noqa: FBT001
        """Return the address of the events behind a figure of `row`; None where there is none."""
        if self.asked.is_by_time:
            return None
        by = () if is_sum else self.asked.by
        where = {name: row[name] or "" for name in by if name in self.asked.statistic.cells}
        return self.address("/events", measure=measure, **where)

    def address(self, path: str = "", **more: Any) -> str:
        """Return the address of a page within the frame."""
        query = {name: value for name, value in {**self.query, **more}.items() if value is not None}
        return f"{ADDRESS}{path}?{urlencode(query)}"


def frame() -> Frame:
    """Return the frame that the address asks for, for a caller who may read it.

    Raises:
        Forbidden: as `allowed`.
        BadInput: as `question`; `pages.no_day` for what is no day.
        NotFound: `province.unknown`, `statistic.unknown`.

    """
    slug = request.args.get("province") or _usual_province()
    allowed(Action.READ_REPORTS, province=slug)
    rule = runtime().province(slug).regulation.rule("reporting_periods", _today())
    if not isinstance(rule.value, ReportingPeriods):
        raise BadInput("pages.no_day")
    statistic = statistic_called(request.args.get("statistic") or DEFAULT_STATISTIC)
    this_year = tuple(periods_of(year_of(_today(), rule.value), rule.value))
    first = _day("from") or this_year[-1].first
    last = _day("to") or this_year[-1].last
    ends_in = year_of(last, rule.value)
    return Frame(
        asked=question(
            statistic,
            provinces=[slug],
            period_from=first,
            period_to=last,
            by=_by(statistic),
        ),
        province=slug,
        periods=(*periods_of(ends_in, rule.value), *periods_of(ends_in - 1, rule.value)),
        shows_all=request.args.get("columns") == ALL,
    )


def readable_provinces() -> dict[str, str]:
    """Return the names of the provinces that the caller may read, by slug."""
    scope = caller().province
    return {
        slug: province.name
        for slug, province in sorted(runtime().provinces.items())
        if scope in (None, slug)
    }


def _usual(statistic: Statistic) -> tuple[str, ...]:
    return tuple(name for name in ("level", "session_kind") if name in statistic.cells)


def _usual_province() -> str:
    return caller().province or min(runtime().provinces)


def _by(statistic: Statistic) -> list[str]:
    given = request.args.get("by")
    if given is None:
        return list(_usual(statistic) or statistic.cells[:1])
    return [name for name in given.split(",") if name]


def _day(name: str) -> date | None:
    given = request.args.get(name, "").strip()
    if not given:
        return None
    day = typed_day(given)
    if day is None:
        raise BadInput("pages.no_day")
    return day


def _today() -> date:
    return civil_date(runtime().clock())
