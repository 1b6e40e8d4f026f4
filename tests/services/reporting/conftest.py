"""Reporting, open on SQLite with the province files that are shipped."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from services.reporting.api import create_app
from services.reporting.definition import DEFINITION
from services.reporting.keeping import keep
from services.reporting.tables import METADATA
from shared.eventlog import Entry
from shared.runtime import Runtime
from shared.store import Store
from tests.services.conftest import Open
from tests.services.opened import Opened

SHIPPED = Path(__file__).parents[3] / "deploy" / "provinces"
Keep = Callable[[Iterable[Entry]], None]


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/reporting.sqlite"
    else:
        url = request.getfixturevalue("postgresql_database")("reporting")
    with closing(Store(url)) as opened:
        METADATA.create_all(opened.engine)
        yield opened


@pytest.fixture
def service(open_service: Open, monkeypatch: pytest.MonkeyPatch) -> Opened:
    monkeypatch.setattr("tests.services.opened.PROVINCES", SHIPPED)
    return open_service(DEFINITION)


@pytest.fixture
def runtime(service: Opened) -> Runtime:
    return service.runtime


@pytest.fixture
def client(service: Opened) -> FlaskClient:
    return service.client(create_app)


@pytest.fixture
def keep_all(runtime: Runtime) -> Keep:
    return lambda entries: kept_in(runtime.store, entries)


def kept_in(store: Store, entries: Iterable[Entry]) -> None:
    """Give `entries` to the journal as a follower would: one log at a time, in pages."""
    for _, log in groupby(entries, lambda each: each.origin):
        rows = list(log)
        for first in range(0, len(rows), 256):
            with store.write() as tx:
                keep(tx, rows[first : first + 256])
