"""The logs of one service: one for each province, in one database."""

import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

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
        knows: Callable[[str], bool] = lambda _province: False,
    ) -> None:
        self.service = service
        self.store = store
        self.tables = tables
        self.appended = threading.Event()
        """Wakes the relay of this process; losing it costs time only, as the relay polls."""
        self._listeners: list[Callable[[], None]] = [self.appended.set]
        self._deployment = deployment
        self._clock = clock
        self._read_model = read_model
        self._knows = knows
        """Tells whether a province that isn't open has come to be known since."""
        self.opened: Callable[[EventLog], None] = lambda _log: None
        """Called with a log that is opened later, before anybody else has it."""
        self._opening = threading.RLock()
        self.logs: Mapping[str, EventLog] = {
            province: self._open(province) for province in sorted(provinces)
        }

    def log(self, province: str) -> EventLog:
        """Return the log of `province`, opened now if it has come to be known since.

        Raises:
            NotFound: `province.unknown`.

        """
        found = self.logs.get(province) or self._opened_later(province)
        if found is None:
            raise NotFound("province.unknown", province=province)
        return found

    def by_origin(self, origin: str) -> EventLog:
        """Return the log called `origin`.

        Raises:
            NotFound: `eventlog.unknown_origin`.

        """
        deployment, _, rest = origin.partition("/")
        province, _, service = rest.partition("/")
        if (deployment, service) == (self._deployment, self.service):
            found = self.logs.get(province) or self._opened_later(province)
            if found is not None:
                return found
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

    def discover(self) -> None:
        """Open the logs that another process of the service has opened since."""
        known = {log.log_no for log in self.logs.values()}
        table = self.tables.log.c
        with self.store.read() as connection:
            rows = connection.execute(sa.select(table.log_no, table.origin)).all()
        for log_no, origin in rows:
            if log_no not in known:
                with suppress(NotFound):
                    self.by_origin(origin)

    def _opened_later(self, province: str) -> EventLog | None:
        if not self._knows(province):
            return None
        with self._opening:
            if province not in self.logs:
                log = self._open(province)
                self.opened(log)
                # A new mapping, so that whoever is walking over the old one is not disturbed.
                self.logs = dict(sorted({**self.logs, province: log}.items()))
        return self.logs[province]

    def _open(self, province: str) -> EventLog:
        origin = f"{self._deployment}/{province}/{self.service}"
        return EventLog(
            store=self.store,
            tables=self.tables,
            origin=origin,
            log_no=_open(self.store, self.tables, origin),
            read_model=self._read_model,
            clock=self._clock,
            appended=self._tell,
        )

    def checkpoints(self, log: EventLog) -> Checkpoints:
        """Return what was signed of `log`."""
        return Checkpoints(self.store, self.tables, log.origin, log.log_no)

    def standings(self) -> list[Standing]:
        """Return how each log stands, by origin."""
        self.discover()
        return standings(self.store, self.tables, [log.log_no for log in self.logs.values()])

    def on_append(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every commit that added entries, in this process."""
        self._listeners.append(listener)

    def heads(self) -> dict[str, int]:
        """Return each origin with the position of its last entry, -1 for an empty log."""
        self.discover()
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
