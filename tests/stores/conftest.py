"""The service of these tests, on each kind of database in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.servers import PostgresServer
from tests.stores.logs import Opened


@pytest.fixture(scope="session")
def emptied_often(postgresql_server: PostgresServer) -> str:
    """Return a database of these tests alone."""
    return postgresql_server.create("stores")


@pytest.fixture
def on_postgresql(emptied_often: str) -> Iterator[Opened]:
    """Yield the service on an empty PostgreSQL database."""
    engine = sa.create_engine(emptied_often, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
    service = Opened(url=emptied_often)
    yield service
    service.store.close()


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Opened]:
    """Yield the service on an empty SQLite file."""
    service = Opened(url=f"sqlite:///{tmp_path}/intake.db")
    yield service
    service.store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest) -> Opened:
    """Return the service on an empty database of that kind."""
    service: Opened = request.getfixturevalue(f"on_{request.param}")
    return service
