"""Why an assignment is due when it is, so that a person can follow and recount it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from services.assignment.read_model import Row
from services.assignment.rules import RESOLUTION_RULE
from shared.calendar import DayKind
from shared.contracts.vocabulary import AssignmentSource
from shared.kernel.errors import RegulationError
from shared.provinces import Province
from shared.texts import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOff:
    """A day between that does not count."""

    on: date
    kind: DayKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How the due date came about. The date itself stands in the event and never moves."""

    source_kind: AssignmentSource
    due_on: date
    counted_from_on: date
    """Day zero."""
    working_days: int | None
    """None where the date was promised, or counted in calendar days."""
    days_off: tuple[DayOff, ...]
    """Days passed over, in order; empty unless working days were counted."""
    citation: str

    def as_json(self) -> dict[str, Any]:
        """Return the explanation as JSON values, with a sentence in both languages."""
        facts: Mapping[str, object] = {
            "due_on": self.due_on,
            "counted_from_on": self.counted_from_on,
            "working_days": self.working_days,
            "days_off": len(self.days_off),
            "citation": self.citation,
        }
        key = f"explanations.{self._manner}"
        return {
            "due_on": self.due_on.isoformat(),
            "counted_from_on": self.counted_from_on.isoformat(),
            "working_days": self.working_days,
            "days_off": [
                {"on": day.on.isoformat(), "kind": day.kind.value} for day in self.days_off
            ],
            "citation": self.citation,
            "texts": {
                "vi": _texts().text(key, "vi", **facts),
                "en": _texts().text(key, "en", **facts),
            },
        }

    @property
    def _manner(self) -> str:
        if self.source_kind is AssignmentSource.COMMITMENT:
            return "promised"
        return "working_days" if self.working_days is not None else "calendar_days"


def explain(row: Row, province: Province) -> Explanation:
    """Return the explanation for an assignment's row of the read model."""
    source_kind = AssignmentSource(row["source_kind"])
    working_days: int | None = row["deadline_working_days"]
    counted_from_on: date = row["issued_on"]
    if source_kind is AssignmentSource.REFERRAL:
        counted_from_on = _counted_from(province, counted_from_on, row["due_on"])
    days_off: tuple[DayOff, ...] = ()
    if working_days is not None:
        days_off = _days_off(province, counted_from_on, row["due_on"])
    return Explanation(
        source_kind=source_kind,
        due_on=row["due_on"],
        counted_from_on=counted_from_on,
        working_days=working_days,
        days_off=days_off,
        citation=row["deadline_citation"],
    )


def _counted_from(province: Province, referred_on: date, due_on: date) -> date:
    """Return day zero; the day of referral where the rules have changed since."""
    try:
        deadline = province.due(RESOLUTION_RULE, referred_on)
    except RegulationError:
        return referred_on
    return deadline.counted_from_on if deadline.due_on == due_on else referred_on


def _days_off(province: Province, after: date, until: date) -> tuple[DayOff, ...]:
    days = (after + timedelta(days=step) for step in range(1, (until - after).days + 1))
    return tuple(
        DayOff(on=day, kind=province.calendar.kind(day))
        for day in days
        if not province.calendar.is_working(day)
    )


@cache
def _texts() -> Catalogue:
    return Catalogue.load(Path(__file__).parent)
