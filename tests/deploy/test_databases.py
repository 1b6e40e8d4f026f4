"""Databases are made where we may, and named where we may not."""

import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from deploy.databases import create_missing
from deploy.environment import settings_told
from shared.kernel.errors import Refused
from shared.settings import ACCESS, SERVICES
from shared.store import Store
from tests.servers import PostgresServer


def names_on(url: str) -> set[str]:
    store = Store(url, connections=1)
    with store.read() as connection:
        found = set(connection.scalars(sa.text("SELECT datname FROM pg_database")))
    store.close()
    return found


def test_missing_databases_are_made_once_and_found_after(postgresql_server: PostgresServer) -> None:
    # Given one database of the five
    made = postgresql_server.create("deploy")
    base = f"{urlsplit(made).path[1:]}x"
    settings = settings_told({"DOITHOAI_DATABASE": made + "x"})
    wanted = {f"{base}_{name}" for name in (ACCESS, *SERVICES)}
    try:
        # When they are asked for, twice
        create_missing(settings, ACCESS)
        create_missing(settings)
        create_missing(settings)
        # Then they are there
        assert wanted <= names_on(made)
    finally:
        store = Store(made, connections=1)
        with store.read() as connection:
            for name in wanted:
                connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        store.close()


def test_a_role_that_may_make_none_is_told_which_is_missing(
    postgresql_database: Callable[[str], str],
) -> None:
    url = postgresql_database("deploy")
    role = f"doithoai_{secrets.token_hex(6)}"
    store = Store(url, connections=1)
    with store.read() as connection:
        connection.execute(sa.text(f"CREATE ROLE {role} LOGIN"))
    try:
        parts = urlsplit(url)
        own = parts._replace(netloc=parts.netloc.replace("postgres@", f"{role}@")).geturl()
        settings = settings_told({"DOITHOAI_DATABASE": own})
        with pytest.raises(Refused, match="deployment.database_missing") as refused:
            create_missing(settings, "intake")
        assert refused.value.facts == {"database": f"{parts.path[1:]}_intake"}
    finally:
        with store.read() as connection:
            connection.execute(sa.text(f"DROP ROLE {role}"))
        store.close()


def test_a_server_that_is_away_is_no_missing_database() -> None:
    settings = settings_told({"DOITHOAI_DATABASE": "postgresql://postgres@127.0.0.1:9/x"})
    with pytest.raises(sa.exc.OperationalError):
        create_missing(settings, "intake")


def test_files_are_made_by_whoever_opens_them() -> None:
    create_missing(settings_told({"DOITHOAI_DATA": "/nowhere"}))
