"""Rules of reading declared results."""

import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from services.intake.workbook.declared_sheet import HEADINGS, MEASURES, DeclaredSheet, read_declared
from shared.contracts.vocabulary import Level, Mode, SessionKind
from shared.kernel.errors import BadInput
from tests.services.intake.workbook.files import TODAY, csv_bytes

DATA = Path(__file__).parents[4] / "deploy" / "demo" / "data"

GOOD = {
    "scope": "unit",
    "territory_scheme": "2025-01",
    "unit_level": "district",
    "unit_code": "001",
    "unit_name": "quận Ba Đình",
    "level": "district",
    "session_kind": "periodic",
    "period_label": "2017-2021",
    "period_from": "2017-01-01",
    "period_to": "2021-12-31",
    "sessions": "8",
    "source": "bài báo",
}


def read(*rows: dict[str, str]) -> DeclaredSheet:
    grid = [HEADINGS, *(tuple((GOOD | row).get(name, "") for name in HEADINGS) for row in rows)]
    return read_declared(csv_bytes(grid), TODAY)


def test_the_published_figures_of_ba_dinh_are_read_as_stated() -> None:
    declared = read_declared((DATA / "ba-dinh-2017-2021.csv").read_bytes(), TODAY)

    assert declared.faults == ()
    four = declared.rows[:4]
    assert [row.sessions for row in four] == [8, 12, 89, 25]
    assert [row.attendances for row in four] == [1733, 947, 10089, 1072]
    assert [row.opinions for row in four] == [224, 120, 1448, 137]
    assert [row.answered for row in four] == [224, 120, 1436, 137]
    assert [row.derived for row in four] == [("answered",), ("answered",), (), ()]
    assert [(row.level, row.session_kind) for row in four] == [
        (Level.DISTRICT, SessionKind.PERIODIC),
        (Level.DISTRICT, SessionKind.AD_HOC),
        (Level.COMMUNE, SessionKind.PERIODIC),
        (Level.COMMUNE, SessionKind.AD_HOC),
    ]


def test_what_the_education_sector_does_not_state_is_none_and_never_zero() -> None:
    education, school_year = read_declared(
        (DATA / "ba-dinh-2017-2021.csv").read_bytes(), TODAY
    ).rows[4:]

    assert (education.speaking_turns, education.opinions, education.answered) == (1605, None, None)
    assert (school_year.participants, school_year.contributions) == (3218, 63)
    assert (school_year.sessions, school_year.mode) == (None, Mode.ONLINE)
    assert school_year.derived == ("period_from", "period_to")


def test_the_published_figure_of_ha_nam_states_one_measure_and_no_day() -> None:
    (row,) = read_declared((DATA / "ha-nam-2020-2025.csv").read_bytes(), TODAY).rows

    assert row.sessions == 518
    assert [getattr(row, name) for name in MEASURES[1:]] == [None] * 6
    assert (row.period_from, row.period_to, row.unit_code) == (None, None, "35")


def test_a_stated_zero_is_zero() -> None:
    assert read({"answered": "0"}).rows[0].answered == 0


def test_a_spreadsheet_with_the_same_headings_gives_the_same_rows() -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(list(HEADINGS))
    typed = GOOD | {"sessions": 8, "period_from": date(2017, 1, 1)}
    sheet.append([typed.get(name) for name in HEADINGS])
    written = io.BytesIO()
    workbook.save(written)

    declared = read_declared(written.getvalue(), TODAY)

    assert declared.sheet == "Sheet"
    assert declared.faults == ()
    assert declared.rows == read({}).rows


def test_a_code_kept_as_a_number_is_a_fault() -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(list(HEADINGS))
    sheet.append([{**GOOD, "unit_code": 1}.get(name) for name in HEADINGS])
    written = io.BytesIO()
    workbook.save(written)

    declared = read_declared(written.getvalue(), TODAY)

    assert declared.rows == ()
    assert [fault.code for fault in declared.faults] == ["workbook.number_where_text"]


@pytest.mark.parametrize(
    ("row", "heading", "code"),
    [
        ({"scope": "quận"}, "scope", "workbook.bad_scope"),
        ({"scope": "sector:"}, "scope", "workbook.bad_scope"),
        ({"territory_scheme": "2025"}, "territory_scheme", "workbook.bad_scheme"),
        ({"unit_level": ""}, "unit_level", "workbook.missing_value"),
        ({"unit_level": "quận"}, "unit_level", "workbook.unknown_word"),
        ({"unit_code": "00 1"}, "unit_code", "workbook.bad_code"),
        ({"level": "x"}, "level", "workbook.unknown_word"),
        ({"session_kind": "x"}, "session_kind", "workbook.unknown_word"),
        ({"mode": "x"}, "mode", "workbook.unknown_word"),
        ({"source": ""}, "source", "workbook.missing_value"),
        ({"period_from": "2022-01-01"}, "period_to", "workbook.period_reversed"),
        ({"period_to": "2025-06-02"}, "period_to", "workbook.date_in_future"),
        ({"sessions": "-8"}, "sessions", "workbook.negative_count"),
        ({"sessions": "8.5"}, "sessions", "workbook.not_a_whole_number"),
        ({"sessions": ""}, None, "workbook.nothing_stated"),
        ({"derived": "answered"}, "derived", "workbook.mark_without_value"),
        ({"derived": "sessions;khác"}, "derived", "workbook.unknown_word"),
        ({"approximate": "opinions"}, "approximate", "workbook.mark_without_value"),
        ({"unit_name": "=A1"}, "unit_name", "workbook.formula"),
        ({"opinions": "20", "answered": "21"}, "answered", "workbook.more_answered"),
        ({"unit_level": "commune"}, "level", "workbook.level_above_unit"),
    ],
)
def test_a_value_outside_the_form_is_a_fault(
    row: dict[str, str], heading: str | None, code: str
) -> None:
    declared = read(row, {"period_label": "2022"})

    assert [(f.row, f.heading, f.code) for f in declared.faults] == [(2, heading, code)]
    assert [kept.row for kept in declared.rows] == [3]


def test_what_a_source_gives_as_about_may_be_more_than_all() -> None:
    about = {"opinions": "20", "answered": "21", "approximate": "opinions"}
    assert read(about).faults == ()


def test_a_wrong_heading_is_told_with_those_that_are_taken() -> None:
    grid = [[*HEADINGS, "Ghi chú"], ["x"] * 22]
    with pytest.raises(BadInput) as caught:
        read_declared(csv_bytes(grid), TODAY)

    assert caught.value.code == "workbook.unknown_heading"
    assert caught.value.facts["expected"] == ", ".join(HEADINGS)


def test_lists_of_marks_are_parted_by_semicolons() -> None:
    (row,) = read({"derived": "sessions", "approximate": "sessions; period_from"}).rows

    assert (row.derived, row.approximate) == (("sessions",), ("sessions", "period_from"))


def test_the_same_statement_twice_is_a_fault_of_the_second() -> None:
    declared = read({}, {"sessions": "9"})

    assert [row.sessions for row in declared.rows] == [8]
    assert [(f.row, f.code, dict(f.facts)) for f in declared.faults] == [
        (3, "workbook.duplicate_key", {"first_row": 2})
    ]


@pytest.mark.parametrize("heading", HEADINGS)
def test_every_heading_must_be_there(heading: str) -> None:
    grid = [[name for name in HEADINGS if name != heading], ["x"] * 20]
    with pytest.raises(BadInput) as caught:
        read_declared(csv_bytes(grid), TODAY)

    assert caught.value.code == "workbook.missing_headings"
    assert caught.value.facts["headings"] == heading
