from datetime import date, time
from pathlib import Path

import pytest

from shared.contracts.vocabulary import Level
from shared.kernel.errors import NotFound, Refused
from shared.provinces import (
    BodyChange,
    BodySuccession,
    Province,
    Routing,
    calendar_of,
    load_province,
    province_of,
)
from shared.regulations import Matter
from shared.territory import OfficialCode, Scheme
from tests.shared.provinces.samples import SAMPLE, refusal_of, sample, written

ON = date(2021, 3, 4)


@pytest.fixture
def province(tmp_path: Path) -> Province:
    return sample(tmp_path)


def test_keys_name_what_is_in_force(province: Province) -> None:
    assert province.unit("xa-c", ON).name == "xã C"
    assert province.organisation("mttq-xa-c", ON).unit == "xa-c"
    assert province.agency("phong-yt", ON).succession == BodySuccession(
        successors=("ubnd-b",), change=BodyChange.MERGED, citation="Quyết định B"
    )
    assert province.field("health", ON).vi == "Y tế"


def test_unknown_keys_are_refused_with_their_code(province: Province) -> None:
    for code, ask in (
        ("province.unknown_unit", lambda: province.unit("xa-x", ON)),
        ("province.unknown_unit", lambda: province.unit("xa-c", date(2025, 7, 1))),
        ("province.unknown_organisation", lambda: province.organisation("x", ON)),
        ("province.unknown_agency", lambda: province.agency("x", ON)),
        ("province.unknown_field", lambda: province.field("x", ON)),
        ("province.agency_not_competent", lambda: province.agency("phong-yt", date(2024, 1, 1))),
    ):
        with pytest.raises(Refused, match=code):
            ask()


def test_names_are_understood_and_an_ambiguous_one_names_the_candidates(
    province: Province,
) -> None:
    assert province.unit_named("X. C", ON).key == "xa-c"
    with pytest.raises(Refused) as refusal:
        province.unit_named("c", ON)
    assert refusal.value.code == "province.ambiguous_unit"
    assert refusal.value.facts["candidates"] == ("phuong-c", "xa-c")
    assert refusal.value.status == 422


def test_fields_are_found_by_key_and_by_name(province: Province) -> None:
    for typed in ("site_clearance", "Giải phóng mặt bằng", " GIẢI PHÓNG  mặt bằng", "gpmb"):
        assert province.field_named(typed, ON).key == "site_clearance"
    assert province.field_named("Văn hoá", ON).key == "culture"
    with pytest.raises(Refused, match="province.unknown_field"):
        province.field_named("thời tiết", ON)


@pytest.mark.parametrize("typed", ["Bà Nguyễn Thị Lan", "0912345678", "kiến nghị " * 500])
def test_what_was_typed_in_the_wrong_place_is_never_repeated(
    province: Province, typed: str
) -> None:
    for ask in (
        lambda: province.unit(typed, ON),
        lambda: province.unit_named(typed, ON),
        lambda: province.field(typed, ON),
        lambda: province.field_named(typed, ON),
        lambda: province.organisation(typed, ON),
        lambda: province.agency(typed, ON),
        lambda: province.unit_by_code(OfficialCode(Scheme.FROM_2025_07, Level.COMMUNE, typed)),
    ):
        with pytest.raises(Refused) as refusal:
            ask()
        assert typed[:9] not in str(refusal.value)


def test_a_unit_is_found_by_its_full_official_code(province: Province) -> None:
    code = OfficialCode(Scheme.UNTIL_2025_06, Level.PROVINCE, "35")
    assert province.unit_by_code(code).key == "tinh-a"
    with pytest.raises(Refused, match="province.unknown_code"):
        province.unit_by_code(code._replace(level=Level.DISTRICT))


@pytest.mark.parametrize(
    ("matter", "agency", "row"),
    [
        (("health", Level.DISTRICT, ON, None), "phong-yt", 1),
        (("health", Level.DISTRICT, ON, "xa-c"), "phong-yt", 1),
        (("health", Level.DISTRICT, date(2024, 1, 1), "xa-c"), "ubnd-b", 2),
        (("culture", Level.DISTRICT, ON, "xa-c"), "ubnd-b", 2),
        (("culture", Level.COMMUNE, ON, "xa-c"), "ubnd-c", 2),
        (("culture", Level.COMMUNE, ON, "phuong-c"), "ubnd-a", 3),
        (("culture", Level.COMMUNE, ON, None), "ubnd-a", 3),
        (("culture", Level.PROVINCE, ON, "xa-c"), "ubnd-a", 3),
    ],
)
def test_the_row_of_the_greatest_priority_that_leads_to_an_agency_answers(
    province: Province, matter: tuple[str, Level, date, str | None], agency: str, row: int
) -> None:
    routing = province.route(*matter)
    assert isinstance(routing, Routing)
    assert routing.agency == agency
    assert routing.citation == f"tinh-a.toml@{province.sha256[:12]} routing[{row}]: r{row}"


def test_routing_refuses_what_it_does_not_know(province: Province) -> None:
    for code, field, on, unit in (
        ("province.unknown_field", "x", ON, None),
        ("province.unknown_unit", "health", ON, "x"),
        ("province.not_in_force", "health", date(2025, 7, 1), None),
    ):
        with pytest.raises(Refused, match=code):
            province.route(field, Level.DISTRICT, on, unit)


def test_a_limit_in_working_days_runs_over_the_days_off_of_the_province(
    province: Province,
) -> None:
    # Thursday 04/03/2021; Monday 08/03 is a day off in this province alone.
    deadline = province.due("conclusion_due", ON)
    assert deadline.due_on == date(2021, 3, 12)
    assert deadline.working_days == 5
    assert deadline.calendar_days is None
    assert (deadline.citation, deadline.is_law) == ("Quy chế A", True)


def test_the_rule_is_the_one_in_force_on_the_base_date(province: Province) -> None:
    assert province.due("conclusion_due", date(2020, 12, 31)).working_days == 7


def test_a_limit_in_calendar_days_takes_no_notice_of_days_off(province: Province) -> None:
    deadline = province.due("result_publication_due", ON)
    assert deadline.due_on == date(2021, 3, 14)
    assert (deadline.working_days, deadline.calendar_days) == (None, 10)


def test_a_receipt_on_a_day_off_counts_from_the_next_working_day(province: Province) -> None:
    saturday, monday = date(2021, 5, 8), date(2021, 5, 10)
    assert province.due("resolution_due", saturday).counted_from_on == monday
    assert (
        province.due("resolution_due", saturday).due_on
        == province.due("resolution_due", monday).due_on
        == date(2021, 5, 31)
    )


def test_a_session_on_a_day_off_is_its_own_day_zero(province: Province) -> None:
    assert province.due("conclusion_due", date(2021, 5, 8)).due_on == date(2021, 5, 14)


BY_MATTER = (
    '{ key = "resolution_due", value = { working_days = 15, from = "receipt", cases = '
    '[{ fields = ["health"], working_days = 3 }] }, valid_from = 2021-01-01, '
    'citation = "Quy chế A", law = true },'
)


def test_a_limit_may_depend_on_the_matter_and_on_the_hour_of_receipt(tmp_path: Path) -> None:
    text = SAMPLE.replace("[regulation]\nrule = [", f"[regulation]\nrule = [{BY_MATTER}")
    province = load_province(written(tmp_path, text))
    health = province.due("resolution_due", ON, matter=Matter(field="health"))
    assert (health.working_days, health.due_on) == (3, date(2021, 3, 10))
    late = province.due("resolution_due", ON, matter=Matter(field="health"), received_at=time(18))
    assert (late.counted_from_on, late.due_on) == (date(2021, 3, 5), date(2021, 3, 11))
    assert province.due("resolution_due", ON).working_days == 15


def test_a_limit_for_a_field_that_never_was_is_refused_with_its_place(tmp_path: Path) -> None:
    wrong = BY_MATTER.replace('"health"', '"heath"')
    error = refusal_of(
        tmp_path, SAMPLE.replace("[regulation]\nrule = [", f"[regulation]\nrule = [{wrong}")
    )
    assert error.code == "province.unknown_reference"
    assert error.facts["place"] == "regulation.rule[1].value.cases[1].fields"


def test_the_calendar_of_a_former_version_of_the_file_can_be_had_again(tmp_path: Path) -> None:
    former = load_province(written(tmp_path))
    announced = SAMPLE.replace(
        "day = [", 'day = [ { on = 2021-03-09, kind = "holiday", citation = "Thông báo A" },'
    )
    now = load_province(written(tmp_path, announced))
    own, _, national, _ = former.files
    before = calendar_of(national, own.root())
    assert before.days_unlike(now.calendar, date(2021, 3, 1), date(2021, 3, 31)) == (
        date(2021, 3, 9),
    )
    assert now.calendar.reason(date(2021, 3, 9)) == "Thông báo A"
    assert before.reason(date(2021, 3, 8)) == "Quyết định A"


def test_provinces_are_found_by_slug(province: Province) -> None:
    assert province_of({"tinh-a": province}, "tinh-a") is province
    with pytest.raises(NotFound, match="province.unknown"):
        province_of({"tinh-a": province}, "tinh-b")
