import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.kernel.errors import RegulationError
from shared.store import Store
from shared.store import store as store_module
from tests.servers import PrivatePostgres

WAIT_S = 30.0
METADATA = sa.MetaData()
NOTE = sa.Table("note", METADATA, sa.Column("text", sa.Text, primary_key=True))


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Yield an open database of each kind, with one table."""
    url = f"sqlite:///{tmp_path}/notes.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_database")("notes")
    opened = Store(url)
    METADATA.create_all(opened.engine)
    yield opened
    opened.close()


def note(store: Store, text: str) -> None:
    """Insert a row in a transaction of its own."""
    with store.write() as tx:
        tx.connection.execute(NOTE.insert(), {"text": text})


def notes(store: Store) -> list[str]:
    """Return the rows."""
    with store.read() as connection:
        return list(connection.scalars(sa.select(NOTE.c.text).order_by(NOTE.c.text)))


@pytest.mark.parametrize(
    "url", ["postgresql://x/y", "postgresql+psycopg://x/y", "mysql://x/y", "notes.db", ""]
)
def test_an_address_that_would_block_or_is_unknown_refuses_to_open(url: str) -> None:
    with pytest.raises(RegulationError, match="store.unknown_database") as caught:
        Store(url)
    assert "x/y" not in str(caught.value)


def test_a_transaction_commits_at_its_end_and_rolls_back_on_any_error(store: Store) -> None:
    note(store, "kept")
    with suppress(ZeroDivisionError), store.write() as tx:
        tx.connection.execute(NOTE.insert(), {"text": "lost"})
        raise ZeroDivisionError
    assert notes(store) == ["kept"]


def test_what_is_to_follow_a_commit_follows_it_and_no_rollback(store: Store) -> None:
    seen: list[list[str]] = []
    with store.write() as tx:
        tx.connection.execute(NOTE.insert(), {"text": "a"})
        tx.after_commit.append(lambda: seen.append(notes(store)))
        assert seen == []
    with suppress(ZeroDivisionError), store.write() as tx:
        tx.after_commit.append(lambda: seen.append(["never"]))
        raise ZeroDivisionError
    assert seen == [["a"]]


def test_what_follows_a_commit_may_write_again(store: Store) -> None:
    with store.write() as tx:
        tx.after_commit.append(lambda: note(store, "afterwards"))
    assert notes(store) == ["afterwards"]


def test_each_statement_of_a_read_sees_what_is_committed_then(store: Store) -> None:
    count = sa.select(sa.func.count()).select_from(NOTE)
    with store.read() as connection:
        assert connection.scalar(count) == 0
        note(store, "meanwhile")
        assert connection.scalar(count) == 1


def test_errors_do_not_quote_parameters(store: Store) -> None:
    note(store, "a")
    with pytest.raises(sa.exc.IntegrityError) as caught:
        note(store, "a")
    assert "[SQL parameters hidden" in str(caught.value)


def test_many_threads_that_open_at_once_all_get_through(store: Store) -> None:
    threads = 12
    together = threading.Barrier(threads)

    def work(number: int) -> int:
        together.wait(WAIT_S)
        note(store, f"by {number}")
        return len(notes(store))

    with ThreadPoolExecutor(threads) as pool:
        seen = list(pool.map(work, range(threads)))
    assert max(seen) == threads
    assert len(notes(store)) == threads


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Store]:
    """Yield an open SQLite database."""
    opened = Store(f"sqlite:///{tmp_path}/notes.db")
    METADATA.create_all(opened.engine)
    yield opened
    opened.close()


def test_sqlite_keeps_what_it_committed_and_checks_what_it_should(on_sqlite: Store) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "recursive_triggers")
    with on_sqlite.read() as connection:
        found = {name: connection.scalar(sa.text(f"PRAGMA {name}")) for name in names}
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "recursive_triggers": 1,
    }


def test_sqlite_writers_take_turns_and_readers_need_not_wait(on_sqlite: Store) -> None:
    with ThreadPoolExecutor(1) as other:
        with on_sqlite.write() as tx:
            tx.connection.execute(NOTE.insert(), {"text": "first"})
            second = other.submit(note, on_sqlite, "second")
            time.sleep(0.05)
            assert not second.done()
            assert notes(on_sqlite) == []
        second.result(WAIT_S)
    assert notes(on_sqlite) == ["first", "second"]


@pytest.fixture
def on_postgresql(postgresql_database: Callable[[str], str]) -> Iterator[Store]:
    """Yield an open PostgreSQL database."""
    opened = Store(postgresql_database("notes"))
    METADATA.create_all(opened.engine)
    yield opened
    opened.close()


def test_postgresql_sees_what_was_committed_before_each_statement(on_postgresql: Store) -> None:
    with on_postgresql.write() as tx:
        level = tx.connection.scalar(sa.text("SHOW transaction_isolation"))
    assert level == "read committed"


def test_a_writer_that_freezes_does_not_hold_its_locks_for_hours(on_postgresql: Store) -> None:
    with on_postgresql.write() as tx:
        limit = tx.connection.scalar(sa.text("SHOW idle_in_transaction_session_timeout"))
    assert limit == "5min"


@pytest.mark.destructive
def test_after_a_restart_of_the_server_a_rested_connection_is_made_anew(
    private_postgres: PrivatePostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_PING_AFTER_IDLE_S", 0.0)
    store = Store(private_postgres.url)
    METADATA.create_all(store.engine)
    note(store, "before")
    private_postgres.restart()
    note(store, "after")
    assert notes(store) == ["after", "before"]
    store.close()


@pytest.mark.destructive
def test_a_connection_that_did_not_rest_fails_once_and_all_are_made_anew(
    private_postgres: PrivatePostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_PING_AFTER_IDLE_S", 3_600.0)
    store = Store(private_postgres.url)
    METADATA.create_all(store.engine)
    with store.read(), store.read(), store.read():
        """Let three connections lie in the pool."""
    private_postgres.restart()
    with pytest.raises(sa.exc.OperationalError):
        note(store, "lost")
    for number in range(3):
        note(store, f"after {number}")
    assert len(notes(store)) == 3
    store.close()


def test_a_database_that_is_only_looked_at_shows_what_is_there_and_takes_nothing(
    store: Store,
) -> None:
    note(store, "before")
    url = store.engine.url.render_as_string(hide_password=False)
    reader = Store(url, is_read_only=True)
    assert notes(reader) == ["before"]
    note(store, "meanwhile")
    assert notes(reader) == ["before", "meanwhile"]
    with pytest.raises(sa.exc.DBAPIError, match=r"readonly|read-only"):
        note(reader, "never")
    reader.close()
    assert notes(store) == ["before", "meanwhile"]


def test_a_sqlite_file_at_rest_is_looked_at_without_a_file_beside_it(
    on_sqlite: Store, tmp_path: Path
) -> None:
    note(on_sqlite, "kept")
    url = on_sqlite.engine.url.render_as_string()
    on_sqlite.close()
    before = sorted(path.name for path in tmp_path.iterdir())
    reader = Store(url, is_read_only=True)
    assert notes(reader) == ["kept"]
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    reader.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == before
