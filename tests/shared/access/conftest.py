"""An access database of each kind."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from shared.access import METADATA, AccessStore
from shared.store import Store

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('access')}/access.sqlite"
        return
    server = request.getfixturevalue("postgresql_server")
    made = server.create("access")
    yield made
    server.drop(made)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store(url)
    with closing(opened):
        METADATA.create_all(opened.engine)
        yield opened
        METADATA.drop_all(opened.engine)


@pytest.fixture
def tokens(store: Store) -> AccessStore:
    return AccessStore(store)
