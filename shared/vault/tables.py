"""The three tables of a vault, in the MetaData of the service that owns the texts."""

from dataclasses import dataclass

import sqlalchemy as sa

_KEY_CHARACTERS = 120
_INSTANT_CHARACTERS = 27


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultTables:
    """A vault's tables."""

    text: sa.Table
    key: sa.Table
    access: sa.Table


def vault_tables(metadata: sa.MetaData) -> VaultTables:
    """Return the vault's tables, added to `metadata`.

    Instants are RFC 3339 text in UTC with microseconds, which sorts as time does.
    """
    text = sa.Table(
        "vault_text",
        metadata,
        sa.Column("text_id", sa.String(_KEY_CHARACTERS), primary_key=True),
        sa.Column("province", sa.String(_KEY_CHARACTERS), nullable=False),
        sa.Column("visibility", sa.String(20), nullable=False),
        sa.Column("commitment", sa.String(64), nullable=False),
        # Salt and text, encrypted. NULL in a tombstone.
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("stored_at", sa.String(_INSTANT_CHARACTERS), nullable=False),
        sa.Column("erased_at", sa.String(_INSTANT_CHARACTERS)),
    )
    # No foreign key to vault_text: the table is backed up and restored on its own.
    key = sa.Table(
        "vault_key",
        metadata,
        sa.Column("text_id", sa.String(_KEY_CHARACTERS), primary_key=True),
        sa.Column("wrapping_key_id", sa.String(16), nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Index("ix_vault_key_wrapping_key_id", "wrapping_key_id", "text_id"),
    )
    access = sa.Table(
        "vault_access",
        metadata,
        sa.Column("access_id", sa.String(36), primary_key=True),
        sa.Column("text_id", sa.String(_KEY_CHARACTERS), nullable=False),
        sa.Column("reader", sa.String(_KEY_CHARACTERS), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("at", sa.String(_INSTANT_CHARACTERS), nullable=False),
        sa.Index("ix_vault_access_text_id", "text_id", "at"),
    )
    return VaultTables(text=text, key=key, access=access)
