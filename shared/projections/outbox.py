"""What the relay has yet to publish. The log itself is the outbox; a cursor per log suffices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from shared.eventlog import NOTHING, Entry, EventLog, Ledger
from shared.projections.tables import FollowTables


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A log with entries that were not published yet."""

    log: EventLog
    after: int
    """Last position that is published, -1 for none."""


class Outbox:
    """The logs of one service database, as its one relay sees them."""

    def __init__(self, ledger: Ledger, tables: FollowTables) -> None:
        self._store = ledger.store
        self._ledger = ledger
        self._cursor = tables.relay_cursor
        log, cursor = ledger.tables.log.c, tables.relay_cursor.c
        published = sa.func.coalesce(cursor.position, NOTHING)
        self._waiting = (
            sa.select(log.log_no, published)
            .select_from(ledger.tables.log.outerjoin(self._cursor, cursor.log_no == log.log_no))
            .where(log.next_position - 1 > published)
            .order_by(log.log_no)
        )

    def waiting(self) -> list[Waiting]:
        """Return the logs that have something to publish, by one query."""
        with self._store.read() as connection:
            rows = connection.execute(self._waiting).all()
        logs = self._logs()
        if any(log_no not in logs for log_no, _ in rows):
            self._ledger.discover()
            logs = self._logs()
        return [Waiting(log=logs[log_no], after=after) for log_no, after in rows if log_no in logs]

    def pages(self, waiting: Sequence[Waiting], limit: int) -> list[Sequence[Entry]]:
        """Return the next entries of each log in turn, at most `limit` in all.

        Each log gets its share, so that an import in one province delays no other.
        """
        share = max(1, limit // max(1, len(waiting)))
        return [each.log.read(each.after, share) for each in waiting[:limit]]

    def move(self, positions: Mapping[str, int]) -> None:
        """Note for each origin the last position that is published. Never moves back."""
        numbers = {log.origin: log_no for log_no, log in self._logs().items()}
        name = self._cursor.name
        with self._store.write() as tx:
            tx.connection.execute(
                sa.text(
                    f"INSERT INTO {name} (log_no, position) "  # noqa: S608 - our own name
                    "VALUES (:log_no, :position) "
                    "ON CONFLICT (log_no) DO UPDATE SET position = excluded.position "
                    f"WHERE {name}.position < excluded.position"
                ),
                [
                    {"log_no": numbers[origin], "position": position}
                    for origin, position in sorted(positions.items())
                ],
            )

    def _logs(self) -> dict[int, EventLog]:
        return {log.log_no: log for log in self._ledger.logs.values()}
