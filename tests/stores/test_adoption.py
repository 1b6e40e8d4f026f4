"""Adopting reference files: once each, again when they return, with their bytes, by any process."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from shared.adoption import adopt, copies, stored
from shared.contracts.operations import ReferenceAdopted
from shared.eventlog import NOTHING, Entry
from shared.kernel.errors import LogTampered, NotFound
from shared.references import ReferenceFile, stream_of
from shared.store import Store
from tests.shared.references.samples import CALENDAR, CHANGED, PROVINCE
from tests.stores.logs import REFERENCES, Opened, append, draft, open_ledger
from tests.stores.test_append_only import freeze, refused

FILES = (PROVINCE, CALENDAR)
STARTS = 6


def start(opened: Opened, *files: ReferenceFile) -> None:
    """Open the service with `files` in its folder, as far as they are concerned."""
    adopt(opened.log, REFERENCES, files)


def entries(opened: Opened) -> list[Entry]:
    return opened.log.read(NOTHING)


def versions(opened: Opened) -> list[str]:
    """Return the versions that were adopted, in the order of the log."""
    events = [entry.recorded().event for entry in entries(opened)]
    return [event.version for event in events if isinstance(event, ReferenceAdopted)]


def test_each_file_is_recorded_in_its_own_stream_by_the_service(opened: Opened) -> None:
    start(opened, *FILES)
    told = [entry.recorded() for entry in entries(opened)]
    assert [each.event for each in told] == [file.adoption() for file in FILES]
    assert [each.stream for each in told] == [stream_of(file.name) for file in FILES]
    assert {(each.version, each.actor) for each in told} == {(0, "service:intake")}
    assert {each.occurred_at for each in told} == {"2021-03-01T05:00:00.000000Z"}


def test_a_restart_with_the_same_files_records_nothing(opened: Opened) -> None:
    start(opened, *FILES)
    before = entries(opened)
    start(opened, *FILES)
    start(opened, *reversed(FILES))
    assert entries(opened) == before


def test_only_the_file_that_changed_is_recorded_anew(opened: Opened) -> None:
    start(opened, *FILES)
    append(opened, draft("a"))
    start(opened, CHANGED, CALENDAR)
    assert versions(opened) == [PROVINCE.version, CALENDAR.version, CHANGED.version]
    assert entries(opened)[-1].recorded().version == 1


def test_a_version_that_returns_is_recorded_each_time(opened: Opened) -> None:
    for file in (PROVINCE, CHANGED, PROVINCE, PROVINCE, CHANGED):
        start(opened, file)
    wanted = [PROVINCE, CHANGED, PROVINCE, CHANGED]
    assert versions(opened) == [file.version for file in wanted]
    assert len({entry.recorded().event_id for entry in entries(opened)}) == len(wanted)


def test_another_release_of_the_library_is_recorded_over_the_same_copy(opened: Opened) -> None:
    newer = replace(CALENDAR, library="holidays-0.110")
    start(opened, CALENDAR)
    start(opened, newer)
    assert versions(opened) == [CALENDAR.version, newer.version]
    assert content_of(opened, newer.sha256) == CALENDAR.content


def test_each_log_adopts_for_itself(opened: Opened) -> None:
    for province in ("ha-nam", "ha-noi"):
        adopt(opened.ledger.log(province), REFERENCES, FILES)
    ids = {
        entry.recorded().event_id
        for province in ("ha-nam", "ha-noi")
        for entry in opened.ledger.log(province).read(NOTHING)
    }
    assert len(ids) == 2 * len(FILES)


@pytest.mark.parametrize("before", [(), (CHANGED,)])
def test_processes_that_start_together_record_once(
    opened: Opened, before: Sequence[ReferenceFile]
) -> None:
    start(opened, *before)
    together = threading.Barrier(STARTS)
    # One store on SQLite: a second process can't have the file.
    is_shared = not opened.store.is_postgresql
    stores = [opened.store if is_shared else Store(opened.url) for _ in range(STARTS)]

    def begin(store: Store) -> None:
        log = open_ledger(store, clock=opened.dial).log("ha-noi")
        together.wait(30)
        adopt(log, REFERENCES, FILES)

    with ThreadPoolExecutor(STARTS) as pool:
        list(pool.map(begin, stores))
    for store in stores:
        if store is not opened.store:
            store.close()
    assert versions(opened) == [file.version for file in (*before, *FILES)]


def test_a_frozen_log_adopts_nothing_and_the_start_goes_on(opened: Opened) -> None:
    start(opened, PROVINCE)
    before = entries(opened)
    freeze(opened)
    start(opened, CHANGED, CALENDAR)
    assert entries(opened) == before
    with opened.store.read() as connection:
        assert copies(connection, REFERENCES, [CHANGED.sha256, CALENDAR.sha256]) == {}


def content_of(opened: Opened, sha256: str) -> bytes:
    with opened.store.read() as connection:
        return stored(connection, REFERENCES, sha256)


def test_the_bytes_of_every_version_can_be_read_again(opened: Opened) -> None:
    start(opened, *FILES)
    start(opened, CHANGED, CALENDAR)
    for file in (*FILES, CHANGED):
        assert content_of(opened, file.sha256) == file.content
    with pytest.raises(NotFound, match=r"reference\.unknown"):
        content_of(opened, "0" * 64)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE reference_file SET content = content", "DELETE FROM reference_file"],
)
def test_the_database_refuses_to_change_a_copy(opened: Opened, statement: str) -> None:
    start(opened, *FILES)
    assert refused(opened, statement)
    assert content_of(opened, PROVINCE.sha256) == PROVINCE.content


def test_a_copy_that_was_changed_all_the_same_is_not_given_out(opened: Opened) -> None:
    with opened.store.write() as tx:
        row = {"sha256": PROVINCE.sha256, "kind": "province", "content": b"forged"}
        tx.connection.execute(sa.insert(REFERENCES.file), row)
    with pytest.raises(LogTampered, match=r"reference\.copy_differs"):
        content_of(opened, PROVINCE.sha256)
    with opened.store.read() as connection:
        hashes = [PROVINCE.sha256, CHANGED.sha256]
        assert copies(connection, REFERENCES, hashes) == {PROVINCE.sha256: b"forged"}
