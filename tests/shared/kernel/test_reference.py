from collections.abc import Callable
from datetime import date, time
from enum import StrEnum
from pathlib import Path

import pytest

from shared.kernel.errors import RegulationError
from shared.kernel.reference import FILE_LIMIT_BYTES, Table, is_slug, parse, read_reference


class Colour(StrEnum):
    RED = "red"


def table(text: str) -> Table:
    return parse(text.encode(), "a.toml")


def test_every_kind_of_value_is_read_and_the_table_closes() -> None:
    given = table(
        'name = "Thành Công"\nkey = "thanh-cong"\nnumber = 7\nyes = true\nday = 2025-05-01\n'
        'hour = 17:00:00\ncolour = "red"\nlist = ["a", "b"]\n[inner]\nx = 1\n[[row]]\ny = 2\n'
    )
    assert given.text("name") == "Thành Công"
    assert given.slug("key") == "thanh-cong"
    assert given.count("number") == 7
    assert given.flag("yes") is True
    assert given.day("day") == date(2025, 5, 1)
    assert given.hour("hour") == time(17)
    assert given.one_of("colour", Colour) is Colour.RED
    assert given.texts("list") == ("a", "b")
    assert given.table("inner").count("x") == 1
    assert given.tables("row")[0].count("y") == 2
    assert given.tables("absent") == ()
    given.close()


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("7", lambda t: t.text("x")),
        ('""', lambda t: t.text("x")),
        ('" a"', lambda t: t.text("x")),
        (f'"{"a" * 1001}"', lambda t: t.text("x")),
        ('"Ba Đình"', lambda t: t.slug("x")),
        ('"a--b"', lambda t: t.slug("x")),
        (f'"{"a" * 65}"', lambda t: t.slug("x")),
        ("true", lambda t: t.count("x")),
        ("-1", lambda t: t.count("x")),
        ("7.0", lambda t: t.count("x")),
        ("100001", lambda t: t.count("x")),
        ("1", lambda t: t.flag("x")),
        ('"2025-05-01"', lambda t: t.day("x")),
        ("2025-05-01T00:00:00", lambda t: t.day("x")),
        ('"17:00"', lambda t: t.hour("x")),
        ('"blue"', lambda t: t.one_of("x", Colour)),
        ("[]", lambda t: t.texts("x")),
        ('"a"', lambda t: t.texts("x")),
        ('["a", "a"]', lambda t: t.texts("x")),
        ("1", lambda t: t.table("x")),
        ("[1]", lambda t: t.tables("x")),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_with_its_place(
    value: str, read: Callable[[Table], object]
) -> None:
    with pytest.raises(RegulationError) as refusal:
        read(table(f"[[row]]\nx = {value}").tables("row")[0])
    assert refusal.value.code == "reference.wrong_value"
    assert refusal.value.facts["file"] == "a.toml"
    assert refusal.value.facts["place"] == "row[1].x"


def test_the_place_of_a_wrong_item_of_a_list_has_its_number() -> None:
    with pytest.raises(RegulationError) as refusal:
        table('x = ["a", 2]').texts("x")
    assert refusal.value.facts["place"] == "x.2"


def test_a_missing_key_is_refused_with_its_place() -> None:
    with pytest.raises(RegulationError) as refusal:
        table("[a]\n").table("a").day("valid_from")
    assert refusal.value.code == "reference.missing_key"
    assert refusal.value.facts == {"file": "a.toml", "place": "a.valid_from"}


def test_an_unknown_key_is_refused_with_its_place() -> None:
    given = table("[[row]]\nvalid_form = 2025-05-01").tables("row")[0]
    with pytest.raises(RegulationError) as refusal:
        given.close()
    assert refusal.value.code == "reference.unknown_key"
    assert refusal.value.facts == {"file": "a.toml", "place": "row[1].valid_form"}


def test_decomposed_vietnamese_is_refused() -> None:
    with pytest.raises(RegulationError, match="reference.not_nfc"):
        table('x = "Tha\u0300nh"').text("x")


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(RegulationError, match="reference.wrong_value"):
        table("valid_from = 2025-05-02\nvalid_to = 2025-05-01").period()


@pytest.mark.parametrize("content", [b"x = ", b"x = 1\nx = 2", b'x = "\xff"'])
def test_what_is_no_toml_is_refused_with_the_file(content: bytes) -> None:
    with pytest.raises(RegulationError) as refusal:
        parse(content, "a.toml")
    assert refusal.value.code == "reference.unreadable"
    assert refusal.value.facts["file"] == "a.toml"


def test_a_missing_and_a_huge_file_are_refused_without_their_folder(tmp_path: Path) -> None:
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * (FILE_LIMIT_BYTES + 1))
    for path in (tmp_path / "none.toml", huge):
        with pytest.raises(RegulationError, match="reference.unreadable") as refusal:
            read_reference(path)
        assert refusal.value.facts["file"] == path.name
        assert str(tmp_path) not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ba-dinh", True), ("land_use", True), ("Ba", False), ("-a", False), ("", False)],
)
def test_a_slug_is_lower_case_ascii(text: str, *, expected: bool) -> None:
    assert is_slug(text) is expected
