"""Keys that sign what goes out: made here, wrapped like every other, and never shown again.

They lie beside the keys of the texts, so that changing the deployment's key wraps them
anew as well, and a copy of the database without its key opens none of them.
"""

import secrets
from datetime import datetime

import sqlalchemy as sa

from shared.kernel.errors import Unavailable
from shared.kernel.ids import new_id
from shared.vault import records
from shared.vault.keyring import KeyRing
from shared.vault.sealing import KEY_BYTES
from shared.vault.tables import VaultTables

_PREFIX = "signing:"
"""No text is called so."""


class SigningKeys:
    """The signing keys of one service. The caller owns the transaction."""

    __slots__ = ("_owner", "_ring", "_tables")

    def __init__(self, tables: VaultTables, owner: str, ring: KeyRing) -> None:
        self._tables = tables
        self._owner = owner
        self._ring = ring

    def make(self, connection: sa.Connection, at: datetime) -> tuple[str, bytes]:
        """Return the id of a new key, and its 32 bytes."""
        key_id, key = f"{_PREFIX}{new_id(at)}", secrets.token_bytes(KEY_BYTES)
        row = records.KeyRow(
            text_id=key_id,
            wrapping_key_id=self._ring.current_id,
            wrapped=self._ring.wrap(key, owner=self._owner, text_id=key_id),
        )
        records.insert_key(connection, self._tables, row)
        return key_id, key

    def get(self, connection: sa.Connection, key_id: str) -> bytes:
        """Return the key.

        Raises:
            Unavailable: `vault.key_lost` when it is not there (any more); `vault.key_wrong`,
                the deployment's key is another one.
            LogTampered: `vault.text_tampered`.

        """
        row = records.select_key(connection, self._tables, key_id)
        if row is None:
            raise Unavailable("vault.key_lost", text_id=key_id)
        return self._ring.unwrap(
            row.wrapped, row.wrapping_key_id, owner=self._owner, text_id=key_id
        )

    def destroy(self, connection: sa.Connection, key_id: str) -> None:
        """Destroy the key for good, if it is there."""
        records.destroy_key(connection, self._tables, key_id)
