from datetime import date
from pathlib import Path

import pytest

from shared.kernel.errors import RegulationError
from shared.provinces.fields import Fields

ON = date(2021, 3, 4)
ROW = '[[field]]\nkey = "health"\nvi = "Y tế"\nen = "Health"\nvalid_from = 2000-01-01\n'


def refusal_of(folder: Path, text: str) -> RegulationError:
    file = folder / "fields.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RegulationError) as refusal:
        Fields.load(file)
    return refusal.value


def test_the_starting_taxonomy_is_complete() -> None:
    assert [field.key for field in Fields.load().register] == [
        "party_building",
        "leadership_methods",
        "agriculture_rural",
        "environment",
        "site_clearance",
        "land_use_certificates",
        "land_management",
        "planning",
        "construction_order",
        "urban_order",
        "urban_renewal",
        "culture",
        "education",
        "health",
        "public_security",
        "social_policy",
        "administrative_procedures",
        "petitions_handling",
        "other",
    ]


def test_every_field_is_found_by_each_of_its_names() -> None:
    fields = Fields.load()
    for field in fields.register:
        for name in (field.key, field.vi, field.vi.upper(), field.en, *field.also):
            assert fields.named(name, ON) is field
    assert fields.named("Y tế", date(1999, 12, 31)) is None


def test_a_key_in_use_and_a_name_in_use_are_refused(tmp_path: Path) -> None:
    assert refusal_of(tmp_path, ROW + ROW).facts == {
        "file": "provinces/fields.toml",
        "place": "field[2]",
        "key": "health",
    }
    other = ROW.replace('"health"', '"hygiene"').replace('"Y tế"', '"y  TẾ"')
    assert refusal_of(tmp_path, ROW + other).code == "province.ambiguous_field"


def test_a_renamed_field_keeps_its_key(tmp_path: Path) -> None:
    file = tmp_path / "fields.toml"
    first = ROW + "valid_to = 2019-12-31\n"
    second = ROW.replace("2000", "2020").replace("Y tế", "Chăm sóc sức khỏe")
    file.write_text(first + second, encoding="utf-8")
    fields = Fields.load(file)
    assert fields.named("Y tế", date(2019, 12, 31)) is not None
    assert fields.named("Y tế", date(2020, 1, 1)) is None
    renamed = fields.named("chăm sóc sức khoẻ", date(2020, 1, 1))
    assert renamed is not None
    assert renamed.key == "health"
