"""Live figures move with the journal, once for each entry, whoever brings them up."""

import threading
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from services.reporting import figures, journal
from services.reporting.counting import Cells
from services.reporting.recount import recount
from services.reporting.statistics import statistics
from services.reporting.tables import figure_cell, journal_entry
from shared.kernel.errors import Unavailable
from shared.store import Store
from tests.services.reporting.conftest import kept_in
from tests.services.reporting.history import HELD_ON, History, attended, ended, session

SESSIONS = statistics()["sessions"]
YEAR = (date(2019, 1, 1), date(2019, 12, 31))


def read(store: Store, *, by_day: bool = False) -> Cells:
    return figures.read(store, SESSIONS, ["ha-noi"], YEAR, by_day=by_day).cells


def test_bringing_up_takes_what_is_new_and_then_nothing(store: Store) -> None:
    history = History().record(ended(session()))
    kept_in(store, history.entries)
    assert figures.bring_up(store, SESSIONS) == 1
    assert figures.bring_up(store, SESSIONS) == 0
    history.record(ended(session()), ended(session()))
    kept_in(store, history.entries)
    assert figures.bring_up(store, SESSIONS) == 2
    assert list(read(store).values()) == [3]


def test_a_turn_is_bounded_and_the_next_goes_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "TURN_ENTRIES", 2)
    kept_in(store, History().record(*(ended(session()) for _ in range(5))).entries)
    assert figures.bring_up(store, SESSIONS) == 5
    assert list(read(store).values()) == [5]


def test_one_turn_takes_no_more_than_a_turn(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "TURN_ENTRIES", 2)
    kept_in(store, History().record(*(ended(session()) for _ in range(3))).entries)
    assert [figures.take_turn(store, SESSIONS) for _ in range(3)] == [2, 1, 0]


def test_figures_carry_the_logs_that_they_count(store: Store) -> None:
    kept_in(store, History().record(ended(session())).entries)
    kept_in(store, History(province="ha-nam").record(ended(session())).entries)
    figures.bring_up(store, SESSIONS)
    found = figures.read(store, SESSIONS, ["ha-noi"], YEAR, by_day=False)
    assert found.sizes == {"test.local/ha-noi/sessions": 1}


def test_two_provinces_with_equal_positions_never_mix(store: Store) -> None:
    kept_in(store, History().record(ended(session())).entries)
    kept_in(store, History(province="ha-nam").record(*[ended(session())] * 2).entries)
    figures.bring_up(store, SESSIONS)
    assert list(read(store).values()) == [1]


def test_a_period_holds_both_its_days_and_none_beside(store: Store) -> None:
    days = [date(2018, 12, 31), date(2019, 1, 1), date(2019, 12, 31), date(2020, 1, 1)]
    kept_in(store, History().record(*(ended(session(), day) for day in days)).entries)
    figures.bring_up(store, SESSIONS)
    assert {cell.day for cell in read(store, by_day=True)} == {days[1], days[2]}


def test_a_changed_file_counts_from_zero_and_the_old_figures_can_be_forgotten(
    store: Store,
) -> None:
    kept_in(store, History().record(ended(session())).entries)
    figures.bring_up(store, SESSIONS)
    changed = replace(
        SESSIONS,
        sql=SESSIONS.sql.replace("1 AS amount", "10 AS amount", 1),
        file=replace(SESSIONS.file, content=b"-- changed"),
    )
    assert figures.bring_up(store, changed) == 1
    cells = figures.read(store, changed, ["ha-noi"], YEAR, by_day=False).cells
    assert list(cells.values()) == [10]
    assert figures.forget_other_editions(store, [changed]) == 1
    with store.read() as connection:
        assert connection.scalars(sa.select(figure_cell.c.amount)).all() == [10]


def test_processes_at_once_count_every_entry_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "TURN_ENTRIES", 3)
    kept_in(store, History().record(*(attended(session(), 7) for _ in range(20))).entries)
    errors: list[Exception] = []

    def bring() -> None:
        try:
            figures.bring_up(store, SESSIONS)
        except Unavailable as error:
            errors.append(error)

    threads = [threading.Thread(target=bring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    figures.bring_up(store, SESSIONS)
    assert list(read(store).values()) == [140]
    assert errors == []


def test_a_replay_gives_the_live_figures_and_says_how_much_it_read(store: Store) -> None:
    kept_in(store, History().record(ended(session()), attended(session(), 50)).entries)
    found = recount(store, statistics().values())
    assert found.is_equal
    assert found.entries == 2
    assert found.logs == {"test.local/ha-noi/sessions": 2}
    cells = {each.statistic.name: each.cells for each in found.statistics}
    assert {name: count for name, count in cells.items() if count} == {"sessions": 2}


def test_a_replay_names_the_cell_that_somebody_changed(store: Store) -> None:
    kept_in(store, History().record(ended(session())).entries)
    figures.bring_up(store, SESSIONS)
    with store.write() as tx:
        tx.connection.execute(figure_cell.update().values(amount=5))
    (found,) = recount(store, [SESSIONS]).statistics
    (difference,) = found.differences
    assert (difference.live, difference.recounted) == (5, 1)
    assert difference.cell.day == HELD_ON
    assert difference.cell.measure == "sessions"


def test_a_replay_names_the_entry_that_somebody_changed(store: Store) -> None:
    kept_in(store, History().record(*(ended(session()) for _ in range(3))).entries)
    figures.bring_up(store, SESSIONS)
    _tamper(store, at=1)
    found = recount(store, [SESSIONS])
    assert not found.is_equal
    (fault,) = found.faults
    assert fault.code == "journal.leaf_differs"
    assert fault.facts == {"origin": "test.local/ha-noi/sessions", "position": 1}
    (difference,) = found.statistics[0].differences
    assert (difference.live, difference.recounted) == (3, 2)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": "SessionOpened"}, "journal.index_differs"),
        ({"time": "2030-01-01T00:00:00.000000Z"}, "journal.index_differs"),
        ({"position": 77}, "journal.hole"),
    ],
)
def test_a_replay_finds_a_falsified_index(
    store: Store, change: dict[str, object], code: str
) -> None:
    kept_in(store, History().record(*(ended(session()) for _ in range(3))).entries)
    _tamper(store, at=2, **change)
    faults = recount(store, [SESSIONS]).faults
    assert [fault.code for fault in faults] == [code]
    assert faults[0].facts["position"] == 2


def _tamper(store: Store, at: int, **values: object) -> None:
    """Change a row as somebody with the rights of the database's owner can."""
    if not values:
        (log,) = journal.logs(store)
        content = journal.page(store, log, at, at + 1)[0].content
        values = {"entry": content.replace(b"2019-04-10", b"2019-04-11")}
    with store.write() as tx:
        for statement in (
            ["ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_is_final"]
            if store.is_postgresql
            else ["DROP TRIGGER journal_entry_is_final_update"]
        ):
            tx.connection.exec_driver_sql(statement)
        tx.connection.execute(
            journal_entry.update().where(journal_entry.c.position == at).values(**values)
        )
