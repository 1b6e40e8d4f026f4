"""A vault on each kind of database, and a clock that stands still."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Visibility
from shared.store import Store
from shared.vault import Purpose, Vault, VaultTables, vault_tables

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
KEY = bytes(range(32))
OTHER_KEY = bytes(range(32, 64))
WORDS = "Bà Nguyễn Thị Mận, 0912 345 678: ngõ 12 phố Đội Cấn ngập sau mỗi trận mưa."


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A service's database with a vault in it."""

    store: Store
    tables: VaultTables
    vault: Vault

    def vault_under(self, key: bytes, *, former_key: bytes | None = None) -> Vault:
        return Vault(self.tables, "intake", key, lambda: NOW, former_key=former_key)

    def put(self, text_id: str = "t-1", text: str = WORDS) -> TextRef:
        with self.store.write() as tx:
            return self.vault.put(
                tx.connection,
                text_id=text_id,
                text=text,
                province="ha-noi",
                visibility=Visibility.RESTRICTED,
            )

    def read(self, text_id: str = "t-1", vault: Vault | None = None) -> str:
        with self.store.write() as tx:
            return (vault or self.vault).read(
                tx.connection,
                text_id=text_id,
                reader="mttq-ba-dinh/can-bo-1",
                purpose=Purpose.SCREENING,
            )

    def erase(self, text_id: str = "t-1", at: datetime = NOW) -> bool:
        with self.store.write() as tx:
            return self.vault.erase(tx.connection, text_id, at)

    def count(self, table: sa.Table) -> int:
        with self.store.read() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def open_room(url: str) -> tuple[Room, sa.MetaData]:
    metadata = sa.MetaData()
    tables = vault_tables(metadata)
    store = Store(url)
    metadata.create_all(store.engine)
    vault = Vault(tables, "intake", KEY, lambda: NOW)
    return Room(store=store, tables=tables, vault=vault), metadata


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('vault')}/intake.sqlite"
        return
    server = request.getfixturevalue("postgresql_server")
    made = server.create("vault")
    yield made
    server.drop(made)


@pytest.fixture
def room(url: str) -> Iterator[Room]:
    opened, metadata = open_room(url)
    with closing(opened.store):
        yield opened
        metadata.drop_all(opened.store.engine)


@pytest.fixture
def sqlite_room(tmp_path: Path) -> Iterator[Room]:
    opened, _ = open_room(f"sqlite:///{tmp_path}/intake.sqlite")
    with closing(opened.store):
        yield opened
