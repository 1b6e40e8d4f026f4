"""Adding to the journal, and verifying it: only what its owner wrote gets in or passes.

What is authentic is kept, whether its type is known here or not; what is not (a foreign
source, a hole, bytes that are not canonical, a second text at one position) is refused,
which halts that log for all to see. It can't be skipped: the figures would be wrong.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from services.reporting.journal import JournalLog, Kept, log_of
from services.reporting.tables import journal_entry, journal_log
from shared import wire
from shared.contracts import EVENT_TYPES
from shared.eventlog import Entry
from shared.eventlog.proof import leaf_hash
from shared.kernel.errors import ContractError, LogTampered
from shared.store import Transaction
from shared.wire.codec import schema_version

_ORIGIN_PARTS = 3


def keep(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Add entries of one log, in order; those that are there already are compared.

    Raises:
        LogTampered: `journal.foreign_entry` when the envelope names another log,
            `journal.hole` when a position is missing before an entry,
            `journal.rewritten` when another text was kept at its position,
            `journal.not_canonical` when the bytes are not what a log writes,
            `journal.time_went_back`, `journal.id_repeated`.
        ContractError: `contract.*` when a type that is known here has a wrong body.

    """
    if not entries:
        return
    log = _locked(tx.connection, entries[0].origin)
    fresh = [entry for entry in entries if entry.position >= log.size]
    _compare(tx.connection, log, [entry for entry in entries if entry.position < log.size])
    rows = []
    size, last_time = log.size, log.last_time
    for entry in fresh:
        if entry.origin != log.origin:
            raise LogTampered("journal.foreign_entry", origin=log.origin, position=entry.position)
        if entry.position != size:
            raise LogTampered("journal.hole", origin=log.origin, position=size)
        row = _row(log, entry)
        if row["time"] < last_time:
            raise LogTampered("journal.time_went_back", origin=log.origin, position=size)
        size, last_time = size + 1, row["time"]
        rows.append(row)
    if not rows:
        return
    _refuse_repeated_ids(tx.connection, log, rows)
    tx.connection.execute(journal_entry.insert(), rows)
    tx.connection.execute(
        journal_log.update()
        .where(journal_log.c.origin_no == log.origin_no)
        .values(size=size, last_time=last_time)
    )


def verify(row: Kept, position: int, last_time: str) -> None:
    """Return when `row` is what its log wrote at `position`, and its index is true.

    Raises:
        LogTampered: `journal.leaf_differs`, `journal.hole`, `journal.index_differs`,
            `journal.foreign_entry`, `journal.not_canonical`, `journal.time_went_back`.

    """
    if row.position != position:
        raise LogTampered("journal.hole", origin=row.origin, position=position)
    if leaf_hash(row.content) != row.leaf:
        raise LogTampered("journal.leaf_differs", origin=row.origin, position=position)
    said = _envelope(Entry(row.origin, row.position, row.content))
    kept = (row.event_id, row.type, row.schema_version, row.time)
    if kept != (said["id"], said["type"], said["schemaversion"], said["time"]):
        raise LogTampered("journal.index_differs", origin=row.origin, position=position)
    if row.time < last_time:
        raise LogTampered("journal.time_went_back", origin=row.origin, position=position)


def _locked(connection: sa.Connection, origin: str) -> JournalLog:
    find = sa.select(journal_log).where(journal_log.c.origin == origin).with_for_update()
    row = connection.execute(find).one_or_none()
    if row is None:
        parts = origin.split("/")
        if len(parts) != _ORIGIN_PARTS or not all(parts):
            raise LogTampered("journal.foreign_entry", origin=origin, position=0)
        connection.execute(
            sa.text(
                "INSERT INTO journal_log (origin, province, service) "
                "VALUES (:origin, :province, :service) ON CONFLICT (origin) DO NOTHING"
            ),
            {"origin": origin, "province": parts[1], "service": parts[2]},
        )
        row = connection.execute(find).one()
    return log_of(row)


def _compare(connection: sa.Connection, log: JournalLog, entries: Sequence[Entry]) -> None:
    for entry in entries:
        kept = connection.scalar(
            sa.select(journal_entry.c.leaf).where(
                journal_entry.c.origin_no == log.origin_no,
                journal_entry.c.position == entry.position,
            )
        )
        if kept is None or bytes(kept) != entry.leaf:
            raise LogTampered("journal.rewritten", origin=log.origin, position=entry.position)


def _refuse_repeated_ids(
    connection: sa.Connection, log: JournalLog, rows: Sequence[Mapping[str, Any]]
) -> None:
    ids = [row["event_id"] for row in rows]
    known = connection.scalars(
        sa.select(journal_entry.c.event_id).where(
            journal_entry.c.origin_no == log.origin_no, journal_entry.c.event_id.in_(ids)
        )
    )
    seen = set(known)
    for row in rows:
        if row["event_id"] in seen:
            raise LogTampered("journal.id_repeated", origin=log.origin, position=row["position"])
        seen.add(row["event_id"])


def _envelope(entry: Entry) -> Mapping[str, Any]:
    """Return the entry's document, of the right shape and source."""
    place = {"origin": entry.origin, "position": entry.position}
    try:
        document = entry.document
    except ContractError as error:
        raise LogTampered("journal.not_canonical", **place) from error
    texts = (document.get(name) for name in ("id", "type", "time"))
    if (
        not all(isinstance(text, str) and text for text in texts)
        or not isinstance(document.get("schemaversion"), int)
        or not isinstance(document.get("data"), dict)
    ):
        raise LogTampered("journal.not_canonical", **place)
    if document.get("source") != entry.origin:
        raise LogTampered("journal.foreign_entry", **place)
    return document


def _is_canonical(entry: Entry) -> bool:
    """Tell whether the bytes are the only ones that say what they say.

    Once, when they are kept: a leaf hash then says that they are still the same.
    """
    try:
        return wire.canonical(entry.document) == entry.content
    except ContractError:
        return False


def _row(log: JournalLog, entry: Entry) -> dict[str, Any]:
    document = _envelope(entry)
    if not _is_canonical(entry):
        place = {"origin": entry.origin, "position": entry.position}
        raise LogTampered("journal.not_canonical", **place)
    name, version = document["type"], document["schemaversion"]
    # Once, at the edge: a type or a version from the future is kept as it is.
    if name in EVENT_TYPES and version <= schema_version(name):
        wire.check(name, version, document["data"])
    return {
        "origin_no": log.origin_no,
        "position": entry.position,
        "event_id": document["id"],
        "type": name,
        "schema_version": version,
        "time": document["time"],
        "entry": entry.content,
        "leaf": entry.leaf,
    }
