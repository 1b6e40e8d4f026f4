"""Figures from paper are declared once, as their source states them."""

from pathlib import Path

import pytest

from services.intake.declared_import import DeclaredImport
from services.intake.imports import ImportReport
from shared.contracts.intake import SessionResultsDeclared
from shared.runtime import Runtime
from shared.web.app import catalogue_of
from tests.architecture.tree import ROOT
from tests.services.intake.hearing import told
from tests.services.opened import Opened, since_opened

DATA = ROOT / "deploy" / "demo" / "data"
BA_DINH = DATA / "ba-dinh-2017-2021.csv"
HA_NAM = DATA / "ha-nam-2020-2025.csv"
LONG = "workbook.long_number"
NOW = "2026-11-20T05:00:00+00:00"


@pytest.fixture
def runtime(shipped_intake: Opened) -> Runtime:
    shipped_intake.clock_file.write_text(NOW, encoding="ascii")
    return shipped_intake.runtime


def imported(runtime: Runtime, data: bytes, province: str = "ha-noi") -> ImportReport:
    return DeclaredImport(
        runtime=runtime,
        province=runtime.province(province),
        actor="test/secretary",
        at=runtime.clock(),
    ).run(data)


def declared(runtime: Runtime, province: str = "ha-noi") -> list[SessionResultsDeclared]:
    return [event for event in told(runtime, province) if isinstance(event, SessionResultsDeclared)]


def places(report: ImportReport) -> list[tuple[int, str | None, str | None, str]]:
    texts = catalogue_of("intake")
    assert all(fault.code not in texts.error(fault.as_error())["vi"] for fault in report.faults)
    return [(fault.row, fault.column, fault.heading, fault.code) for fault in report.faults]


def changed(file: Path, line: int, before: str, after: str) -> bytes:
    """Return the file with one thing changed in one line, 1-based."""
    lines = file.read_text(encoding="utf-8").splitlines()
    assert before in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(before, after, 1)
    return "\n".join(lines).encode()


def test_the_published_figures_are_declared_row_by_row(runtime: Runtime) -> None:
    report = imported(runtime, BA_DINH.read_bytes())
    assert (report.rows, report.rows_received, report.faults) == (6, 6, ())
    events = declared(runtime)
    assert [(event.sessions, event.attendances, event.opinions) for event in events[:4]] == [
        (8, 1733, 224),
        (12, 947, 120),
        (89, 10089, 1448),
        (25, 1072, 137),
    ]
    assert [event.answered for event in events[:4]] == [224, 120, 1436, 137]
    assert events[0].derived == ("answered",)
    assert events[5].approximate == ()
    assert len({event.declaration_id for event in events}) == 6


def test_what_the_source_does_not_state_is_absent_and_not_zero(runtime: Runtime) -> None:
    imported(runtime, BA_DINH.read_bytes())
    entries = since_opened(runtime)
    education = entries[4].document["data"]
    assert (education["sessions"], education["speaking_turns"]) == (236, 1605)
    assert education.get("answered") is None
    assert education.get("opinions") is None
    assert b'"answered":0' not in entries[4].content


def test_a_period_whose_days_are_not_stated_stays_so(runtime: Runtime) -> None:
    imported(runtime, HA_NAM.read_bytes(), "ha-nam")
    (event,) = declared(runtime, "ha-nam")
    assert (event.sessions, event.period_from, event.period_to) == (518, None, None)
    assert event.attendances is None


def test_the_same_file_again_declares_nothing(runtime: Runtime) -> None:
    imported(runtime, BA_DINH.read_bytes())
    before = runtime.ledger.log("ha-noi").size()
    report = imported(runtime, BA_DINH.read_bytes())
    assert (report.rows_received, report.rows_repeated, report.faults) == (0, 6, ())
    assert runtime.ledger.log("ha-noi").size() == before


def test_a_figure_that_was_changed_is_named_and_the_first_one_stands(runtime: Runtime) -> None:
    imported(runtime, BA_DINH.read_bytes())
    before = declared(runtime)
    report = imported(runtime, changed(BA_DINH, 4, "1436", "1448"))
    assert (report.rows_received, report.rows_repeated) == (0, 5)
    assert places(report) == [(4, None, None, "declaration.changed")]
    assert declared(runtime) == before


def test_a_figure_that_was_left_out_is_a_change_too(runtime: Runtime) -> None:
    imported(runtime, BA_DINH.read_bytes())
    report = imported(runtime, changed(BA_DINH, 4, ",1436,", ",,"))
    assert places(report) == [(4, None, None, "declaration.changed")]


@pytest.mark.parametrize(
    ("line", "before", "after", "place"),
    [
        (2, "2025-01", "2024-01", ("D", "unit_code", "province.unknown_code")),
        (2, ",001,", ",999,", ("D", "unit_code", "province.unknown_code")),
        (6, "sector:education", "sector:astrology", ("A", "scope", "province.unknown_field")),
        (2, "quận Ba Đình", "Nguyễn Văn A", ("E", "unit_name", "declaration.other_unit_name")),
        (2, ",2017-2021,", ",2017-2021 0912 345 678,", ("I", "period_label", LONG)),
        (2, "002_47fe9dab08c49400.txt", "001099012345", ("U", "source", LONG)),
    ],
)
def test_a_row_that_names_what_the_province_does_not_have_is_named(
    runtime: Runtime, line: int, before: str, after: str, place: tuple[str, str, str]
) -> None:
    report = imported(runtime, changed(BA_DINH, line, before, after))
    assert places(report) == [(line, *place)]
    assert report.rows_received == 5


def test_a_unit_that_was_not_there_in_the_period_is_named(runtime: Runtime) -> None:
    ward = "unit,2025-07,commune,00004,phường Ba Đình,commune,periodic,,"
    rows = [
        f"{ward}2019,2019-01-01,2019-12-31,8,,,,,,,,,bài báo",
        f"{ward}2025,2025-01-01,2025-12-31,8,,,,,,,,,bài báo",
        f"{ward}2026,2026-01-01,2026-06-30,8,,,,,,,,,bài báo",
        f"{ward}chưa rõ,,,8,,,,,,,,,bài báo",
    ]
    heading = BA_DINH.read_text(encoding="utf-8").splitlines()[0]
    report = imported(runtime, "\n".join((heading, *rows)).encode())
    gone = ("D", "unit_code", "declaration.unit_not_there")
    assert places(report) == [(2, *gone), (3, *gone)]
    assert [event.period_label for event in declared(runtime)] == ["2026", "chưa rõ"]


def test_another_provinces_unit_is_unknown_here(runtime: Runtime) -> None:
    report = imported(runtime, HA_NAM.read_bytes())
    assert [fault.code for fault in report.faults] == ["province.unknown_code"]
    assert declared(runtime) == []
