from datetime import date

import pytest

from shared.contracts.vocabulary import Level
from shared.territory import OfficialCode, Scheme, history, listed, restate

OLD, NEW = Scheme.UNTIL_2025_06, Scheme.FROM_2025_07
NGOC_HA = "2025-01/commune/00016"
"""Phường Ngọc Hà, quận Ba Đình: it was split."""


def code(text: str) -> OfficialCode:
    return OfficialCode.parse(text)


def names(text: str, level: Level = Level.COMMUNE) -> tuple[str | None, list[str]]:
    restated = restate(code(text), level)
    return (
        None if restated.unit is None else restated.unit.full_name,
        [unit.full_name for unit in restated.candidates],
    )


def test_a_unit_that_went_into_another_as_a_whole_has_one_successor() -> None:
    found = history(code("2025-01/commune/00031"))
    (change,) = found.successors
    assert (change.old, change.new.full_name) == (found.unit, "phường Giảng Võ")
    assert (change.is_partial, change.since) == (False, date(2025, 7, 1))
    assert "1656/NQ-UBTVQH15" in change.citation
    assert (found.predecessors, found.ended_by) == ((), None)


def test_a_split_unit_has_several_successors_each_in_part() -> None:
    found = history(code(NGOC_HA))
    assert [change.new.name for change in found.successors] == ["Ba Đình", "Ngọc Hà"]
    assert {change.is_partial for change in found.successors} == {True}


def test_a_new_unit_knows_all_of_which_it_was_made_and_which_in_part() -> None:
    found = history(code("2025-07/commune/00004"))
    parts = {change.old.name: change.is_partial for change in found.predecessors}
    assert {name for name, is_partial in parts.items() if not is_partial} == {
        "Quán Thánh",
        "Trúc Bạch",
    }
    assert parts["Ngọc Hà"]
    assert found.successors == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [("35", "Ninh Bình"), ("36", "Ninh Bình"), ("30", "Hải Phòng"), ("01", "Hà Nội")],
)
def test_a_province_went_into_a_province(old: str, new: str) -> None:
    (change,) = history(OfficialCode(OLD, Level.PROVINCE, old)).successors
    assert (change.new.name, change.is_partial) == (new, False)
    assert change.citation == "Nghị quyết 202/2025/QH15"


def test_a_number_that_is_not_known_for_certain_is_not_cited() -> None:
    change = history(code("2025-07/commune/14329")).predecessors[0]
    assert change.citation.startswith("Nghị quyết của Ủy ban Thường vụ Quốc hội ngày 16/6/2025")
    assert "tỉnh Ninh Bình" in change.citation


def test_a_district_ended_without_a_successor_but_islands_became_special_zones() -> None:
    district = history(code("2025-01/district/001"))
    assert (district.successors, district.predecessors) == ((), ())
    assert district.ended_by == "Nghị quyết 203/2025/QH15; Luật 72/2025/QH15"
    island = history(code("2025-01/district/755"))
    assert [change.new.full_name for change in island.successors] == ["đặc khu Côn Đảo"]
    assert island.ended_by is None


def test_history_is_told_from_both_ends_alike() -> None:
    forward = {
        (change.old.official, change.new.official, change.is_partial)
        for official in listed(OLD)
        for change in history(official).successors
    }
    backward = {
        (change.old.official, change.new.official, change.is_partial)
        for official in listed(NEW)
        for change in history(official).predecessors
    }
    assert forward == backward
    assert len(forward) == 10_635


@pytest.mark.parametrize("text", ["2025-01/commune/99999", "2025-07/district/001"])
def test_a_code_that_no_list_has_has_no_history(text: str) -> None:
    with pytest.raises(KeyError):
        history(code(text))
    with pytest.raises(KeyError):
        restate(code(text))


# --- restating


def test_a_unit_that_went_whole_is_restated() -> None:
    assert names("2025-01/commune/00031") == ("phường Giảng Võ", [])
    assert names("2025-01/district/318") == ("đặc khu Bạch Long Vĩ", [])


def test_a_split_unit_is_not_shared_out_but_its_province_is_certain() -> None:
    assert names(NGOC_HA) == (None, ["phường Ba Đình", "phường Ngọc Hà"])
    assert names(NGOC_HA, Level.PROVINCE) == ("thành phố Hà Nội", [])


def test_a_part_whose_rest_is_unknown_is_not_the_whole() -> None:
    assert names("2025-01/commune/00556") == (None, ["xã Phù Đổng"])


def test_a_district_is_in_no_one_commune_but_in_one_province() -> None:
    unit, candidates = names("2025-01/district/001")
    assert unit is None
    assert {"phường Ba Đình", "phường Ngọc Hà", "phường Giảng Võ"} < set(candidates)
    assert names("2025-01/district/001", Level.PROVINCE) == ("thành phố Hà Nội", [])


def test_a_province_is_a_province_and_lies_in_no_commune() -> None:
    assert names("2025-01/province/35", Level.PROVINCE) == ("tỉnh Ninh Bình", [])
    assert names("2025-01/province/35") == (None, [])
    assert names("2025-07/province/37") == (None, [])


def test_a_unit_of_today_is_itself() -> None:
    assert names("2025-07/commune/00025") == ("phường Giảng Võ", [])
    assert names("2025-07/commune/00025", Level.PROVINCE) == ("thành phố Hà Nội", [])


def test_there_are_no_districts_any_more() -> None:
    with pytest.raises(ValueError, match="district"):
        restate(code("2025-01/district/001"), Level.DISTRICT)


def test_every_old_commune_is_restated_or_says_between_which_units_it_lies() -> None:
    for official in listed(OLD):
        if official.level is Level.COMMUNE:
            unit, candidates = restate(official)
            assert (unit is None) is bool(candidates)
            assert restate(official, Level.PROVINCE).unit is not None
