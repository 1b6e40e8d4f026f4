"""The statements of the write path, for each database; all else is SQLAlchemy Core.

PostgreSQL plans a statement each time it comes, which costs an append more than running
it. So these are prepared once for each connection, and the lock travels together with
what is read under it. (A pooler that shares sessions between transactions can't serve.)
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

Found = Sequence[sa.Row[Any]]


@dataclass(slots=True)
class Head:
    """The end of a log, held under its lock until the transaction ends."""

    next_position: int
    last_time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRow:
    """An entry with its index, about to be inserted."""

    position: int
    stream: str
    version: int
    id: str
    type: str
    entry: bytes
    leaf: bytes


class Statements(Protocol):
    """What the write path asks of a database, for one log, inside one transaction."""

    def lock(self, connection: sa.Connection) -> Head | None:
        """Lock the log; None when it is frozen."""

    def open(self, connection: sa.Connection, streams: Sequence[str]) -> Found:
        """Lock the log, then load: rows of the head beside an entry each, by stream, version.

        Without any entry a single row with the head alone; none when the log is frozen.
        """

    def by_id(self, connection: sa.Connection, ids: Iterable[str]) -> Found:
        """Return id, position, version and entry of those that are there."""

    def versions(self, connection: sa.Connection, streams: Iterable[str]) -> Found:
        """Return each stream that has entries, with the version of its last."""

    def record(self, connection: sa.Connection, rows: Sequence[NewRow], head: Head) -> None:
        """Insert `rows` and move the log's end to `head`."""


_HEAD = "SELECT next_position, last_time FROM log WHERE log_no = {log_no} AND state = 'active'"
_OPEN = """SELECT log.next_position, log.last_time, entry.stream, entry.position, entry.entry
FROM log LEFT JOIN entry ON entry.log_no = log.log_no AND entry.stream {streams}
WHERE log.log_no = {log_no} AND log.state = 'active' ORDER BY entry.stream, entry.version"""
_BY_ID = """SELECT id, position, version, entry FROM entry
WHERE log_no = {log_no} AND id {ids}"""
_VERSIONS = """SELECT stream, max(version) AS version FROM entry
WHERE log_no = {log_no} AND stream {streams} GROUP BY stream"""
_MOVE = "UPDATE log SET next_position = {next_position}, last_time = {time} WHERE log_no = {log_no}"
_COLUMNS = "log_no, position, stream, version, id, type, time, entry, leaf"
_RECORD = """WITH moved AS ({move}) INSERT INTO entry ({columns})
SELECT $1, position, stream, version, id, type, $3, entry, leaf
FROM unnest ($4, $5, $6, $7, $8, $9, $10)
AS new (position, stream, version, id, type, entry, leaf)"""
_RECORD_TYPES = "int, bigint, text, bigint[], text[], bigint[], text[], text[], bytea[], bytea[]"


class PostgresStatements:
    """Prepared statements; the log is known by a parameter, as sessions serve all logs."""

    _PREPARED = "shared.eventlog"
    _LOCK = _HEAD.format(log_no="$1") + " FOR NO KEY UPDATE"
    _MOVED = _MOVE.format(log_no="$1", next_position="$2", time="$3")
    _PREPARE = ";".join(
        f"PREPARE {name} ({types}) AS {statement}"
        for name, types, statement in (
            ("log_lock", "int", _LOCK),
            ("log_open", "int, text[]", _OPEN.format(log_no="$1", streams="= ANY ($2)")),
            ("log_by_id", "int, text[]", _BY_ID.format(log_no="$1", ids="= ANY ($2)")),
            ("log_versions", "int, text[]", _VERSIONS.format(log_no="$1", streams="= ANY ($2)")),
            ("log_record", _RECORD_TYPES, _RECORD.format(move=_MOVED, columns=_COLUMNS)),
        )
    )

    def __init__(self, log_no: int) -> None:
        lock = f"EXECUTE log_lock ({log_no:d})"
        self._lock = sa.text(lock)
        # Two statements in one message; the second has a snapshot of its own, taken when
        # the lock is held. As a single statement it would read what was there before.
        self._open = sa.text(f"{lock}; EXECUTE log_open ({log_no:d}, :streams)")
        self._by_id = sa.text(f"EXECUTE log_by_id ({log_no:d}, :ids)")
        self._versions = sa.text(f"EXECUTE log_versions ({log_no:d}, :streams)")
        self._record = sa.text(
            f"EXECUTE log_record ({log_no:d}, :next_position, :time, :positions, :streams, "
            ":versions, :ids, :types, :entries, :leaves)"
        )

    def lock(self, connection: sa.Connection) -> Head | None:
        """Lock the log; None when it is frozen."""
        self._prepare(connection)
        return _head(connection.execute(self._lock).all())

    def open(self, connection: sa.Connection, streams: Sequence[str]) -> Found:
        """Lock the log, then load."""
        self._prepare(connection)
        return connection.execute(self._open, {"streams": list(streams)}).all()

    def by_id(self, connection: sa.Connection, ids: Iterable[str]) -> Found:
        """Return those that are there."""
        return connection.execute(self._by_id, {"ids": list(ids)}).all()

    def versions(self, connection: sa.Connection, streams: Iterable[str]) -> Found:
        """Return each stream that has entries, with the version of its last."""
        return connection.execute(self._versions, {"streams": list(streams)}).all()

    def record(self, connection: sa.Connection, rows: Sequence[NewRow], head: Head) -> None:
        """Insert `rows` and move the log's end to `head`."""
        connection.execute(
            self._record,
            {
                "next_position": head.next_position,
                "time": head.last_time,
                "positions": [row.position for row in rows],
                "streams": [row.stream for row in rows],
                "versions": [row.version for row in rows],
                "ids": [row.id for row in rows],
                "types": [row.type for row in rows],
                "entries": [row.entry for row in rows],
                "leaves": [row.leaf for row in rows],
            },
        )

    def _prepare(self, connection: sa.Connection) -> None:
        """Prepare the statements, if this connection hasn't: its `info` lives as long as it."""
        if self._PREPARED not in connection.info:
            connection.exec_driver_sql(self._PREPARE)
            connection.info[self._PREPARED] = True


class SqliteStatements:
    """Plain statements: sqlite3 keeps them prepared, and the transaction is the lock."""

    _AMONG = "IN (SELECT value FROM json_each(:{}))"
    """A list of any length in one parameter; SQLite takes 32,766 of them at most."""

    def __init__(self, log_no: int) -> None:
        number = f"{log_no:d}"
        among_streams = self._AMONG.format("streams")
        self._lock = sa.text(_HEAD.format(log_no=number))
        self._open = sa.text(_OPEN.format(log_no=number, streams=among_streams))
        self._by_id = sa.text(_BY_ID.format(log_no=number, ids=self._AMONG.format("ids")))
        self._versions = sa.text(_VERSIONS.format(log_no=number, streams=among_streams))
        self._insert = sa.text(
            f"INSERT INTO entry ({_COLUMNS}) VALUES ({number}, :position, "  # noqa: S608 - as above
            ":stream, :version, :id, :type, :time, :entry, :leaf)"
        )
        self._move = sa.text(
            _MOVE.format(log_no=number, next_position=":next_position", time=":time")
        )

    def lock(self, connection: sa.Connection) -> Head | None:
        """Return the log's end, None when it is frozen; BEGIN IMMEDIATE has locked the file."""
        return _head(connection.execute(self._lock).all())

    def open(self, connection: sa.Connection, streams: Sequence[str]) -> Found:
        """Load, as the file is locked."""
        return connection.execute(self._open, {"streams": json.dumps(list(streams))}).all()

    def by_id(self, connection: sa.Connection, ids: Iterable[str]) -> Found:
        """Return those that are there."""
        return connection.execute(self._by_id, {"ids": json.dumps(list(ids))}).all()

    def versions(self, connection: sa.Connection, streams: Iterable[str]) -> Found:
        """Return each stream that has entries, with the version of its last."""
        return connection.execute(self._versions, {"streams": json.dumps(list(streams))}).all()

    def record(self, connection: sa.Connection, rows: Sequence[NewRow], head: Head) -> None:
        """Insert `rows` and move the log's end to `head`."""
        connection.execute(
            self._insert,
            [
                {
                    "position": row.position,
                    "stream": row.stream,
                    "version": row.version,
                    "id": row.id,
                    "type": row.type,
                    "time": head.last_time,
                    "entry": row.entry,
                    "leaf": row.leaf,
                }
                for row in rows
            ],
        )
        connection.execute(
            self._move, {"next_position": head.next_position, "time": head.last_time}
        )


def _head(rows: Found) -> Head | None:
    return Head(rows[0].next_position, rows[0].last_time) if rows else None
