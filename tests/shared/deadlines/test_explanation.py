from datetime import date, time

from shared.calendar import DayKind, WorkCalendar, national_overrides
from shared.deadlines import Pause, Terms, deadline_of, explanation
from shared.regulations import Limit, LimitBase, LimitUnit

CALENDAR = WorkCalendar(national_overrides(), {date(2026, 1, 2): "Quyết định ngày 25/12/2025"})


def told(terms: Terms, *, is_law: bool = False) -> dict[str, object]:
    found = deadline_of(terms, CALENDAR, citation="Quy chế 1", is_law=is_law)
    return explanation(found, CALENDAR)


def receipt(base_on: date, days: int, at: time | None = None, **rest: object) -> Terms:
    return Terms(
        limit=Limit(days=days, unit=LimitUnit.WORKING_DAYS, base=LimitBase.RECEIPT),
        base_on=base_on,
        received_at=at,
        cutoff=time(17),
        **rest,  # type: ignore[arg-type]
    )


def test_a_person_can_follow_the_count_line_by_line_in_both_languages() -> None:
    assert told(receipt(date(2026, 2, 10), 10, time(15)))["explanation"] == {
        "vi": [
            "Hạn: hết ngày 03/03/2026.",
            "Ngày 0 là 10/02/2026, ngày tiếp nhận; ngày này không tính.",
            "Thời hạn 10 ngày làm việc.",
            "11/02/2026–13/02/2026: ngày thứ 1–3.",
            "14/02/2026–15/02/2026: không tính, nghỉ cuối tuần.",
            "16/02/2026: không tính, nghỉ lễ, tết (Giao thừa Tết Nguyên Đán).",
            "17/02/2026: không tính, nghỉ lễ, tết (Tết Nguyên Đán).",
            "18/02/2026: không tính, nghỉ lễ, tết (Mùng hai Tết Nguyên Đán).",
            "19/02/2026: không tính, nghỉ lễ, tết (Mùng ba Tết Nguyên Đán).",
            "20/02/2026: không tính, nghỉ lễ, tết (Mùng bốn Tết Nguyên Đán).",
            "21/02/2026–22/02/2026: không tính, nghỉ cuối tuần.",
            "23/02/2026–27/02/2026: ngày thứ 4–8.",
            "28/02/2026–01/03/2026: không tính, nghỉ cuối tuần.",
            "02/03/2026–03/03/2026: ngày thứ 9–10.",
            "Căn cứ: Quy chế 1. Thời hạn này không do luật ấn định.",
        ],
        "en": [
            "Due: by the end of 03/03/2026.",
            "Day zero is 10/02/2026, day of receipt; it is not counted.",
            "The limit is 10 working days.",
            "11/02/2026–13/02/2026: day 1–3.",
            "14/02/2026–15/02/2026: not counted, weekend.",
            "16/02/2026: not counted, public holiday (Giao thừa Tết Nguyên Đán).",
            "17/02/2026: not counted, public holiday (Tết Nguyên Đán).",
            "18/02/2026: not counted, public holiday (Mùng hai Tết Nguyên Đán).",
            "19/02/2026: not counted, public holiday (Mùng ba Tết Nguyên Đán).",
            "20/02/2026: not counted, public holiday (Mùng bốn Tết Nguyên Đán).",
            "21/02/2026–22/02/2026: not counted, weekend.",
            "23/02/2026–27/02/2026: day 4–8.",
            "28/02/2026–01/03/2026: not counted, weekend.",
            "02/03/2026–03/03/2026: day 9–10.",
            "Source: Quy chế 1. No law sets this limit.",
        ],
    }


def test_every_fact_that_the_date_rests_on_is_there_under_its_name() -> None:
    document = told(receipt(date(2026, 5, 4), 1))
    assert {name: document[name] for name in document.keys() - {"days", "explanation"}} == {
        "due_on": "2026-05-05",
        "base": "receipt",
        "base_on": "2026-05-04",
        "received_at": None,
        "counted_from_on": "2026-05-04",
        "zero_reason": "base",
        "working_days": 1,
        "calendar_days": None,
        "extensions": [],
        "pauses": [],
        "citation": "Quy chế 1",
        "is_law": False,
    }


def test_a_swapped_day_is_told_with_the_decision_and_a_make_up_saturday_is_counted() -> None:
    document = told(receipt(date(2025, 12, 31), 7), is_law=True)
    assert document["due_on"] == "2026-01-12"
    assert document["days"] == [
        {
            "from_on": "2026-01-01",
            "to_on": "2026-01-01",
            "counting": "off",
            "kind": "holiday",
            "reason": "Tết Dương lịch",
            "numbers": None,
        },
        {
            "from_on": "2026-01-02",
            "to_on": "2026-01-02",
            "counting": "off",
            "kind": "swapped_off",
            "reason": "Quyết định ngày 25/12/2025",
            "numbers": None,
        },
        {
            "from_on": "2026-01-03",
            "to_on": "2026-01-04",
            "counting": "off",
            "kind": "weekend",
            "reason": None,
            "numbers": None,
        },
        {
            "from_on": "2026-01-05",
            "to_on": "2026-01-09",
            "counting": "counted",
            "kind": "working",
            "reason": None,
            "numbers": [1, 5],
        },
        {
            "from_on": "2026-01-10",
            "to_on": "2026-01-10",
            "counting": "counted",
            "kind": "make_up",
            "reason": None,
            "numbers": [6, 6],
        },
        {
            "from_on": "2026-01-11",
            "to_on": "2026-01-11",
            "counting": "off",
            "kind": "weekend",
            "reason": None,
            "numbers": None,
        },
        {
            "from_on": "2026-01-12",
            "to_on": "2026-01-12",
            "counting": "counted",
            "kind": "working",
            "reason": None,
            "numbers": [7, 7],
        },
    ]
    texts = document["explanation"]
    assert isinstance(texts, dict)
    assert "02/01/2026: không tính, nghỉ hoán đổi (Quyết định ngày 25/12/2025)." in texts["vi"]
    assert texts["vi"][-1] == "Căn cứ: Quy chế 1."


def test_lateness_pauses_and_extensions_are_told() -> None:
    terms = receipt(
        date(2026, 5, 4),
        2,
        time(17, 30),
        pauses=(
            Pause(
                paused_on=date(2026, 5, 6),
                resumed_on=date(2026, 5, 7),
                reason="force_majeure",
            ),
        ),
        extensions=(1,),
    )
    document = told(terms)
    assert document["received_at"] == "17:30:00"
    assert document["extensions"] == [1]
    assert document["pauses"] == [
        {"paused_on": "2026-05-06", "resumed_on": "2026-05-07", "reason": "force_majeure"}
    ]
    texts = document["explanation"]
    assert isinstance(texts, dict)
    late = (
        "Tiếp nhận ngày 04/05/2026 lúc 17:30, sau giờ chốt 17:00, nên ngày 0 là ngày làm việc "
        "tiếp theo, 05/05/2026; ngày này không tính."
    )
    stopped = (
        "Tạm dừng sau ngày 06/05/2026 đến hết ngày 07/05/2026: các ngày làm việc trong đó "
        "không tính."
    )
    assert texts["vi"] == [
        "Hạn: hết ngày 11/05/2026.",
        late,
        "Thời hạn 2 ngày làm việc.",
        "Gia hạn thêm 1 ngày làm việc.",
        stopped,
        "06/05/2026: ngày thứ 1.",
        "07/05/2026: không tính, đang tạm dừng.",
        "08/05/2026: ngày thứ 2.",
        "09/05/2026–10/05/2026: không tính, nghỉ cuối tuần.",
        "11/05/2026: ngày cộng thêm thứ 1.",
        "Căn cứ: Quy chế 1. Thời hạn này không do luật ấn định.",
    ]


def test_a_day_off_that_a_province_declares_is_no_holiday_of_the_nation() -> None:
    calendar = WorkCalendar({date(2026, 9, 2): DayKind.WORKING}, {})
    assert calendar.reason(date(2026, 9, 2)) is None
    assert calendar.reason(date(2026, 9, 1)) == "Quốc khánh"
    assert calendar.reason(date(2026, 9, 3)) is None
