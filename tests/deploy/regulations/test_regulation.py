"""`doithoai regulation` as a person or a program calls it, without a deployment."""

import json
from pathlib import Path

import pytest

from deploy.ending import ANSWER_IS_BAD, REFUSED, USED_WRONGLY
from tests.deploy.commands import Ended, called
from tests.shared.provinces.samples import SAMPLE, written


def rules(province: str, on: str) -> dict[str, dict[str, object]]:
    shown = called({}, "regulation", "show", "--province", province, "--on", on, "--json")
    assert shown.status == 0
    return {rule["key"]: rule for rule in shown.json["rules"]}


def due(*arguments: str) -> Ended:
    return called({}, "regulation", "due", "--province", "ha-noi", *arguments, "--json")


@pytest.mark.parametrize(
    ("received", "days", "due_on"),
    [
        ("2025-01-20", 10, "2025-02-10"),
        ("2025-04-24", 10, "2025-05-12"),
        ("2026-02-10T15:00", 10, "2026-03-03"),
        ("2026-02-10T17:01", 10, "2026-03-04"),
        ("2026-02-10T08:00:00+00:00", 10, "2026-03-03"),
        ("2026-02-10T10:30:00+00:00", 10, "2026-03-04"),
        ("2026-08-20", 10, "2026-09-07"),
        ("2026-11-20", 10, "2026-12-07"),
        ("2025-12-31", 2, "2026-01-06"),
    ],
)
def test_a_limit_ends_when_the_calendar_says(received: str, days: int, due_on: str) -> None:
    assert due("--working-days", str(days), "--received", received).json["due_on"] == due_on


def test_the_date_comes_with_its_rule_and_sentences_in_both_languages() -> None:
    document = due("--rule", "resolution_due", "--received", "2026-02-10T15:00").json
    assert document["due_on"] == "2026-03-10"
    assert (document["working_days"], document["is_law"]) == (15, False)
    assert "2200-QĐ/TU" in document["citation"]
    assert document["explanation"]["vi"][0] == "Hạn: hết ngày 10/03/2026."
    assert document["explanation"]["en"][0] == "Due: by the end of 10/03/2026."


def test_calendar_days_are_counted_as_such() -> None:
    document = due("--calendar-days", "10", "--received", "2026-02-10").json
    assert (document["due_on"], document["calendar_days"]) == ("2026-02-20", 10)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--received", "2026-02-10"),
        ("--rule", "resolution_due", "--working-days", "3", "--received", "2026-02-10"),
        ("--working-days", "3", "--received", "10.2.2026"),
        ("--working-days", "3", "--received", "2026-02-10", "--matter", "colour=red"),
        ("--working-days", "3", "--received", "2026-02-10", "--matter", "kind=wish"),
    ],
    ids=" ".join,
)
def test_a_question_that_is_none_is_used_wrongly(arguments: tuple[str, ...]) -> None:
    assert due(*arguments).status == USED_WRONGLY


def test_a_province_that_is_not_there_is_refused() -> None:
    ended = called({}, "regulation", "show", "--province", "ha-tay")
    assert ended.status == REFUSED
    assert "(province.unknown)" in ended.err


def test_the_rules_of_a_day_say_who_says_so() -> None:
    found = rules("ha-noi", "2019-03-04")
    assert found["acknowledge_due"]["origin"] == "law"
    assert found["triage_due"]["origin"] == "default"
    assert found["resolution_due"]["origin"] == "province_unknown"
    assert found["resolution_due"]["is_law"] is False
    assert found["periodic_min_per_year"]["value"] == {"commune": 1}
    assert rules("ha-noi", "2014-06-30")["acknowledge_due"]["origin"] == "default"


def test_a_rule_by_cases_is_asked_for_a_matter(tmp_path: Path) -> None:
    rule = (
        '{ key = "resolution_due", value = { working_days = 9, from = "receipt", cases = '
        '[{ urgencies = ["urgent"], kinds = ["proposal"], working_days = 2 }] }, '
        'valid_from = 2021-01-01, citation = "Quy chế A", law = false },'
    )
    written(tmp_path, SAMPLE.replace("[regulation]\nrule = [", f"[regulation]\nrule = [{rule}"))
    asked = ("regulation", "due", "--province", "tinh-a", "--rule", "resolution_due")
    on = ("--received", "2021-05-10", "--json")
    environment = {"DOITHOAI_PROVINCES": str(tmp_path)}
    urgent = ("--matter", "urgency=urgent", "--matter", "kind=proposal")
    assert called(environment, *asked, *on, *urgent).json["working_days"] == 2
    assert called(environment, *asked, *on).json["working_days"] == 9
    shown = called(environment, "regulation", "show", "--province", "tinh-a", "--json").json
    value = next(each["value"] for each in shown["rules"] if each["key"] == "resolution_due")
    assert value["cases"] == [
        {"kinds": ["proposal"], "urgencies": ["urgent"], "days": 2, "unit": "working_days"}
    ]


def test_a_right_file_is_told_so_and_a_wrong_one_where_it_is_wrong(tmp_path: Path) -> None:
    right = called({}, "regulation", "check", str(written(tmp_path)), "--json")
    assert right.status == 0
    assert (right.json["is_right"], right.json["rules"]) == (True, 1)
    wrong = written(tmp_path, SAMPLE.replace('"session_day"', '"holiday"'))
    refused = called({}, "regulation", "check", str(wrong), "--json")
    assert refused.status == ANSWER_IS_BAD
    assert refused.json["code"] == "reference.wrong_value"
    assert refused.json["facts"]["place"] == "regulation.rule[1].value.from"
    told = called({}, "regulation", "check", str(wrong))
    assert told.status == ANSWER_IS_BAD
    assert "regulation.rule[1].value.from" in told.err


def test_people_are_shown_tables_and_sentences() -> None:
    shown = called({}, "regulation", "show", "--province", "ha-noi", "--on", "2019-03-04")
    assert "2200-QĐ/TU" in shown.out
    assert "mặc định" in shown.out
    asked = ("regulation", "due", "--province", "ha-noi", "--working-days", "1")
    told = called({}, *asked, "--received", "2026-02-10")
    assert "Hạn: hết ngày 11/02/2026." in told.out
    assert "Due: by the end of 11/02/2026." in told.out
    assert json.loads(called({}, *asked, "--received", "2026-02-10", "--json").out)
