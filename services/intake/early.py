"""What Assignment told that came before the opinion itself: two logs have no common order.

Assignment learns of a conclusion from Sessions, and Intake of an opinion raised in the
room from Sessions too; nothing says that Intake hears the second before the answer.
"""

import json
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

import sqlalchemy as sa

from services.intake.tables import early_answer
from shared import wire
from shared.contracts.assignment import AnswerReleased, AssignmentCancelled, DeadlineMissed
from shared.eventlog import Recorded
from shared.wire.codec import schema_version

Early = AnswerReleased | DeadlineMissed | AssignmentCancelled
"""What is said of opinions by whoever handles them."""

_TYPE = "type"
"""In `data`, beside the event's own fields. Rows of the first release, without it, are answers."""


def keep(connection: sa.Connection, heard: Sequence[Recorded], unknown: AbstractSet[str]) -> None:
    """Keep what `heard` says of opinions that are `unknown` here."""
    rows = [
        {
            "opinion_id": opinion_id,
            "event_id": each.event_id,
            "origin": each.origin,
            "position": each.position,
            "time": each.time,
            "correlation_id": each.correlation_id,
            "data": _data(each.event),
        }
        for each in heard
        if isinstance(each.event, Early)
        for opinion_id in dict.fromkeys(each.event.opinion_ids)
        if opinion_id in unknown
    ]
    if rows:
        connection.execute(early_answer.insert(), rows)


def take(connection: sa.Connection, opinion_ids: Sequence[str], province: str) -> list[Recorded]:
    """Return and forget what was kept for `opinion_ids` of `province`, one opinion each."""
    mine = sa.and_(
        early_answer.c.opinion_id.in_(list(opinion_ids)),
        early_answer.c.origin.contains(f"/{province}/", autoescape=True),
    )
    rows = connection.execute(
        sa.select(early_answer)
        .where(mine)
        .order_by(early_answer.c.origin, early_answer.c.position, early_answer.c.opinion_id)
    )
    kept = [_recorded(row) for row in rows.mappings()]
    if kept:
        connection.execute(early_answer.delete().where(mine))
    return kept


def _data(event: Early) -> str:
    return wire.canonical({**wire.encode(event), _TYPE: wire.type_name(event)}).decode()


def _recorded(row: sa.RowMapping) -> Recorded:
    data = json.loads(row["data"])
    name = data.pop(_TYPE, AnswerReleased.__name__)
    event = wire.decode(name, schema_version(name), data)
    if not isinstance(event, Early):
        raise TypeError(row["event_id"])
    return Recorded(
        origin=row["origin"],
        position=int(row["position"]),
        stream="",
        version=0,
        event_id=row["event_id"],
        time=row["time"],
        occurred_at=row["time"],
        actor="",
        correlation_id=row["correlation_id"],
        causation_id=None,
        event=replace(event, opinion_ids=(row["opinion_id"],), opinions=1),
    )
