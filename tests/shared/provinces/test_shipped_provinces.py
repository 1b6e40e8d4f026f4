from datetime import date
from itertools import product
from pathlib import Path

import pytest

from shared.contracts.vocabulary import Level
from shared.provinces import Province, Routing, load_provinces
from shared.territory import OfficialCode, Scheme

PROVINCES = load_provinces(Path(__file__).parents[3] / "deploy" / "provinces")
HA_NOI = PROVINCES["ha-noi"]
ON = date(2019, 3, 4)
WARDS = (
    "Phúc Xá",
    "Trúc Bạch",
    "Vĩnh Phúc",
    "Cống Vị",
    "Liễu Giai",
    "Nguyễn Trung Trực",
    "Quán Thánh",
    "Ngọc Hà",
    "Điện Biên",
    "Đội Cấn",
    "Ngọc Khánh",
    "Kim Mã",
    "Giảng Võ",
    "Thành Công",
)


def test_five_systems_and_their_successors_are_shipped() -> None:
    assert list(PROVINCES) == [
        *("629-qd-tu-2017", "ha-nam", "ha-noi", "ha-tinh"),
        *("hai-duong", "hai-phong", "nam-dinh", "ninh-binh"),
    ]
    successors = {slug: each.successor for slug, each in PROVINCES.items() if each.successor}
    assert successors == {"ha-nam": "ninh-binh", "nam-dinh": "ninh-binh", "hai-duong": "hai-phong"}


@pytest.mark.parametrize("province", PROVINCES.values(), ids=PROVINCES)
def test_every_matter_of_every_unit_has_a_competent_agency_at_every_time(
    province: Province,
) -> None:
    units = sorted(province.territory.units, key=lambda unit: unit.key)
    for unit in units[:: 1 + len(units) // 40]:  # some forty of each, spread over all
        for on in {unit.valid_from, unit.valid_to or date(2030, 1, 1)}:
            for field, level in product(province.fields.register, Level):
                routing = province.route(field.key, level, on, unit.key)
                assert isinstance(routing, Routing)
                assert province.agency(routing.agency, on).key == routing.agency


def test_ba_dinh_had_fourteen_wards_until_2024() -> None:
    wards = HA_NOI.territory.children("ba-dinh", ON)
    assert [ward.name for ward in wards] == [f"phường {name}" for name in WARDS]
    assert len(HA_NOI.territory.children("ba-dinh", date(2025, 1, 1))) == 13
    assert HA_NOI.territory.children("ba-dinh", date(2025, 7, 1)) == ()


@pytest.mark.parametrize("name", WARDS)
def test_every_ward_is_named_bare_and_has_its_front_and_its_committee(name: str) -> None:
    ward = HA_NOI.unit_named(name, ON)
    assert HA_NOI.unit_named(f"P. {name}", ON) == ward
    assert HA_NOI.organisation(f"mttq-{ward.key}", ON).unit == ward.key
    assert HA_NOI.agency(f"ubnd-{ward.key}", ON).unit == ward.key


def test_the_district_of_the_published_figures_is_found_by_its_code() -> None:
    code = OfficialCode(Scheme.UNTIL_2025_06, Level.DISTRICT, "001")
    assert HA_NOI.unit_by_code(code).key == "ba-dinh"
    province = OfficialCode(Scheme.UNTIL_2025_06, Level.PROVINCE, "35")
    assert PROVINCES["ha-nam"].unit_by_code(province).key == "ha-nam"


def test_one_name_means_another_ward_after_the_reform() -> None:
    assert HA_NOI.unit_named("phường Giảng Võ", date(2025, 6, 30)).key == "phuong-giang-vo"
    assert HA_NOI.unit_named("phường Giảng Võ", date(2025, 7, 1)).key == "phuong-giang-vo-2025"


def test_the_document_is_cited_from_its_day_on_and_its_number_is_the_default() -> None:
    before = HA_NOI.due("resolution_due", date(2017, 5, 24))
    since = HA_NOI.due("resolution_due", date(2017, 5, 25))
    assert "2200-QĐ/TU" not in before.citation
    assert "2200-QĐ/TU" in since.citation
    assert (since.working_days, since.is_law) == (15, False)


@pytest.mark.parametrize(
    ("field", "on", "agency"),
    [
        ("environment", ON, "phong-tnmt-ba-dinh"),
        ("site_clearance", ON, "ban-btgpmb-ba-dinh"),
        ("construction_order", ON, "phong-qldt-ba-dinh"),
        ("education", ON, "phong-gddt-ba-dinh"),
        ("other", ON, "van-phong-ba-dinh"),
        ("public_security", ON, "cong-an-ba-dinh"),
        ("public_security", date(2025, 3, 1), "cong-an-ha-noi"),
    ],
)
def test_matters_of_the_district_go_to_its_offices(field: str, on: date, agency: str) -> None:
    for unit in (None, "phuong-thanh-cong"):
        routing = HA_NOI.route(field, Level.DISTRICT, on, unit)
        assert isinstance(routing, Routing)
        assert routing.agency == agency
