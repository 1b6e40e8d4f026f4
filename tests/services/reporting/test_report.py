"""Reports: computed beside declared, by the rules, to the byte."""

import csv
import io
from contextlib import closing
from datetime import date
from typing import Any

import pytest

from services.reporting import computing, publishing
from services.reporting.csv_form import as_csv
from services.reporting.definition import DEFINITION
from services.reporting.names import Names
from services.reporting.questions import Question, question
from services.reporting.statistics import statistics
from services.reporting.text_table import as_table
from shared.contracts import Event
from shared.contracts.vocabulary import Level, Mode, SessionKind
from shared.kernel.errors import BadInput
from shared.runtime import Runtime
from shared.web.app import catalogue_of
from tests.services.opened import opened
from tests.services.reporting.conftest import SHIPPED, Keep, kept_in
from tests.services.reporting.golden import PERIOD, happened, published
from tests.services.reporting.history import (
    History,
    answered,
    at_session,
    attended,
    ended,
    opinion,
    received,
    results,
    session,
)

SESSIONS = statistics()["sessions"]
LEVEL_AND_KIND = ("level", "session_kind")
HELD_ON = date(2019, 4, 10)


def asked(*by: str, period: tuple[date, date] = PERIOD, name: str = "sessions") -> Question:
    return question(
        statistics()[name],
        provinces=["ha-noi"],
        period_from=period[0],
        period_to=period[1],
        by=by,
    )


@pytest.fixture
def report(runtime: Runtime, keep_all: Keep) -> Any:
    def of(*events: Event, by: tuple[str, ...] = LEVEL_AND_KIND, **named: Any) -> dict[str, Any]:
        keep_all(History().record(*events).entries)
        return computing.newest(runtime, asked(*by, **named)).document

    return of


@pytest.fixture(scope="module")
def ba_dinh(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the report over all that happened and was published, computed once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.services.opened.PROVINCES", SHIPPED)
        service = opened(DEFINITION, tmp_path_factory.mktemp("golden"))
    with closing(service.runtime) as runtime:
        kept_in(runtime.store, History().record(*happened(), *published()).entries)
        return computing.newest(runtime, asked(*LEVEL_AND_KIND)).document


def district_session(attendances: int = 10) -> list[Event]:
    mine = session(unit="ba-dinh", level=Level.DISTRICT)
    return [attended(mine, attendances), ended(mine)]


def test_the_published_figures_of_ba_dinh_are_computed_and_equal(
    ba_dinh: dict[str, Any],
) -> None:
    document = ba_dinh
    figures = ("level", "session_kind", "sessions", "attendances", "opinions", "answered")
    assert [tuple(row[name] for name in figures) for row in document["rows"]] == [
        ("district", "periodic", 8, 1_733, 224, 224),
        ("district", "ad_hoc", 12, 947, 120, 120),
        ("commune", "periodic", 89, 10_089, 1_448, 1_436),
        ("commune", "ad_hoc", 25, 1_072, 137, 137),
        (None, None, None, None, None, None),
    ]
    assert [row["status"] for row in document["rows"]] == [*["equal"] * 4, "declared_only"]
    total = document["totals"]
    assert [total[name] for name in figures[2:]] == [134, 13_841, 1_929, 1_917]
    assert total["answered_share"] == {"part": 1_917, "whole": 1_929}
    # What is published of one district is no figure of the city that was asked about.
    assert (total["declared"], total["status"]) == (None, "computed_only")
    assert document["rows"][0]["declared"]["units"] == ["quận Ba Đình"]
    assert document["declared_not_shown"] == 1
    assert document["rows"][0]["declared"]["derived"] == ["answered"]


def test_a_sector_stands_alone_and_adds_to_nothing(ba_dinh: dict[str, Any]) -> None:
    document = ba_dinh
    education = document["rows"][-1]
    assert education["scope"] == "sector:education"
    assert education["declared"]["speaking_turns"] == 1_605
    assert education["declared"]["answered"] is None
    assert education["answered_share"] is None
    assert document["totals"]["declared"] is None


def test_a_difference_is_named_with_both_numbers(report: Any) -> None:
    document = report(*district_session(), results(sessions=1, attendances=12))
    (row,) = document["rows"]
    assert row["differences"] == [{"measure": "attendances", "declared": 12, "computed": 10}]
    assert row["status"] == "different"


@pytest.mark.parametrize(
    ("stated", "status", "different"),
    [
        ({"attendances": 12, "approximate": ("attendances",)}, "approximate", []),
        ({"attendances": 10, "approximate": ("attendances",)}, "approximate", []),
        ({"attendances": 10, "approximate": ("period_to",)}, "equal", []),
        ({"sessions": 2, "attendances": 9, "approximate": ("attendances",)}, "different", [2]),
    ],
)
def test_what_is_given_as_about_is_neither_equal_nor_different(
    report: Any, stated: dict[str, Any], status: str, different: list[int]
) -> None:
    (row,) = report(*district_session(), results(**{"sessions": 1, **stated}))["rows"]
    assert row["status"] == status
    assert [each["declared"] for each in row["differences"]] == different
    assert row["approximate"] == [name for name in stated["approximate"] if name in row]


def test_what_is_not_stated_is_null_and_no_difference(report: Any) -> None:
    (row,) = report(*district_session(), results(sessions=1))["rows"]
    assert row["declared"]["opinions"] is None
    assert row["opinions"] == 0
    assert row["status"] == "equal"


@pytest.mark.parametrize(
    "period",
    [
        {"period_to": date(2021, 12, 30)},
        {"period_from": date(2016, 12, 31)},
        {"period_to": None},
        {"period_from": None, "period_to": None},
    ],
)
def test_a_declared_row_of_another_period_is_not_shown(
    report: Any, period: dict[str, date | None]
) -> None:
    document = report(*district_session(), results(sessions=9, **period))
    (row,) = document["rows"]
    assert (row["declared"], row["status"]) == (None, "computed_only")
    assert document["declared_not_shown"] == 1


def test_finer_declared_rows_add_up_in_a_coarser_report(report: Any) -> None:
    declared = [
        results(sessions=1, attendances=10),
        results(session_kind=SessionKind.AD_HOC, sessions=2),
    ]
    (row,) = report(*district_session(), *declared, by=("level",))["rows"]
    assert row["declared"]["sessions"] == 3
    assert row["declared"]["attendances"] is None
    assert row["missing"] == ["attendances"]
    assert [each["measure"] for each in row["differences"]] == ["sessions"]


def test_computed_cells_that_no_declared_row_covers_make_it_incomparable(report: Any) -> None:
    elsewhere = session(unit="phuong-hong-ha-2025", level=Level.DISTRICT)
    events = [*district_session(), ended(elsewhere)]
    (row,) = report(*events, results(sessions=1, attendances=10))["rows"]
    assert row["incomparable"] == ["sessions"]
    assert (row["status"], row["differences"]) == ("partial", [])


def of_the_province(**stated: Any) -> Event:
    whole = {"unit_level": Level.PROVINCE, "unit_code": "01", "unit_name": "thành phố Hà Nội"}
    return results(**whole, level=None, session_kind=None, **stated)


@pytest.mark.parametrize("by", [(), ("province",)])
def test_a_part_of_the_territory_never_stands_beside_the_whole(
    report: Any, by: tuple[str, ...]
) -> None:
    document = report(*district_session(), results(sessions=7), by=by)
    counted, stated = document["rows"]
    assert (counted["sessions"], counted["declared"]) == (1, None)
    assert (stated["scope"], stated["declared"]["units"]) == ("unit", ["quận Ba Đình"])
    assert document["totals"]["declared"] is None
    assert document["declared_not_shown"] == 0


def test_a_row_for_a_whole_unit_stands_alone_among_levels_and_kinds(report: Any) -> None:
    whole = results(level=None, session_kind=None, sessions=1)
    document = report(*district_session(), whole)
    assert [row["status"] for row in document["rows"]] == ["computed_only", "declared_only"]
    assert document["totals"]["declared"] is None


def test_a_row_for_the_whole_stands_at_the_total_only(report: Any) -> None:
    document = report(*district_session(), of_the_province(sessions=1))
    assert [row["declared"] for row in document["rows"]] == [None]
    assert document["totals"]["declared"]["sessions"] == 1
    assert document["totals"]["status"] == "equal"


def test_a_row_for_the_whole_and_its_parts_are_never_added_up(report: Any) -> None:
    whole = of_the_province(sessions=1)
    document = report(*district_session(), whole, results(sessions=1, attendances=10))
    assert document["rows"][0]["declared"]["attendances"] == 10
    assert document["totals"]["declared"]["sessions"] == 1
    assert document["totals"]["declared"]["attendances"] is None


def test_a_second_source_for_the_same_stands_alone(report: Any) -> None:
    document = report(
        *district_session(), results(sessions=1), results(sessions=7, source="báo cáo khác")
    )
    first, second = document["rows"]
    assert (first["declared"]["sources"], first["status"]) == (["bài báo"], "equal")
    assert (second["declared"]["sources"], second["status"]) == (["báo cáo khác"], "declared_only")


def test_a_row_for_one_mode_has_no_computed_counterpart(report: Any) -> None:
    document = report(*district_session(), results(sessions=1, mode=Mode.ONLINE))
    assert [row["status"] for row in document["rows"]] == ["computed_only", "declared_only"]
    assert document["rows"][1]["scope"] == "unit"


def test_by_unit_the_communes_of_a_district_stand_alone(report: Any) -> None:
    events = [*district_session(), ended(session())]
    declared = [
        results(sessions=1),
        results(scope="communes_of", level=Level.COMMUNE, sessions=1),
    ]
    document = report(*events, *declared, by=("unit", *LEVEL_AND_KIND))
    shown = [(row["unit"], row["scope"], row["status"]) for row in document["rows"]]
    assert shown == [
        ("ba-dinh", None, "equal"),
        ("phuong-thanh-cong", None, "computed_only"),
        (None, "communes_of", "declared_only"),
    ]


def test_rows_of_several_units_say_level_and_kind_where_the_report_does_not(
    report: Any, runtime: Runtime
) -> None:
    communes = {"scope": "communes_of", "level": Level.COMMUNE}
    declared = [results(**communes, session_kind=kind, sessions=1) for kind in SessionKind]
    document = report(*district_session(), *declared, by=("unit",))
    names = Names(catalogue_of("reporting"), runtime.provinces)
    labels = {line.split("  ")[0] for line in as_table(document, names, {}).splitlines()}
    place = "các xã, phường thuộc quận Ba Đình, cấp xã"
    assert {f"{place}, định kỳ", f"{place}, đột xuất"} <= labels


def test_a_unit_that_the_province_file_lacks_is_never_compared(report: Any) -> None:
    document = report(*district_session(), results(unit_code="999", sessions=1))
    assert [row["status"] for row in document["rows"]] == ["computed_only", "declared_only"]
    assert document["references"] == []


def test_by_month_nothing_declared_is_spread(report: Any) -> None:
    document = report(*district_session(), of_the_province(sessions=1), by=("month",))
    (row,) = document["rows"]
    assert (row["month"], row["declared"]) == ("2019-04", None)
    assert document["totals"]["declared"]["sessions"] == 1


def test_declared_alone_is_shown_without_a_difference(report: Any) -> None:
    document = report(results(sessions=8))
    (row,) = document["rows"]
    assert (row["sessions"], row["declared"]["sessions"]) == (None, 8)
    assert row["status"] == "declared_only"
    total = as_csv(document).splitlines()[-1]
    assert total.startswith("total,,,,,,")  # not 0 below a column of empty cells


def test_the_csv_says_what_declared_figures_are_about(report: Any) -> None:
    stated = results(sessions=1, approximate=("sessions",), derived=("sessions",))
    heading, row, _total = csv.reader(io.StringIO(as_csv(report(*district_session(), stated))))
    cells = dict(zip(heading, row, strict=True))
    assert cells["declared_units"] == "quận Ba Đình"
    assert (cells["declared_levels"], cells["declared_session_kinds"]) == ("district", "periodic")
    assert cells["declared_derived"] == cells["declared_approximate"] == "sessions"
    assert cells["declared_sources"] == "bài báo"
    assert (cells["approximate"], cells["status"]) == ("sessions", "approximate")


def test_results_declared_of_sessions_say_nothing_of_opinions_without_one(report: Any) -> None:
    mine = opinion(unit="ba-dinh", level=Level.DISTRICT)
    stated = results(session_kind=None, sessions=1, attendances=10, opinions=1, answered=0)
    events = (*district_session(), received(at_session(mine)), received(mine))
    document = report(*events, stated, by=("level",))
    (row,) = document["rows"]
    assert (row["opinions"], row["declared"]["opinions"]) == (2, 1)
    assert row["incomparable"] == ["opinions"]
    assert (row["status"], row["differences"]) == ("partial", [])


def test_an_opinion_without_a_session_has_a_row_of_its_own(report: Any) -> None:
    document = report(*district_session(), received(opinion()))
    assert [(row["level"], row["session_kind"]) for row in document["rows"]] == [
        ("district", "periodic"),
        ("commune", None),
    ]


def test_a_statistic_without_declared_measures_compares_nothing(report: Any) -> None:
    document = report(received(opinion()), results(sessions=1), by=("field",), name="fields")
    (row,) = document["rows"]
    assert (row["field"], row["opinions"], row["answered"]) == ("environment", 1, 0)
    assert (row["declared"], document["declared_not_shown"]) == (None, 0)


def test_an_empty_report_is_all_zeros(report: Any) -> None:
    document = report()
    assert (document["rows"], document["logs"], document["known_at"]) == ([], [], None)
    assert document["totals"]["sessions"] == 0


def test_a_published_report_comes_back_byte_for_byte_after_the_logs_have_grown(
    runtime: Runtime, keep_all: Keep
) -> None:
    history = History().record(*district_session(), results(sessions=1, attendances=10))
    keep_all(history.entries)
    mine = asked(*LEVEL_AND_KIND)
    before = computing.newest(runtime, mine)
    fact = publishing.announcement(mine, before)
    history.record(*district_session(99), results(session_kind=SessionKind.AD_HOC, sessions=4))
    keep_all(history.entries)
    assert computing.newest(runtime, mine).content != before.content
    sizes = {log.origin: log.size for log in fact.logs}
    assert computing.at(runtime, mine, sizes).content == before.content
    assert fact.report_sha256 == before.sha256


def test_live_and_replayed_reports_are_the_same_bytes(runtime: Runtime, keep_all: Keep) -> None:
    heard = at_session(opinion())
    events = [received(heard), answered(heard), ended(session()), *district_session()]
    keep_all(History().record(*events).entries)
    for by in ((), ("month",), ("day", "unit"), ("province", *LEVEL_AND_KIND)):
        live = computing.newest(runtime, asked(*by))
        sizes = {log["origin"]: log["size"] for log in live.document["logs"]}
        assert computing.at(runtime, asked(*by), sizes).content == live.content


def test_a_report_of_two_provinces_can_not_be_published(runtime: Runtime) -> None:
    both = question(
        SESSIONS,
        provinces=["ha-noi", "ha-nam"],
        period_from=PERIOD[0],
        period_to=PERIOD[1],
        by=(),
    )
    with pytest.raises(BadInput, match=r"report\.publish_one_province"):
        publishing.announcement(both, computing.newest(runtime, both))


def test_the_table_is_vietnamese_with_points_in_numbers_and_a_dash_for_not_stated(
    ba_dinh: dict[str, Any], runtime: Runtime
) -> None:
    document = ba_dinh
    names = Names(catalogue_of("reporting"), runtime.provinces)
    text = as_table(document, names, SESSIONS.shares)
    lines = text.splitlines()
    assert lines[0] == "Kết quả đối thoại với Nhân dân"
    assert "Từ ngày 01/01/2017 đến hết ngày 31/12/2021" in lines
    (ward,) = (line for line in lines if line.startswith("cấp xã") and "1.448" in line)
    assert "10.089" in ward
    assert "99,17\u00a0%" in ward
    assert "100,00" not in ward
    assert ward.endswith("khớp")
    (education,) = (line for line in lines if line.startswith("ngành"))
    assert "quận Ba Đình" in education
    assert education.count("—") >= 3
    (periodic,) = (line for line in lines if "224*" in line)
    assert "khai báo: quận Ba Đình" in periodic
    assert any(line.startswith("* số liệu suy ra") for line in lines)
    assert not any("≈" in line for line in lines)


def test_the_csv_has_a_line_per_row_and_the_total_last(ba_dinh: dict[str, Any]) -> None:
    document = ba_dinh
    lines = as_csv(document).split("\r\n")
    assert lines[0].startswith("row,level,session_kind,scope,sessions,attendances,opinions")
    assert lines[3].startswith("row,commune,periodic,,89,10089,1448,")
    assert lines[-2].startswith("total,,,,134,13841,1929,")
    assert lines[-1] == ""
    assert as_csv(document, bom=True).startswith("\ufeffrow,")


@pytest.mark.parametrize("hostile", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_a_text_that_looks_like_a_formula_is_disarmed_in_csv(report: Any, hostile: str) -> None:
    document = report(*district_session())
    document["rows"][0]["level"] = hostile
    assert f"row,'{hostile}," in as_csv(document)
