"""The deep recount finds nothing in a true history, and in a false one exactly the lie."""

import re
import sqlite3
from dataclasses import replace
from datetime import date, timedelta

import pytest

from deploy.audit.figures import report_over
from deploy.audit.recount import Recounted, recount
from deploy.audit.verdict import Finding, Verdict
from services.reporting.publishing import announcement
from services.reporting.questions import question
from services.reporting.statistics import statistic_called
from shared.calendar import DayKind, WorkCalendar
from shared.contracts.assignment import AnswerReleased, DeadlineMissed
from shared.contracts.intake import (
    DigestImported,
    OpinionAccepted,
    OpinionBecameOverdue,
    OpinionCoveredByCommitment,
    OpinionReceived,
    OpinionReferred,
)
from shared.contracts.operations import EntrySkipped
from shared.contracts.sessions import ConclusionIssued, OpinionRaised
from shared.contracts.vocabulary import TextRefusal
from shared.kernel.ids import derived_id
from tests.deploy.audit.conftest import Audited
from tests.deploy.audit.lies import (
    LIES,
    accept,
    begin,
    dropped,
    raise_there,
    release_late,
    story_with,
)
from tests.deploy.audit.story import TEXT, Story, ha_noi, newer, text_of, told


def judged(story: Story) -> Recounted:
    return recount(story.archives, story.provinces)


def what(finding: Finding) -> tuple[str, object]:
    """Return a finding's code, with the field or reason that it names."""
    return finding.code, finding.facts.get("field", finding.facts.get("reason"))


def test_a_true_history_has_nothing_that_does_not_follow() -> None:
    story = told()
    result = judged(story)
    assert result.findings == []
    assert result.verdict is Verdict.PROVEN
    assert result.awaited_in_all == 0
    assert result.entries == sum(log.size() for log in story.archives)
    cases = {"cases": 6, "answered": 3, "in_handling": 1, "received": 1, "scheduled": 1}
    assert result.balances == {"ha-noi": cases}


def test_the_history_of_a_real_deployment_has_nothing_either(played: Audited) -> None:
    ended = played.audit("recount", "--json")
    assert ended.status == Verdict.PROVEN, ended.out
    document = ended.json
    assert document["verdict"] == "proven"
    assert document["findings"] == []
    assert document["awaited_in_all"] == 0
    assert document["entries"] > 100
    balance = document["balances"]["ha-noi"]
    assert balance.pop("cases") == sum(balance.values())


@pytest.mark.parametrize("name", LIES)
def test_of_a_lie_exactly_the_lie_is_found(name: str) -> None:
    lie, expected = LIES[name]
    story, place = story_with(lie)
    result = judged(story)
    assert {what(finding) for finding in result.findings} == expected
    assert {(each.origin, each.position) for each in result.findings} == {place}
    assert result.verdict is Verdict.DISPROVEN


def test_what_is_decided_together_is_recorded_together() -> None:
    # Given a late answer whose miss was left out, and an opinion raised but not accepted
    story = told()
    raise_there(story)
    dropped(story, OpinionAccepted)
    received = story.last("intake", OpinionReceived)
    story.receive("o-7")
    story.accept("o-7")
    assignment = story.refer("o-7")
    story.take_on(assignment)
    story.today = story.terms(assignment).due_on + timedelta(days=4)
    story.submit(assignment)
    story.quiet = True
    story.release(assignment)
    released = story.last("assignment", AnswerReleased)
    dropped(story, DeadlineMissed)
    late = story.forge(released, released.event, event_id="late")
    # Then what is missing is named, at the event that it belongs to
    found = [(each.code, each.position, each.facts["follows"]) for each in judged(story).findings]
    assert sorted(found) == sorted(
        [
            ("left_out", late[1], "DeadlineMissed"),
            ("left_out", received.position, "OpinionAccepted"),
        ]
    )


def test_a_miss_that_overtakes_the_conclusion_covers_what_it_makes_overdue() -> None:
    # Given a promise whose deadline is missed before Intake hears of its conclusion
    story = told()
    story.plan("s-9")
    story.open("s-9")
    story.raise_("s-9", "o-8")
    story.end("s-9")
    story.quiet = True
    assignment = story.conclude("s-9", "o-8", number="13/TB")
    concluded = story.last("sessions", ConclusionIssued)
    story.hear("assignment", concluded)
    story.quiet = False
    story.today = story.terms(assignment).due_on + timedelta(days=1)
    # When both are heard
    story.notice(assignment)
    story.hear("intake", concluded)
    # Then the miss has done both, once
    newest = [type(each.event) for each in story.recorded("intake")[-2:]]
    assert newest == [OpinionCoveredByCommitment, OpinionBecameOverdue]
    result = judged(story)
    assert (result.findings, result.awaited_in_all) == ([], 0)


def test_what_an_older_release_did_not_say_is_no_lie() -> None:
    # Given a log of a release that told neither who entered an opinion nor what was overdue
    story = told()
    log = story.logs["intake"]
    unsaid = rb',"(?:entered_by":"[^"]*"|was_overdue":false)'
    older = [re.sub(unsaid, b"", content) for content in log.contents]
    assert sum(a != b for a, b in zip(older, log.contents, strict=True)) == 7
    log.contents = older
    # Then nothing of it is a lie, and whoever accepted may have entered it
    assert judged(story).findings == []


@pytest.mark.parametrize(
    ("teller", "refusal", "follows", "verdict"),
    [
        ("o-4", None, [TextRefusal.TAKEN], Verdict.CANNOT_TELL),
        ("o-8", TextRefusal.TAKEN, [None], Verdict.CANNOT_TELL),
        ("o-4", TextRefusal.TAKEN, [], Verdict.PROVEN),
        ("o-4", TextRefusal.DIFFERS, [], Verdict.PROVEN),
        ("o-8", TextRefusal.UNKNOWN, [], Verdict.PROVEN),
    ],
)
def test_whose_a_text_is_can_be_doubted_and_not_disproven(
    teller: str, refusal: TextRefusal | None, follows: list[object], verdict: Verdict
) -> None:
    # Given an opinion raised with some opinion's text, and what Intake says of that
    story = told()
    begin(story)
    story.quiet = True
    story.raise_("s-9", "o-8", text=text_of(teller))
    story.hear("intake", story.last("sessions", OpinionRaised), text_refused=refusal)
    # Then only what the log itself says of the text is held against it
    result = judged(story)
    assert [what(each) for each in result.findings] == [
        ("differs", "text_refused") for _ in follows
    ]
    assert [each.facts["follows"] for each in result.findings] == follows
    assert result.verdict is verdict


def test_a_file_in_a_newer_version_that_gives_the_same_dates_still_proves() -> None:
    story = told()
    story.province = newer(story.province)
    assert judged(story).verdict is Verdict.PROVEN


def test_where_the_file_has_changed_since_nobody_can_tell_what_it_ruled() -> None:
    # Given a file that rules, and is, another one than the events were decided by
    story = told()
    release_late(story)
    off = {date(2019, 4, 16) + timedelta(days=n): DayKind.HOLIDAY for n in range(40)}
    now = replace(newer(story.province), calendar=WorkCalendar(off), routing=())
    result = recount(story.archives, {"ha-noi": now})
    # Then what rests on it can't be told, and everything else is proven
    assert {what(each) for each in result.findings if each.is_proof} == set()
    assert result.verdict is Verdict.CANNOT_TELL
    assert {what(each) for each in result.findings} == {
        ("differs", "held_working_days"),
        ("differs", "legs"),
        ("differs", "working_days_late"),
        ("not_possible", "province.not_in_force"),
    }
    # And so is whether another seat had to accept
    same_seat, _ = story_with(LIES["accepted by the seat that entered it"][0])
    (finding,) = recount(same_seat.archives, {"ha-noi": newer(ha_noi())}).findings
    assert (what(finding), finding.is_proof) == (("not_possible", "opinion.same_seat"), False)
    # And under the version that they name it would be a lie
    named = replace(now, sha256=story.province.sha256, files=story.province.files)
    assert recount(story.archives, {"ha-noi": named}).verdict is Verdict.DISPROVEN


def test_without_the_file_nothing_that_rests_on_it_can_be_told() -> None:
    result = recount(told().archives, {})
    assert result.verdict is Verdict.CANNOT_TELL
    assert {each.code for each in result.findings} == {"rules_missing"}


def test_a_reaction_that_is_still_on_its_way_is_awaited_and_no_fault() -> None:
    story = told()
    accept(story)
    story.quiet = True
    story.refer("o-9")
    result = judged(story)
    assert result.verdict is Verdict.PROVEN
    (awaited,) = result.awaited
    assert (awaited.service, awaited.cause.type) == ("assignment", "OpinionReferred")


def test_a_miss_that_intake_has_not_heard_is_awaited() -> None:
    story = told()
    accept(story)
    assignment = story.refer("o-9")
    story.quiet = True
    story.today = story.terms(assignment).due_on + timedelta(days=1)
    story.notice(assignment)
    result = judged(story)
    assert result.verdict is Verdict.PROVEN
    (awaited,) = result.awaited
    assert (awaited.service, awaited.cause.type) == ("intake", "DeadlineMissed")


def test_a_reaction_that_was_passed_by_is_a_question_unless_it_was_skipped_on_the_record() -> None:
    # Given a referral that Assignment has not heard, though it has heard a later one
    story = told()
    accept(story)
    story.quiet = True
    story.refer("o-9")
    passed = story.last("intake", OpinionReferred)
    story.quiet = False
    story.receive("o-10")
    story.accept("o-10")
    story.refer("o-10")
    result = judged(story)
    assert result.verdict is Verdict.CANNOT_TELL
    (finding,) = result.findings
    assert (finding.code, finding.position) == ("reaction_missing", passed.position)
    # When an operator has said why, then it is none
    skip = EntrySkipped(
        consumer="assignment.from-intake",
        origin=passed.origin,
        position=passed.position,
        reason=TEXT,
    )
    story.append("assignment", skip, stream="follower:x")
    assert judged(story).findings == []


def test_a_digest_claims_no_row_that_was_not_received() -> None:
    story = told()
    story.receive_row("o-20", digest_id="d-1", row=7)
    note = DigestImported(
        digest_id="d-1",
        organisation="mttq-thanh-cong",
        number="1",
        file_sha256="00",
        rows=2,
        rows_received=1,
        rows_repeated=0,
        rows_rejected=1,
    )
    story.append("intake", note, stream="digest-d-1")
    assert judged(story).findings == []
    more = replace(note, rows=9, rows_received=7, file_sha256="01")
    story.append("intake", more, stream="digest-d-1")
    result = judged(story)
    assert {(*what(each), each.facts["follows"]) for each in result.findings} == {
        ("differs", "rows", 8),
        ("differs", "rows_received", 0),
    }


def test_an_entry_that_says_nothing_is_a_fault_and_one_of_tomorrow_a_question() -> None:
    story = told()
    (content,) = story.logs["intake"].contents[-1:]
    story.logs["intake"].contents.append(b"{}")
    assert [what(each) for each in judged(story).findings] == [
        ("unreadable", "contract.invalid_envelope")
    ]
    story.logs["intake"].contents[-1] = content.replace(b"OpinionReferred", b"OpinionTomorrow")
    result = judged(story)
    assert result.verdict is Verdict.CANNOT_TELL
    assert [what(each) for each in result.findings] == [("unreadable", "contract.unknown_type")]


def test_a_published_report_is_what_its_logs_add_up_to() -> None:
    # Given a report that was published, and one with another digest
    story = told()
    asked = question(
        statistic_called("sessions"),
        provinces=["ha-noi"],
        period_from=date(2019, 1, 1),
        period_to=date(2019, 12, 31),
        by=["level"],
    )
    sizes = {log.origin: log.size() for log in story.archives}
    report = report_over(story.archives, sizes, asked, story.provinces)
    fact = announcement(asked, report)
    story.append("reporting", fact, stream=f"report-{fact.report_id}")
    assert judged(story).findings == []
    wrong = replace(fact, report_sha256="0" * 64, report_id=derived_id("report", "0" * 64))
    story.append("reporting", wrong, stream=f"report-{wrong.report_id}")
    result = judged(story)
    assert {what(each) for each in result.findings} == {
        ("differs", "report_id"),
        ("differs", "report_sha256"),
    }
    assert result.verdict is Verdict.DISPROVEN
    # And one of a statistic that is another one now can't be computed
    story.logs["reporting"].contents.pop()
    changed = replace(fact, statistic_sha256="1" * 64)
    story.append("reporting", changed, stream=f"report-{fact.report_id}")
    assert [each.code for each in judged(story).findings] == ["statistic_changed"]


def test_nothing_to_judge_proves_nothing() -> None:
    assert recount([], {}).verdict is Verdict.CANNOT_TELL


def test_a_lie_in_the_database_is_told_in_both_languages_with_its_place(audited: Audited) -> None:
    # Given an attendance that somebody has written up in the database
    with sqlite3.connect(audited.folder / "sessions.db") as database:
        database.execute("DROP TRIGGER entry_is_final_update")
        position, entry = database.execute(
            "SELECT position, entry FROM entry WHERE type = 'AttendanceRecorded' ORDER BY position"
        ).fetchone()
        forged = entry.replace(b'"attendances_before":0', b'"attendances_before":1')
        database.execute(
            "UPDATE entry SET entry = ? WHERE type = 'AttendanceRecorded' AND position = ?",
            (forged, position),
        )
    database.close()
    # When it is recounted, for people and for programs
    told_people = audited.audit("recount")
    told_programs = audited.audit("recount", "--json")
    # Then both say where
    assert (told_people.status, told_programs.status) == (Verdict.DISPROVEN, Verdict.DISPROVEN)
    assert f"doithoai.local/ha-noi/sessions [{position}]" in told_people.out
    assert "attendances_before ghi là 1, đúng ra phải là 0" in told_people.out
    assert "SAI, có bằng chứng. / DISPROVEN." in told_people.out
    (finding,) = told_programs.json["findings"]
    assert finding["position"] == position
    assert finding["facts"]["follows"] == 0
    assert "0 follows" in finding["texts"]["en"]
