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
    successor: str | None = None
    """The province that succeeds, of a log that is closed to commands."""


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


_HEAD = """SELECT next_position, last_time, successor FROM log
WHERE log_no = {log_no} AND state = 'active'"""
_OPEN = """SELECT log.next_position, log.last_time, log.successor,
entry.stream, entry.position, entry.entry
FROM log LEFT JOIN {entries} ON entry.log_no = log.log_no
WHERE log.log_no = {log_no} AND log.state = 'active' ORDER BY entry.stream, entry.version"""
_BY_ID = """SELECT id, position, version, entry FROM entry
WHERE log_no = {log_no} AND id {ids}"""
_VERSIONS = """SELECT stream, max(version) AS version FROM entry
WHERE log_no = {log_no} AND stream {streams} GROUP BY stream"""
_MOVE = "UPDATE log SET next_position = {next_position}, last_time = {time} WHERE log_no = {log_no}"
_COLUMNS = "log_no, position, stream, version, id, type, time, entry, leaf"
_RECORD = "WITH moved AS ({move}) INSERT INTO entry ({columns}) {rows}"
_ONE_ROW = "VALUES ($1, $4, $5, $6, $7, $8, $3, $9, $10)"
_ONE_TYPES = "int, bigint, text, bigint, text, bigint, text, text, bytea, bytea"
_ALL_ROWS = """SELECT $1, position, stream, version, id, type, $3, entry, leaf
FROM unnest ($4, $5, $6, $7, $8, $9, $10)
AS new (position, stream, version, id, type, entry, leaf)"""
_ALL_TYPES = "int, bigint, text, bigint[], text[], bigint[], text[], text[], bytea[], bytea[]"


class PostgresStatements:
    """The hot ones prepared; the log is a parameter of them, as sessions serve all logs."""

    _PREPARED = "shared.eventlog"
    _LOCK = _HEAD.format(log_no="$1") + " FOR NO KEY UPDATE"
    _ENTRIES_OF_ONE = "(SELECT * FROM entry WHERE entry.stream = $2) AS entry"
    # Stream by stream, behind OFFSET 0: a plan is made once and kept while the table
    # grows, and for a list of unknown length it would scan the whole log. Twice the work
    # of the other for a single stream, which most commands are about.
    _ENTRIES = """(SELECT found.* FROM unnest ($2) AS wanted (stream) CROSS JOIN LATERAL (
SELECT * FROM entry WHERE entry.log_no = $1 AND entry.stream = wanted.stream
ORDER BY entry.version OFFSET 0) AS found) AS entry"""
    _MOVED = _MOVE.format(log_no="$1", next_position="$2", time="$3")
    _PREPARE = ";".join(
        f"PREPARE {name} ({types}) AS {statement}"
        for name, types, statement in (
            ("log_lock", "int", _LOCK),
            ("log_open", "int, text", _OPEN.format(log_no="$1", entries=_ENTRIES_OF_ONE)),
            ("log_open_all", "int, text[]", _OPEN.format(log_no="$1", entries=_ENTRIES)),
            (
                "log_record",
                _ONE_TYPES,
                _RECORD.format(move=_MOVED, columns=_COLUMNS, rows=_ONE_ROW),
            ),
            (
                "log_record_all",
                _ALL_TYPES,
                _RECORD.format(move=_MOVED, columns=_COLUMNS, rows=_ALL_ROWS),
            ),
        )
    )

    def __init__(self, log_no: int) -> None:
        lock = f"EXECUTE log_lock ({log_no:d})"
        self._lock = sa.text(lock)
        # Two statements in one message; the second has a snapshot of its own, taken when
        # the lock is held. As a single statement it would read what was there before.
        self._open = sa.text(f"{lock}; EXECUTE log_open ({log_no:d}, :stream)")
        self._open_all = sa.text(f"{lock}; EXECUTE log_open_all ({log_no:d}, :streams)")
        self._record = sa.text(
            f"EXECUTE log_record ({log_no:d}, :next_position, :time, :position, :stream, "
            ":version, :id, :type, :entry, :leaf)"
        )
        self._record_all = sa.text(
            f"EXECUTE log_record_all ({log_no:d}, :next_position, :time, :position, :stream, "
            ":version, :id, :type, :entry, :leaf)"
        )
        number = f"{log_no:d}"
        self._by_id = sa.text(_BY_ID.format(log_no=number, ids="= ANY (:ids)"))
        self._versions = sa.text(_VERSIONS.format(log_no=number, streams="= ANY (:streams)"))

    def lock(self, connection: sa.Connection) -> Head | None:
        """Lock the log; None when it is frozen."""
        self._prepare(connection)
        return _head(connection.execute(self._lock).all())

    def open(self, connection: sa.Connection, streams: Sequence[str]) -> Found:
        """Lock the log, then load."""
        self._prepare(connection)
        if len(streams) == 1:
            return connection.execute(self._open, {"stream": streams[0]}).all()
        return connection.execute(self._open_all, {"streams": list(streams)}).all()

    def by_id(self, connection: sa.Connection, ids: Iterable[str]) -> Found:
        """Return those that are there."""
        return connection.execute(self._by_id, {"ids": list(ids)}).all()

    def versions(self, connection: sa.Connection, streams: Iterable[str]) -> Found:
        """Return each stream that has entries, with the version of its last."""
        return connection.execute(self._versions, {"streams": list(streams)}).all()

    def record(self, connection: sa.Connection, rows: Sequence[NewRow], head: Head) -> None:
        """Insert `rows` and move the log's end to `head`."""
        end = {"next_position": head.next_position, "time": head.last_time}
        if len(rows) == 1:
            connection.execute(self._record, end | _values(rows[0]))
            return
        values = [_values(row) for row in rows]
        columns = {name: [each[name] for each in values] for name in values[0]}
        connection.execute(self._record_all, end | columns)

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
        entries = f"(SELECT * FROM entry WHERE stream {among_streams}) AS entry"  # noqa: S608
        self._open = sa.text(_OPEN.format(log_no=number, entries=entries))
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
        time = {"time": head.last_time}
        connection.execute(self._insert, [time | _values(row) for row in rows])
        connection.execute(
            self._move, {"next_position": head.next_position, "time": head.last_time}
        )


def head_of(row: sa.Row[Any]) -> Head:
    """Return the head that a row of `lock` or `open` states."""
    return Head(row.next_position, row.last_time, row.successor)


def _head(rows: Found) -> Head | None:
    return head_of(rows[0]) if rows else None


def _values(row: NewRow) -> dict[str, Any]:
    return {
        "position": row.position,
        "stream": row.stream,
        "version": row.version,
        "id": row.id,
        "type": row.type,
        "entry": row.entry,
        "leaf": row.leaf,
    }


def page_query(entry: sa.Table, log_no: int) -> sa.Select[Any]:
    """Return the query of a page: parameters after, limit, limit_bytes."""
    columns = entry.c
    bounded = (
        sa.select(columns.position, columns.entry)
        .where(
            columns.log_no == log_no, columns.position > sa.bindparam("after", type_=sa.BigInteger)
        )
        .order_by(columns.position)
        .limit(sa.bindparam("limit", type_=sa.BigInteger))
        .subquery()
    )
    # Cut by the database: a driver would first fetch a thousand entries of any size.
    size_bytes = sa.func.length(bounded.c.entry)
    upto_bytes = sa.func.sum(size_bytes).over(order_by=bounded.c.position)
    sized = sa.select(bounded, size_bytes.label("own"), upto_bytes.label("upto")).subquery()
    is_within = sized.c.upto <= sa.bindparam("limit_bytes", type_=sa.BigInteger)
    return (
        sa.select(sized.c.position, sized.c.entry)
        .where(is_within | (sized.c.upto == sized.c.own))
        .order_by(sized.c.position)
    )
