import pytest
import sqlalchemy as sa

from shared.eventlog import NOTHING, execute
from shared.kernel.errors import Refused
from tests.stores.logs import COUNTER, Opened, append, draft, task

CHANGES = {
    "update": "UPDATE entry SET type = 'Other'",
    "delete": "DELETE FROM entry WHERE position = 0",
    "delete of all": "DELETE FROM entry",
    "upsert": "INSERT INTO entry SELECT * FROM entry WHERE true "
    "ON CONFLICT (log_no, position) DO UPDATE SET type = 'Other'",
}
POSTGRESQL_CHANGES = {
    "truncate": "TRUNCATE entry",
    "truncate of the log": "TRUNCATE log CASCADE",
    "update of nothing": "UPDATE entry SET type = 'Other' WHERE false",
}
SQLITE_CHANGES = {"replace": "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE true"}


def refused(opened: Opened, statement: str) -> bool:
    """Whether the database refuses the statement as a change of what is final."""
    try:
        with opened.store.write() as tx:
            tx.connection.execute(sa.text(statement))
    except sa.exc.DBAPIError as error:
        return "the log is append-only" in str(error.orig)
    return False


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_an_entry(opened: Opened, change: str) -> None:
    append(opened, draft("a"), draft("b"))
    before = opened.log.read(NOTHING)
    assert refused(opened, CHANGES[change])
    assert opened.log.read(NOTHING) == before


def test_it_refuses_every_other_way_that_its_language_knows(opened: Opened) -> None:
    append(opened, draft("a"))
    before = opened.log.read(NOTHING)
    ways = POSTGRESQL_CHANGES if opened.store.is_postgresql else SQLITE_CHANGES
    assert [way for way, statement in ways.items() if not refused(opened, statement)] == []
    assert opened.log.read(NOTHING) == before


def test_a_log_with_entries_cannot_be_deleted(opened: Opened) -> None:
    append(opened, draft("a"))
    with pytest.raises(sa.exc.IntegrityError), opened.store.write() as tx:
        tx.connection.execute(sa.text("DELETE FROM log"))


def freeze(opened: Opened) -> None:
    """Close the log, as a merger of provinces does."""
    with opened.store.write() as tx:
        tx.connection.execute(
            sa.text("UPDATE log SET state = 'frozen' WHERE origin = :origin"),
            {"origin": opened.log.origin},
        )


def test_a_frozen_log_refuses_entries_and_is_read_as_before(opened: Opened) -> None:
    append(opened, draft("a"))
    freeze(opened)
    with pytest.raises(Refused, match="eventlog.frozen") as caught:
        append(opened, draft("b"))
    assert caught.value.facts == {"origin": opened.log.origin}
    with pytest.raises(Refused, match="eventlog.frozen"), opened.store.write() as tx:
        execute(opened.log, tx, COUNTER, [task("a")])
    assert len(opened.log.read(NOTHING)) == 1
    assert append(opened, draft("b"), province="ha-nam") == [0]


def test_a_log_is_active_or_frozen_and_nothing_else(opened: Opened) -> None:
    with pytest.raises(sa.exc.IntegrityError), opened.store.write() as tx:
        tx.connection.execute(sa.text("UPDATE log SET state = 'paused'"))
