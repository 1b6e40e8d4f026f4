"""Duties to hold periodic sessions: who owes them, and each met or missed once."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from services.sessions.duties import Duty, duties
from services.sessions.obligations import OBLIGATION, Counted, NoticeObligation
from shared.contracts.sessions import SessionObligationMet, SessionObligationMissed
from shared.contracts.vocabulary import Level
from shared.kernel.reference import parse
from shared.provinces import Province, load_provinces
from shared.regulations import NATIONAL_FILE, Regulation
from tests.services.opened import PROVINCES
from tests.specs import Spec

SPEC = Spec(OBLIGATION)
DUTY = Duty(
    obligation_id="d-1",
    unit="thanh-cong",
    level=Level.COMMUNE,
    period_from=date(2019, 1, 1),
    period_to=date(2019, 12, 31),
    required=2,
    citation="Điều 32",
    head=None,
)
MARCH = Counted(session_id="s-1", held_on=date(2019, 3, 5))
MAY = Counted(session_id="s-2", held_on=date(2019, 5, 20))
JUNE = Counted(session_id="s-3", held_on=date(2019, 6, 1))
DIMENSIONS = {name: getattr(DUTY, name) for name in Duty.__dataclass_fields__}
MISSED = SessionObligationMissed(**DIMENSIONS, held=1, session_ids=("s-1",))


def looking(*held: Counted, today: date = date(2020, 1, 1)) -> NoticeObligation:
    return NoticeObligation(duty=DUTY, held=held, today=today)


def test_a_duty_is_met_by_the_session_that_completes_it() -> None:
    met = SessionObligationMet(**DIMENSIONS, met_on=date(2019, 5, 20), session_ids=("s-1", "s-2"))
    look = looking(JUNE, MAY, MARCH, today=date(2019, 6, 1))
    assert SPEC.given().when(look) == [met]
    assert SPEC.given(met).when(looking()) == []


def test_a_duty_is_missed_the_day_after_its_period_and_once() -> None:
    assert SPEC.given().when(looking(MARCH, today=date(2019, 12, 31))) == []
    assert SPEC.given().when(looking(MARCH)) == [MISSED]
    assert SPEC.given(MISSED).when(looking(MARCH, today=date(2020, 2, 1))) == []


def test_sessions_recorded_late_meet_a_duty_that_was_missed() -> None:
    (met,) = SPEC.given(MISSED).when(looking(MARCH, MAY))
    assert isinstance(met, SessionObligationMet)
    assert met.was_missed


@pytest.fixture(scope="module")
def province() -> Province:
    return load_provinces(PROVINCES)["ha-noi"]


def ruled(province: Province, text: str, path: Path = NATIONAL_FILE) -> Province:
    table = parse(text.encode(), "ha-noi.toml")
    return replace(province, regulation=Regulation.load(path, table))


def test_each_unit_that_is_there_all_year_owes_the_number_of_its_level(
    province: Province,
) -> None:
    found = [(each.unit, each.required, each.head) for each in duties(province, 2019)]
    assert found == [("thanh-cong", 1, None)]  # the law speaks of communes only
    assert [each.unit for each in duties(province, 2025)] == []  # nobody for the whole of it
    assert [each.unit for each in duties(province, 2026)] == ["phuong-ba-dinh"]


def test_months_of_the_regulation_are_periods_of_their_own(province: Province) -> None:
    months = ruled(
        province,
        """
[[rule]]
key = "periodic_months"
value = { province = ["04", "07", "10"] }
valid_from = 2019-01-01
citation = "Quy chế của tỉnh"
law = true
""",
    )
    spans = [
        (each.period_from, each.period_to, each.required)
        for each in duties(months, 2019)
        if each.unit == "ha-noi"
    ]
    assert spans == [
        (date(2019, 4, 1), date(2019, 4, 30), 1),
        (date(2019, 7, 1), date(2019, 7, 31), 1),
        (date(2019, 10, 1), date(2019, 10, 31), 1),
    ]


def test_where_heads_owe_it_themselves_each_has_a_duty(province: Province) -> None:
    heads = ruled(
        province,
        """
[[rule]]
key = "periodic_heads"
value = ["bi_thu", "chu_tich"]
valid_from = 2019-01-01
citation = "Quy chế của tỉnh"
law = true
""",
    )
    found = list(duties(heads, 2019))
    assert [each.head for each in found] == ["thanh-cong/bi-thu", "thanh-cong/chu-tich"]
    assert len({each.obligation_id for each in found}) == 2
