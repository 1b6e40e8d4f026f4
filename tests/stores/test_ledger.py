from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from shared.eventlog import NOTHING, Ledger
from shared.kernel.errors import NotFound
from shared.store import Store
from tests.stores.logs import PROVINCES, TABLES, Opened, append, draft, open_ledger, see


def test_each_province_has_a_log_named_by_deployment_province_and_service(
    opened: Opened,
) -> None:
    assert {province: log.origin for province, log in opened.ledger.logs.items()} == {
        "ha-nam": "doithoai.test/ha-nam/intake",
        "ha-noi": "doithoai.test/ha-noi/intake",
        "ninh-binh": "doithoai.test/ninh-binh/intake",
    }
    log = opened.ledger.log("ha-nam")
    assert log.province == "ha-nam"
    assert opened.ledger.by_origin(log.origin) is log


def test_an_unknown_province_or_origin_is_not_found(opened: Opened) -> None:
    with pytest.raises(NotFound, match="province.unknown"):
        opened.ledger.log("atlantis")
    with pytest.raises(NotFound, match="eventlog.unknown_origin"):
        opened.ledger.by_origin("doithoai.test/ha-noi/sessions")


def test_heads_name_the_last_position_of_each_log(opened: Opened) -> None:
    append(opened, draft("a"), draft("b"))
    assert opened.ledger.heads() == {
        "doithoai.test/ha-nam/intake": NOTHING,
        "doithoai.test/ha-noi/intake": 1,
        "doithoai.test/ninh-binh/intake": NOTHING,
    }


def test_opened_again_the_logs_go_on_where_they_were(opened: Opened) -> None:
    append(opened, draft("a"))
    again = open_ledger(opened.store)
    with opened.store.write() as tx:
        (place,) = again.log("ha-noi").append(tx, [draft("b")])
    assert place.position == 1


def test_a_province_that_is_new_in_the_configuration_gets_its_log(opened: Opened) -> None:
    append(opened, draft("a"))
    later = open_ledger(opened.store, provinces=(*PROVINCES, "bac-ninh"))
    assert later.heads()["doithoai.test/bac-ninh/intake"] == NOTHING
    assert later.log("ha-noi").log_no == opened.log.log_no


def knowing(opened: Opened, known: set[str]) -> Ledger:
    """Return a replica that opens what has come to be `known`."""
    return Ledger(
        service="intake",
        deployment="doithoai.test",
        store=opened.store,
        tables=TABLES,
        read_model=see,
        clock=opened.dial,
        provinces=PROVINCES,
        knows=known.__contains__,
    )


def test_a_log_that_has_come_to_be_known_is_opened_when_it_is_asked_for(opened: Opened) -> None:
    known: set[str] = set()
    ledger = knowing(opened, known)
    begun: list[str] = []
    ledger.opened = lambda log: begun.append(log.origin)
    with pytest.raises(NotFound, match="province.unknown"):
        ledger.log("bac-ninh")
    known.add("bac-ninh")
    log = ledger.log("bac-ninh")
    assert ledger.log("bac-ninh") is log
    assert ledger.by_origin("doithoai.test/bac-ninh/intake") is log
    assert begun == [log.origin]
    assert list(ledger.logs) == ["bac-ninh", "ha-nam", "ha-noi", "ninh-binh"]


def test_a_log_that_another_process_has_opened_is_discovered(opened: Opened) -> None:
    known = {"bac-ninh"}
    here, there = knowing(opened, known), knowing(opened, known)
    here.log("bac-ninh")
    assert "bac-ninh" not in there.logs
    assert "doithoai.test/bac-ninh/intake" in there.heads()
    assert there.log("bac-ninh").log_no == here.log("bac-ninh").log_no
    other = knowing(opened, known)
    assert len(other.standings()) == len(PROVINCES) + 1


def test_a_log_of_which_nobody_knows_the_province_stays_unopened(opened: Opened) -> None:
    open_ledger(opened.store, provinces=(*PROVINCES, "bac-ninh"))
    ledger = knowing(opened, set())
    assert "doithoai.test/bac-ninh/intake" not in ledger.heads()
    assert len(ledger.standings()) == len(PROVINCES)


def test_replicas_that_open_together_find_the_same_logs(opened: Opened) -> None:
    provinces = [f"province-{number}" for number in range(20)]
    replicas = 6
    # One file of SQLite belongs to one process, which has one store.
    stores = [Store(opened.url) if opened.store.is_postgresql else opened.store] * replicas
    together = Barrier(replicas)

    def open_one(store: Store) -> list[int]:
        together.wait(30)
        ledger = open_ledger(store, provinces=provinces)
        return [ledger.log(province).log_no for province in provinces]

    with ThreadPoolExecutor(replicas) as pool:
        found = list(pool.map(open_one, stores))
    for store in stores:
        store.close()
    assert [numbers for numbers in found if numbers != found[0]] == []
    assert len(set(found[0])) == len(provinces)
    with opened.store.read() as connection:
        logs = connection.scalar(sa.select(sa.func.count()).select_from(TABLES.log))
    assert logs == len(PROVINCES) + len(provinces)
