"""Whose fault a failure is: the entry's own, or that of something that is away for now."""

import sqlite3
from pathlib import Path
from traceback import walk_tb

import sqlalchemy as sa

from shared.kernel.errors import AppError, Unavailable

_AWAY_SQLSTATES = (
    "08",  # no connection
    "25006",  # the server only reads: a standby that is not promoted yet
    "28",  # it does not let us in
    "3D000",  # the database is not there
    "40",  # deadlock, serialization: the same transaction may succeed next time
    "53",  # no room, no memory, no connection left
    "55P03",  # somebody holds the lock
    "57",  # an operator or a shutdown intervened
    "58",  # disk and files
)
_AWAY_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
_OURS = [Path(__file__).parents[2] / name for name in ("shared", "services", "deploy", "tests")]
_PRIMARY_CODE = 0xFF
"""SQLite's extended codes carry the primary one in the lowest byte."""


def code_of(error: BaseException) -> str:
    """Return what may be stored and logged of `error`: its code, else the name of its class.

    Never its words: a database quotes the row in them, and so perhaps a person.
    """
    return error.code if isinstance(error, AppError) else type(error).__name__


def place_of(error: BaseException) -> str:
    """Return our own innermost line that led to `error`, as `file.py:line`, for a log line.

    A library's own, where none of ours is on the way.
    """
    lines = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)]
    ours = [(file, line) for file, line in lines if any(map(file.is_relative_to, _OURS))]
    for file, line in reversed(ours or lines):
        return f"{file.name}:{line}"
    return "?"


def is_outage(error: BaseException) -> bool:
    """Whether something is away (database, disk, network), so that the same work can wait.

    False means that the entry itself can't be applied, now or later.
    """
    if isinstance(error, sa.exc.DBAPIError):
        return error.connection_invalidated or _is_driver_outage(error.orig)
    return isinstance(error, sa.exc.TimeoutError | Unavailable | OSError | MemoryError)


def _is_driver_outage(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE in _AWAY_SQLITE
    state = getattr(error, "pgcode", None)
    if state is None:  # the server could not even answer
        return type(error).__name__ in {"OperationalError", "InterfaceError"}
    return str(state).startswith(_AWAY_SQLSTATES)
