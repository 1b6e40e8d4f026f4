"""The vault's queries, one function each. Only sealed bytes pass through here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from shared.store import insert_if_free
from shared.vault.tables import VaultTables


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """A row of `vault_text`."""

    text_id: str
    province: str
    visibility: str
    commitment: str
    sealed: bytes | None = field(repr=False)
    stored_at: str
    erased_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """A row of `vault_key`."""

    text_id: str
    wrapping_key_id: str
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRow:
    """A row of `vault_access`."""

    access_id: str
    text_id: str
    reader: str
    purpose: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A text and its key; without one it was erased, or the key table is not restored."""

    text: TextRow
    key: KeyRow | None


def select_records(
    connection: sa.Connection, tables: VaultTables, text_ids: Sequence[str]
) -> dict[str, Record]:
    """Return the records of those `text_ids` that are there."""
    query = (
        sa.select(tables.text, tables.key.c.wrapping_key_id, tables.key.c.wrapped)
        .outerjoin(tables.key, tables.key.c.text_id == tables.text.c.text_id)
        .where(tables.text.c.text_id.in_(text_ids))
    )
    return {row.text_id: _record(row) for row in connection.execute(query)}


def insert_records(
    connection: sa.Connection, tables: VaultTables, records: Sequence[Record]
) -> set[str]:
    """Insert those whose id is free; return their ids. Somebody else was first with others."""
    query = insert_if_free(connection, tables.text).returning(tables.text.c.text_id)
    texts = [_columns(record.text) for record in records]
    inserted = set(connection.execute(query, texts).scalars())
    keys = [
        _columns(record.key)
        for record in records
        if record.key is not None and record.text.text_id in inserted
    ]
    if keys:
        connection.execute(tables.key.insert(), keys)
    return inserted


def insert_key(connection: sa.Connection, tables: VaultTables, key: KeyRow) -> None:
    """Insert a key that belongs to no text."""
    connection.execute(tables.key.insert(), _columns(key))


def select_key(connection: sa.Connection, tables: VaultTables, key_id: str) -> KeyRow | None:
    """Return one key."""
    query = sa.select(tables.key).where(tables.key.c.text_id == key_id)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else KeyRow(**row)


def insert_access(connection: sa.Connection, tables: VaultTables, access: AccessRow) -> None:
    """Log one reading."""
    connection.execute(tables.access.insert(), _columns(access))


def select_accesses(
    connection: sa.Connection, tables: VaultTables, text_id: str, limit: int
) -> list[AccessRow]:
    """Return the latest readings of one text, latest first."""
    query = (
        sa.select(tables.access)
        .where(tables.access.c.text_id == text_id)
        .order_by(tables.access.c.at.desc(), tables.access.c.access_id.desc())
        .limit(limit)
    )
    return [AccessRow(**row) for row in connection.execute(query).mappings()]


def destroy_key(connection: sa.Connection, tables: VaultTables, text_id: str) -> bool:
    """Destroy one record's key; return whether there was one.

    Overwritten first: SQLite leaves a deleted row's bytes in the page.
    """
    key = tables.key
    here = key.c.text_id == text_id
    if connection.dialect.name == "sqlite":
        blank = sa.func.zeroblob(sa.func.length(key.c.wrapped))
        connection.execute(sa.update(key).where(here).values(wrapped=blank))
    return connection.execute(sa.delete(key).where(here)).rowcount > 0


def bury_text(connection: sa.Connection, tables: VaultTables, text_id: str, at: str) -> bool:
    """Make the row a tombstone; return whether it was none before."""
    query = (
        sa.update(tables.text)
        .where(tables.text.c.text_id == text_id, tables.text.c.erased_at.is_(None))
        .values(erased_at=at, sealed=None)
    )
    return connection.execute(query).rowcount > 0


def select_keys_wrapped_by(
    connection: sa.Connection, tables: VaultTables, wrapping_key_id: str, limit: int
) -> list[KeyRow]:
    """Return the first keys, by text id, that one wrapping key wraps."""
    query = (
        sa.select(tables.key)
        .where(tables.key.c.wrapping_key_id == wrapping_key_id)
        .order_by(tables.key.c.text_id)
        .limit(limit)
    )
    return [KeyRow(**row) for row in connection.execute(query).mappings()]


def update_keys(connection: sa.Connection, tables: VaultTables, keys: Sequence[KeyRow]) -> None:
    """Replace the wrapping of `keys`; a key destroyed meanwhile stays destroyed."""
    query = (
        sa.update(tables.key)
        .where(tables.key.c.text_id == sa.bindparam("of_text_id"))
        .values(
            wrapping_key_id=sa.bindparam("by_wrapping_key_id"), wrapped=sa.bindparam("as_wrapped")
        )
    )
    rows = [
        {
            "of_text_id": key.text_id,
            "by_wrapping_key_id": key.wrapping_key_id,
            "as_wrapped": key.wrapped,
        }
        for key in keys
    ]
    connection.execute(query, rows)


def select_next_wrapping_key_id(
    connection: sa.Connection, tables: VaultTables, after: str
) -> str | None:
    """Return the least wrapping key id in use that is greater than `after`."""
    key_id = tables.key.c.wrapping_key_id
    query = sa.select(sa.func.min(key_id)).where(key_id > after)
    found: str | None = connection.execute(query).scalar_one()
    return found


def _record(row: sa.Row[Any]) -> Record:
    text = TextRow(
        text_id=row.text_id,
        province=row.province,
        visibility=row.visibility,
        commitment=row.commitment,
        sealed=row.sealed,
        stored_at=row.stored_at,
        erased_at=row.erased_at,
    )
    if row.wrapped is None:
        return Record(text=text, key=None)
    key = KeyRow(text_id=row.text_id, wrapping_key_id=row.wrapping_key_id, wrapped=row.wrapped)
    return Record(text=text, key=key)


def _columns(row: TextRow | KeyRow | AccessRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).__dataclass_fields__}
