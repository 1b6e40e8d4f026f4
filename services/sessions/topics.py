"""The confirmed hot topics of each unit, as Intake's log tells them."""

from collections.abc import Sequence

import sqlalchemy as sa

from services.sessions.tables import hot_topic
from shared.contracts.intake import TopicConfirmed, TopicDismissed
from shared.eventlog import Recorded

TOPICS_MAX = 500
"""Hot topics of one unit that an agenda is asked about."""


def hear(connection: sa.Connection, heard: Sequence[Recorded]) -> None:
    """Keep what was confirmed as hot, and forget what was dismissed or has cooled down."""
    for each in heard:
        event = each.event
        if not isinstance(event, TopicConfirmed | TopicDismissed):
            continue
        columns = hot_topic.c
        mine = (columns.province == each.province) & (columns.topic_id == event.topic_id)
        connection.execute(hot_topic.delete().where(mine))
        if isinstance(event, TopicConfirmed) and event.is_hot:
            row = {
                "province": each.province,
                "topic_id": event.topic_id,
                "unit": event.unit,
                "field": event.field,
                "confirmed_on": event.confirmed_on,
            }
            connection.execute(hot_topic.insert(), row)


def of_unit(connection: sa.Connection, province: str, unit: str) -> Sequence[sa.RowMapping]:
    """Return the hot topics of a unit, by id."""
    columns = hot_topic.c
    query = (
        sa.select(columns.topic_id, columns.field, columns.confirmed_on)
        .where(columns.province == province, columns.unit == unit)
        .order_by(columns.topic_id)
    )
    return connection.execute(query.limit(TOPICS_MAX)).mappings().all()
