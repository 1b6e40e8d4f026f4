"""Reports of public sentiment as they are listed: each for itself, never summed."""

import sqlalchemy as sa

from services.intake.tables import sentiment
from shared.kernel.errors import NotFound

PAGE_MAX_ROWS = 200


def one(connection: sa.Connection, report_id: str, *, province: str | None) -> sa.RowMapping:
    """Return the report, of `province` where one is given.

    Raises:
        NotFound: `sentiment.unknown`.

    """
    query = sa.select(sentiment).where(sentiment.c.report_id == report_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None or province not in (None, row["province"]):
        raise NotFound("sentiment.unknown")
    return row


def page(
    connection: sa.Connection, *, province: str, topic_id: str | None, after: str, limit: int
) -> list[sa.RowMapping]:
    """Return reports of `province` in the order of their ids, those after `after`."""
    query = sa.select(sentiment).where(
        sentiment.c.province == province, sentiment.c.report_id > after
    )
    if topic_id is not None:
        query = query.where(sentiment.c.topic_id == topic_id)
    query = query.order_by(sentiment.c.report_id).limit(min(limit, PAGE_MAX_ROWS))
    return list(connection.execute(query).mappings())
