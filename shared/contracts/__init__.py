"""The published language: every event, by owning service, as frozen dataclasses.

A name in `EVENT_TYPES` is on disk and on the wire for ever, and a released field keeps
its meaning. Add fields with defaults; for any other change raise the type's number in
`SCHEMA_VERSIONS` and add an upcaster in `shared.wire`.
"""

from typing import get_args

from shared.contracts.assignment import AssignmentEvent
from shared.contracts.intake import IntakeEvent
from shared.contracts.operations import OperationsEvent
from shared.contracts.reporting import ReportingEvent
from shared.contracts.sessions import ObligationEvent, SessionEvent

Event = (
    IntakeEvent
    | SessionEvent
    | ObligationEvent
    | AssignmentEvent
    | ReportingEvent
    | OperationsEvent
)

EVENT_TYPES: dict[str, type[Event]] = {cls.__name__: cls for cls in get_args(Event)}
"""Type name → dataclass. A class is never renamed once released."""

SCHEMA_VERSIONS: dict[str, int] = {}
"""Type name → current version of its schema, where it is not 1."""

__all__ = ["EVENT_TYPES", "SCHEMA_VERSIONS", "Event"]
