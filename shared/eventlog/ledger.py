"""The logs of one service: one for each province, in one database."""

import threading
from collections.abc import Callable, Iterable, Mapping

import sqlalchemy as sa

from shared.eventlog.checkpoints import Checkpoints
from shared.eventlog.log import EventLog, ReadModel
from shared.eventlog.standing import Standing, standings
from shared.eventlog.tables import LogTables
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound
from shared.store import Store


class Ledger:
    """Opens and keeps the logs of one service."""

    def __init__(
        self,
        *,
        service: str,
        deployment: str,
        store: Store,
        tables: LogTables,
        read_model: ReadModel,
        clock: Clock,
        provinces: Iterable[str],
    ) -> None:
        self.service = service
        self.store = store
        self.tables = tables
        self.appended = threading.Event()
        """Wakes the relay of this process; losing it costs time only, as the relay polls."""
        self._listeners: list[Callable[[], None]] = [self.appended.set]
        self.logs: Mapping[str, EventLog] = {
            province: EventLog(
                store=store,
                tables=tables,
                origin=(origin := f"{deployment}/{province}/{service}"),
                log_no=_open(store, tables, origin),
                read_model=read_model,
                clock=clock,
                appended=self._tell,
            )
            for province in sorted(provinces)
        }

    def log(self, province: str) -> EventLog:
        """Return the log of `province`.

        Raises:
            NotFound: `province.unknown`.

        """
        try:
            return self.logs[province]
        except KeyError:
            raise NotFound("province.unknown", province=province) from None

    def by_origin(self, origin: str) -> EventLog:
        """Return the log called `origin`.

        Raises:
            NotFound: `eventlog.unknown_origin`.

        """
        for log in self.logs.values():
            if log.origin == origin:
                return log
        raise NotFound("eventlog.unknown_origin")

    def orphans(self) -> list[str]:
        """Return the origins of logs in the database that hold entries and aren't open here."""
        table = self.tables.log.c
        mine = [log.log_no for log in self.logs.values()]
        with self.store.read() as connection:
            found = connection.execute(
                sa.select(table.origin).where(table.log_no.not_in(mine), table.next_position > 0)
            )
            return sorted(found.scalars())

    def checkpoints(self, log: EventLog) -> Checkpoints:
        """Return what was signed of `log`."""
        return Checkpoints(self.store, self.tables, log.origin, log.log_no)

    def standings(self) -> list[Standing]:
        """Return how each log stands, by origin."""
        return standings(self.store, self.tables, [log.log_no for log in self.logs.values()])

    def on_append(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every commit that added entries, in this process."""
        self._listeners.append(listener)

    def heads(self) -> dict[str, int]:
        """Return each origin with the position of its last entry, -1 for an empty log."""
        table = self.tables.log.c
        mine = [log.log_no for log in self.logs.values()]
        with self.store.read() as connection:
            rows = connection.execute(
                sa.select(table.origin, table.next_position).where(table.log_no.in_(mine))
            )
            return {origin: next_position - 1 for origin, next_position in rows}

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()


def _open(store: Store, tables: LogTables, origin: str) -> int:
    """Return the number of the log called `origin`, made now if it is new."""
    find = sa.select(tables.log.c.log_no).where(tables.log.c.origin == origin)
    with store.read() as connection:
        found = connection.execute(find).scalar_one_or_none()
    if found is not None:
        return int(found)
    with store.write() as tx:
        # Replicas may start together: the second finds the row of the first.
        tx.connection.execute(
            sa.text("INSERT INTO log (origin) VALUES (:origin) ON CONFLICT (origin) DO NOTHING"),
            {"origin": origin},
        )
        return int(tx.connection.execute(find).scalar_one())
