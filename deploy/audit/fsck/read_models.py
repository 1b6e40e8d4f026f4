"""Read models: built again from the logs in a database of our own, and compared row by row."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from deploy.audit.archive import Archive, service_of
from deploy.audit.fsck.check import ATTEMPTS, ROWS_AT_ONCE, Check
from deploy.directory import definition_of
from services.assignment import tables as assignment
from services.intake import tables as intake
from services.reporting import tables as reporting
from services.sessions import tables as sessions
from shared.eventlog import Entry, Recorded
from shared.kernel.errors import ContractError, LogTampered
from shared.store import Store

INLINE: Mapping[str, tuple[sa.Table, ...]] = {
    "intake": (
        intake.opinion,
        intake.opinion_text,
        intake.topic,
        intake.topic_opinion,
        intake.sentiment,
    ),
    "sessions": (
        sessions.session,
        sessions.attendance,
        sessions.session_opinion,
        sessions.conclusion,
        sessions.commitment,
        sessions.amendment,
        sessions.minutes,
        sessions.session_topic,
        sessions.stated_commitment,
        sessions.obligation,
    ),
    "assignment": (
        assignment.assignment,
        assignment.assignment_agency,
        assignment.assignment_leg,
        assignment.contribution,
        assignment.assignment_text,
        assignment.triage,
        assignment.opinion_lead,
        assignment.feed,
        assignment.feed_entry,
    ),
    "reporting": (reporting.published_report,),
}
"""Every table that a service keeps in the transaction of its own appends, and nothing else."""


def check_read_models(
    check: Check, service: str, store: Store, archives: Sequence[Archive]
) -> None:
    """Build the read model of `service` from its logs again, and compare it with `store`."""
    mine = [archive for archive in archives if service_of(archive) == service]
    tables = INLINE[service]
    with _database() as database, database.begin() as connection:
        copies = [_copied(connection, table) for table in tables]
        sizes = _copy(connection, store, list(zip(tables, copies, strict=True)), mine)
        if sizes is None:
            check.found("fsck.moving", service, is_proof=False)
            return
        for table in tables:
            table.create(connection)
        for archive in mine:
            _replay(check, service, connection, archive, sizes[archive.origin])
        for table, copy in zip(tables, copies, strict=True):
            _compare(check, service, connection, table, copy)


def _copied(connection: sa.Connection, table: sa.Table) -> sa.Table:
    """Return a table of our own that takes the rows of `table`, whatever they say."""
    columns = [
        sa.Column(column.name, column.type, primary_key=column.primary_key, autoincrement=False)
        for column in table.columns
    ]
    copy = sa.Table(f"stored_{table.name}", sa.MetaData(), *columns)
    copy.create(connection)
    return copy


def _copy(
    connection: sa.Connection,
    store: Store,
    tables: Sequence[tuple[sa.Table, sa.Table]],
    archives: Sequence[Archive],
) -> Mapping[str, int] | None:
    """Copy all rows; return the sizes of the logs that they belong to.

    None when the logs never stood still. A read model moves together with its log, so while
    no log does, neither do the tables.
    """
    for _ in range(ATTEMPTS):
        sizes = {archive.origin: archive.size() for archive in archives}
        for table, copy in tables:
            connection.execute(copy.delete())
            for rows in _rows(store, table):
                connection.execute(copy.insert(), rows)
        if sizes == {archive.origin: archive.size() for archive in archives}:
            return sizes
    return None


@contextmanager
def _database() -> Iterator[sa.Engine]:
    """Yield a database that is gone afterwards."""
    with TemporaryDirectory(prefix="doithoai-fsck-") as folder:
        engine = sa.create_engine(f"sqlite:///{Path(folder) / 'again.db'}", hide_parameters=True)
        try:
            yield engine
        finally:
            engine.dispose()


def _replay(
    check: Check, service: str, connection: sa.Connection, archive: Archive, size: int
) -> None:
    apply = definition_of(service).read_model
    recorded = _recorded(check, archive, size)
    while page := list(islice(recorded, ROWS_AT_ONCE)):
        try:
            with connection.begin_nested():
                apply(connection, page)
        except sa.exc.IntegrityError:
            check.found("fsck.not_replayable", archive.origin, page[0].position)
            return


def _recorded(check: Check, archive: Archive, size: int) -> Iterator[Recorded]:
    position = 0
    try:
        for position, content in enumerate(archive.entries(0, size)):
            yield Entry(archive.origin, position, content).recorded()
    except (ContractError, LogTampered):
        check.found("fsck.not_replayable", archive.origin, position)


def _compare(
    check: Check, service: str, connection: sa.Connection, table: sa.Table, stored: sa.Table
) -> None:
    """Find rows of `table` that aren't the same, by its key."""
    key = [column.name for column in table.primary_key]
    differing = sa.union(
        *(
            sa.select(*(one.c[name] for name in key))
            for one in (
                sa.except_(sa.select(table), sa.select(stored)).subquery(),
                sa.except_(sa.select(stored), sa.select(table)).subquery(),
            )
        )
    )
    for row in connection.execute(differing.order_by(*key)).yield_per(ROWS_AT_ONCE):
        kept, again = (_row(connection, each, row) for each in (stored, table))
        check.found(
            "fsck.read_model_differs",
            check.log_of(service, _province(connection, INLINE[service], kept or again)),
            (kept or again).get("position"),
            table=table.name,
            row=" ".join(map(str, row)),
            columns=", ".join(_differing(kept, again)) or "*",
        )


def _rows(store: Store, table: sa.Table) -> Iterator[list[dict[str, Any]]]:
    """Yield all rows of `table`, page by page in the order of its key."""
    key = list(table.primary_key)
    query = sa.select(table).order_by(*key).limit(ROWS_AT_ONCE)
    following = query
    while True:
        with store.read() as connection:
            rows = [dict(row) for row in connection.execute(following).mappings()]
        if not rows:
            return
        yield rows
        last = [rows[-1][column.name] for column in key]
        following = query.where(sa.tuple_(*key) > sa.tuple_(*last))


def _row(connection: sa.Connection, table: sa.Table, key: sa.Row[Any]) -> Mapping[str, Any]:
    is_it = (column == value for column, value in zip(table.primary_key, key, strict=True))
    found = connection.execute(sa.select(table).where(*is_it)).mappings().one_or_none()
    return {} if found is None else dict(found)


def _differing(kept: Mapping[str, Any], again: Mapping[str, Any]) -> list[str]:
    return [name for name in kept if name in again and kept[name] != again[name]]


def _province(
    connection: sa.Connection, tables: Sequence[sa.Table], row: Mapping[str, Any]
) -> object:
    """Return whose row it is: as it says, or as the row says that it belongs to."""
    if "province" in row:
        return row["province"]
    for table in tables:
        key = list(table.primary_key)
        if "province" in table.c and len(key) == 1 and key[0].name in row:
            query = sa.select(table.c.province).where(key[0] == row[key[0].name])
            if province := connection.scalar(query):
                return province
    return None
