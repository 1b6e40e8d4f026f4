import unicodedata
from datetime import date

import pytest

from shared.contracts.vocabulary import Level
from shared.territory import OfficialCode, Scheme, Territory, Unit, folded

OLD = Scheme.UNTIL_2025_06
LAST = date(2025, 6, 30)
FIRST = date(2025, 7, 1)
ON = date(2019, 3, 4)


def old(key: str, name: str, level: Level, code: str, parent: str | None) -> Unit:
    return Unit(
        key=key,
        name=name,
        level=level,
        scheme=OLD,
        code=code,
        parent=parent,
        valid_from=date(2017, 1, 1),
        valid_to=LAST,
    )


CITY = old("ha-noi", "thành phố Hà Nội", Level.PROVINCE, "01", None)
DISTRICT = old("ba-dinh", "quận Ba Đình", Level.DISTRICT, "001", "ha-noi")
OTHER = old("dong-da", "quận Đống Đa", Level.DISTRICT, "006", "ha-noi")
WARD = old("thanh-cong", "phường Thành Công", Level.COMMUNE, "00034", "ba-dinh")
TWIN = old("trung-tu", "phường Trung Tự", Level.COMMUNE, "1", "dong-da")
TWIN_2 = old("trung-tu-2", "xã Trung Tự", Level.COMMUNE, "2", "ba-dinh")
HOA = old("hoa-mac", "phường Hòa Mạc", Level.COMMUNE, "3", "ba-dinh")
NEW = Unit(
    key="giang-vo-2025",
    name="phường Giảng Võ",
    level=Level.COMMUNE,
    scheme=Scheme.FROM_2025_07,
    code="00034",
    valid_from=FIRST,
)
TERRITORY = Territory([CITY, DISTRICT, OTHER, WARD, TWIN, TWIN_2, HOA, NEW])


@pytest.mark.parametrize(
    "typed",
    [
        "thanh-cong",
        "phường Thành Công",
        "Phường Thành Công",
        "PHƯỜNG THÀNH CÔNG",
        "P. Thành Công",
        "P.Thành Công",
        "p Thành Công",
        "Thành Công",
        "  thành \u00a0công\t",
        "Thành\u200b Công",
        unicodedata.normalize("NFD", "phường Thành Công"),
        "Thành Công, Ba Đình",
        "P. Thành Công, Q. Ba Đình, TP. Hà Nội",
    ],
)
def test_a_unit_is_found_however_its_name_is_typed(typed: str) -> None:
    assert TERRITORY.named(typed, ON) == (WARD,)


def test_the_place_of_the_tone_mark_makes_no_difference() -> None:
    assert folded("Hoà Mạc") == folded("Hòa Mạc")
    assert folded("uỷ ban") == folded("ủy ban")
    assert TERRITORY.named("phường Hoà Mạc", ON) == (HOA,)


@pytest.mark.parametrize(
    ("one", "other"), [("Ba Đình", "Ba Dinh"), ("Tân", "Tần"), ("Hòa", "Họa"), ("Mạc", "Mặc")]
)
def test_letters_and_tones_make_a_difference(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_a_bare_name_of_two_units_means_both_and_the_type_or_the_place_decides() -> None:
    assert set(TERRITORY.named("Trung Tự", ON)) == {TWIN, TWIN_2}
    assert TERRITORY.named("xã Trung Tự", ON) == (TWIN_2,)
    assert TERRITORY.named("Trung Tự, quận Đống Đa", ON) == (TWIN,)


@pytest.mark.parametrize("typed", ["", ",", "quận Thành Công", "Thành", "Thành Công, Đống Đa"])
def test_what_is_no_unit_is_not_found(typed: str) -> None:
    assert TERRITORY.named(typed, ON) == ()


def test_a_unit_is_found_only_on_its_days() -> None:
    assert TERRITORY.named("Thành Công", LAST) == (WARD,)
    assert TERRITORY.named("Thành Công", FIRST) == ()
    assert TERRITORY.on("ba-dinh", FIRST) is None


def test_a_code_names_a_unit_only_with_its_scheme_and_level() -> None:
    assert TERRITORY.by_code(OfficialCode(OLD, Level.COMMUNE, "00034")) == (WARD,)
    assert TERRITORY.by_code(OfficialCode(Scheme.FROM_2025_07, Level.COMMUNE, "00034")) == (NEW,)
    assert TERRITORY.by_code(OfficialCode(OLD, Level.DISTRICT, "00034")) == ()


def test_a_unit_without_a_known_code_has_no_official_one() -> None:
    unit = Unit(key="a", name="xã A", level=Level.COMMUNE, scheme=OLD, parent="b", valid_from=ON)
    assert unit.official is None


def test_the_line_of_a_unit_goes_up_to_its_province() -> None:
    assert TERRITORY.line("thanh-cong", ON) == (WARD, DISTRICT, CITY)
    assert TERRITORY.at_level("thanh-cong", Level.DISTRICT, ON) == DISTRICT
    assert TERRITORY.at_level("thanh-cong", Level.COMMUNE, ON) == WARD
    assert TERRITORY.at_level("ba-dinh", Level.COMMUNE, ON) is None


def test_the_children_of_a_unit_are_those_of_the_day() -> None:
    assert TERRITORY.children("ha-noi", ON) == (DISTRICT, OTHER)
    assert TERRITORY.children("ha-noi", FIRST) == ()


def test_the_schemes_meet_without_a_gap() -> None:
    assert OLD.period.includes(LAST)
    assert not OLD.period.includes(FIRST)
    assert Scheme.FROM_2025_07.period.includes(FIRST)
    assert not Scheme.FROM_2025_07.period.includes(LAST)
