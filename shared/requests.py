"""Requests that were answered, so that the same request again gets the same answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from shared.kernel.clock import rfc3339
from shared.store import Store

KEPT_DAYS = 30
"""How long an answer is kept for a request that comes again under its key."""
FORGET_EVERY_S = 3600.0
PAGE_ROWS = 500
"""Answers looked at, and at most forgotten, in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTables:
    """Answers by idempotency key."""

    answered: sa.Table


def request_tables(metadata: sa.MetaData) -> RequestTables:
    """Add the table to `metadata` and return it."""
    return RequestTables(
        answered=sa.Table(
            "answered_request",
            metadata,
            sa.Column("command_id", sa.Text, primary_key=True),
            sa.Column(
                "fingerprint", sa.Text, nullable=False
            ),  # SHA-256 of method, path, If-Match, body
            sa.Column("status", sa.Integer, nullable=False),
            sa.Column("body", sa.Text, nullable=False),  # codes and ids only
            sa.Column("at", sa.Text, nullable=False),
        )
    )


def forget_old(store: Store, tables: RequestTables, now: datetime) -> int:
    """Return how many answers older than `KEPT_DAYS` at `now` were forgotten.

    Page by page along the primary key, each in a transaction of its own and none where
    nothing is old, so that requests hardly wait for it.
    """
    answered = tables.answered
    old = answered.c.at < rfc3339(now - timedelta(days=KEPT_DAYS))
    page = sa.select(answered.c.command_id, old).order_by(answered.c.command_id).limit(PAGE_ROWS)
    forgotten, after = 0, ""
    while True:
        with store.read() as connection:
            rows = connection.execute(page.where(answered.c.command_id > after)).all()
        if command_ids := [command_id for command_id, is_old in rows if is_old]:
            with store.write() as tx:
                tx.connection.execute(
                    answered.delete().where(answered.c.command_id.in_(command_ids), old)
                )
            forgotten += len(command_ids)
        if len(rows) < PAGE_ROWS:
            return forgotten
        after = rows[-1].command_id
