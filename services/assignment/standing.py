"""What there is already, read from the tables for the policy."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from services.assignment.policy import OpinionRound, Standing, assignment_ids_of, opinions_of
from services.assignment.read_model import LIVE
from services.assignment.tables import assignment, opinion_lead, triage
from shared.contracts import Event
from shared.contracts.sessions import ConclusionAmended

_IN_MAX = 500


def standing(connection: sa.Connection, events: Sequence[Event]) -> Standing:
    """Return what there is of all that `events` are about."""
    found = Standing()
    pairs = {pair for event in events for pair in opinions_of(event)}
    found.leads = leads(connection, pairs)
    ids = {each for event in events for each in assignment_ids_of(event)}
    _assignments(connection, ids | set(found.leads.values()), found)
    amended = {event.conclusion_id for event in events if isinstance(event, ConclusionAmended)}
    _promises(connection, amended, found)
    return found


def leads(
    connection: sa.Connection, opinions_and_rounds: Collection[OpinionRound]
) -> dict[OpinionRound, str]:
    """Return the assignment that leads each of these opinions and rounds, where one does."""
    columns = opinion_lead.c
    found: dict[OpinionRound, str] = {}
    for some in _some({opinion_id for opinion_id, _round in opinions_and_rounds}):
        query = sa.select(columns.opinion_id, columns.round, columns.assignment_id)
        for opinion_id, number, leader in connection.execute(
            query.where(columns.opinion_id.in_(some))
        ):
            found[opinion_id, number] = leader
    return found


def _assignments(connection: sa.Connection, ids: Collection[str], found: Standing) -> None:
    """Take in which of `ids` exist, in triage too."""
    columns = assignment.c
    for some in _some(ids):
        waiting = sa.select(triage.c.assignment_id).where(triage.c.assignment_id.in_(some))
        found.live.update((each, True) for each in connection.execute(waiting).scalars())
        query = sa.select(columns.assignment_id, columns.state)
        for assignment_id, state in connection.execute(
            query.where(columns.assignment_id.in_(some))
        ):
            found.live[assignment_id] = state in LIVE
            if state == "cancelled":
                found.cancelled.add(assignment_id)


def _promises(connection: sa.Connection, conclusion_ids: Collection[str], found: Standing) -> None:
    """Take in the assignments of whole conclusions."""
    columns = assignment.c
    for some in _some(conclusion_ids):
        query = sa.select(
            columns.conclusion_id, columns.commitment_id, columns.assignment_id, columns.state
        ).order_by(columns.position)
        for row in connection.execute(query.where(columns.conclusion_id.in_(some))):
            found.promised.setdefault(row.conclusion_id, {})[row.commitment_id] = None
            found.live[row.assignment_id] = row.state in LIVE


def _some(ids: Collection[str]) -> list[list[str]]:
    """Return `ids` in lists that a query can take."""
    ordered = sorted(ids)
    return [ordered[start : start + _IN_MAX] for start in range(0, len(ordered), _IN_MAX)]
