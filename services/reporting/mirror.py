"""What Reporting holds of the checkpoints of the logs that it copies, and what it disputes.

`collecting` brings the owners' notes, `cosigning` judges them: the one has no key, the other
no network. They meet here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from services.reporting.journal import LOGS_MAX, JournalLog, log_of
from services.reporting.tables import cosigned_note, dispute, journal_log, mirror
from shared.store import Store

PAGE_NOTES = 200
NOWHERE = -1
"""Place of the first entry that differs, where it was looked for and isn't known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A note as its owner gave it, not judged yet."""

    note: bytes
    keys: tuple[str, ...]
    """The verifier keys that the owner states."""
    after: int
    """Entries that were cosigned when it was asked for: of less the owner can't honestly speak."""
    handovers: bytes = b""
    """What the owner's keys said of those that follow them, not judged yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """The last note that was cosigned."""

    note: bytes
    size: int
    by: str
    """The verifier key of our cosignature."""
    at: str
    tree: bytes
    """`Tree.encode` of the first `size` entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Why a log is cosigned no more, with the note that was believed and the one that was not."""

    reason: str
    position: int | None
    """Of the first entry that differs; None before it was looked for, `NOWHERE` in vain."""
    known: bytes
    """Empty when nothing had been cosigned."""
    other: bytes
    found_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirrored:
    """One log, and how far it is cosigned."""

    log: JournalLog
    waiting: Waiting | None
    cosigned: Cosigned | None
    dispute: Dispute | None

    @property
    def origin(self) -> str:
        """Its name."""
        return self.log.origin


def mirrored(
    store: Store,
    service: str | None = None,
    *,
    origin: str | None = None,
    is_due: bool = False,
) -> list[Mirrored]:
    """Return the logs that are copied, by origin; at most 1,000.

    Of `service` and called `origin`, where these are given; with `is_due` only those of which
    a note waits, or that are disputed.
    """
    query = (
        sa.select(
            journal_log,
            *(column for column in mirror.c if column.name != "origin_no"),
            *(column for column in dispute.c if column.name != "origin_no"),
        )
        .select_from(journal_log.outerjoin(mirror).outerjoin(dispute))
        .limit(LOGS_MAX)
    )
    if service is not None:
        query = query.where(journal_log.c.service == service)
    if origin is not None:
        query = query.where(journal_log.c.origin == origin)
    if is_due:
        query = query.where(sa.or_(mirror.c.waiting.is_not(None), dispute.c.reason.is_not(None)))
    with store.read() as connection:
        found = [_mirrored(row) for row in connection.execute(query)]
    return sorted(found, key=lambda each: each.origin)


def cosigned_at(store: Store, origin: str, size: int) -> bytes | None:
    """Return the note of that size about a log that was cosigned; None when there is none."""
    query = (
        sa.select(cosigned_note.c.note)
        .join(journal_log, journal_log.c.origin_no == cosigned_note.c.origin_no)
        .where(journal_log.c.origin == origin, cosigned_note.c.size == size)
    )
    with store.read() as connection:
        note = connection.scalar(query)
    return None if note is None else bytes(note)


def cosigned_after(store: Store, log: JournalLog, size: int) -> list[tuple[int, bytes]]:
    """Return up to 200 notes that were cosigned, each with its size, from after `size` on."""
    query = (
        sa.select(cosigned_note.c.size, cosigned_note.c.note)
        .where(cosigned_note.c.origin_no == log.origin_no, cosigned_note.c.size > size)
        .order_by(cosigned_note.c.size)
        .limit(PAGE_NOTES)
    )
    with store.read() as connection:
        return [(row.size, bytes(row.note)) for row in connection.execute(query)]


def is_kept(store: Store) -> bool:
    """Return whether the database has a mirror: an older release's has none."""
    with store.read() as connection:
        return sa.inspect(connection).has_table(cosigned_note.name)


def disputes(store: Store) -> int:
    """Return how many logs are disputed."""
    with store.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(dispute)).scalar_one())


def wait(store: Store, log: JournalLog, waiting: Waiting) -> None:
    """Keep a note to be judged."""
    values = {
        "waiting": waiting.note,
        "waiting_keys": "\n".join(waiting.keys),
        "waiting_after": waiting.after,
        "waiting_handovers": waiting.handovers,
    }
    with store.write() as tx:
        _set(tx.connection, log, values)


def drop(store: Store, log: JournalLog) -> None:
    """Keep no longer the note that waits: there is nothing to it."""
    with store.write() as tx:
        _set(tx.connection, log, _NOTHING_WAITS)


def publish(store: Store, log: JournalLog, cosigned: Cosigned) -> None:
    """Make what was cosigned public; nothing waits then."""
    with store.write() as tx:
        tx.connection.execute(
            sa.text(
                "INSERT INTO cosigned_note (origin_no, size, note) "
                "VALUES (:origin_no, :size, :note) "
                "ON CONFLICT (origin_no, size) DO UPDATE SET note = excluded.note"
            ),
            {"origin_no": log.origin_no, "size": cosigned.size, "note": cosigned.note},
        )
        _set(
            tx.connection,
            log,
            {
                **_NOTHING_WAITS,
                "tree": cosigned.tree,
                "cosigned": cosigned.note,
                "cosigned_size": cosigned.size,
                "cosigned_by": cosigned.by,
                "cosigned_at": cosigned.at,
            },
        )


def report(store: Store, log: JournalLog, found: Dispute) -> None:
    """Keep for all to see that the log is cosigned no more; nothing waits then."""
    with store.write() as tx:
        tx.connection.execute(dispute.delete().where(dispute.c.origin_no == log.origin_no))
        row = {
            "origin_no": log.origin_no,
            "reason": found.reason,
            "position": found.position,
            "known_note": found.known,
            "other_note": found.other,
            "found_at": found.found_at,
        }
        tx.connection.execute(dispute.insert(), row)
        tx.connection.execute(
            mirror.update().where(mirror.c.origin_no == log.origin_no).values(_NOTHING_WAITS)
        )


def locate(store: Store, log: JournalLog, position: int) -> None:
    """Keep which entry of a disputed log is the first that differs."""
    with store.write() as tx:
        tx.connection.execute(
            dispute.update().where(dispute.c.origin_no == log.origin_no).values(position=position)
        )


def settle(store: Store, log: JournalLog) -> None:
    """Keep no longer that the log is disputed: people have looked."""
    with store.write() as tx:
        tx.connection.execute(dispute.delete().where(dispute.c.origin_no == log.origin_no))


_NOTHING_WAITS: Mapping[str, Any] = dict.fromkeys(
    ("waiting", "waiting_keys", "waiting_after", "waiting_handovers")
)


def _set(connection: sa.Connection, log: JournalLog, values: Mapping[str, Any]) -> None:
    connection.execute(
        sa.text(
            "INSERT INTO mirror (origin_no) VALUES (:origin_no) ON CONFLICT (origin_no) DO NOTHING"
        ),
        {"origin_no": log.origin_no},
    )
    connection.execute(
        mirror.update().where(mirror.c.origin_no == log.origin_no).values(dict(values))
    )


def _mirrored(row: sa.Row[Any]) -> Mirrored:
    return Mirrored(
        log=log_of(row), waiting=_waiting(row), cosigned=_cosigned(row), dispute=_dispute(row)
    )


def _waiting(row: sa.Row[Any]) -> Waiting | None:
    if row.waiting is None:
        return None
    keys: Sequence[str] = row.waiting_keys.split("\n") if row.waiting_keys else ()
    return Waiting(
        note=bytes(row.waiting),
        keys=tuple(keys),
        after=row.waiting_after,
        handovers=bytes(row.waiting_handovers or b""),
    )


def _cosigned(row: sa.Row[Any]) -> Cosigned | None:
    if row.cosigned is None:
        return None
    return Cosigned(
        note=bytes(row.cosigned),
        size=row.cosigned_size,
        by=row.cosigned_by,
        at=row.cosigned_at,
        tree=bytes(row.tree),
    )


def _dispute(row: sa.Row[Any]) -> Dispute | None:
    if row.reason is None:
        return None
    return Dispute(
        reason=row.reason,
        position=row.position,
        known=bytes(row.known_note),
        other=bytes(row.other_note),
        found_at=row.found_at,
    )
