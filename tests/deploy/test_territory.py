import pytest

from tests.deploy.commands import called

SPLIT = "2025-01/commune/00016"


def test_units_are_found_without_a_deployment() -> None:
    ended = called({}, "territory", "find", "phuong", "Giang", "Vo", "--json")
    assert ended.status == 0
    assert [hit["unit"] for hit in ended.json["hits"]] == [
        "2025-07/commune/00025",
        "2025-01/commune/00031",
    ]
    assert ended.json["hits"][1]["lies_in"] == ["quận Ba Đình", "thành phố Hà Nội"]
    assert ended.json["left_off"] == 0


def test_a_search_keeps_to_a_scheme_and_a_limit_and_tells_the_rest() -> None:
    ended = called({}, "territory", "find", "hoa binh", "--scheme", "2025-07", "--limit", "1")
    assert "2025-07/commune/" in ended.out
    assert "2025-01" not in ended.out
    assert "more; --limit" in ended.err


@pytest.mark.parametrize("command", ["find", "history"])
def test_finding_nothing_is_a_bad_answer(command: str) -> None:
    ended = called({}, "territory", command, "không có đơn vị này")
    assert (ended.status, ended.out) == (1, "")
    assert "no such unit" in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("00016", "--scheme", "2025-01"),
        (SPLIT,),
        ("phường Ngọc Hà, quận Ba Đình",),
        ("ngoc", "ha,", "ba", "dinh", "--scheme", "2025-01"),
    ],
)
def test_a_history_is_asked_by_code_or_name(arguments: tuple[str, ...]) -> None:
    ended = called({}, "territory", "history", *arguments, "--json")
    assert ended.status == 0
    (unit,) = ended.json["units"]
    assert unit["unit"] == SPLIT
    assert [each["name"] for each in unit["successors"]] == ["phường Ba Đình", "phường Ngọc Hà"]
    assert {each["is_partial"] for each in unit["successors"]} == {True}
    assert {each["since"] for each in unit["successors"]} == {"2025-07-01"}
    assert unit["restated"] is None
    assert len(unit["not_allocated_among"]) == 2


def test_a_name_of_several_units_shows_each() -> None:
    ended = called({}, "territory", "history", "phường Ngọc Hà", "--json")
    units = [unit["unit"] for unit in ended.json["units"]]
    assert len(units) > 1
    assert SPLIT in units
    assert "restated" not in ended.json["units"][0]


@pytest.mark.parametrize("arguments", [("00016",), ("2025-01/00016",), ("2025-09/commune/00016",)])
def test_a_code_never_stands_alone(arguments: tuple[str, ...]) -> None:
    assert called({}, "territory", "history", *arguments).status == 2


def test_an_unknown_code_is_not_found() -> None:
    assert called({}, "territory", "history", "99999", "--scheme", "2025-01").status == 1


def test_people_read_that_a_split_unit_is_not_allocated_and_that_a_district_ended() -> None:
    split = called({}, "territory", "history", SPLIT)
    assert "không phân bổ được" in split.out
    assert "một phần / in part" in split.out
    district = called({}, "territory", "history", "quận Ba Đình")
    assert "Kết thúc ngày 30/06/2025" in district.out
    assert "phường Giảng Võ" in district.out
