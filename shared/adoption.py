"""Recording in a log which reference files are in use, and keeping their bytes for ever.

A service does it as it opens, before anything else can be recorded: no event ever names
a version that its log has not adopted, and every version ever adopted can be read again.
"""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from shared.contracts.operations import ReferenceAdopted
from shared.eventlog import NOTHING, EventLog, Task, execute
from shared.eventlog.tables import REFUSE_CHANGE_POSTGRESQL
from shared.kernel.errors import LogTampered, NotFound, Refused
from shared.kernel.ids import derived_id
from shared.references import ADOPTION, ReferenceFile, stream_of

_log = logging.getLogger(__name__)

FILE_IS_FINAL_POSTGRESQL = (
    REFUSE_CHANGE_POSTGRESQL[0],  # the function: this table may be made before the log's
    """CREATE TRIGGER reference_file_is_final BEFORE UPDATE OR DELETE OR TRUNCATE
ON reference_file FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)
FILE_IS_FINAL_SQLITE = tuple(
    f"CREATE TRIGGER reference_file_is_final_{verb.lower()} BEFORE {verb} ON reference_file "
    "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
    for verb in ("UPDATE", "DELETE")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceTables:
    """The bytes of every reference file that any log of the service ever adopted."""

    file: sa.Table


def reference_tables(metadata: sa.MetaData) -> ReferenceTables:
    """Add the table to `metadata` and return it."""
    file = sa.Table(
        "reference_file",
        metadata,
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name="reference_file_sha256_length"),
    )
    for dialect, statements in (
        ("postgresql", FILE_IS_FINAL_POSTGRESQL),
        ("sqlite", FILE_IS_FINAL_SQLITE),
    ):
        for statement in statements:
            ddl = sa.DDL(statement)  # type: ignore[no-untyped-call]
            sa.event.listen(file, "after_create", ddl.execute_if(dialect=dialect))
    return ReferenceTables(file=file)


def adopt(log: EventLog, tables: ReferenceTables, files: Sequence[ReferenceFile]) -> None:
    """Record in `log` each of `files` that it has not adopted last, and keep their bytes.

    In a transaction of its own, under the log's lock, so that of two processes that start
    together one records and the other finds it done. With nothing new nothing is locked or
    written. A frozen log stays as it is.
    """
    with log.store.read() as connection:
        if not _tasks(log, connection, files):
            return
    try:
        with log.store.write() as tx:
            log.lock(tx)  # before looking again: what is adopted must not change until we are done
            tasks = _tasks(log, tx.connection, files)
            recorded = {task.command.sha256 for task in tasks}
            _keep(tx.connection, tables, (file for file in files if file.sha256 in recorded))
            execute(log, tx, ADOPTION, tasks)
    except Refused as refused:
        if refused.code != "eventlog.frozen":
            raise
        _log.info("%s is frozen: no reference adopted", log.origin)


def stored(connection: sa.Connection, tables: ReferenceTables, sha256: str) -> bytes:
    """Return the bytes of the reference file that has this hash.

    Raises:
        NotFound: `reference.unknown`.
        LogTampered: `reference.copy_differs` when they are no longer those.

    """
    columns = tables.file.c
    content = connection.scalar(sa.select(columns.content).where(columns.sha256 == sha256))
    if content is None:
        raise NotFound("reference.unknown")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise LogTampered("reference.copy_differs", sha256=sha256)
    return bytes(content)


def copies(
    connection: sa.Connection, tables: ReferenceTables, hashes: Sequence[str]
) -> dict[str, bytes]:
    """Return the bytes kept under each of `hashes`, unchecked, as `findings` wants them."""
    columns = tables.file.c
    rows = connection.execute(
        sa.select(columns.sha256, columns.content).where(columns.sha256.in_(hashes))
    )
    return {row.sha256: _bytes(row.content) for row in rows}


def _bytes(content: bytes | memoryview | str) -> bytes:
    """Return what is kept; an edit by hand may have left text in its place."""
    return content.encode() if isinstance(content, str) else bytes(content)


def _tasks(
    log: EventLog, connection: sa.Connection, files: Iterable[ReferenceFile]
) -> list[Task[ReferenceAdopted]]:
    """Return an adoption for each of `files` that is not the version adopted last."""
    wanted = {stream_of(file.name): file for file in files}
    tasks = []
    for stream, entries in log.load(connection, wanted).items():
        file = wanted[stream]
        last = entries[-1].recorded() if entries else None
        if last and isinstance(last.event, ReferenceAdopted) and last.event.version == file.version:
            continue
        version = last.version if last else NOTHING
        tasks.append(
            Task(
                stream=stream,
                command=file.adoption(),
                # With the version before: what returns after another is adopted anew.
                command_id=derived_id(log.origin, stream, str(version), file.version),
                actor=f"service:{log.origin.rpartition('/')[2]}",
                at=log.clock(),
            )
        )
    return tasks


def _keep(
    connection: sa.Connection, tables: ReferenceTables, files: Iterable[ReferenceFile]
) -> None:
    rows = [
        {"sha256": file.sha256, "kind": file.kind.value, "content": file.content} for file in files
    ]
    if rows:
        connection.execute(
            sa.text(
                f"INSERT INTO {tables.file.name} (sha256, kind, content) "  # noqa: S608
                "VALUES (:sha256, :kind, :content) ON CONFLICT (sha256) DO NOTHING"
            ),
            rows,
        )
