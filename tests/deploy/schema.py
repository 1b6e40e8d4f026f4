"""What a database consists of, as data that can be compared."""

from typing import Any

import sqlalchemy as sa

Schema = dict[str, Any]

_POSTGRESQL = {
    "columns": """
        SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
               a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
          AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": """
        SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'""",
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal""",
    "functions": """
        SELECT proname, pg_get_functiondef(oid)
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
    "storage options": """
        SELECT relname, relkind::text, reloptions FROM pg_class
        WHERE relnamespace = 'public'::regnamespace""",
}


def schema_of(url: str) -> Schema:
    """Return everything that a step of migration could forget, without Alembic's own table."""
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                return {
                    kind: _rows(connection, query.replace("::", r"\:\:"))
                    for kind, query in _POSTGRESQL.items()
                }
            return _sqlite(connection)
    finally:
        engine.dispose()


def _sqlite(connection: sa.Connection) -> Schema:
    inspector = sa.inspect(connection)
    tables = [name for name in inspector.get_table_names() if name != "alembic_version"]
    triggers = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"
    return {"triggers": _rows(connection, triggers)} | {
        name: {
            "columns": _rows(connection, f"SELECT * FROM pragma_table_xinfo('{name}')"),  # noqa: S608
            "keys": _rows(connection, f"SELECT * FROM pragma_foreign_key_list('{name}')"),  # noqa: S608
            "checks": _sorted(inspector.get_check_constraints(name)),
            "unique": _sorted(inspector.get_unique_constraints(name)),
            "indexes": _sorted(inspector.get_indexes(name)),
            "primary key": inspector.get_pk_constraint(name),
        }
        for name in tables
    }


def _rows(connection: sa.Connection, query: str) -> list[tuple[Any, ...]]:
    rows = [tuple(row) for row in connection.execute(sa.text(query))]
    ours = (row for row in rows if not str(row[0]).startswith("alembic_version"))
    return sorted(ours, key=repr)


def _sorted(found: Any) -> list[Any]:
    return sorted((dict(each) for each in found), key=lambda each: sorted(map(repr, each.items())))
