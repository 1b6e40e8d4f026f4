"""Inserting a row whose key may be taken, by either kind of database."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def insert_if_free(connection: sa.Connection, table: sa.Table) -> sa.Insert:
    """Return the statement that inserts rows whose keys are free, and leaves out the others.

    It waits for whoever is about to take the same key.
    """
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
