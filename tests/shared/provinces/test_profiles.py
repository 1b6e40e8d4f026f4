"""What each source says of its system, and what other provinces are known to rule."""

from datetime import date
from pathlib import Path

import pytest

from shared.contracts.vocabulary import Level
from shared.provinces import Province, Routing, load_provinces
from shared.regulations import Limit, LimitBase, LimitUnit, Term

PROFILES = load_provinces(Path(__file__).parents[3] / "deploy" / "provinces")
LOCAL = load_provinces(Path(__file__).parent / "local")
UNKNOWN = "chưa rõ con số, theo mặc định quốc gia"


def documents(province: Province) -> dict[str, date]:
    return {each.number: each.issued_on for each in province.regulation.documents}


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("629-qd-tu-2017", {"629-QĐ/TU": date(2017, 6, 20)}),
        ("ha-nam", {"218-QĐ/TW": date(2013, 12, 12), "09-HD/TU": date(2022, 5, 12)}),
        ("ha-noi", {"2200-QĐ/TU": date(2017, 5, 25)}),
        ("ha-tinh", {"11-QĐi/TW": date(2019, 2, 18)}),
        (
            "hai-duong",
            {
                "03-QC/TU": date(2021, 3, 18),
                "23-QĐ/TW": date(2021, 7, 30),
                "357-QC/TU": date(2022, 3, 1),
            },
        ),
        ("hai-phong", {"13-HD/BTGDVTU": date(2025, 8, 6)}),
    ],
)
def test_the_documents_named_by_the_source_are_named(slug: str, expected: dict[str, date]) -> None:
    assert documents(PROFILES[slug]) == expected


@pytest.mark.parametrize(
    ("slug", "number", "since"),
    [
        ("629-qd-tu-2017", "629-QĐ/TU", date(2017, 6, 20)),
        ("ha-nam", "09-HD/TU", date(2022, 5, 12)),
        ("ha-noi", "2200-QĐ/TU", date(2017, 5, 25)),
        ("ha-tinh", "11-QĐi/TW", date(2019, 2, 18)),
        ("hai-duong", "03-QC/TU", date(2021, 3, 18)),
        ("hai-phong", "13-HD/BTGDVTU", date(2025, 8, 6)),
    ],
)
def test_a_number_that_no_source_states_is_the_national_one_and_marked_so(
    slug: str, number: str, since: date
) -> None:
    regulation = PROFILES[slug].regulation
    for key in ("conclusion_due", "resolution_due", "periodic_min_per_year"):
        rule = regulation.rule(key, since)
        assert number in rule.citation
        assert UNKNOWN in rule.citation
        assert rule.value == regulation.national.on(key, since).value  # type: ignore[union-attr]
        assert number not in regulation.rule(key, since.replace(year=since.year - 1)).citation
    assert not regulation.rule("resolution_due", since).is_law


@pytest.mark.parametrize("slug", ["629-qd-tu-2017", "ha-nam", "hai-duong"])
def test_the_term_is_2020_to_2025_and_its_days_are_said_not_to_be_stated(slug: str) -> None:
    rule = PROFILES[slug].regulation.rule("term", date(2021, 1, 1))
    assert isinstance(rule.value, Term)
    assert rule.value.name == "2020-2025"
    assert "ngày đầu và ngày cuối không nêu" in rule.citation
    assert not rule.is_law


def test_a_source_that_names_no_term_has_none() -> None:
    for slug in ("ha-noi", "ha-tinh", "hai-phong"):
        assert PROFILES[slug].regulation.stated("term", date(2021, 1, 1)) is None


def test_the_unnamed_province_has_made_up_units_without_codes() -> None:
    units = list(PROFILES["629-qd-tu-2017"].territory.units)
    assert {unit.code for unit in units} == {None}
    assert {unit.level for unit in units} == set(Level)


FIELDS_OF_629 = {
    "party_building": "ban-to-chuc-629",
    "agriculture_rural": "so-nnptnt-629",
    "environment": "so-tnmt-629",
    "site_clearance": "so-tnmt-629",
    "land_use_certificates": "so-tnmt-629",
    "culture": "so-vhtt-629",
    "education": "so-gddt-629",
    "health": "so-yt-629",
    "public_security": "cong-an-629",
    "social_policy": "so-ldtbxh-629",
    "petitions_handling": "thanh-tra-tinh-629",
}


def routed(
    province: Province, field: str, level: Level, on: date, unit: str | None = None
) -> str | None:
    """Return the agency that the routing table has; None where a person must say."""
    found = province.route(field, level, on, unit)
    return found.agency if isinstance(found, Routing) else None


@pytest.mark.parametrize(("field", "agency"), FIELDS_OF_629.items(), ids=FIELDS_OF_629)
def test_every_field_that_the_source_lists_has_its_agency(field: str, agency: str) -> None:
    province = PROFILES["629-qd-tu-2017"]
    assert routed(province, field, Level.PROVINCE, date(2018, 5, 2)) == agency


def test_ad_hoc_dialogues_have_their_triggers_everywhere() -> None:
    for slug in ("629-qd-tu-2017", "ha-nam", "ha-noi", "ha-tinh", "hai-duong"):
        rule = PROFILES[slug].regulation.rule("adhoc_triggers", date(2022, 6, 1))
        assert "judged_necessary" in rule.as_codes()


def test_opinions_on_the_leaderships_way_of_working_have_an_agency_in_ha_nam() -> None:
    province = PROFILES["ha-nam"]
    for on, agency in (
        (date(2022, 6, 1), "ban-dan-van-ha-nam"),
        (date(2025, 2, 1), "ban-tgdv-ha-nam"),
    ):
        assert routed(province, "leadership_methods", Level.PROVINCE, on) == agency
    environment = routed(province, "environment", Level.DISTRICT, date(2022, 6, 1), "phu-ly")
    assert environment == "phong-tnmt-phu-ly"


def test_the_city_of_ha_tinh_is_there_with_its_front_and_its_offices() -> None:
    province = PROFILES["ha-tinh"]
    on = date(2023, 8, 24)
    city = province.unit_named("thành phố Hà Tĩnh", on)
    assert city.level is Level.DISTRICT
    assert province.organisation(f"mttq-{city.key}", on).unit == city.key
    agency = routed(province, "environment", Level.DISTRICT, on, city.key)
    assert agency == f"phong-tnmt-{city.key}"


def test_communes_of_hai_duong_have_a_head_to_meet_and_a_front_that_gathers_first() -> None:
    province, on = PROFILES["hai-duong"], date(2024, 8, 16)
    communes = [
        unit
        for unit in province.territory.units
        if unit.level is Level.COMMUNE and unit.includes(on)
    ]
    assert len(communes) > 200
    for commune in communes:
        assert province.agency(f"ubnd-{commune.key}", on).unit == commune.key
        assert province.organisation(f"mttq-{commune.key}", on).unit == commune.key


def test_the_board_of_mass_mobilisation_was_merged_and_the_districts_ended() -> None:
    province = PROFILES["hai-phong"]
    board = province.agency("ban-dan-van-hai-phong", date(2025, 1, 31))
    successor = province.agency_after(board, date(2025, 8, 6))
    assert getattr(successor, "key", None) == "ban-tgdv-hai-phong"
    levels = {unit.level for unit in province.territory.units if unit.includes(date(2025, 8, 6))}
    assert levels == {Level.PROVINCE, Level.COMMUNE}


# ---- what other provinces rule, for variety ---------------------------------------------------


def test_thai_nguyen_concludes_within_seven_working_days() -> None:
    rule = LOCAL["thai-nguyen"].regulation.rule("conclusion_due", date(2026, 3, 2))
    assert rule.as_limit() == Limit(days=7, unit=LimitUnit.WORKING_DAYS, base=LimitBase.SESSION_DAY)
    assert LOCAL["thai-nguyen"].due("conclusion_due", date(2026, 4, 24)).due_on == date(2026, 5, 8)


def test_lao_cai_meets_in_april_july_and_october_and_takes_opinions_before_the_fifth() -> None:
    regulation, on = LOCAL["lao-cai"].regulation, date(2026, 3, 2)
    assert regulation.rule("periodic_min_per_year", on).as_per_level().of(Level.PROVINCE) == 3
    assert regulation.rule("periodic_months", on).as_months().of(Level.PROVINCE) == (4, 7, 10)
    cutoff = regulation.rule("opinions_cutoff", on).value
    assert getattr(cutoff, "day_of_month", None) == 5


def test_wards_of_da_nang_meet_twice_a_year() -> None:
    rule = LOCAL["da-nang"].regulation.rule("periodic_min_per_year", date(2026, 3, 2))
    assert rule.as_per_level().of(Level.COMMUNE) == 2
    assert rule.as_per_level().of(Level.PROVINCE) is None
