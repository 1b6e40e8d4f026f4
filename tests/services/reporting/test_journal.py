"""The journal keeps what its owners wrote, and nothing else."""

from datetime import date

import pytest
import sqlalchemy as sa

from services.reporting import journal
from services.reporting.counting import count
from services.reporting.keeping import keep
from services.reporting.statistics import statistics
from services.reporting.tables import journal_entry
from shared.eventlog import Entry
from shared.kernel.errors import ContractError, LogTampered
from shared.store import Store
from tests.services.reporting.conftest import kept_in
from tests.services.reporting.history import (
    History,
    ended,
    entry,
    opinion,
    received,
    results,
    session,
)

ORIGIN = "test.local/ha-noi/sessions"


def entries(count: int) -> list[Entry]:
    return [entry(ORIGIN, position, ended(session())) for position in range(count)]


def refused(store: Store, *bad: Entry) -> LogTampered:
    with pytest.raises(LogTampered) as caught, store.write() as tx:
        keep(tx, bad)
    return caught.value


def test_it_holds_the_owners_bytes_at_the_owners_positions(store: Store) -> None:
    kept_in(store, entries(3))
    (log,) = journal.logs(store)
    assert (log.origin, log.province, log.service, log.size) == (ORIGIN, "ha-noi", "sessions", 3)
    rows = journal.page(store, log, 0, 3)
    assert [row.content for row in rows] == [each.content for each in entries(3)]
    assert [row.leaf for row in rows] == [each.leaf for each in entries(3)]
    assert log.last_time == rows[-1].time


def test_a_page_goes_on_where_the_last_one_ended_and_stops_before_its_end(store: Store) -> None:
    kept_in(store, entries(5))
    (log,) = journal.logs(store)
    assert [row.position for row in journal.page(store, log, 1, 4, limit=2)] == [1, 2]
    assert [row.position for row in journal.page(store, log, 3, 4, limit=2)] == [3]


def test_what_comes_again_is_compared_and_kept_once(store: Store) -> None:
    kept_in(store, entries(3))
    kept_in(store, entries(4))
    assert journal.logs(store)[0].size == 4


def test_another_text_at_a_kept_position_is_refused(store: Store) -> None:
    kept_in(store, entries(2))
    other = entry(ORIGIN, 1, ended(session(session_id="s-2")))
    error = refused(store, other)
    assert (error.code, error.facts) == ("journal.rewritten", {"origin": ORIGIN, "position": 1})


def test_a_hole_is_refused_and_nothing_after_it_kept(store: Store) -> None:
    kept_in(store, entries(1))
    error = refused(store, entries(3)[2])
    assert (error.code, error.facts["position"]) == ("journal.hole", 1)
    assert journal.logs(store)[0].size == 1


def test_an_entry_that_names_another_log_is_refused(store: Store) -> None:
    foreign = entry(ORIGIN, 0, ended(session()), source="test.local/ha-nam/sessions")
    assert refused(store, foreign).code == "journal.foreign_entry"


def test_a_log_whose_name_is_no_origin_is_refused(store: Store) -> None:
    stray = entry("nowhere", 0, ended(session()))
    assert refused(store, stray).code == "journal.foreign_entry"


def test_bytes_that_a_log_would_not_write_are_refused(store: Store) -> None:
    true = entries(1)[0]
    spaced = Entry(ORIGIN, 0, true.content.replace(b'","', b'", "', 1))
    assert refused(store, spaced).code == "journal.not_canonical"
    assert refused(store, Entry(ORIGIN, 0, b"\xff")).code == "journal.not_canonical"
    assert refused(store, Entry(ORIGIN, 0, b"{}")).code == "journal.not_canonical"


def test_time_that_goes_back_is_refused(store: Store) -> None:
    kept_in(store, entries(2))
    older = entry(ORIGIN, 2, ended(session()), time="2019-01-01T00:00:00.000000Z")
    assert refused(store, older).code == "journal.time_went_back"


def test_an_id_that_comes_back_at_another_position_is_refused(store: Store) -> None:
    kept_in(store, entries(2))
    repeated = entry(ORIGIN, 2, ended(session()), id=entries(1)[0].document["id"])
    assert refused(store, repeated).code == "journal.id_repeated"


def test_a_known_type_with_a_wrong_body_is_refused(store: Store) -> None:
    true = entries(1)[0].document
    wrong = entry(ORIGIN, 0, ended(session()), data=true["data"] | {"held_on": "yesterday"})
    with pytest.raises(ContractError, match="invalid_body"), store.write() as tx:
        keep(tx, [wrong])


def test_a_type_from_the_future_is_kept_and_no_statistic_counts_it(store: Store) -> None:
    history = History().record(ended(session()))
    history.record_in("sessions", {"type": "SessionStreamed", "data": {"viewers": 12}})
    history.record_in("sessions", {"type": "SessionStreamed", "schemaversion": 7})
    history.record(received(opinion()))
    kept_in(store, history.entries)
    sizes = {log.origin: log.size for log in journal.logs(store)}
    assert sorted(sizes.values()) == [1, 3]
    statistic = statistics()["sessions"]
    cells = count(statistic, journal.rows_below(store, sizes, statistic.types))
    assert {cell.measure: amount for cell, amount in cells.items()} == {
        "sessions": 1,
        "opinions": 1,
        "voices": 1,
    }


def test_a_known_type_in_a_version_from_the_future_is_kept_and_never_miscounted(
    store: Store,
) -> None:
    history = History()
    history.record_in("sessions", {"schemaversion": 2})
    kept_in(store, history.entries)
    sizes = {log.origin: log.size for log in journal.logs(store)}
    statistic = statistics()["sessions"]
    with pytest.raises(ContractError, match=r"contract\.unknown_version"):
        count(statistic, journal.rows_below(store, sizes, statistic.types))


def test_entries_are_found_by_what_stands_in_them_and_counted_by_type(store: Store) -> None:
    periods = [(date(2017, 1, 1), date(2021, 12, 31)), (date(2017, 1, 1), date(2020, 12, 31))]
    rows = [results(period_from=first, period_to=last) for first, last in periods * 2]
    spoken = results(source='"period_to":"2020-12-31"')  # quoted, it is no field
    kept_in(store, History().record(*rows, spoken, received(opinion())).entries)
    sizes = {log.origin: log.size for log in journal.logs(store)}
    types = ["SessionResultsDeclared"]
    named = (b'"period_from":"2017-01-01"', b'"period_to":"2020-12-31"')
    found = journal.rows_below(store, sizes, types, containing=named)
    assert [row.position for row in found] == [1, 3]
    assert journal.count_below(store, sizes, types) == 5
    assert journal.count_below(store, dict.fromkeys(sizes, 2), types) == 2


@pytest.mark.parametrize(
    "change", [sa.delete(journal_entry), sa.update(journal_entry).values(type="X")]
)
def test_the_database_itself_refuses_to_change_it(store: Store, change: sa.Executable) -> None:
    kept_in(store, entries(1))
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), store.write() as tx:
        tx.connection.execute(change)
