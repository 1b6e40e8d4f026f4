"""What if another regulation had been in force: who would have been late, who on time. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.assignment.rules import RESOLUTION_RULE
from shared.contracts import Event
from shared.contracts.assignment import AnswerReleased, AssignmentDimensions
from shared.contracts.vocabulary import AssignmentSource, OpinionKind
from shared.kernel.periods import Period
from shared.provinces import Province
from shared.regulations import Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """An assignment as the log tells it up to the day it is looked at."""

    assignment_id: str
    agency: str
    """Who leads it last."""
    is_promised: bool
    """Its date was set by a conclusion, which no regulation changes."""
    field: str
    opinion_kind: OpinionKind | None
    issued_on: date
    due_at_issue: date
    due_on: date
    """As it was moved by extensions, pauses, days off."""
    released_on: date | None

    def is_late(self, due_on: date, on: date) -> bool:
        """Tell whether it was answered after `due_on`, or is open after it on the day `on`."""
        return (self.released_on or on) > due_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One assignment under both regulations."""

    handled: Handled
    due_on: date
    """By the other regulation."""
    was_late: bool
    would_be_late: bool

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        released_on = self.handled.released_on
        return {
            "assignment_id": self.handled.assignment_id,
            "agency": self.handled.agency,
            "issued_on": self.handled.issued_on.isoformat(),
            "released_on": None if released_on is None else released_on.isoformat(),
            "due_on": {"before": self.handled.due_on.isoformat(), "after": self.due_on.isoformat()},
            "late": {"before": self.was_late, "after": self.would_be_late},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFigures:
    """What the change would mean for one agency."""

    agency: str
    assignments: int
    late_before: int
    late_after: int
    newly_late: int
    newly_on_time: int


def handled(events: Iterable[Event], kinds: Mapping[str, OpinionKind]) -> list[Handled]:
    """Return the assignments of `events`, one log's in its order, as they were first issued.

    `kinds` are those of opinions, by id: an assignment for several of different kinds has
    none.
    """
    first: dict[str, AssignmentDimensions] = {}
    last: dict[str, AssignmentDimensions] = {}
    released: dict[str, date] = {}
    for event in events:
        if not isinstance(event, AssignmentDimensions):
            continue
        first.setdefault(event.assignment_id, event)
        last[event.assignment_id] = event
        if isinstance(event, AnswerReleased):
            released[event.assignment_id] = event.released_on
    return [
        Handled(
            assignment_id=key,
            agency=last[key].agency,
            is_promised=issue.source_kind is AssignmentSource.COMMITMENT,
            field=issue.field,
            opinion_kind=_one({kinds.get(opinion_id) for opinion_id in issue.opinion_ids}),
            issued_on=issue.issued_on,
            due_at_issue=issue.due_on,
            due_on=last[key].due_on,
            released_on=released.get(key),
        )
        for key, issue in first.items()
    ]


def compare(
    assignments: Iterable[Handled], period: Period, other: Province, on: date
) -> list[Compared]:
    """Return what was issued in `period`, by `other`'s regulation and calendar as well.

    An open one is looked at on the day `on`. What extensions and pauses moved is moved as
    many working days from the other date.
    """
    return [
        Compared(
            handled=each,
            due_on=(due_on := _due(each, other)),
            was_late=each.is_late(each.due_on, on),
            would_be_late=each.is_late(due_on, on),
        )
        for each in assignments
        if period.includes(each.issued_on)
    ]


def by_agency(compared: Sequence[Compared]) -> list[AgencyFigures]:
    """Return the figures of each agency, by its key."""
    agencies = sorted({each.handled.agency for each in compared})
    return [
        _figures(agency, [each for each in compared if each.handled.agency == agency])
        for agency in agencies
    ]


def _figures(agency: str, compared: Sequence[Compared]) -> AgencyFigures:
    return AgencyFigures(
        agency=agency,
        assignments=len(compared),
        late_before=sum(each.was_late for each in compared),
        late_after=sum(each.would_be_late for each in compared),
        newly_late=sum(each.would_be_late > each.was_late for each in compared),
        newly_on_time=sum(each.would_be_late < each.was_late for each in compared),
    )


def _due(each: Handled, other: Province) -> date:
    if each.is_promised:
        return each.due_on
    matter = Matter(opinion_kind=each.opinion_kind, field=each.field)
    due_on = other.due(RESOLUTION_RULE, each.issued_on, matter=matter).due_on
    moved = other.calendar.working_days_between(each.due_at_issue, each.due_on)
    return other.calendar.add_working_days(due_on, moved)


def _one(kinds: set[OpinionKind | None]) -> OpinionKind | None:
    return kinds.pop() if len(kinds) == 1 else None
