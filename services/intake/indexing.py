"""Keeping the index of like opinions up to date with the log, or making it anew.

Each log is read from where the index stands. Under another key or by another algorithm it
begins again, as it does when its row of `likeness_cursor` is deleted: nothing else is to be
done after a rotation of the vault's key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from services.intake import likeness_index
from services.intake.likeness_index import Sketched
from services.intake.sketch import LABEL, key_id, sketch
from services.intake.tables import likeness_cursor
from shared.contracts.intake import OpinionReceived
from shared.eventlog import NOTHING, Entry, EventLog
from shared.eventlog.execute import actor_of
from shared.kernel.errors import LogTampered, NotFound, Unavailable
from shared.runtime import Runtime
from shared.vault import Purpose

INDEX_EVERY_S = 10.0
PAGE_ENTRIES = 200
"""Entries of a log taken in one transaction."""
PAGES_WHEN_ASKED = 5
"""What a question itself takes in before it is answered; the rest is the timer's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexKey:
    """The key that sketches are made with."""

    key: bytes = field(repr=False)
    name: str


def index_key(runtime: Runtime) -> IndexKey:
    """Return the key of the index, which is made from that of the vault."""
    key = runtime.vault.derived_key(LABEL)
    return IndexKey(key=key, name=key_id(key))


def catch_up(runtime: Runtime) -> None:
    """Bring the index up to date with every log, page by page."""
    for province in runtime.ledger.logs:
        while take_page(runtime, province):
            pass


def catch_up_a_little(runtime: Runtime, province: str) -> None:
    """Take in what is new in one log, at most `PAGES_WHEN_ASKED`, before it is asked."""
    for _ in range(PAGES_WHEN_ASKED):
        if not take_page(runtime, province):
            return


def take_page(runtime: Runtime, province: str) -> bool:
    """Take in one page of a log; return whether there may be more.

    Two that do it at the same time don't do it twice: the cursor moves first.
    """
    log, key = runtime.ledger.log(province), index_key(runtime)
    with runtime.store.read() as connection:
        position = _position(connection, log, key)
    entries = log.read(position, PAGE_ENTRIES)
    if not entries:
        return False
    with runtime.store.write() as tx:
        if not _moved(tx.connection, log, key, position, entries[-1].position):
            return True
        likeness_index.add(
            tx.connection, log.log_no, _sketched(runtime, tx.connection, key, entries)
        )
    return True


def _position(connection: sa.Connection, log: EventLog, key: IndexKey) -> int:
    stands: int | None = connection.scalar(
        sa.select(likeness_cursor.c.position).where(
            likeness_cursor.c.log_no == log.log_no, likeness_cursor.c.key_id == key.name
        )
    )
    return NOTHING if stands is None else stands


def _moved(connection: sa.Connection, log: EventLog, key: IndexKey, position: int, to: int) -> bool:
    """Move the cursor from `position`; return False when somebody else has moved it."""
    if position == NOTHING:
        begun = connection.execute(
            _BEGIN, {"log_no": log.log_no, "key_id": key.name, "position": to}
        )
        if is_mine := begun.rowcount == 1:
            likeness_index.forget_log(connection, log.log_no)
        return is_mine
    here = sa.and_(
        likeness_cursor.c.log_no == log.log_no,
        likeness_cursor.c.key_id == key.name,
        likeness_cursor.c.position == position,
    )
    moved = connection.execute(likeness_cursor.update().where(here).values(position=to))
    return moved.rowcount == 1


_BEGIN = sa.text(
    "INSERT INTO likeness_cursor (log_no, key_id, position) VALUES (:log_no, :key_id, :position) "
    "ON CONFLICT (log_no) DO UPDATE SET key_id = excluded.key_id, position = excluded.position "
    "WHERE likeness_cursor.key_id <> excluded.key_id"
)


def _sketched(
    runtime: Runtime, connection: sa.Connection, key: IndexKey, entries: Sequence[Entry]
) -> list[Sketched]:
    found = []
    for entry in entries:
        if entry.document.get("type") != OpinionReceived.__name__:
            continue
        event = entry.recorded().event
        if not isinstance(event, OpinionReceived) or event.text is None:
            continue
        text_id = event.text.text_id
        made = _sketch_of(runtime, connection, key, text_id)
        if made is not None:
            found.append(
                Sketched(
                    position=entry.position,
                    opinion_id=event.opinion_id,
                    text_id=text_id,
                    sketch=made,
                )
            )
    return found


def _sketch_of(
    runtime: Runtime, connection: sa.Connection, key: IndexKey, text_id: str
) -> bytes | None:
    """Return the sketch of a text; None where nothing can be read, now or for ever.

    What is wrong with such a text is for those to hear who want to read it.
    """
    try:
        text = runtime.vault.read(
            connection,
            text_id=text_id,
            reader=actor_of(runtime.name),
            purpose=Purpose.INDEXING,
        )
    except (NotFound, Unavailable, LogTampered):
        return None
    return sketch(text, key.key)
