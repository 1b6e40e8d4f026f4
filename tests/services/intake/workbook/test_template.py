"""Rules of the workbooks that the system writes itself."""

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from services.intake.workbook.digest_columns import COLUMNS, HEADER, columns_markdown
from services.intake.workbook.digest_sheet import DigestRow, read_digest
from services.intake.workbook.template import GUIDE_NAME, digest_template
from shared.contracts.vocabulary import Channel, OpinionKind
from shared.kernel.errors import BadInput
from tests.services.intake.workbook.files import TODAY, digest_rows, written_digest

HOW_TO = Path(__file__).parents[4] / "docs" / "how-to" / "digest-workbook.md"


def test_the_empty_template_is_refused_only_for_having_no_rows() -> None:
    with pytest.raises(BadInput) as caught:
        read_digest(digest_template(), TODAY)

    assert caught.value.code == "workbook.no_rows"


def test_a_template_filled_with_its_own_example_reads_back_without_fault() -> None:
    workbook = load_workbook(io.BytesIO(digest_template()))
    sheet = workbook["Ý kiến"]
    for row, label in enumerate(HEADER, start=1):
        assert sheet.cell(row, 1).value == label.heading
        sheet.cell(row, 2).value = label.example
    for place, column in enumerate(COLUMNS, start=1):
        assert sheet.cell(5, place).value == column.heading
        sheet.cell(6, place).value = column.example or None
    written = io.BytesIO()
    workbook.save(written)

    digest = read_digest(written.getvalue(), TODAY)

    assert digest.faults == ()
    assert [(row.key, row.voices) for row in digest.rows] == [("1", 12)]


def test_a_digest_that_was_written_reads_back_as_it_was() -> None:
    rows = digest_rows(50)

    digest = read_digest(written_digest(rows), TODAY)

    assert digest.rows == tuple(rows)
    assert digest.faults == ()


LINE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x1EF9, exclude_categories=["C"]))


@settings(max_examples=40, deadline=None)
@given(text=LINE, kind=st.sampled_from(OpinionKind), channel=st.sampled_from(Channel))
def test_any_readable_text_survives_writing_and_reading(
    text: str, kind: OpinionKind, channel: Channel
) -> None:
    first = read_digest(written_digest([_row(f"a {text} z", kind, channel)]), TODAY)
    if first.faults:  # more marks on one letter than any script has
        assert [fault.code for fault in first.faults] == ["workbook.unreadable_characters"]
        return
    again = read_digest(written_digest(first.rows), TODAY)

    assert (first.rows[0].opinion_kind, first.rows[0].channel) == (kind, channel)
    assert again.rows == first.rows


def _row(text: str, kind: OpinionKind, channel: Channel) -> DigestRow:
    return DigestRow(
        row=6,
        key="1",
        received_on=date(2021, 3, 15),
        unit="phường Ngọc Hà",
        field="giáo dục",
        opinion_kind=kind,
        channel=channel,
        voices=1,
        text=text,
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "=HYPERLINK(1)", "_x0041_", "#REF"])
def test_no_program_computes_a_text_that_was_written(start: str) -> None:
    row = _row(f"{start}cmd|x", OpinionKind.PROPOSAL, Channel.DIRECT)
    data = written_digest([row])

    cell = load_workbook(io.BytesIO(data))["Ý kiến"].cell(6, 8)
    assert (cell.data_type, cell.number_format, cell.quotePrefix) == ("s", "@", True)
    assert read_digest(data, TODAY).faults == ()


def test_kinds_and_channels_are_offered_as_lists_and_cells_are_text() -> None:
    workbook = load_workbook(io.BytesIO(digest_template()))
    sheet, guide = workbook["Ý kiến"], workbook[GUIDE_NAME]

    offered = []
    for validation in sheet.data_validations.dataValidation:
        name, _, area = str(validation.formula1).rpartition("!")
        assert name == f"'{GUIDE_NAME}'"
        offered.append([cell.value for (cell,) in guide[area.replace("$", "")]])

    assert offered[0][:2] == ["phản ánh", "kiến nghị"]
    assert [len(words) for words in offered] == [len(OpinionKind), len(Channel)]
    formats = [sheet.column_dimensions[letter].number_format for letter in "ABCDEFGHI"]
    assert formats == ["@"] * 6 + ["0"] + ["@"] * 2


def test_the_guide_documents_every_column_and_shows_a_row() -> None:
    guide = load_workbook(io.BytesIO(digest_template()))[GUIDE_NAME]
    documented = [guide.cell(row, 1).value for row in range(2, 2 + len(HEADER) + len(COLUMNS))]

    assert documented == [column.heading for column in (*HEADER, *COLUMNS)]
    example_row = len(documented) + 5
    assert guide.cell(example_row, 8).value == COLUMNS[7].example


def test_the_how_to_documents_the_columns_as_the_code_has_them() -> None:
    text = HOW_TO.read_text(encoding="utf-8")
    table = text.partition("<!-- columns: begin -->\n")[2].partition("\n<!-- columns: end -->")[0]

    assert table == columns_markdown()
