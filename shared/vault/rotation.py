"""Changing the deployment's key: the records' keys are wrapped anew, page by page."""

from collections.abc import Iterator
from dataclasses import replace

import sqlalchemy as sa

from shared.kernel.errors import Unavailable
from shared.vault import records
from shared.vault.keyring import KeyRing, key_id_of
from shared.vault.tables import VaultTables


def check_keys(connection: sa.Connection, tables: VaultTables, ring: KeyRing) -> None:
    """Return when every record's key is wrapped by a key on `ring`.

    Raises:
        Unavailable: `vault.key_wrong`.

    """
    for key_id in _wrapping_key_ids(connection, tables):
        if not ring.knows(key_id):
            raise Unavailable("vault.key_wrong", key_id=key_id)


def rewrap(
    connection: sa.Connection,
    tables: VaultTables,
    *,
    owner: str,
    old: bytes,
    new: bytes,
    limit: int,
) -> int:
    """Wrap up to `limit` records' keys by `new` instead of `old`; return how many.

    Raises:
        Unavailable: `vault.key_wrong` when nothing is left for `old` to open, and still
            some key is wrapped by neither.

    """
    ring = KeyRing(new, old)
    page = records.select_keys_wrapped_by(connection, tables, key_id_of(old), limit)
    if new == old or not page:
        check_keys(connection, tables, ring)
        return 0
    records.update_keys(connection, tables, [_rewrapped(ring, key, owner) for key in page])
    return len(page)


def _rewrapped(ring: KeyRing, key: records.KeyRow, owner: str) -> records.KeyRow:
    data_key = ring.unwrap(key.wrapped, key.wrapping_key_id, owner=owner, text_id=key.text_id)
    wrapped = ring.wrap(data_key, owner=owner, text_id=key.text_id)
    return replace(key, wrapping_key_id=ring.current_id, wrapped=wrapped)


def _wrapping_key_ids(connection: sa.Connection, tables: VaultTables) -> Iterator[str]:
    # Few ids over millions of rows: from one to the next by the index, never a scan.
    key_id = records.select_next_wrapping_key_id(connection, tables, "")
    while key_id is not None:
        yield key_id
        key_id = records.select_next_wrapping_key_id(connection, tables, key_id)
