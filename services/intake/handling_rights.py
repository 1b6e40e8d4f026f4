"""Which agencies may read an opinion's texts: those that have to act on it now."""

from collections.abc import Iterable

import sqlalchemy as sa

from services.intake.tables import handling
from shared.contracts.assignment import (
    AnswerReleased,
    AssignmentCancelled,
    AssignmentDimensions,
    AssignmentIssued,
    AssignmentSuperseded,
    LeadTransferred,
)
from shared.eventlog import Recorded


def note(connection: sa.Connection, each: Recorded) -> None:
    """Let the agencies of an open assignment read its opinions' texts, and end it."""
    match each.event:
        case AssignmentIssued() as issued:  # reopened ones too
            _open(connection, issued, (issued.agency, *issued.cooperating_agencies))
        case LeadTransferred() as moved:
            mine = sa.and_(
                handling.c.assignment_id == moved.assignment_id,
                handling.c.agency.in_([moved.agency, moved.agency_before]),
            )
            connection.execute(handling.delete().where(mine))
            _open(connection, moved, (moved.agency,))
        case AnswerReleased() | AssignmentCancelled() | AssignmentSuperseded() as over:
            connection.execute(
                handling.delete().where(handling.c.assignment_id == over.assignment_id)
            )
        case _:
            return


def _open(connection: sa.Connection, event: AssignmentDimensions, agencies: Iterable[str]) -> None:
    rows = [
        {"opinion_id": opinion_id, "assignment_id": event.assignment_id, "agency": agency}
        for opinion_id in dict.fromkeys(event.opinion_ids)
        for agency in dict.fromkeys(agencies)
    ]
    if rows:
        connection.execute(handling.insert(), rows)
