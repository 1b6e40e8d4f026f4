"""Free texts and personal data, each sealed under a key of its own that can be destroyed.

Events hold a `TextRef`; the words live here, in the owning service's database. Erasing
destroys the key and leaves a tombstone, so no reference and no count changes.

`vault_key` is a table apart: kept out of long-lived backups, it makes an old backup as
erased as the database. After a restore the erasures are replayed (`Vault.erase` again).
PostgreSQL keeps the dead row of a destroyed key until vacuum, SQLite its write-ahead
frame until the next checkpoint: both are sealed by the deployment's key meanwhile.
"""

from shared.vault.keyfile import create_key_file, load_key
from shared.vault.keyring import KeyRing
from shared.vault.narrative import TEXT_MAX_CHARACTERS, checked_text
from shared.vault.purpose import Purpose
from shared.vault.sealing import commitment_of
from shared.vault.signing_keys import SigningKeys
from shared.vault.stored import Access, Disclosure, NewText, StoredText
from shared.vault.tables import VaultTables, vault_tables
from shared.vault.vault import Vault

__all__ = [
    "TEXT_MAX_CHARACTERS",
    "Access",
    "Disclosure",
    "KeyRing",
    "NewText",
    "Purpose",
    "SigningKeys",
    "StoredText",
    "Vault",
    "VaultTables",
    "checked_text",
    "commitment_of",
    "create_key_file",
    "load_key",
    "vault_tables",
]
