"""One log: appending under its lock, reading by short keyset queries.

Positions come from the log's counter row, which is locked first and until commit. So
they are gapless and in commit order, and a reader that has seen position n has seen all
before it. A sequence can't give this: it hands out numbers before the commit.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from shared.eventlog.entry import NOTHING, Appended, Draft, Entry, Recorded, entry_bytes
from shared.eventlog.statements import (
    Head,
    NewRow,
    PostgresStatements,
    SqliteStatements,
    Statements,
    head_of,
    page_query,
)
from shared.eventlog.tables import LogTables
from shared.kernel.clock import Clock, rfc3339
from shared.kernel.errors import AppError, Conflict, LogTampered, Refused
from shared.store import Store, Transaction

ReadModel = Callable[[sa.Connection, Sequence[Recorded]], None]
"""Applies fresh events to the service's own tables, in the transaction of the append."""

PAGE_MAX_ENTRIES = 1_000
PAGE_MAX_BYTES = 4 * 1024 * 1024
STREAMS_PER_QUERY = 1_000
"""SQLite takes 32,766 parameters in one statement."""


class LogFrozen(Refused):
    """`eventlog.frozen`: the log is closed, or frozen for good."""


class EventLog:
    """The log of one service and province."""

    def __init__(
        self,
        *,
        store: Store,
        tables: LogTables,
        origin: str,
        log_no: int,
        read_model: ReadModel,
        clock: Clock,
        appended: Callable[[], None] = lambda: None,
    ) -> None:
        self.store = store
        self.origin = origin
        self.log_no = log_no
        self.clock = clock
        self._entry = tables.entry
        self._read_model = read_model
        self._appended = appended
        statements = PostgresStatements if store.is_postgresql else SqliteStatements
        self._statements: Statements = statements(log_no)
        self._page = page_query(tables.entry, log_no)

    @property
    def province(self) -> str:
        """The province whose log this is."""
        return self.origin.split("/")[1]

    def lock(self, tx: Transaction) -> Head:
        """Lock the log until `tx` ends, and return its end.

        Raises:
            LogFrozen: when the log takes no more entries, or none but those of a
                transaction that `finishes` what is under way.

        """
        return self._taking(tx, self._statements.lock(tx.connection))

    def open(self, tx: Transaction, streams: Iterable[str]) -> tuple[Head, dict[str, list[Entry]]]:
        """Lock the log until `tx` ends; return its end, and the entries of each stream.

        Oldest first, [] for a new stream.

        Raises:
            LogFrozen: as `lock`.

        """
        found: dict[str, list[Entry]] = {stream: [] for stream in streams}
        rows = self._statements.open(tx.connection, list(found))
        head = self._taking(tx, head_of(rows[0]) if rows else None)
        for row in rows:
            if row.stream is not None:
                found[row.stream].append(Entry(self.origin, row.position, bytes(row.entry)))
        return head, found

    def append(
        self, tx: Transaction, drafts: Sequence[Draft], head: Head | None = None
    ) -> list[Appended]:
        """Record `drafts` in order, with the read model, inside the caller's transaction.

        A draft whose id is there already answers with its first place if it says the
        same. `head` is what `lock` returned, if the caller has locked the log already.
        After an error nothing of the transaction may be committed.

        Raises:
            Conflict: `eventlog.stream_moved` when a stream is not at the expected version;
                `eventlog.id_reused` when an id comes back with another content.
            LogFrozen: as `lock`.
            TooLarge: `eventlog.entry_too_large`.

        """
        if not drafts:
            return []
        head = head or self.lock(tx)
        places, known = self._known(tx.connection, drafts)
        fresh: dict[str, Draft] = {}
        for draft in drafts:
            if draft.id not in known:
                fresh[draft.id] = draft
                known[draft.id] = draft.envelope(self.origin)
            elif known[draft.id] != draft.envelope(self.origin):
                raise Conflict("eventlog.id_reused", event_id=draft.id)
        if fresh:
            streams = {draft.stream for draft in fresh.values()}
            rows = self._statements.versions(tx.connection, streams)
            versions = {row.stream: int(row.version) for row in rows}
            for place in self.record(tx, head, list(fresh.values()), versions):
                places[place.event_id] = place
        answers = []
        for draft in drafts:
            place = places[draft.id]
            answers.append(place)
            places[draft.id] = place.again()
        return answers

    def record(
        self, tx: Transaction, head: Head, drafts: Sequence[Draft], versions: Mapping[str, int]
    ) -> list[Appended]:
        """Record `drafts`, whose ids are new, under the lock that gave `head`.

        `versions` holds where each stream stands; one that it leaves out is taken as new.
        Both are facts under the lock. The read model follows, in `tx`.

        Raises:
            Conflict, TooLarge: as `append`.
            LogTampered: `eventlog.index_differs` when the database refuses an entry for
                another reason, such as a position that somebody filled behind the log.

        """
        time = max(head.last_time, rfc3339(self.clock()))  # under the lock: never decreases
        at = dict(versions)
        rows: list[NewRow] = []
        fresh: list[Recorded] = []
        for draft in drafts:
            version = at.get(draft.stream, NOTHING)
            if draft.expected_version not in (None, version):
                raise Conflict("eventlog.stream_moved", stream=draft.stream, version=version)
            at[draft.stream] = version = version + 1
            envelope = draft.envelope(self.origin)
            position = head.next_position + len(rows)
            entry = Entry(self.origin, position, entry_bytes(envelope, time=time, version=version))
            rows.append(
                NewRow(
                    position=position,
                    stream=draft.stream,
                    version=version,
                    id=draft.id,
                    type=envelope["type"],
                    entry=entry.content,
                    leaf=entry.leaf,
                )
            )
            fresh.append(_recorded(entry, draft, time, version))
        if rows:
            self._insert(tx.connection, rows, Head(head.next_position + len(rows), time))
            head.next_position, head.last_time = head.next_position + len(rows), time
            self._read_model(tx.connection, fresh)
            if self._appended not in tx.after_commit:
                tx.after_commit.append(self._appended)
        return [
            Appended(event_id=row.id, position=row.position, version=row.version) for row in rows
        ]

    def load(self, connection: sa.Connection, streams: Iterable[str]) -> dict[str, list[Entry]]:
        """Return the entries of each of `streams`, oldest first; [] for a new one."""
        columns = self._entry.c
        found: dict[str, list[Entry]] = {stream: [] for stream in streams}
        names = list(found)
        for start in range(0, len(names), STREAMS_PER_QUERY):
            among = columns.stream.in_(names[start : start + STREAMS_PER_QUERY])
            rows = connection.execute(
                sa.select(columns.stream, columns.position, columns.entry)
                .where(columns.log_no == self.log_no, among)
                .order_by(columns.stream, columns.version)
            )
            for stream, position, content in rows:
                found[stream].append(Entry(self.origin, position, bytes(content)))
        return found

    def read(
        self, after: int, limit: int = PAGE_MAX_ENTRIES, limit_bytes: int = PAGE_MAX_BYTES
    ) -> list[Entry]:
        """Return entries in order, from the one after position `after`.

        At most `limit` of them, cut once they exceed `limit_bytes`; at least one, if any.
        """
        asked = {
            "after": after,
            "limit": max(0, min(limit, PAGE_MAX_ENTRIES)),
            "limit_bytes": limit_bytes,
        }
        with self.store.read() as connection:
            return [
                Entry(self.origin, row.position, bytes(row.entry))
                for row in connection.execute(self._page, asked)
            ]

    def size(self) -> int:
        """Return how many entries are committed: the next position."""
        with self.store.read() as connection:
            found = connection.execute(
                sa.text("SELECT next_position FROM log WHERE log_no = :log_no"),
                {"log_no": self.log_no},
            )
            return int(found.scalar_one())

    def _taking(self, tx: Transaction, head: Head | None) -> Head:
        """Return `head`, of a log that takes entries of `tx`."""
        if head is None or (head.successor is not None and not tx.finishes):
            raise LogFrozen("eventlog.frozen", origin=self.origin)
        return head

    def _insert(self, connection: sa.Connection, rows: Sequence[NewRow], head: Head) -> None:
        try:
            self._statements.record(connection, rows, head)
        except sa.exc.IntegrityError as error:
            refusal = self._refusal(str(error.orig), rows)
        else:
            return
        raise refusal  # out here, free of the original, whose words may quote the row

    def _refusal(self, words: str, rows: Sequence[NewRow]) -> AppError:
        """Return what the database means that refused `rows` with `words`."""
        row = next((row for row in rows if row.id in words or row.stream in words), rows[0])
        if "entry_id" in words or "entry.id" in words:
            return Conflict("eventlog.id_reused", event_id=row.id)
        if "entry_stream_version" in words or "entry.version" in words:
            return Conflict("eventlog.stream_moved", stream=row.stream, version=row.version)
        return LogTampered("eventlog.index_differs", origin=self.origin)

    def _known(
        self, connection: sa.Connection, drafts: Sequence[Draft]
    ) -> tuple[dict[str, Appended], dict[str, Mapping[str, Any]]]:
        """Return the place, and what it says, of each draft whose id is in the log."""
        places: dict[str, Appended] = {}
        said: dict[str, Mapping[str, Any]] = {}
        for row in self._statements.by_id(connection, {draft.id for draft in drafts}):
            places[row.id] = Appended(
                event_id=row.id, position=row.position, version=row.version, repeated=True
            )
            said[row.id] = _identity(bytes(row.entry))
        return places, said


def _identity(content: bytes) -> Mapping[str, Any]:
    """Return what makes two recordings the same event: all but what the log itself set."""
    document: dict[str, Any] = json.loads(content)
    del document["time"], document["streamversion"]
    return document


def _recorded(entry: Entry, draft: Draft, time: str, version: int) -> Recorded:
    return Recorded(
        origin=entry.origin,
        position=entry.position,
        stream=draft.stream,
        version=version,
        event_id=draft.id,
        time=time,
        occurred_at=draft.occurred_at,
        actor=draft.actor,
        correlation_id=draft.correlation_id or draft.id,
        causation_id=draft.causation_id or None,
        event=draft.event,
    )
