"""How the logs of a service stand: how long, open or not, signed how far, or refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from shared.eventlog.tables import LogTables
from shared.store import Store


class LogState(StrEnum):
    """What a log takes."""

    OPEN = "open"
    CLOSED = "closed"
    """No commands, but what follows from what is recorded."""
    FROZEN = "frozen"
    """Nothing, for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One log."""

    origin: str
    size: int
    state: LogState
    successor: str | None
    """The province that goes on with its affairs, of a log that isn't open."""
    signed_size: int | None
    """Entries below the newest checkpoint; None before the first."""
    signed_root: str | None
    """Hexadecimal."""
    signed_at: str | None
    refusal: str | None
    """Why it is signed no more; None while it is."""
    refused_at: str | None


def standings(store: Store, tables: LogTables, log_nos: Sequence[int]) -> list[Standing]:
    """Return how each of the logs stands, by origin."""
    log, checkpoint, refusal = tables.log.c, tables.checkpoint.c, tables.signing_refusal.c
    newest = (
        sa.select(sa.func.max(checkpoint.size))
        .where(checkpoint.log_no == log.log_no)
        .correlate(tables.log)
        .scalar_subquery()
    )
    query = (
        sa.select(
            log.origin,
            log.next_position,
            log.state,
            log.successor,
            checkpoint.size,
            checkpoint.root,
            checkpoint.signed_at,
            refusal.reason,
            refusal.refused_at,
        )
        .select_from(
            tables.log.outerjoin(
                tables.checkpoint,
                sa.and_(checkpoint.log_no == log.log_no, checkpoint.size == newest),
            ).outerjoin(tables.signing_refusal, refusal.log_no == log.log_no)
        )
        .where(log.log_no.in_(log_nos))
        .order_by(log.origin)
    )
    with store.read() as connection:
        return [
            Standing(
                origin=row.origin,
                size=row.next_position,
                state=_state(row.state, row.successor),
                successor=row.successor,
                signed_size=row.size,
                signed_root=None if row.root is None else bytes(row.root).hex(),
                signed_at=row.signed_at,
                refusal=row.reason,
                refused_at=row.refused_at,
            )
            for row in connection.execute(query)
        ]


def _state(state: str, successor: str | None) -> LogState:
    if state == LogState.FROZEN:
        return LogState.FROZEN
    return LogState.OPEN if successor is None else LogState.CLOSED
