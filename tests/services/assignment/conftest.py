"""Assignment opened for its tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from services.assignment import read_model
from services.assignment.api import create_app
from services.assignment.definition import DEFINITION
from services.assignment.tables import LOG, METADATA
from shared.eventlog import Ledger
from shared.kernel.clock import system_clock
from shared.store import Store
from tests.services.conftest import Open
from tests.services.opened import Opened


@pytest.fixture
def service(open_service: Open) -> Opened:
    return open_service(DEFINITION)


@pytest.fixture
def client(service: Opened) -> FlaskClient:
    return service.client(create_app)


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """Yield the logs of two provinces, on each kind of database."""
    url = f"sqlite:///{tmp_path}/feeds.db"
    if request.param == "postgresql":
        create: Callable[[str], str] = request.getfixturevalue("postgresql_database")
        url = create("feeds")
    store = Store(url)
    METADATA.create_all(store.engine)
    yield Ledger(
        service="assignment",
        deployment="test.local",
        store=store,
        tables=LOG,
        read_model=read_model.apply,
        clock=system_clock,
        provinces=("ha-nam", "ha-noi"),
    )
    store.close()
