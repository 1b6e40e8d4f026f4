"""Opening a service: every log has adopted the files it decides by before anything else."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.directory import definition_of
from services.reporting.statistics import statistics
from shared.adoption import copies
from shared.contracts.operations import ReferenceAdopted
from shared.contracts.vocabulary import ReferenceKind
from shared.eventlog import NOTHING
from shared.kernel.errors import RegulationError
from shared.references import adopted, findings
from shared.runtime import Runtime, open_runtime
from shared.settings import SERVICES
from tests.services.opened import PROVINCES, opened

NATIONAL = {"regulations/national.toml", "calendar/overrides.toml", "provinces/fields.toml"}
STATISTICS = {f"statistics/{name}.sql" for name in statistics()}


@pytest.fixture
def provinces(tmp_path: Path) -> Path:
    """Return a folder of province files that a test may change."""
    return Path(shutil.copytree(PROVINCES, tmp_path / "provinces"))


@pytest.fixture(params=SERVICES)
def runtime(request: pytest.FixtureRequest, tmp_path: Path, provinces: Path) -> Iterator[Runtime]:
    """Yield each service in turn, just opened."""
    definition = definition_of(request.param)
    service = opened(definition, tmp_path, DOITHOAI_PROVINCES=str(provinces))
    yield service.runtime
    service.runtime.close()


def adoptions(runtime: Runtime, province: str) -> list[ReferenceAdopted]:
    """Return all that the log holds; fail when there is anything but adoptions."""
    events = [entry.checked().event for entry in runtime.ledger.log(province).read(NOTHING)]
    told = [event for event in events if isinstance(event, ReferenceAdopted)]
    assert told == events
    return told


def open_again(runtime: Runtime) -> None:
    """Start a second process of the service."""
    open_runtime(runtime.definition, runtime.settings).close()


@pytest.mark.parametrize("province", ["ha-noi", "ha-nam"])
def test_a_log_begins_with_the_files_it_decides_by(runtime: Runtime, province: str) -> None:
    own = STATISTICS if runtime.name == "reporting" else set()
    told = adoptions(runtime, province)
    assert {event.file for event in told} == {f"{province}.toml"} | NATIONAL | own
    assert told == [file.adoption() for file in runtime.files(province)]


def test_the_province_file_is_adopted_with_its_name_and_its_first_day(runtime: Runtime) -> None:
    file = adopted(adoptions(runtime, "ha-noi"))["ha-noi.toml"]
    province = runtime.province("ha-noi")
    assert (file.kind, file.label) == (ReferenceKind.PROVINCE, province.name)
    assert (file.valid_from, file.sha256) == (province.valid_from, province.sha256)


def test_the_calendar_is_adopted_with_the_release_of_its_library(runtime: Runtime) -> None:
    calendar = adopted(adoptions(runtime, "ha-noi"))["calendar/overrides.toml"]
    assert calendar.label is not None
    assert calendar.label.startswith("holidays-0.")
    assert calendar.version == f"{calendar.sha256}+{calendar.label}"
    assert calendar.citations


def test_opening_again_records_nothing(runtime: Runtime) -> None:
    before = adoptions(runtime, "ha-noi")
    open_again(runtime)
    assert adoptions(runtime, "ha-noi") == before


def test_a_province_file_that_changed_is_adopted_and_the_old_one_can_still_be_read(
    runtime: Runtime, provinces: Path
) -> None:
    before = {province: adoptions(runtime, province) for province in ("ha-noi", "ha-nam")}
    file = provinces / "ha-noi.toml"
    old = file.read_bytes()
    file.write_bytes(old + b"\n# amended\n")
    open_again(runtime)
    told = adoptions(runtime, "ha-noi")
    assert told[:-1] == before["ha-noi"]
    assert (told[-1].file, told[-1].kind) == ("ha-noi.toml", ReferenceKind.PROVINCE)
    assert adoptions(runtime, "ha-nam") == before["ha-nam"]
    hashes = [event.sha256 for event in told]
    with runtime.store.read() as connection:
        kept = copies(connection, runtime.definition.references, hashes)
    assert set(kept) == set(hashes)
    assert kept[runtime.province("ha-noi").sha256] == old
    file.write_bytes(old)
    open_again(runtime)
    assert [event.file for event in adoptions(runtime, "ha-noi")[-2:]] == ["ha-noi.toml"] * 2


def test_log_files_and_copies_agree_after_every_start_and_an_exchange_is_found(
    runtime: Runtime,
) -> None:
    told = adoptions(runtime, "ha-noi")
    with runtime.store.read() as connection:
        hashes = [event.sha256 for event in told]
        kept = copies(connection, runtime.definition.references, hashes)
    assert list(findings(told, runtime.files("ha-noi"), kept)) == []
    elsewhere = runtime.files("ha-nam")[0]
    (found,) = findings(told, [elsewhere], kept)
    assert (found.code, found.facts["file"]) == ("reference.never_adopted", "ha-nam.toml")


@pytest.mark.parametrize("runtime", ["intake"], indirect=True)
def test_province_names_of_kinds_are_in_the_order_of_its_files(runtime: Runtime) -> None:
    province = runtime.province("ha-noi")
    own, national, calendar, fields = map(str, province.files)
    every = (ReferenceKind.FIELDS, ReferenceKind.CALENDAR, ReferenceKind.REGULATION)
    assert province.references(*every) == f"{national} {calendar} {fields}"
    assert province.references(ReferenceKind.PROVINCE) == own
    assert province.references() == ""


def test_a_log_without_its_province_file_keeps_the_service_from_starting(
    runtime: Runtime, provinces: Path
) -> None:
    (provinces / "ha-nam.toml").unlink()
    with pytest.raises(RegulationError) as caught:
        open_again(runtime)
    assert caught.value.code == "province.file_missing"
    assert caught.value.facts["origins"] == [f"test.local/ha-nam/{runtime.name}"]
