import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from shared.contracts.vocabulary import ReferenceKind
from shared.kernel.errors import RegulationError
from shared.references import ReferenceFile, named
from shared.references.file import CITATIONS_MAX_BYTES
from tests.shared.references.samples import CALENDAR, CHANGED, PROVINCE


def citing(*citations: str) -> ReferenceFile:
    rows = "".join(f'[[rule]]\ncitation = "{citation}"\n' for citation in citations)
    return replace(PROVINCE, content=rows.encode())


def test_a_version_is_the_hash_of_the_very_bytes() -> None:
    assert PROVINCE.version == hashlib.sha256(PROVINCE.content).hexdigest()
    assert CHANGED.version != PROVINCE.version


def test_a_library_that_completes_the_file_is_part_of_its_version() -> None:
    assert CALENDAR.version == f"{CALENDAR.sha256}+holidays-0.109"
    newer = replace(CALENDAR, library="holidays-0.110")
    assert (newer.sha256, newer.version != CALENDAR.version) == (CALENDAR.sha256, True)


def test_events_name_files_and_versions_separated_by_blanks() -> None:
    assert named([PROVINCE, CALENDAR]) == (
        f"ha-noi.toml@{PROVINCE.sha256} calendar/overrides.toml@{CALENDAR.sha256}+holidays-0.109"
    )
    assert named([]) == ""


def test_every_citation_is_found_wherever_it_stands_and_said_once() -> None:
    content = (
        'citation = "một"\n[regulation]\nrule = [{ key = "a", citation = "hai" }]\n'
        '[[calendar.day]]\ncitation = "một"\n[[calendar.day]]\ncitation = "ba"\n'
    )
    assert replace(PROVINCE, content=content.encode()).citations == ("một", "hai", "ba")


def test_citations_are_cut_where_an_event_has_no_more_room() -> None:
    long = ["ă" * 1_000 + str(number) for number in range(40)]
    found = citing(*long).citations
    assert found == tuple(long[: len(found)])
    assert sum(len(each.encode()) for each in found) > CITATIONS_MAX_BYTES - 2_002
    assert sum(len(each.encode()) for each in found) <= CITATIONS_MAX_BYTES


def test_citations_that_fill_the_room_exactly_are_all_there() -> None:
    assert citing("x" * CITATIONS_MAX_BYTES).citations == ("x" * CITATIONS_MAX_BYTES,)
    assert citing("x" * (CITATIONS_MAX_BYTES + 1)).citations == ()


def test_what_is_no_toml_cites_nothing() -> None:
    query = replace(PROVINCE, kind=ReferenceKind.STATISTIC, name="statistics/a.sql", content=b"--")
    assert query.citations == ()


def test_the_fact_of_its_adoption_says_all_of_it_but_the_bytes() -> None:
    fact = replace(CALENDAR, valid_from=date(2026, 1, 1)).adoption()
    assert (fact.kind, fact.file) == (ReferenceKind.CALENDAR, "calendar/overrides.toml")
    assert (fact.version, fact.sha256) == (CALENDAR.version, CALENDAR.sha256)
    assert (fact.label, fact.citations) == ("holidays-0.109", ("Quyết định số 1",))
    assert fact.valid_from == date(2026, 1, 1)


def test_a_file_is_read_once_and_parsed_from_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b'slug = "a"\n')
    file = ReferenceFile.read(ReferenceKind.PROVINCE, path, path.name)
    path.write_bytes(b'slug = "b"\n')
    assert file.root().text("slug") == "a"
    assert file.sha256 == hashlib.sha256(b'slug = "a"\n').hexdigest()
    with pytest.raises(RegulationError, match=r"reference\.unreadable"):
        ReferenceFile.read(ReferenceKind.PROVINCE, tmp_path / "none.toml", "none.toml")
