"""An archive yields the bytes of a log as they are stored, and changes nothing."""

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from deploy.audit.archive import Archive, DatabaseArchive, JournalArchive, province_of, service_of
from deploy.audit.deployment import journals, of_provinces, owners, reading
from deploy.databases import create_missing
from deploy.directory import definitions
from deploy.migrations import upgrade
from services.intake.tables import LOG
from shared.eventlog import Draft, Ledger
from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.note import Note
from shared.eventlog.proof import Tree, leaf_hashes
from shared.kernel.clock import system_clock
from shared.kernel.errors import LogTampered, NotFound, Unavailable
from shared.settings import SERVICES, Settings
from shared.store import Store
from tests.deploy.audit.conftest import Audited
from tests.services.reporting.history import opinion, received

HA_NOI = "doithoai.local/ha-noi"


def digests(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def all_bytes(archives: list[Archive]) -> dict[str, list[bytes]]:
    return {each.origin: list(each.entries(0, each.size())) for each in archives}


def spoil_refused(store: Store, words: str) -> None:
    with pytest.raises(sa.exc.DBAPIError, match=words), store.write() as tx:
        tx.connection.exec_driver_sql("UPDATE log SET next_position = 0")


def test_every_log_is_found_and_read_whole_and_nothing_in_the_folder_changes(
    audited: Audited,
) -> None:
    before = digests(audited.folder)
    with owners(audited.settings) as found:
        read = all_bytes([*found])
    assert {service_of(each) for each in found} == set(SERVICES)
    for service in SERVICES:
        with sqlite3.connect(audited.folder / f"{service}.db") as database:
            stored = database.execute(
                "SELECT origin, entry FROM entry JOIN log USING (log_no) ORDER BY log_no, position"
            ).fetchall()
        database.close()
        mine = [(o, e) for o, entries in sorted(read.items()) for e in entries if service in o]
        assert sorted(mine) == sorted(stored)
        assert stored or service == "reporting"
    shutdown = digests(audited.folder)
    assert {name: shutdown[name] for name in before} == before


def test_the_copy_of_reporting_says_the_same_as_the_owners(audited: Audited) -> None:
    with owners(audited.settings) as owned, journals(audited.settings) as copied:
        of_owners, of_journal = all_bytes([*owned]), all_bytes([*copied])
        assert of_journal == {name: of_owners[name] for name in of_journal}
        copies = {each.origin for each in copied if isinstance(each, JournalArchive)}
        assert copies == {name for name in of_owners if not name.endswith("/reporting")}
        assert f"{HA_NOI}/reporting" in of_journal
        assert {each.checkpoint() for each in copied if isinstance(each, JournalArchive)} == {None}


def test_of_several_checkpoints_the_one_over_the_most_entries_is_given(audited: Audited) -> None:
    with sqlite3.connect(audited.folder / "intake.db") as database:
        database.execute(
            "INSERT INTO checkpoint SELECT log_no, 1, root, x'00', '9' FROM checkpoint LIMIT 1"
        )
    database.close()
    with owners(audited.settings) as found:
        for log in found:
            note = log.checkpoint()
            assert (note is None) == (log.size() == 0)
            if note is None:
                continue
            checkpoint = Checkpoint.parse(Note.parse(note).text)
            tree = Tree()
            tree.extend(leaf_hashes(log.entries(0, checkpoint.size)))
            assert (checkpoint.origin, checkpoint.root) == (log.origin, tree.root())


def test_a_database_of_a_release_that_signed_nothing_has_no_checkpoint(audited: Audited) -> None:
    with sqlite3.connect(audited.folder / "intake.db") as database:
        database.execute("DROP TABLE checkpoint")
    database.close()
    with owners(audited.settings) as found:
        (intake,) = (each for each in found if each.origin == f"{HA_NOI}/intake")
        assert intake.checkpoint() is None


def test_a_part_of_a_log_is_read_by_its_positions(audited: Audited) -> None:
    with owners(audited.settings) as found:
        (intake,) = (each for each in found if each.origin == f"{HA_NOI}/intake")
        whole = list(intake.entries(0, intake.size()))
        assert list(intake.entries(3, 7)) == whole[3:7]
        assert list(intake.entries(5, 5)) == []
        with pytest.raises(LogTampered, match="audit.hole"):
            list(intake.entries(0, intake.size() + 1))


def test_a_hole_in_the_middle_is_found_at_its_position(audited: Audited) -> None:
    with sqlite3.connect(audited.folder / "intake.db") as database:
        database.execute("DROP TRIGGER entry_is_final_delete")
        database.execute(
            "DELETE FROM entry WHERE position = 4 AND log_no = "
            "(SELECT log_no FROM log WHERE origin LIKE '%/ha-noi/intake')"
        )
    database.close()
    with owners(audited.settings) as found, pytest.raises(LogTampered) as caught:
        all_bytes([*of_provinces([*found], ["ha-noi"])])
    assert caught.value.facts == {"origin": f"{HA_NOI}/intake", "position": 4}


def test_a_deployment_that_runs_is_read_up_to_its_newest_entry(audited: Audited) -> None:
    store = Store(audited.settings.database_url("intake"))
    ledger = Ledger(
        service="intake",
        deployment="doithoai.local",
        store=store,
        tables=LOG,
        read_model=lambda _connection, _recorded: None,
        clock=system_clock,
        provinces=["ha-noi"],
    )
    log = ledger.log("ha-noi")
    before = log.size()
    draft = Draft(
        id="new",
        stream="opinion-o-1",
        event=received(opinion()),
        actor="test/seat",
        occurred_at="2020-01-01T00:00:00.000000Z",
    )
    with store.write() as tx:
        log.append(tx, [draft])
    with owners(audited.settings) as found:
        (intake,) = (each for each in found if each.origin == log.origin)
        assert intake.size() == before + 1
        (newest,) = intake.entries(before, before + 1)
    assert b'"id":"new"' in newest
    store.close()


def test_a_database_that_is_opened_to_look_refuses_to_be_changed(audited: Audited) -> None:
    with reading(audited.settings, "intake") as store:
        spoil_refused(store, "readonly")


def test_a_deployment_that_is_started_meanwhile_makes_the_reading_worth_nothing(
    audited: Audited,
) -> None:
    opening = reading(audited.settings, "intake")
    opening.__enter__()
    database = sqlite3.connect(audited.folder / "intake.db")
    database.execute("UPDATE log SET last_time = '9'")
    database.commit()
    database.close()
    with pytest.raises(Unavailable, match="audit.started_meanwhile"):
        opening.__exit__(None, None, None)


def test_a_folder_without_databases_says_which_one_is_missing(tmp_path: Path) -> None:
    settings = Settings.from_environment({"DOITHOAI_DATA": str(tmp_path)})
    with pytest.raises(Unavailable) as caught, owners(settings):
        pass
    assert caught.value.facts == {"database": "intake"}
    assert list(tmp_path.iterdir()) == []


def test_logs_are_chosen_by_province(audited: Audited) -> None:
    with owners(audited.settings) as found:
        archives: list[Archive] = [*found]
        assert of_provinces(archives, []) == archives
        chosen = of_provinces(archives, ["ha-nam"])
        assert {province_of(each) for each in chosen} == {"ha-nam"}
        with pytest.raises(NotFound, match="province.unknown"):
            of_provinces(archives, ["ha-noi", "nowhere"])


def test_postgresql_is_read_and_refuses_to_be_changed(
    tmp_path: Path, postgresql_database: Callable[[str], str]
) -> None:
    urls = {
        f"DOITHOAI_{name.upper()}_DATABASE": postgresql_database(f"audit_{name}")
        for name in SERVICES
    }
    settings = Settings.from_environment({"DOITHOAI_DATA": str(tmp_path), **urls})
    create_missing(settings, *SERVICES)
    for name in SERVICES:
        upgrade(settings, name)
    store = Store(settings.database_url("intake"))
    definition = definitions()["intake"]
    ledger = Ledger(
        service="intake",
        deployment="doithoai.local",
        store=store,
        tables=definition.log,
        read_model=lambda _connection, _recorded: None,
        clock=system_clock,
        provinces=["ha-noi"],
    )
    draft = Draft(
        id="e-1",
        stream="opinion-o-1",
        event=received(opinion()),
        actor="test/seat",
        occurred_at="2020-01-01T00:00:00.000000Z",
    )
    with store.write() as tx:
        ledger.log("ha-noi").append(tx, [draft])
    store.close()
    with owners(settings) as found:
        (intake,) = found
        assert isinstance(intake, DatabaseArchive)
        (entry,) = intake.entries(0, intake.size())
        assert b'"id":"e-1"' in entry
        spoil_refused(intake.store, "read-only transaction")
