"""A lease: which of several processes does a piece of work for now.

Taken and renewed in short transactions; a lock held for minutes would hold back vacuum.
It only saves work: what is done under it must be right when two do it at once.
"""

import logging
import secrets
import time

import sqlalchemy as sa

from shared.projections.faults import code_of
from shared.projections.tables import FollowTables
from shared.store import Store

_log = logging.getLogger(__name__)

_NOW_POSTGRESQL = "extract(epoch FROM clock_timestamp())"
_NOW_SQLITE = "(julianday('now') - 2440587.5) * 86400.0"


class Lease:
    """One holder's claim to the work called `name`, timed by the database's own clock.

    So hosts need not agree on the time, and a simulated date does not stop it. Whoever
    asks `is_held` again and again keeps it.
    """

    def __init__(
        self, store: Store, tables: FollowTables, name: str, *, lasts_s: float = 6.0
    ) -> None:
        self._store = store
        self._ask_every_s = lasts_s / 3
        self._ask_at = 0.0
        self._is_ours = False
        self._mine = {"name": name, "holder": secrets.token_hex(8), "lasts_s": lasts_s}
        now = _NOW_POSTGRESQL if store.is_postgresql else _NOW_SQLITE
        table = tables.lease.name
        self._take = sa.text(
            f"INSERT INTO {table} (name, holder, until) "  # noqa: S608 - our own names
            f"VALUES (:name, :holder, {now} + :lasts_s) "
            "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until "
            f"WHERE {table}.holder = excluded.holder OR {table}.until <= {now}"
        )
        self._end = sa.text(
            f"DELETE FROM {table} WHERE name = :name AND holder = :holder"  # noqa: S608 - as above
        )

    def take(self) -> bool:
        """Take or renew the lease; return whether it is ours from now on."""
        with self._store.write() as tx:
            return tx.connection.execute(self._take, self._mine).rowcount == 1

    def is_held(self) -> bool:
        """Return whether the lease is ours, asking the database when a third of it is over."""
        if time.monotonic() >= self._ask_at:
            self._is_ours = self.take()
            self._ask_at = time.monotonic() + self._ask_every_s
        return self._is_ours

    def give_up(self) -> None:
        """Let another take over at once; with the database away it ends by itself soon."""
        self._ask_at, self._is_ours = 0.0, False
        try:
            with self._store.write() as tx:
                tx.connection.execute(self._end, self._mine)
        except Exception as error:  # noqa: BLE001 - whoever gives up is about to end
            _log.info("%s kept its lease: %s", self._mine["name"], code_of(error))
