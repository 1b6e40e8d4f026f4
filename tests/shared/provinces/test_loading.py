import hashlib
from datetime import date
from pathlib import Path

import pytest

from shared.provinces import load_province, load_provinces
from tests.shared.provinces.samples import SAMPLE, refusal_of, sample, written


def test_a_province_is_read_with_the_digest_of_its_file(tmp_path: Path) -> None:
    province = sample(tmp_path)
    assert (province.slug, province.name, province.name_en) == ("tinh-a", "tỉnh A", "A Province")
    assert province.sha256 == hashlib.sha256((tmp_path / "tinh-a.toml").read_bytes()).hexdigest()
    assert province.valid_to == date(2025, 6, 30)


D = "valid_from = 2020-01-01, valid_to = 2025-06-30"


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        # --- shape
        ("[calendar]", "[kalendar]", "reference.unknown_key", "kalendar"),
        ('name_en = "A Province"', "", "reference.missing_key", "name_en"),
        ("unit = [", "unit = 1\nx = [", "reference.wrong_value", "unit"),
        ('name = "xã C", level', 'nam = "xã C", level', "reference.missing_key", "unit[3].name"),
        ('code = "35"', 'code = "A0"', "reference.wrong_value", "unit[1].code"),
        ('code = "35"', 'cod = "90"', "reference.unknown_key", "unit[1].cod"),
        ('"tỉnh Hà Nam", level', '"ti\u0309nh Hà Nam", level', "reference.not_nfc", "unit[1].name"),
        # --- units
        ('key = "phuong-c"', 'key = "xa-c"', "province.duplicate_key", "unit[4]"),
        (
            'scheme = "2025-01", parent = "tinh-a"',
            'scheme = "2025-07", parent = "tinh-a"',
            "reference.wrong_value",
            "unit[2].level",
        ),
        (
            f'parent = "huyen-b", {D} }},\n  {{ key = "phuong-c"',
            'parent = "huyen-b", valid_from = 2020-01-01 },\n  { key = "phuong-c"',
            "province.scheme_period",
            "unit[3]",
        ),
        ('parent = "tinh-a"', 'parent = "tinh-b"', "province.unknown_reference", "unit[2].parent"),
        ('parent = "tinh-a"', 'parent = "xa-c"', "reference.wrong_value", "unit[2].parent"),
        ('parent = "tinh-a", ', "", "reference.missing_key", "unit[2].parent"),
        ('code = "35"', 'parent = "xa-c"', "reference.wrong_value", "unit[1].parent"),
        (
            f'parent = "tinh-a", {D}',
            'parent = "tinh-a", valid_from = 2019-01-01, valid_to = 2025-06-30',
            "province.reference_not_in_force",
            "unit[2].parent",
        ),
        # --- units as the official lists have them
        ('code = "35"', 'code = "03"', "province.unlisted_unit", "unit[1].code"),
        ('code = "35"', 'code = "36"', "province.listed_otherwise", "unit[1].name"),
        (
            'level = "district", scheme = "2025-01"',
            'level = "district", scheme = "2025-01", code = "347"',
            "province.listed_otherwise",
            "unit[2].name",
        ),
        (
            'name = "huyện B", level = "district", scheme = "2025-01"',
            'name = "quận Ba Đình", level = "district", scheme = "2025-01", code = "001"',
            "province.listed_otherwise",
            "unit[2].parent",
        ),
        # --- organisations, agencies
        (
            'unit = "xa-c", organisation',
            'unit = "xa-d", organisation',
            "province.unknown_reference",
            "organisation[1].unit",
        ),
        ('"front"', '"back"', "reference.wrong_value", "organisation[1].organisation_kind"),
        ('key = "ubnd-b"', 'key = "ubnd-a"', "province.duplicate_key", "agency[2]"),
        (
            'unit = "tinh-a", office',
            'unit = "tinh-b", office',
            "province.unknown_reference",
            "agency[1].unit",
        ),
        ('office = "health_office"', 'office = "ubnd"', "province.duplicate_office", "agency[4]"),
        (
            'successor = "ubnd-b"',
            'successor = "ubnd-x"',
            "province.unknown_reference",
            "agency[4].successor",
        ),
        (
            'successor = "ubnd-b"',
            'successors = ["ubnd-b", "ubnd-x"]',
            "reference.wrong_value",
            "agency[4].change",
        ),
        (
            'successor = "ubnd-b", change = "merged"',
            'successors = ["ubnd-b", "ubnd-x"], change = "split"',
            "province.unknown_reference",
            "agency[4].successors",
        ),
        (
            'successor = "ubnd-b"',
            'successors = ["ubnd-b", "u b"]',
            "reference.wrong_value",
            "agency[4].successors",
        ),
        (
            'successor = "ubnd-b"',
            'successor = "ubnd-b", successors = ["ubnd-b", "ubnd-c"]',
            "reference.wrong_value",
            "agency[4].successor",
        ),
        (
            'successor = "ubnd-b"',
            'successor = "phong-yt"',
            "province.reference_not_in_force",
            "agency[4].successor",
        ),
        ('change = "merged"', 'change = "split"', "reference.wrong_value", "agency[4].change"),
        ('change = "merged"', 'change = "renamed"', "reference.wrong_value", "agency[4].change"),
        ('change = "merged", ', "", "reference.missing_key", "agency[4].change"),
        ('citation = "Quyết định B", ', "", "reference.missing_key", "agency[4].citation"),
        (
            "valid_from = 2020-01-01, valid_to = 2023-12-31 },\n]",
            "valid_from = 2020-01-01 },\n]",
            "reference.missing_key",
            "agency[4].valid_to",
        ),
        # --- a body for each unit
        (
            'unit = "xa-c", organisation_kind',
            'each = ["ward"], organisation_kind',
            "reference.wrong_value",
            "organisation[1].each",
        ),
        (
            'unit = "xa-c", organisation_kind',
            'each = ["commune"], unit = "xa-c", organisation_kind',
            "reference.wrong_value",
            "organisation[1].unit",
        ),
        (
            'unit = "huyen-b", office = "health_office", successor',
            'each = ["district"], successor',
            "reference.wrong_value",
            "agency[4].successor",
        ),
        (
            'key = "mttq-xa-c", name = "MTTQ xã C", unit = "xa-c"',
            f'key = "{"m" * 64}", name = "MTTQ", each = ["commune"]',
            "reference.wrong_value",
            "organisation[1].key",
        ),
        # --- routing
        (
            'agency = "ubnd-a"',
            'agency = "ubnd-x"',
            "province.unknown_reference",
            "routing[3].agency",
        ),
        ('["health"]', '["healthy"]', "province.unknown_reference", "routing[1].fields"),
        ('["health"]', '["health", "*"]', "reference.wrong_value", "routing[1].fields"),
        (
            'levels = ["district"]',
            'levels = ["ward"]',
            "reference.wrong_value",
            "routing[1].levels",
        ),
        (
            'office = "ubnd", pri',
            'office = "x", pri',
            "province.unknown_reference",
            "routing[2].office",
        ),
        (
            'office = "ubnd", pri',
            'office = "ubnd", agency = "ubnd-a", pri',
            "reference.wrong_value",
            "routing[2].agency",
        ),
        (
            'citation = "r1", valid_from = 2020-01-01, valid_to = 2023-12-31',
            'citation = "r1", valid_from = 2020-01-01, valid_to = 2024-12-31',
            "province.reference_not_in_force",
            "routing[1].agency",
        ),
        ("priority = 20", "priority = 10", "province.routing_ambiguous", "routing[2]"),
        (
            'citation = "r3", valid_from = 2020-01-01',
            'citation = "r3", valid_from = 2020-01-02',
            "province.routing_incomplete",
            "routing",
        ),
        (
            'levels = ["*"], agency = "ubnd-a"',
            'levels = ["province", "district", "commune"], agency = "ubnd-a"',
            "province.routing_incomplete",
            "routing",
        ),
        ('agency = "ubnd-a"', 'office = "ubnd"', "province.routing_incomplete", "routing"),
        # --- regulation, calendar
        (
            "working_days = 5",
            "working_day = 5",
            "reference.wrong_value",
            "regulation.rule[1].value",
        ),
        ('citation = "Quy chế A", ', "", "reference.missing_key", "regulation.rule[1].citation"),
        ('"conclusion_due"', '"x"', "regulation.unknown_key", "regulation.rule[1].key"),
        ('"holiday"', '"party"', "reference.wrong_value", "calendar.day[1].kind"),
    ],
)
def test_a_wrong_file_is_refused_with_file_and_place(
    tmp_path: Path, old: str, new: str, code: str, place: str
) -> None:
    assert old in SAMPLE
    error = refusal_of(tmp_path, SAMPLE.replace(old, new, 1))
    assert error.code == code
    assert error.facts["file"] == "tinh-a.toml"
    assert error.facts["place"] == place


def test_the_first_day_without_an_answer_is_named(tmp_path: Path) -> None:
    text = SAMPLE.replace(
        'citation = "r3", valid_from = 2020-01-01, valid_to = 2025-06-30',
        'citation = "r3", valid_from = 2020-01-01, valid_to = 2024-12-31',
    )
    assert refusal_of(tmp_path, text).facts["on"] == date(2025, 1, 1)


def test_the_name_of_the_file_is_the_slug(tmp_path: Path) -> None:
    assert refusal_of(tmp_path, SAMPLE.replace('slug = "tinh-a"', 'slug = "tinh-b"')).code == (
        "province.slug_differs"
    )


def test_a_key_may_come_again_when_its_first_use_has_ended(tmp_path: Path) -> None:
    row = (
        '  { key = "phong-yt", name = "Phòng Y tế, mới", unit = "huyen-b",'
        " valid_from = 2024-01-01, valid_to = 2025-06-30 },\n"
    )
    text = SAMPLE.replace("]\n\nrouting = [", f"{row}]\n\nrouting = [")
    province = load_province(written(tmp_path, text))
    assert province.agency("phong-yt", date(2023, 12, 31)).name == "Phòng Y tế"
    assert province.agency("phong-yt", date(2024, 1, 1)).name == "Phòng Y tế, mới"


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="province.none_found"):
        load_provinces(tmp_path)


def test_a_successor_needs_its_own_file(tmp_path: Path) -> None:
    written(tmp_path, SAMPLE.replace("valid_to", 'successor = "tinh-b"\nvalid_to', 1))
    with pytest.raises(Exception, match="province.unknown_successor"):
        load_provinces(tmp_path)
    other = SAMPLE.replace('slug = "tinh-a"', 'slug = "tinh-b"')
    written(tmp_path, other, "tinh-b")
    assert list(load_provinces(tmp_path)) == ["tinh-a", "tinh-b"]
