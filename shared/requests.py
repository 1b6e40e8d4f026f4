"""Requests that were answered, so that the same request again gets the same answer."""

from dataclasses import dataclass

import sqlalchemy as sa


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
            sa.Column("fingerprint", sa.Text, nullable=False),  # SHA-256 of method, path, body
            sa.Column("status", sa.Integer, nullable=False),
            sa.Column("body", sa.Text, nullable=False),  # codes and ids only
            sa.Column("at", sa.Text, nullable=False),
        )
    )
