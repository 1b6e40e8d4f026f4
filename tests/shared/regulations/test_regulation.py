from datetime import date, time
from pathlib import Path

import pytest

from shared.contracts.vocabulary import Level, OpinionKind
from shared.kernel.errors import RegulationError
from shared.kernel.reference import Table, parse
from shared.regulations import (
    NATIONAL_FILE,
    EscalationStep,
    EscalationTarget,
    Extension,
    HotTopic,
    Limit,
    LimitBase,
    LimitUnit,
    Matter,
    MonthsPerLevel,
    OpinionsCutoff,
    PerLevel,
    Regulation,
    Reopening,
    ReportingPeriods,
    SeparateDuty,
    SessionFormalities,
    Term,
    Value,
)
from shared.regulations.keys import KEYS, LOCAL_KEYS
from shared.texts import Catalogue

NATIONAL = Regulation.load(NATIONAL_FILE)
ON = date(2019, 3, 4)


def table(text: str) -> Table:
    return parse(text.encode(), "ha-noi.toml")


def rule(  # one [[rule]] with what matters to the test
    key: str = "notice_days",
    value: str = "value = 7\nlaw = false",
    valid: str = "valid_from = 2017-05-25",
    citation: str = 'citation = "2200-QĐ/TU"',
) -> str:
    return f'[[rule]]\nkey = "{key}"\n{value}\n{valid}\n{citation}\n'


def refusal_of(text: str) -> RegulationError:
    with pytest.raises(RegulationError) as refusal:
        Regulation.load(NATIONAL_FILE, table(text))
    return refusal.value


# ---- the national file ---------------------------------------------------------------------


def test_every_key_that_is_not_local_has_a_national_value_from_2000_on() -> None:
    for key in KEYS.keys() - LOCAL_KEYS:
        assert NATIONAL.rule(key, date(2000, 1, 1)).key == key
        assert NATIONAL.rule(key, date(2026, 7, 1)).citation


def test_a_key_that_nobody_rules_is_not_stated() -> None:
    assert NATIONAL.stated("periodic_months", ON) is None
    assert NATIONAL.stated("notice_days", ON) == NATIONAL.rule("notice_days", ON)


def test_formalities_bind_no_session_of_before_the_plan_of_2027() -> None:
    before = NATIONAL.rule("session_formalities", date(2026, 12, 31)).as_formalities()
    after = NATIONAL.rule("session_formalities", date(2027, 1, 1)).as_formalities()
    assert not any((before.convened, before.minuted, before.working_day))
    assert all((after.convened, after.minuted, after.working_day))


def test_fifteen_working_days_are_a_default_and_not_law() -> None:
    found = NATIONAL.rule("resolution_due", ON)
    assert found.as_limit() == Limit(days=15, unit=LimitUnit.WORKING_DAYS, base=LimitBase.RECEIPT)
    assert not found.is_law
    assert "không phải quy định của pháp luật" in found.citation


@pytest.mark.parametrize(
    ("key", "value", "law_from"),
    [
        ("periodic_min_per_year", PerLevel(numbers=((Level.COMMUNE, 1),)), date(2023, 7, 1)),
        ("notice_days", 7, date(2023, 7, 1)),
        (
            "result_publication_due",
            Limit(days=10, unit=LimitUnit.CALENDAR_DAYS, base=LimitBase.SESSION_DAY),
            date(2023, 7, 1),
        ),
        (
            "acknowledge_due",
            Limit(days=10, unit=LimitUnit.WORKING_DAYS, base=LimitBase.RECEIPT),
            date(2014, 7, 1),
        ),
    ],
)
def test_what_the_law_states_is_law_from_its_first_day(
    key: str, value: Value, law_from: date
) -> None:
    before = NATIONAL.rule(key, date.fromordinal(law_from.toordinal() - 1))
    since = NATIONAL.rule(key, law_from)
    assert (before.is_law, since.is_law) == (False, True)
    assert before.value == since.value == value


def test_a_day_before_every_rule_has_none() -> None:
    with pytest.raises(RegulationError) as refusal:
        NATIONAL.rule("notice_days", date(1999, 12, 31))
    assert refusal.value.code == "regulation.no_rule"
    assert refusal.value.facts == {"key": "notice_days", "on": date(1999, 12, 31)}


def test_a_national_rule_must_state_its_value(tmp_path: Path) -> None:
    file = tmp_path / "national.toml"
    file.write_text(rule(value="national = true"), encoding="utf-8")
    with pytest.raises(RegulationError, match="reference.wrong_value"):
        Regulation.load(file)


def test_every_national_reason_for_a_pause_has_a_word() -> None:
    texts = Catalogue.load(NATIONAL_FILE.parent)
    for reason in NATIONAL.rule("pause_reasons", ON).as_codes():
        assert not texts.word("pause_reason", reason).isascii()


# ---- a province over the nation --------------------------------------------------------------


def test_the_province_rules_while_its_rule_is_in_force_and_the_nation_otherwise() -> None:
    valid = "valid_from = 2017-05-25\nvalid_to = 2020-12-31"
    regulation = Regulation.load(
        NATIONAL_FILE, table(rule(value="value = 9\nlaw = true", valid=valid))
    )
    assert regulation.rule("notice_days", date(2017, 5, 24)).as_count() == 7
    assert regulation.rule("notice_days", date(2017, 5, 25)).as_count() == 9
    assert regulation.rule("notice_days", date(2020, 12, 31)).citation == "2200-QĐ/TU"
    assert regulation.rule("notice_days", date(2021, 1, 1)).as_count() == 7


def test_an_unknown_number_is_the_national_one_under_both_citations() -> None:
    regulation = Regulation.load(NATIONAL_FILE, table(rule(value="national = true")))
    found = regulation.rule("notice_days", ON)
    assert found.as_count() == 7
    assert not found.is_law
    assert found.citation.startswith("2200-QĐ/TU — Mặc định")


def test_the_documents_of_the_province_are_kept() -> None:
    text = '[[document]]\nnumber = "2200-QĐ/TU"\nissued_on = 2017-05-25\ntitle = "Quy chế"\n'
    (document,) = Regulation.load(NATIONAL_FILE, table(text)).documents
    assert (document.number, document.issued_on) == ("2200-QĐ/TU", date(2017, 5, 25))


def test_a_rule_asked_as_something_else_says_so() -> None:
    for wrong in (
        NATIONAL.rule("notice_days", ON).as_limit,
        NATIONAL.rule("resolution_due", ON).as_count,
        NATIONAL.rule("escalation", ON).as_codes,
        NATIONAL.rule("roles", ON).as_escalation,
        NATIONAL.rule("roles", ON).as_hour,
        NATIONAL.rule("roles", ON).as_extension,
        NATIONAL.rule("roles", ON).as_reopening,
        NATIONAL.rule("notice_days", ON).as_hot_topic,
    ):
        with pytest.raises(RegulationError, match="regulation.other_type"):
            wrong()
    assert "voters_request" in NATIONAL.rule("adhoc_triggers", ON).as_codes()


def test_every_national_group_of_attendances_has_a_word() -> None:
    texts = Catalogue.load(NATIONAL_FILE.parent)
    for group in NATIONAL.rule("attendance_groups", ON).as_codes():
        assert not texts.word("attendance_group", group).isascii()
        assert texts.word("attendance_group", group, "en")


def test_every_national_reason_for_an_ad_hoc_session_has_a_word() -> None:
    texts = Catalogue.load(NATIONAL_FILE.parent)
    for trigger in NATIONAL.rule("adhoc_triggers", ON).as_codes():
        assert not texts.word("adhoc_trigger", trigger).isascii()
        assert texts.word("adhoc_trigger", trigger, "en")


# ---- what a file may say -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        (
            "periodic_min_per_year",
            "{ province = 3, commune = 2 }",
            PerLevel(numbers=((Level.PROVINCE, 3), (Level.COMMUNE, 2))),
        ),
        ("notice_days", "5", 5),
        (
            "opinions_cutoff",
            "{ day_of_month = 5 }",
            OpinionsCutoff(calendar_days_before=None, day_of_month=5),
        ),
        ("adhoc_triggers", '["prolonged"]', ("prolonged",)),
        (
            "session_formalities",
            "{ convened = true, minuted = false, working_day = true }",
            SessionFormalities(convened=True, minuted=False, working_day=True),
        ),
        (
            "periodic_months",
            '{ province = ["10", "04", "07"] }',
            MonthsPerLevel(months=((Level.PROVINCE, (4, 7, 10)),)),
        ),
        (
            "conclusion_due",
            '{ working_days = 7, from = "session_day" }',
            Limit(days=7, unit=LimitUnit.WORKING_DAYS, base=LimitBase.SESSION_DAY),
        ),
        ("receipt_cutoff", "16:30:00", time(16, 30)),
        ("transfers_max", "3", 3),
        ("voters_request_percent", "10", 10),
        (
            "reopen",
            '{ rounds_before_level_up = 2, calendar_days = 90, from = "answer" }',
            Reopening(
                rounds_before_level_up=2,
                window=Limit(days=90, unit=LimitUnit.CALENDAR_DAYS, base=LimitBase.ANSWER),
            ),
        ),
        (
            "roles",
            '["verifier_is_not_agency", "approver_is_not_author"]',
            (SeparateDuty.APPROVER_IS_NOT_AUTHOR, SeparateDuty.VERIFIER_IS_NOT_AGENCY),
        ),
        (
            "extension",
            '{ max_times = 2, max_working_days = 10, approver = "chair" }',
            Extension(max_times=2, max_working_days=10, approver="chair"),
        ),
        (
            "escalation",
            '[{ after_due_working_days = -2, to = ["clerk"] }]',
            (EscalationStep(after_due_working_days=-2, to=(EscalationTarget.CLERK,)),),
        ),
        (
            "hot_topic",
            "{ window_days = 7, baseline_days = 60, ratio_permille = 1500, organisations_min = 4 }",
            HotTopic(window_days=7, baseline_days=60, ratio_permille=1_500, organisations_min=4),
        ),
        (
            "reporting_periods",
            "{ start_month = 1, start_day = 1 }",
            ReportingPeriods(start_month=1, start_day=1),
        ),
        (
            "term",
            '{ name = "2020-2025", valid_from = 2020-10-01, valid_to = 2025-09-30 }',
            Term(name="2020-2025", starts_on=date(2020, 10, 1), ends_on=date(2025, 9, 30)),
        ),
    ],
)
def test_each_kind_of_value_is_read(key: str, value: str, expected: Value) -> None:
    regulation = Regulation.load(
        NATIONAL_FILE, table(rule(key=key, value=f"value = {value}\nlaw = true"))
    )
    assert regulation.rule(key, ON).value == expected


BY_MATTER = """value = { working_days = 15, from = "receipt", cases = [
  { urgencies = ["urgent"], fields = ["environment"], working_days = 3 },
  { urgencies = ["urgent"], working_days = 5 },
  { kinds = ["consultation"], calendar_days = 30 },
] }
law = true"""


@pytest.mark.parametrize(
    ("matter", "days", "unit"),
    [
        (Matter(), 15, LimitUnit.WORKING_DAYS),
        (Matter(field="environment"), 15, LimitUnit.WORKING_DAYS),
        (Matter(field="environment", urgency="urgent"), 3, LimitUnit.WORKING_DAYS),
        (Matter(field="culture", urgency="urgent"), 5, LimitUnit.WORKING_DAYS),
        (
            Matter(opinion_kind=OpinionKind.CONSULTATION, urgency="normal"),
            30,
            LimitUnit.CALENDAR_DAYS,
        ),
        (Matter(opinion_kind=OpinionKind.PROPOSAL), 15, LimitUnit.WORKING_DAYS),
    ],
)
def test_the_first_case_that_applies_to_a_matter_has_its_own_length(
    matter: Matter, days: int, unit: LimitUnit
) -> None:
    regulation = Regulation.load(NATIONAL_FILE, table(rule(key="resolution_due", value=BY_MATTER)))
    limit = regulation.rule("resolution_due", ON).as_limit()
    assert limit.of(matter) == Limit(days=days, unit=unit, base=LimitBase.RECEIPT)


def test_a_limit_that_does_not_depend_on_the_matter_takes_no_cases() -> None:
    error = refusal_of(rule(key="conclusion_due", value=BY_MATTER))
    assert (error.code, error.facts["place"]) == ("reference.unknown_key", "rule[1].value.cases")


def test_national_rules_that_leave_a_day_without_an_answer_are_refused(tmp_path: Path) -> None:
    text = NATIONAL_FILE.read_text(encoding="utf-8")
    file = tmp_path / "national.toml"
    last_day, first_day = "valid_to = 2013-06-30", "valid_to = 2014-06-30"
    file.write_text(text.replace(first_day, last_day), encoding="utf-8")
    with pytest.raises(RegulationError) as refusal:
        Regulation.load(file)
    assert refusal.value.code == "regulation.gap"
    assert refusal.value.facts == {
        "file": "regulations/national.toml",
        "key": "acknowledge_due",
        "on": date(2013, 7, 1),
    }


def test_each_value_is_had_as_what_it_is() -> None:
    assert NATIONAL.rule("receipt_cutoff", ON).as_hour() == time(17)
    assert NATIONAL.rule("extension", ON).as_extension().max_times == 1
    assert NATIONAL.rule("reopen", ON).as_reopening().rounds_before_level_up == 2
    ladder = NATIONAL.rule("escalation", ON).as_escalation()
    assert [step.after_due_working_days for step in ladder] == [-5, -2, 1, 5, 10, 20]


def test_a_level_that_the_rule_is_silent_on_has_no_number() -> None:
    found = PerLevel(numbers=((Level.COMMUNE, 1),))
    assert found.of(Level.COMMUNE) == 1
    assert found.of(Level.DISTRICT) is None


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("notice_days", '"7"', "rule[1].value"),
        ("notice_days", "-7", "rule[1].value"),
        ("notice_days", "99999", "rule[1].value"),
        ("receipt_cutoff", "17", "rule[1].value"),
        ("transfers_max", "0", "rule[1].value"),
        ("voters_request_percent", "101", "rule[1].value"),
        ("roles", '["acceptor_is_anybody"]', "rule[1].value"),
        ("escalation", '[{ after_due_working_days = 1, to = ["boss"] }]', "rule[1].value[1].to"),
        ("reopen", '{ rounds_before_level_up = 2, from = "answer" }', "rule[1].value"),
        (
            "resolution_due",
            '{ working_days = 15, from = "receipt", cases = [{ working_days = 3 }] }',
            "rule[1].value.cases[1].kinds",
        ),
        (
            "resolution_due",
            '{ working_days = 15, from = "receipt", cases = [{ urgencies = ["urgent"] }] }',
            "rule[1].value.cases[1].working_days",
        ),
        (
            "resolution_due",
            '{ working_days = 9, from = "receipt", cases = [{ kinds = ["x"], working_days = 3 }] }',
            "rule[1].value.cases[1].kinds",
        ),
        ("adhoc_triggers", "[]", "rule[1].value"),
        ("adhoc_triggers", '["Khi cần"]', "rule[1].value"),
        ("resolution_due", "15", "rule[1].value"),
        ("resolution_due", '{ from = "receipt" }', "rule[1].value"),
        (
            "resolution_due",
            '{ working_days = 1, calendar_days = 1, from = "receipt" }',
            "rule[1].value",
        ),
        ("resolution_due", '{ working_days = 15, from = "birth" }', "rule[1].value.from"),
        ("periodic_min_per_year", "{ }", "rule[1].value"),
        ("periodic_months", "{ }", "rule[1].value"),
        ("periodic_months", '{ commune = ["13"] }', "rule[1].value.commune"),
        ("periodic_min_per_year", "{ commune = 1000 }", "rule[1].value.commune"),
        ("opinions_cutoff", "{ }", "rule[1].value"),
        ("opinions_cutoff", "{ day_of_month = 31 }", "rule[1].value.day_of_month"),
        ("escalation", "[]", "rule[1].value"),
        (
            "escalation",
            (
                '[{ after_due_working_days = 1, to = ["clerk"] }, '
                '{ after_due_working_days = 1, to = ["front"] }]'
            ),
            "rule[1].value[2].after_due_working_days",
        ),
        ("term", '{ name = "a", valid_from = 2020-01-01 }', "rule[1].value.valid_to"),
        (
            "hot_topic",
            "{ window_days = 0, baseline_days = 9, ratio_permille = 9, organisations_min = 1 }",
            "rule[1].value.window_days",
        ),
        ("reporting_periods", "{ start_month = 13, start_day = 1 }", "rule[1].value.start_month"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(key: str, value: str, place: str) -> None:
    error = refusal_of(rule(key=key, value=f"value = {value}\nlaw = true"))
    assert error.code == "reference.wrong_value"
    assert error.facts["file"] == "ha-noi.toml"
    assert error.facts["place"] == place


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (rule(key="notise_days"), "regulation.unknown_key", "rule[1].key"),
        (rule(citation=""), "reference.missing_key", "rule[1].citation"),
        (rule(valid=""), "reference.missing_key", "rule[1].valid_from"),
        (rule(value="value = 7"), "reference.missing_key", "rule[1].law"),
        (rule(value="law = true"), "reference.missing_key", "rule[1].value"),
        (rule(value="national = false"), "reference.wrong_value", "rule[1].national"),
        (rule(value="national = true\nvalue = 7"), "reference.unknown_key", "rule[1].value"),
        (rule() + "until = 2020-01-01", "reference.unknown_key", "rule[1].until"),
        (
            rule(
                key="resolution_due",
                value='value = { working_days = 1, from = "issue", to = "x" }\nlaw = true',
            ),
            "reference.unknown_key",
            "rule[1].value.to",
        ),
        ('colour = "red"', "reference.unknown_key", "colour"),
        (rule() + rule(valid="valid_from = 2018-01-01"), "regulation.overlap", "rule[2]"),
        (
            rule(value="national = true", valid="valid_from = 1999-01-01"),
            "regulation.no_national_value",
            "rule[1]",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(text: str, code: str, place: str) -> None:
    error = refusal_of(text)
    assert error.code == code
    assert error.facts["place"] == place
    assert error.facts["file"] == "ha-noi.toml"


def test_rules_of_one_key_that_follow_each_other_are_no_overlap() -> None:
    text = rule(valid="valid_from = 2018-01-01\nvalid_to = 2018-12-31") + rule(
        value="value = 8\nlaw = true", valid="valid_from = 2019-01-01"
    )
    regulation = Regulation.load(NATIONAL_FILE, table(text))
    assert regulation.rule("notice_days", ON).as_count() == 8
