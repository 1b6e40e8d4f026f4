"""What each topic is now, which opinions are about it, and what was reported of moods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.intake.heat import Reported
from services.intake.tables import sentiment, topic, topic_opinion
from shared.contracts.intake import (
    SentimentReported,
    TopicConfirmed,
    TopicDismissed,
    TopicJoined,
    TopicProposed,
)
from shared.eventlog import Recorded
from shared.kernel.errors import NotFound

PAGE_MAX_ROWS = 200
RANKED_MAX = 1_000
"""Live topics of a province that are ranked, the newest proposals first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tellings:
    """A live topic with what was reported on it lately."""

    row: sa.RowMapping
    reported: Sequence[Reported]


def apply(connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
    """Bring the tables up to date with fresh events of the log, in their order."""
    for each in recorded:
        match each.event:
            case TopicProposed() as event:
                connection.execute(topic.insert(), _topic(each, event))
            case TopicJoined() as event:
                connection.execute(topic_opinion.insert(), _joined(event))
                _change(connection, each, event.topic_id)
            case TopicConfirmed() as event:
                _change(
                    connection,
                    each,
                    event.topic_id,
                    state="confirmed",
                    decided_on=event.confirmed_on,
                    is_hot=event.is_hot,
                )
            case TopicDismissed() as event:
                decided_on = event.dismissed_on
                changes = {"state": "dismissed", "decided_on": decided_on, "is_hot": None}
                _change(connection, each, event.topic_id, **changes)
            case SentimentReported() as event:
                connection.execute(sentiment.insert(), _sentiment(each, event))
            case _:
                continue


def one(connection: sa.Connection, topic_id: str, *, province: str | None = None) -> sa.RowMapping:
    """Return the topic, of `province` where one is given.

    Raises:
        NotFound: `topic.unknown`.

    """
    query = sa.select(topic).where(topic.c.topic_id == topic_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None or province not in (None, row["province"]):
        raise NotFound("topic.unknown")
    return row


def page(
    connection: sa.Connection,
    *,
    province: str,
    state: str | None,
    unit: str | None,
    after: str,
    limit: int,
) -> list[sa.RowMapping]:
    """Return topics of `province` in the order of their ids, those after `after`."""
    query = sa.select(topic).where(topic.c.province == province, topic.c.topic_id > after)
    if state is not None:
        query = query.where(topic.c.state == state)
    if unit is not None:
        query = query.where(topic.c.unit == unit)
    query = query.order_by(topic.c.topic_id).limit(min(limit, PAGE_MAX_ROWS))
    return list(connection.execute(query).mappings())


def opinions(
    connection: sa.Connection, topic_id: str, *, after: str, limit: int
) -> list[sa.RowMapping]:
    """Return the opinions about a topic in the order of their ids, those after `after`."""
    query = (
        sa.select(topic_opinion)
        .where(topic_opinion.c.topic_id == topic_id, topic_opinion.c.opinion_id > after)
        .order_by(topic_opinion.c.opinion_id)
        .limit(min(limit, PAGE_MAX_ROWS))
    )
    return list(connection.execute(query).mappings())


def tellings(
    connection: sa.Connection, *, province: str, unit: str | None, since: date
) -> list[Tellings]:
    """Return live topics of `province`, of one unit where it is given, with reports `since`."""
    live = topic.c.province == province, topic.c.state != "dismissed"
    query = sa.select(topic).where(*live)
    if unit is not None:
        query = query.where(topic.c.unit == unit)
    query = query.order_by(topic.c.proposed_on.desc(), topic.c.topic_id).limit(RANKED_MAX)
    rows = list(connection.execute(query).mappings())
    reports = _reports(connection, [row["topic_id"] for row in rows], since)
    return [Tellings(row=row, reported=reports.get(row["topic_id"], [])) for row in rows]


def _reports(
    connection: sa.Connection, topic_ids: Sequence[str], since: date
) -> dict[str, list[Reported]]:
    """Return who reported where and when, by topic; what is the same but once."""
    of = topic_opinion.c
    query = (
        sa.select(of.topic_id, of.unit, of.organisation, of.received_on)
        .distinct()
        .where(of.topic_id.in_(topic_ids), of.received_on >= since)
    )
    found: dict[str, list[Reported]] = {}
    for topic_id, unit, organisation, received_on in connection.execute(query):
        reported = Reported(unit=unit, organisation=organisation, received_on=received_on)
        found.setdefault(topic_id, []).append(reported)
    return found


def _topic(each: Recorded, event: TopicProposed) -> dict[str, Any]:
    return {
        "topic_id": event.topic_id,
        "province": each.province,
        "state": "proposed",
        "version": each.version,
        "unit": event.unit,
        "level": event.level,
        "field": event.field,
        "name_id": event.name.text_id,
        "proposed_on": event.proposed_on,
    }


def _joined(event: TopicJoined) -> dict[str, Any]:
    return {
        "topic_id": event.topic_id,
        "opinion_id": event.opinion_id,
        "unit": event.opinion_unit,
        "organisation": event.organisation,
        "received_on": event.received_on,
    }


def _sentiment(each: Recorded, event: SentimentReported) -> dict[str, Any]:
    stated = {
        column.name: getattr(event, column.name)
        for column in sentiment.columns
        if column.name not in {"province", "text_id"}
    }
    return {**stated, "province": each.province, "text_id": event.text.text_id}


def _change(connection: sa.Connection, each: Recorded, topic_id: str, **changes: Any) -> None:
    connection.execute(
        topic.update().where(topic.c.topic_id == topic_id).values(version=each.version, **changes)
    )
