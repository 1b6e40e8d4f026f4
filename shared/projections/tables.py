"""Cursors and halts of followers, and the cursor of the relay, in the service's database."""

from dataclasses import dataclass

import sqlalchemy as sa


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowTables:
    """Everything that delivery has to remember."""

    cursor: sa.Table
    halt: sa.Table
    relay_cursor: sa.Table
    lease: sa.Table


def follow_tables(metadata: sa.MetaData) -> FollowTables:
    """Add the tables to `metadata` and return them."""
    return FollowTables(
        cursor=sa.Table(
            "follower_cursor",
            metadata,
            sa.Column("consumer", sa.Text, primary_key=True),
            sa.Column("origin", sa.Text, primary_key=True),
            sa.Column("position", sa.BigInteger, nullable=False),
        ),
        halt=sa.Table(
            "follower_halt",
            metadata,
            sa.Column("consumer", sa.Text, primary_key=True),
            sa.Column("origin", sa.Text, primary_key=True),
            sa.Column("position", sa.BigInteger, nullable=False),
            sa.Column("attempts", sa.Integer, nullable=False),
            sa.Column("retry_at", sa.Float),  # NULL: halted until an operator acts
            sa.Column("code", sa.Text, nullable=False),  # never an exception's own words
        ),
        relay_cursor=sa.Table(
            "relay_cursor",
            metadata,
            sa.Column("log_no", sa.Integer, sa.ForeignKey("log.log_no"), primary_key=True),
            sa.Column("position", sa.BigInteger, nullable=False),
        ),
        lease=sa.Table(
            "lease",
            metadata,
            sa.Column("name", sa.Text, primary_key=True),
            sa.Column("holder", sa.Text, nullable=False),
            sa.Column("until", sa.Float, nullable=False),
        ),
    )
