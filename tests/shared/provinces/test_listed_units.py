"""A province file that takes its units, and a body for each, from the official lists."""

import time
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from shared.contracts.vocabulary import Level
from shared.kernel.reference import is_slug
from shared.provinces import Province, Routing, load_province
from shared.territory import OfficialCode, Scheme, keys, listed
from tests.shared.provinces.samples import refusal_of, written

OLD, NEW = Scheme.UNTIL_2025_06, Scheme.FROM_2025_07
ON = date(2025, 7, 1)
HA_NAM_OLD = (
    'scheme = "2025-01", code = "35", name = "tỉnh Hà Nam", '
    "valid_from = 2020-01-01, valid_to = 2025-06-30"
)
HEAD = (Path(__file__).parent / "listed.toml").read_text(encoding="utf-8")


def filled(slug: str, name: str, first: str, last: str, territory: str) -> str:
    text = HEAD.replace("SLUG", slug).replace("NAME", name).replace("TERRITORY", territory)
    return text.replace("FIRST", first).replace("LAST", last)


def file_of(province: OfficialCode) -> tuple[str, str]:
    name, slug = listed(NEW)[province].full_name, keys(NEW)[province]
    row = f'{{ scheme = "2025-07", code = "{province.code}", name = "{name}", valid_from = {ON} }}'
    return slug, filled(slug, name, str(ON), "2030-12-31", row)


def loaded(folder: Path, text: str, slug: str) -> Province:
    return load_province(written(folder, text, slug))


PROVINCES = [code for code in listed(NEW) if code.level is Level.PROVINCE]


@pytest.mark.parametrize("code", PROVINCES, ids=str)
def test_each_of_the_34_provinces_is_one_file_of_a_few_lines(
    tmp_path: Path, code: OfficialCode
) -> None:
    slug, text = file_of(code)
    province = loaded(tmp_path, text, slug)
    communes = [unit for unit in listed(NEW).values() if unit.parent == code]
    units = list(province.territory.units)
    assert len(units) == len(communes) + 1
    assert {unit.official for unit in units} == {code, *(unit.official for unit in communes)}
    assert {unit.parent for unit in units} == {None, slug}
    for unit in units:
        routed = province.route("other", unit.level, ON, unit.key)
        assert isinstance(routed, Routing)
        assert routed.agency == f"ubnd-{unit.key}"
        assert province.agency(routed.agency, ON).name == f"UBND {unit.name}"
        assert province.organisation(f"mttq-{unit.key}", ON).unit == unit.key


def old_ha_nam(slug: str = "ha-nam") -> str:
    return filled(slug, "tỉnh Hà Nam", "2020-01-01", "2025-06-30", f"{{ {HA_NAM_OLD} }}")


def test_an_old_province_comes_with_its_districts(tmp_path: Path) -> None:
    province = loaded(tmp_path, old_ha_nam(), "ha-nam")
    district = province.unit_named("thị xã Duy Tiên", date(2024, 1, 1))
    assert (district.key, district.parent) == ("thi-xa-duy-tien", "ha-nam")
    ward = province.unit_named("phường Hòa Mạc, thị xã Duy Tiên", date(2024, 1, 1))
    assert (ward.key, ward.parent) == ("phuong-hoa-mac-thi-xa-duy-tien", "thi-xa-duy-tien")
    agency = province.agency(f"ubnd-{ward.key}", date(2024, 1, 1))
    assert (agency.valid_from, agency.valid_to) == (date(2020, 1, 1), date(2025, 6, 30))


def test_a_unit_that_the_file_names_keeps_its_own_key_and_dates(tmp_path: Path) -> None:
    own = (
        'unit = [\n  { key = "duy-tien", name = "thị xã Duy Tiên", level = "district",'
        ' scheme = "2025-01", code = "349", parent = "ha-nam",'
        " valid_from = 2020-01-01, valid_to = 2025-06-30 },\n]\n"
    )
    province = loaded(tmp_path, old_ha_nam() + own, "ha-nam")
    found = province.territory.by_code(OfficialCode(OLD, Level.DISTRICT, "349"))
    assert [unit.key for unit in found] == ["duy-tien"]
    assert province.territory.children("duy-tien", date(2024, 1, 1))
    assert province.agency("ubnd-duy-tien", date(2024, 1, 1)).unit == "duy-tien"


def test_a_body_that_the_file_names_keeps_its_own_row(tmp_path: Path) -> None:
    row = (
        '  { key = "ubnd-ha-nam", name = "UBND tỉnh", unit = "ha-nam", office = "ubnd",'
        " valid_from = 2020-01-01, valid_to = 2025-06-30 },\n"
    )
    text = old_ha_nam().replace("agency = [\n", f"agency = [\n{row}", 1)
    assert loaded(tmp_path, text, "ha-nam").agency("ubnd-ha-nam", ON.replace(year=2024)).name == (
        "UBND tỉnh"
    )


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ('code = "35"', 'code = "03"', "province.unlisted_unit", "territory[1].code"),
        ('"tỉnh Hà Nam", valid', '"tỉnh Ninh Bình", valid', "province.listed_otherwise", "name"),
        ('"tỉnh Hà Nam", valid', '"Hà Nam", valid', "province.listed_otherwise", "name"),
        ('"2025-01"', '"2025-07"', "province.unlisted_unit", "territory[1].code"),
        (", valid_to = 2025-06-30", "", "province.scheme_period", "territory[1]"),
        ('code = "35", ', "", "reference.missing_key", "territory[1].code"),
        ('code = "35"', 'code = "35", level = "x"', "reference.unknown_key", "level"),
    ],
)
def test_a_wrong_line_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, code: str, place: str
) -> None:
    text = old_ha_nam("tinh-a")
    assert old in text
    error = refusal_of(tmp_path, text.replace(old, new, 1))
    assert error.code == code
    assert str(error.facts["place"]).endswith(place)


def test_a_unit_that_ended_before_the_list_is_not_looked_up(tmp_path: Path) -> None:
    """Its code may have meant another name: only the list's day is known."""
    row = (
        'unit = [\n  { key = "huyen-x", name = "huyện Lý Nhân cũ", level = "district",'
        ' scheme = "2025-01", code = "999", parent = "ha-nam",'
        " valid_from = 2020-01-01, valid_to = 2021-12-31 },\n]\n"
    )
    province = loaded(tmp_path, old_ha_nam() + row, "ha-nam")
    assert province.unit("huyen-x", date(2021, 12, 31)).code == "999"


def test_the_largest_province_loads_in_a_moment(tmp_path: Path) -> None:
    rows = (
        '{ scheme = "2025-01", code = "38", name = "tỉnh Thanh Hóa", valid_from = 2020-01-01,'
        " valid_to = 2025-06-30 },\n"
        '  { scheme = "2025-07", code = "38", name = "tỉnh Thanh Hóa", valid_from = 2025-07-01 }'
    )
    text = filled("thanh-hoa", "tỉnh Thanh Hóa", "2020-01-01", "2030-12-31", rows)
    began = time.perf_counter()
    province = loaded(tmp_path, text, "thanh-hoa")
    assert time.perf_counter() - began < 5
    assert len(list(province.agencies)) > 700


def test_keys_are_unique_in_a_province_are_slugs_and_hold_no_code() -> None:

    for scheme in Scheme:
        found: dict[str, set[str]] = {}
        for code, key in keys(scheme).items():
            line = code
            while (parent := listed(scheme)[line].parent) is not None:
                line = parent
            found.setdefault(line.code, set())
            assert key not in found[line.code]
            found[line.code].add(key)
            assert is_slug(f"ubnd-{key}")
            assert code.code not in key.split("-")
    assert keys(NEW)[OfficialCode(NEW, Level.COMMUNE, "00025")] == "phuong-giang-vo"
    assert keys(OLD)[OfficialCode(OLD, Level.COMMUNE, "00031")] == "phuong-giang-vo-quan-ba-dinh"
    assert keys(OLD)[OfficialCode(OLD, Level.PROVINCE, "77")] == "ba-ria-vung-tau"


def test_names_that_differ_in_diacritics_only_have_two_keys() -> None:
    assert keys(NEW)[OfficialCode(NEW, Level.COMMUNE, "21289")] == "xa-son-ha"
    assert keys(NEW)[OfficialCode(NEW, Level.COMMUNE, "21292")] == "xa-son-ha-2"


def test_the_shortest_file_of_the_checklist_loads(tmp_path: Path) -> None:
    checklist = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-province.md"
    text = dedent(checklist.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0])
    province = loaded(tmp_path, text, "hai-phong")
    assert len(list(province.territory.units)) == 115
    assert province.organisation("mttq-phuong-hong-bang", ON).unit == "phuong-hong-bang"
    assert province.agency("ubnd-phuong-hong-bang", ON).name == "UBND phường Hồng Bàng"
