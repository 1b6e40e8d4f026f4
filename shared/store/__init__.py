"""One service's database, PostgreSQL or SQLite, by one code path."""

from shared.store.insert import insert_if_free
from shared.store.store import Store, Transaction

__all__ = ["Store", "Transaction", "insert_if_free"]
