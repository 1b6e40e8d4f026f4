"""A digest becomes opinions: each good row once, each bad row named, nothing lost."""

import io
from collections.abc import Sequence
from datetime import date

import pytest
from openpyxl import load_workbook

from services.intake import digest_import
from services.intake.digest_import import DigestImport
from services.intake.imports import ImportReport
from services.intake.tables import VAULT
from services.intake.workbook.digest_columns import COLUMNS, HEADER
from services.intake.workbook.template import digest_template
from shared.contracts.intake import DigestImported, OpinionReceived
from shared.contracts.vocabulary import Channel, Level, OpinionKind
from shared.eventlog import execute
from shared.kernel.errors import BadInput
from shared.runtime import Runtime
from shared.vault import Purpose
from shared.web.app import catalogue_of
from tests.services.intake.digest_files import FIRST_ROW, digest_csv, digest_workbook, row
from tests.services.intake.hearing import told
from tests.services.opened import Opened, since_opened

TEXTS = catalogue_of("intake")


@pytest.fixture
def runtime(intake: Opened) -> Runtime:
    return intake.runtime


def imported(runtime: Runtime, data: bytes) -> ImportReport:
    return DigestImport(
        runtime=runtime,
        province=runtime.province("ha-noi"),
        actor="test/cadre",
        at=runtime.clock(),
    ).run(data)


def received(runtime: Runtime) -> list[OpinionReceived]:
    return [event for event in told(runtime) if isinstance(event, OpinionReceived)]


def size(runtime: Runtime) -> int:
    return len(since_opened(runtime))


def numbers(report: ImportReport) -> tuple[int, int, int, int]:
    return report.rows, report.rows_received, report.rows_repeated, report.rows_rejected


def places(report: ImportReport) -> list[tuple[int, str | None, str | None, str]]:
    for fault in report.faults:
        texts = TEXTS.error(fault.as_error())
        assert texts["vi"] != texts["en"]
        assert "mã “" not in texts["vi"], fault.code  # the text of a code that has none
    return [(fault.row, fault.column, fault.heading, fault.code) for fault in report.faults]


def test_a_row_becomes_an_opinion_with_its_dimensions(runtime: Runtime) -> None:
    report = imported(runtime, digest_csv(row()))
    assert numbers(report) == (1, 1, 0, 0)
    opinion, note = told(runtime)
    assert isinstance(opinion, OpinionReceived)
    assert isinstance(note, DigestImported)
    assert (opinion.unit, opinion.level, opinion.field) == (
        "thanh-cong",
        Level.COMMUNE,
        "environment",
    )
    assert (opinion.opinion_kind, opinion.channel) == (
        OpinionKind.RECOMMENDATION,
        Channel.CITIZEN_RECEPTION,
    )
    assert (opinion.organisation, opinion.voices) == ("mttq-thanh-cong", 2)
    assert opinion.received_on == date(2019, 5, 10)
    assert (opinion.digest_id, opinion.row) == (note.digest_id, FIRST_ROW)
    assert (note.rows, note.rows_received, note.file_sha256) == (1, 1, report.file_sha256)


def test_the_text_is_in_the_vault_and_nowhere_else(runtime: Runtime) -> None:
    imported(runtime, digest_csv(row(text="Rác để nhiều ngày ở ngõ 12.")))
    (opinion,) = received(runtime)
    assert opinion.text is not None
    with runtime.store.write() as tx:
        text = runtime.vault.read(
            tx.connection,
            text_id=opinion.text.text_id,
            reader="test/screener",
            purpose=Purpose.SCREENING,
        )
    assert text == "Rác để nhiều ngày ở ngõ 12."


def test_the_same_file_again_changes_nothing(runtime: Runtime) -> None:
    data = digest_workbook(*[row(number) for number in range(1, 6)])
    assert numbers(imported(runtime, data)) == (5, 5, 0, 0)
    before = size(runtime)
    assert numbers(imported(runtime, data)) == (5, 0, 5, 0)
    assert size(runtime) == before


def test_the_same_rows_in_another_format_are_the_same_rows(runtime: Runtime) -> None:
    rows = [row(number) for number in range(1, 4)]
    imported(runtime, digest_workbook(*rows))
    assert numbers(imported(runtime, digest_csv(*reversed(rows)))) == (3, 0, 3, 0)
    assert len(received(runtime)) == 3


def test_the_same_file_on_a_later_day_is_still_the_same(intake: Opened, runtime: Runtime) -> None:
    data = digest_csv(row())
    imported(runtime, data)
    before = size(runtime)
    intake.later(days=10)
    assert numbers(imported(runtime, data)) == (1, 0, 1, 0)
    assert size(runtime) == before


def test_a_row_that_was_added_is_received(runtime: Runtime) -> None:
    imported(runtime, digest_csv(row(1)))
    assert numbers(imported(runtime, digest_csv(row(1), row(2)))) == (2, 1, 1, 0)
    notes = [event for event in told(runtime) if isinstance(event, DigestImported)]
    assert [(note.rows_received, note.rows_repeated) for note in notes] == [(1, 0), (1, 1)]
    assert len({note.digest_id for note in notes}) == 1


def test_another_digest_of_the_organisation_has_rows_of_its_own(runtime: Runtime) -> None:
    imported(runtime, digest_csv(row(1)))
    assert numbers(imported(runtime, digest_csv(row(1), number="16/BC-MTTQ"))) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    "changed",
    [
        row(2, text="Một nội dung khác hẳn."),
        row(2, voices="3"),
        row(2, field="urban_order"),
        row(2, received_on="11/05/2019"),
        row(2, unit="quận Ba Đình"),
    ],
)
def test_a_row_that_was_changed_is_named_and_nothing_else_is_lost(
    runtime: Runtime, changed: Sequence[str]
) -> None:
    imported(runtime, digest_csv(row(1), row(2)))
    before = received(runtime)
    report = imported(runtime, digest_csv(row(1), changed, row(3)))
    assert numbers(report) == (3, 1, 1, 1)
    assert places(report) == [(FIRST_ROW + 1, None, None, "opinion.reported_differently")]
    assert received(runtime)[:2] == before
    assert len(received(runtime)) == 3


def test_bad_rows_are_named_with_place_and_reason_and_good_ones_kept(runtime: Runtime) -> None:
    report = imported(
        runtime,
        digest_csv(
            row(1),
            row(2, unit="phường Không Có"),
            row(3, field="thiên văn học"),
            row(4, received_on="01/01/2019"),
            row(5, voices="-1"),
            row(6, kind="tố cáo"),
            row(7),
        ),
    )
    assert numbers(report) == (7, 2, 0, 5)
    assert places(report) == [
        (FIRST_ROW + 1, "C", "Đơn vị", "province.unknown_unit"),
        (FIRST_ROW + 2, "D", "Lĩnh vực", "province.unknown_field"),
        (FIRST_ROW + 3, "B", "Ngày tiếp nhận", "opinion.received_too_long_ago"),
        (FIRST_ROW + 4, "G", "Số người cùng ý kiến", "workbook.negative_count"),
        (FIRST_ROW + 5, "E", "Loại ý kiến", "opinion.denunciation_not_stored"),
    ]
    assert len(received(runtime)) == 2


def test_a_unit_is_looked_up_on_the_day_of_its_row(runtime: Runtime) -> None:
    report = imported(runtime, digest_csv(row(1, unit="phường Ba Đình")))
    assert places(report) == [(FIRST_ROW, "C", "Đơn vị", "province.unknown_unit")]


def test_an_organisation_that_is_not_known_refuses_the_whole_digest(runtime: Runtime) -> None:
    with pytest.raises(BadInput, match=r"workbook\.unknown_organisation") as caught:
        imported(runtime, digest_csv(row(), organisation="Bà Lê Thị Bí Mật 0912345678"))
    assert "Bí Mật" not in str(caught.value)
    text = catalogue_of("intake").error(caught.value)["vi"]
    assert "ô B1 (Tổ chức báo cáo)" in text
    assert "15/05/2019" in text
    assert size(runtime) == 0


@pytest.mark.parametrize(
    "typed",
    [
        "Ủy ban MTTQ Việt Nam phường Thành Công",
        "UBMTTQ VN phường Thành Công",
        "UB MTTQ Việt Nam  Phường Thành Công",
        "mttq-thanh-cong",
    ],
)
def test_the_usual_abbreviations_of_an_organisation_are_understood(
    runtime: Runtime, typed: str
) -> None:
    report = imported(runtime, digest_csv(row(), organisation=typed))
    assert (report.rows_received, report.faults) == (1, ())
    assert received(runtime)[0].organisation == "mttq-thanh-cong"


def test_the_templates_own_example_is_one_of_a_shipped_province(shipped_intake: Opened) -> None:
    shipped_intake.clock_file.write_text("2021-04-01T05:00:00+00:00", encoding="ascii")
    workbook = load_workbook(io.BytesIO(digest_template()))
    for row_number, label in enumerate(HEADER, start=1):
        workbook["Ý kiến"].cell(row_number, 2).value = label.example
    for place, column in enumerate(COLUMNS, start=1):
        workbook["Ý kiến"].cell(len(HEADER) + 3, place).value = column.example or None
    written = io.BytesIO()
    workbook.save(written)
    report = imported(shipped_intake.runtime, written.getvalue())
    assert (report.rows_received, report.faults) == (1, ())


def test_a_session_that_a_row_names_is_warned_about(runtime: Runtime) -> None:
    named = (*row(1)[:-1], "not-uuid")
    report = imported(runtime, digest_csv(named, row(2)))
    assert (report.rows_received, report.faults) == (2, ())
    (warning,) = report.warnings
    assert (warning.row, warning.column) == (FIRST_ROW, "I")
    assert "chưa đưa vào phiên" in TEXTS.error(warning.as_error())["vi"]


def test_a_complaint_is_received_so_that_screening_can_show_where_it_belongs(
    runtime: Runtime,
) -> None:
    imported(runtime, digest_csv(row(kind="khiếu nại")))
    assert [event.opinion_kind for event in received(runtime)] == [OpinionKind.COMPLAINT]


def test_of_a_denunciation_nothing_is_stored(runtime: Runtime) -> None:
    report = imported(runtime, digest_csv(row(kind="tố cáo"), row(2)))
    assert report.rows_received == 1
    with runtime.store.read() as connection:
        assert len(connection.execute(VAULT.text.select()).all()) == 1


class KilledError(BaseException):
    """As a killed process: nothing catches it."""


def test_an_import_that_was_killed_is_completed_by_doing_it_again(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest_import, "CHUNK_ROWS", 4)
    data = digest_csv(*[row(number) for number in range(1, 11)])
    calls = []

    def killed_in_the_third_chunk(*arguments: object) -> object:
        calls.append(arguments)
        outcomes = execute(*arguments)  # type: ignore[arg-type]
        if len(calls) == 3:
            raise KilledError
        return outcomes

    with monkeypatch.context() as patch:
        patch.setattr("services.intake.digest_import.execute", killed_in_the_third_chunk)
        with pytest.raises(KilledError):
            imported(runtime, data)
    assert len(received(runtime)) == 8
    assert numbers(imported(runtime, data)) == (10, 2, 8, 0)
    assert len(received(runtime)) == 10
    (note,) = [event for event in told(runtime) if isinstance(event, DigestImported)]
    assert (note.rows, note.rows_received, note.rows_repeated) == (10, 2, 8)
    before = size(runtime)
    imported(runtime, data)
    assert size(runtime) == before


def test_a_bad_row_in_the_middle_of_a_chunk_costs_only_itself(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest_import, "CHUNK_ROWS", 3)
    rows = [row(number) for number in range(1, 8)]
    rows[4] = row(5, received_on="01/01/2019")
    assert numbers(imported(runtime, digest_csv(*rows))) == (7, 6, 0, 1)
