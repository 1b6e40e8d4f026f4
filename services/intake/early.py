"""Answers that came before the opinion itself: two logs have no common order.

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
from shared.contracts.assignment import AnswerReleased
from shared.eventlog import Recorded
from shared.wire.codec import schema_version

_TYPE = "AnswerReleased"


def keep(connection: sa.Connection, heard: Sequence[Recorded], unknown: AbstractSet[str]) -> None:
    """Keep the released answers of `heard` to opinions that are `unknown` here."""
    rows = [
        {
            "opinion_id": opinion_id,
            "event_id": each.event_id,
            "origin": each.origin,
            "position": each.position,
            "time": each.time,
            "correlation_id": each.correlation_id,
            "data": wire.canonical(wire.encode(each.event)).decode(),
        }
        for each in heard
        if isinstance(each.event, AnswerReleased)
        for opinion_id in dict.fromkeys(each.event.opinion_ids)
        if opinion_id in unknown
    ]
    if rows:
        connection.execute(early_answer.insert(), rows)


def take(connection: sa.Connection, opinion_ids: Sequence[str], province: str) -> list[Recorded]:
    """Return and forget what was kept for `opinion_ids` of `province`, an answer for each."""
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


def _recorded(row: sa.RowMapping) -> Recorded:
    event = wire.decode(_TYPE, schema_version(_TYPE), json.loads(row["data"]))
    if not isinstance(event, AnswerReleased):
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
