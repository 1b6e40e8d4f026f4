"""Upgrading from zero equals creating: what tests run on is what an operator has."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from deploy.migrations import folder_of, metadata_of, upgrade_database
from shared.settings import ACCESS, SERVICES
from shared.store import Store
from tests.deploy.schema import Schema, schema_of

NAMES = (ACCESS, *SERVICES)
KINDS = ("sqlite", "postgresql")
REPLICAS = 3

MakeUrl = Callable[[str, str], str]


@pytest.fixture
def make_url(tmp_path: Path, postgresql_database: Callable[[str], str]) -> MakeUrl:
    """Return what makes an empty database of a kind, and returns its URL."""

    def make(kind: str, purpose: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path}/{purpose}.db"
        return postgresql_database(purpose)

    return make


def created(name: str, url: str) -> Schema:
    """Create the tables of `name` at `url`, and return what is there then."""
    store = Store(url)
    metadata_of(name).create_all(store.engine)
    store.close()
    return schema_of(url)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_upgrading_from_zero_equals_creating(name: str, kind: str, make_url: MakeUrl) -> None:
    upgraded = make_url(kind, "upgraded")
    upgrade_database(name, upgraded)
    found, wanted = schema_of(upgraded), created(name, make_url(kind, "created"))
    assert set(found) == set(wanted)
    assert {part: found[part] for part in found if found[part] != wanted[part]} == {
        part: wanted[part] for part in found if found[part] != wanted[part]
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_upgrading_again_changes_nothing(name: str, kind: str, make_url: MakeUrl) -> None:
    url = make_url(kind, "again")
    upgrade_database(name, url)
    before, rows = schema_of(url), revisions(url)
    upgrade_database(name, url)
    assert (schema_of(url), revisions(url)) == (before, rows)
    assert rows == [f"{len(list(folder_of(name).glob('[0-9]*.py'))):04d}"]


def revisions(url: str) -> list[str]:
    """Return the step that the database is at."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = connection.scalars(sa.text("SELECT version_num FROM alembic_version")).all()
    engine.dispose()
    return list(found)


def test_replicas_that_upgrade_together_do_not_clash(make_url: MakeUrl) -> None:
    url = make_url("postgresql", "together")
    together = Barrier(REPLICAS)

    def upgrade(_replica: int) -> None:
        together.wait(30)
        upgrade_database("intake", url)

    with ThreadPoolExecutor(REPLICAS) as pool:
        list(pool.map(upgrade, range(REPLICAS)))
    assert schema_of(url) == created("intake", make_url("postgresql", "created"))


def test_the_schema_that_is_compared_sees_what_a_step_could_forget(make_url: MakeUrl) -> None:
    for kind in KINDS:
        text = repr(created("intake", make_url(kind, "seen")))
        assert "entry_is_final" in text
        assert "entry_bounded" in text
        assert "entry_stream_version" in text
        if kind == "postgresql":
            assert "fillfactor=10" in text
            assert "autovacuum_analyze_threshold=500" in text
            assert "refuse_change" in text
