"""How the recorded due date of an assignment came about, from its own events."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from deploy.audit.archive import Archive, province_of
from deploy.audit.deployment import of_provinces
from deploy.audit.history import history
from deploy.audit.logged import Logged
from deploy.audit.subject import find_subject
from services.assignment.rules import RESOLUTION_RULE
from shared.contracts.assignment import AssignmentDimensions, AssignmentIssued
from shared.contracts.vocabulary import AssignmentSource
from shared.deadlines import Deadline, explanation
from shared.kernel.errors import NotFound, RegulationError
from shared.provinces import Province
from shared.provinces.province import province_of as province_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An event after which another date was due."""

    logged: Logged
    before: date
    after: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """A recorded due date: set when issued, then changed by events only."""

    issued: Logged
    terms: AssignmentIssued
    due_on: date
    """As of the last event."""
    changes: tuple[Change, ...]
    recounted: Deadline | None
    """By the files in use now; None for a date that a conclusion promised."""

    def as_json(self, province: Province) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "assignment_id": self.terms.assignment_id,
            "due_on": self.due_on.isoformat(),
            "due_at_issue": self.terms.due_on.isoformat(),
            "source_kind": self.terms.source_kind.value,
            "citation": self.terms.deadline_citation,
            "references": self.issued.references,
            "follows": None
            if self.recounted is None
            else self.recounted.due_on == self.terms.due_on,
            "recounted": None
            if self.recounted is None
            else explanation(self.recounted, province.calendar),
            "changes": [
                {
                    "type": change.logged.type,
                    "recorded_at": change.logged.recorded.time,
                    "position": change.logged.recorded.position,
                    "before": change.before.isoformat(),
                    "after": change.after.isoformat(),
                }
                for change in self.changes
            ],
        }


def due_date(
    archives: Sequence[Archive], assignment_id: str, provinces: dict[str, Province]
) -> tuple[DueDate, Province]:
    """Return how the due date of `assignment_id` came about, and its province.

    Raises:
        NotFound: `audit.unknown_subject` and what else `find_subject` raises;
            `assignment.unknown` for what is no assignment; `province.unknown`.

    """
    subject = find_subject(archives, assignment_id)
    slug = subject.origin.split("/")[1]
    province = province_named(provinces, slug)
    mine = of_provinces([each for each in archives if province_of(each) == slug], [slug])
    found = [
        (each.logged, each.logged.event)
        for each in history(mine, subject, province).events
        if isinstance(each.logged.event, AssignmentDimensions)
        and each.logged.event.assignment_id == subject.id
    ]
    if not found or not isinstance(found[0][1], AssignmentIssued):
        raise NotFound("assignment.unknown")
    issued, terms = found[0][0], found[0][1]
    return (
        DueDate(
            issued=issued,
            terms=terms,
            due_on=found[-1][1].due_on,
            changes=tuple(_changes(found)),
            recounted=_recounted(terms, province),
        ),
        province,
    )


def _changes(found: Sequence[tuple[Logged, AssignmentDimensions]]) -> Iterator[Change]:
    for (_, before), (logged, after) in pairwise(found):
        if before.due_on != after.due_on:
            yield Change(logged=logged, before=before.due_on, after=after.due_on)


def _recounted(terms: AssignmentIssued, province: Province) -> Deadline | None:
    if terms.source_kind is AssignmentSource.COMMITMENT:
        return None
    try:
        return province.due(RESOLUTION_RULE, terms.issued_on)
    except RegulationError:
        return None
