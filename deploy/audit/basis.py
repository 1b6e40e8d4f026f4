"""On what an event rests: the rule of its day, with its citation, and the file it stands in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from deploy.audit.logged import Logged
from shared.contracts.assignment import AnswerReleased, AssignmentIssued, DeadlineMissed
from shared.contracts.intake import OpinionAccepted, OpinionReceived
from shared.contracts.sessions import ConclusionIssued, SessionOpened, SessionPlanned
from shared.contracts.vocabulary import AssignmentSource
from shared.kernel.errors import RegulationError
from shared.provinces import Province

BACKDATING, TRIGGERS, RESOLUTION = "backdating_max_days", "adhoc_triggers", "resolution_due"
ROLES, ROUTING, CONCLUSION, CALENDAR = "roles", "routing", "conclusion", "calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """One provision that an event was decided by."""

    rule: str
    """Key of the rule, or what else it is: the routing table, a conclusion, the calendar."""
    citation: str | None
    """As the event itself quotes it, else as the file in use says for that day."""
    version: str | None
    """File and SHA-256; None for a provision that stands in no file of ours."""
    is_stated: bool
    """Whether the event names it itself. Else it is read from the file in use now."""

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "rule": self.rule,
            "citation": self.citation,
            "version": self.version,
            "is_stated": self.is_stated,
        }


def basis_of(
    logged: Logged, issued: Mapping[str, Logged], province: Province | None
) -> Iterator[Basis]:
    """Yield what `logged` rests on.

    `issued` are the assignments known, by id: what they were issued by rules their answer.
    """
    match logged.event:
        case AssignmentIssued() as event:
            is_promise = event.source_kind is AssignmentSource.COMMITMENT
            yield Basis(
                rule=CONCLUSION if is_promise else RESOLUTION,
                citation=event.deadline_citation,
                version=None if is_promise else logged.references,
                is_stated=True,
            )
            if event.routing_citation is not None:
                yield Basis(
                    rule=ROUTING,
                    citation=event.routing_citation,
                    version=logged.references,
                    is_stated=True,
                )
        case DeadlineMissed() | AnswerReleased() as event:
            terms = issued.get(event.assignment_id)
            if terms is not None:  # whose limit it is that was kept, or missed
                yield from (each for each in basis_of(terms, {}, None) if each.rule != ROUTING)
            if isinstance(event, AnswerReleased) and province is not None:
                yield Basis(
                    rule=CALENDAR, citation=None, version=_version(province), is_stated=False
                )
        case OpinionReceived() if logged.recorded.causation_id is None:
            yield from _ruled(BACKDATING, logged.occurred_on, province)
        case OpinionAccepted() if logged.recorded.causation_id is None:
            yield from _ruled(ROLES, logged.occurred_on, province)
        case SessionPlanned(trigger=str()):
            yield from _ruled(TRIGGERS, logged.occurred_on, province)
        case SessionOpened() | ConclusionIssued():
            yield from _ruled(BACKDATING, logged.occurred_on, province)
        case _:
            return


def _ruled(key: str, on: date, province: Province | None) -> Iterator[Basis]:
    if province is None:
        return
    try:
        rule = province.regulation.rule(key, on)
    except RegulationError:
        return
    yield Basis(rule=key, citation=rule.citation, version=_version(province), is_stated=False)


def _version(province: Province) -> str:
    return f"{province.file}@{province.sha256}"
