"""The invented history: exact totals, sane days, the same bytes everywhere."""

import os
import subprocess
import sys
import unicodedata
from collections import Counter
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from deploy.demo.history import (
    Fate,
    HistoricOpinion,
    History,
    PlannedCommitment,
    PlannedSession,
    RowFault,
    Via,
    digest_workbook,
    digests,
    history,
    published_figures,
    totals,
)
from deploy.demo.history.place import ba_dinh
from services.intake.workbook.digest_sheet import read_digest
from shared.calendar import WorkCalendar
from shared.contracts.vocabulary import Channel, DeclineReason, Level, OpinionKind, SessionKind
from shared.provinces import Routing, load_provinces

ROOT = Path(__file__).parents[2]
CALENDAR = WorkCalendar({})
TET = (date(2018, 2, 16), date(2019, 2, 5), date(2020, 1, 25), date(2021, 2, 12))

SEED_DIGEST = (
    "from hashlib import sha256; from deploy.demo.history import digest_workbook, history; "
    "h = history(); "
    "print(sha256(repr(h).encode()).hexdigest(), "
    "sha256(b''.join(digest_workbook(d) for d in h.digests[:3])).hexdigest())"
)


@pytest.fixture(scope="module")
def told() -> History:
    return history()


@pytest.fixture(scope="module")
def commitments(told: History) -> list[tuple[PlannedSession, PlannedCommitment]]:
    return [(session, made) for session in told.sessions for made in session.commitments]


def measures(told: History) -> dict[tuple[Level, SessionKind], tuple[int, int, int, int]]:
    return {
        cell: (found.sessions, found.attendances, found.opinions, found.answered)
        for cell, found in totals(told).items()
    }


@pytest.mark.parametrize("seed", [2017, 1, 945])
def test_every_seed_adds_up_to_the_published_figures(seed: int) -> None:
    expected = {
        cell: (figures.sessions, figures.attendances, figures.opinions, figures.answered)
        for cell, figures in published_figures().items()
    }
    assert measures(history(seed)) == expected
    assert len(expected) == len(Level) - 1 + len(SessionKind) - 1


def test_another_seed_tells_another_history(told: History) -> None:
    other = history(1)
    assert [session.key for session in other.sessions] != [s.key for s in told.sessions]
    assert {o.text for o in other.opinions} != {o.text for o in told.opinions}


def test_the_history_is_the_same_whatever_the_hash_seed() -> None:
    seen = {
        subprocess.run(
            [sys.executable, "-c", SEED_DIGEST],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hash_seed in ("1", "4711")
    }
    assert len(seen) == 1


def test_keys_are_unique(told: History) -> None:
    keys = [
        *(opinion.key for opinion in told.opinions),
        *(session.key for session in told.sessions),
        *(made.key for session in told.sessions for made in session.commitments),
        *(digest.key for digest in told.digests),
    ]
    assert len(keys) == len(set(keys))


def test_sessions_are_in_order_on_working_days_and_away_from_tet(told: History) -> None:
    days = [session.held_on for session in told.sessions]
    assert days == sorted(days)
    assert all(CALENDAR.is_working(day) and day.isoweekday() <= 5 for day in days)
    assert min(abs((day - tet).days) for day in days for tet in TET) > 7
    assert {day.year for day in days} == {2017, 2018, 2019, 2020, 2021}


def test_no_unit_holds_two_sessions_on_one_day(told: History) -> None:
    held = Counter((session.unit, session.held_on) for session in told.sessions)
    assert set(held.values()) == {1}


def test_every_ward_holds_a_periodic_session_every_year(told: History) -> None:
    held = {
        (session.unit, session.held_on.year)
        for session in told.sessions
        if session.session_kind is SessionKind.PERIODIC
    }
    for ward in ba_dinh().wards:
        assert {year for unit, year in held if unit == ward.unit} == {2017, 2018, 2019, 2020, 2021}


def test_only_an_ad_hoc_session_has_a_trigger(told: History) -> None:
    for session in told.sessions:
        is_ad_hoc = session.session_kind is SessionKind.AD_HOC
        assert (session.trigger is not None) == is_ad_hoc


@pytest.mark.parametrize(
    ("ward", "topics"),
    [
        ("thanh-cong", {"site_clearance"}),
        ("giang-vo", {"site_clearance"}),
        ("ngoc-khanh", {"site_clearance"}),
        ("phuc-xa", {"land_management", "construction_order", "urban_order"}),
        ("truc-bach", {"urban_renewal"}),
    ],
)
def test_the_wards_named_in_the_press_speak_of_their_topics(
    told: History, ward: str, topics: set[str]
) -> None:
    fields = Counter(
        opinion.field
        for session in told.sessions
        if session.unit == f"phuong-{ward}"
        for opinion in session.opinions
    )
    assert {field for field, _ in fields.most_common(len(topics))} == topics
    assert sum(fields[topic] for topic in topics) * 2 > fields.total()


def test_an_opinion_is_received_before_its_session_or_in_its_room(told: History) -> None:
    for session in told.sessions:
        for opinion in session.opinions:
            assert (opinion.unit, opinion.level) == (session.unit, session.level)
            assert opinion.session_key == session.key
            if opinion.via is Via.ROOM:
                assert opinion.received_on == session.held_on
                assert opinion.channel is Channel.SESSION
            else:
                assert opinion.received_on < session.held_on
                assert opinion.channel is not Channel.SESSION


def test_voices_are_at_least_one_and_no_opinion_is_a_complaint(told: History) -> None:
    assert all(opinion.voices >= 1 for opinion in told.opinions)
    kinds = {opinion.opinion_kind for opinion in told.opinions}
    assert kinds == set(OpinionKind) - {OpinionKind.COMPLAINT, OpinionKind.DENUNCIATION}


def test_a_commitment_answers_opinions_of_one_field_and_each_open_opinion_once(
    told: History,
) -> None:
    for session in told.sessions:
        by_key = {opinion.key: opinion for opinion in session.opinions}
        covered = [key for made in session.commitments for key in made.opinion_keys]
        expected = [o.key for o in session.opinions if o.fate is not Fate.ON_THE_SPOT]
        assert sorted(covered) == sorted(expected)
        assert session.commitments
        for made in session.commitments:
            assert 1 <= len(made.opinion_keys) <= 6
            assert {by_key[key].field for key in made.opinion_keys} == {made.field}


def test_a_commitment_is_due_ten_to_forty_five_working_days_after_the_session(
    commitments: list[tuple[PlannedSession, PlannedCommitment]],
) -> None:
    for session, made in commitments:
        assert CALENDAR.is_working(made.due_on)
        assert made.due_on > session.issued_on
        assert 10 <= CALENDAR.working_days_between(session.held_on, made.due_on) <= 45


def test_a_conclusion_is_issued_within_seven_working_days(told: History) -> None:
    for session in told.sessions:
        assert CALENDAR.is_working(session.issued_on)
        assert 1 <= CALENDAR.working_days_between(session.held_on, session.issued_on) <= 7
    numbers = Counter((s.unit, s.issued_on.year, s.conclusion_number) for s in told.sessions)
    assert set(numbers.values()) == {1}


def test_answers_follow_the_conclusion_and_are_released_on_working_days(
    told: History, commitments: list[tuple[PlannedSession, PlannedCommitment]]
) -> None:
    answered = [(session, made.answer) for session, made in commitments if made.answer]
    for session, answer in answered:
        assert session.held_on <= session.issued_on < answer.submitted_on <= answer.released_on
        assert CALENDAR.is_working(answer.submitted_on)
        assert CALENDAR.is_working(answer.released_on)
        assert answer.released_on <= told.last_on


def test_about_seven_in_a_hundred_commitments_are_answered_late(
    commitments: list[tuple[PlannedSession, PlannedCommitment]],
) -> None:
    days_late = [made.days_late for _, made in commitments if made.days_late]
    assert 0.04 < len(days_late) / len(commitments) < 0.1
    assert max(days_late) <= 20


def test_the_unanswered_are_twelve_in_ward_periodic_sessions_of_several_years(
    told: History,
) -> None:
    open_ones = [
        (session, opinion)
        for session in told.sessions
        for opinion in session.opinions
        if opinion.fate is Fate.UNANSWERED
    ]
    cells = {(session.level, session.session_kind) for session, _ in open_ones}
    assert cells == {(Level.COMMUNE, SessionKind.PERIODIC)}
    assert len({session.held_on.year for session, _ in open_ones}) >= 4
    assert not any(opinion.is_answered for _, opinion in open_ones)
    keys = {opinion.key for _, opinion in open_ones}
    silent = [
        key
        for session in told.sessions
        for made in session.commitments
        if made.answer is None
        for key in made.opinion_keys
    ]
    assert sorted(silent) == sorted(keys)


def test_an_opinion_tells_the_answer_of_its_commitment(told: History) -> None:
    for session in told.sessions:
        by_key = {opinion.key: opinion for opinion in session.opinions}
        for made in session.commitments:
            for key in made.opinion_keys:
                expected = (made.answer.outcome, made.answer.text) if made.answer else (None, None)
                assert (by_key[key].outcome, by_key[key].answer_text) == expected


def test_opinions_outside_sessions_are_referred_and_answered_or_declined(told: History) -> None:
    assert len(told.referrals) == 60
    assert len(told.declined) == 12
    for referral in told.referrals:
        assert referral.opinion.session_key is None
        assert referral.opinion.received_on < referral.referred_on
        assert referral.referred_on < referral.answer.submitted_on <= referral.answer.released_on
        assert referral.agency in {None, referral.lead_agency}
    for declined in told.declined:
        assert declined.opinion.session_key is None
        assert declined.opinion.received_on < declined.declined_on
        assert declined.reason is DeclineReason.COMPLAINT
        assert not declined.opinion.is_answered


def test_texts_are_nfc_varied_and_completely_filled(told: History) -> None:
    narratives = [opinion.text for opinion in told.opinions]
    answers = [opinion.answer_text for opinion in told.opinions if opinion.answer_text]
    products = [made.product for session in told.sessions for made in session.commitments]
    for text in (*narratives, *answers, *products):
        assert unicodedata.is_normalized("NFC", text)
        assert text == text.strip()
        assert "{" not in text
        assert "  " not in text
    assert len(set(narratives)) >= 0.95 * len(narratives)


def test_every_planted_datum_is_in_a_text_and_in_nothing_else(told: History) -> None:
    texts = "\n".join(
        text for opinion in told.opinions for text in (opinion.text, opinion.answer_text or "")
    )
    assert len(told.planted) > 100
    assert all(planted in texts for planted in told.planted)
    open_data = "\n".join(
        [opinion.key for opinion in told.opinions]
        + [session.key + session.conclusion_number for session in told.sessions]
        + [made.product for session in told.sessions for made in session.commitments]
        + [locality.name for locality in ba_dinh().localities]
    )
    assert not any(planted in open_data for planted in told.planted)


def test_every_gathered_opinion_is_in_exactly_one_digest_before_its_session(
    told: History,
) -> None:
    rows = {
        row.opinion_key: digest for digest in told.digests for row in digest.rows if not row.fault
    }
    gathered = {opinion.key: opinion for opinion in told.opinions if opinion.via is Via.DIGEST}
    assert set(rows) == set(gathered)
    assert sum(len(digest.rows) for digest in told.digests) == len(gathered) + 2
    held = {session.key: session.held_on for session in told.sessions}
    for key, opinion in gathered.items():
        digest = rows[key]
        assert digest.organisation == opinion.organisation
        assert 0 < (digest.reported_on - opinion.received_on).days <= 90
        if opinion.session_key:
            assert (held[opinion.session_key] - digest.reported_on).days >= 7
    for outside in told.referrals:
        assert rows[outside.opinion.key].reported_on < outside.referred_on
    for outside_too in told.declined:
        assert rows[outside_too.opinion.key].reported_on < outside_too.declined_on


def test_there_is_one_digest_per_organisation_and_quarter_in_time_order(told: History) -> None:
    made = digests()
    assert made == told.digests
    quarters = Counter((digest.organisation, digest.year, digest.quarter) for digest in made)
    assert set(quarters.values()) == {1}
    assert set(Counter((digest.organisation, digest.number) for digest in made).values()) == {1}
    assert [digest.reported_on for digest in made] == sorted(d.reported_on for d in made)
    for digest in made:
        assert CALENDAR.is_working(digest.reported_on)
        assert (digest.reported_on.year, (digest.reported_on.month + 2) // 3) == (
            digest.year,
            digest.quarter,
        )


def test_one_digest_has_two_faulty_rows_and_the_reader_refuses_just_these(told: History) -> None:
    [digest] = [digest for digest in told.digests if digest.faulty_rows]
    faults = {row.sheet_row: row.fault for row in digest.rows if row.fault}
    assert sorted(faults.values(), key=str) == [
        RowFault.IMPOSSIBLE_DATE,
        RowFault.NEGATIVE_VOICES,
    ]
    read = read_digest(digest_workbook(digest), today=digest.reported_on)
    assert {fault.row for fault in read.faults} == set(faults)
    assert len(read.rows) == len(digest.rows) - 2


def typed(opinion: HistoricOpinion) -> tuple[object, ...]:
    return (
        opinion.received_on,
        opinion.opinion_kind,
        opinion.channel,
        opinion.voices,
        opinion.text,
    )


@pytest.mark.parametrize("at", [0, 40, -1])
def test_the_reader_gets_from_a_workbook_what_was_written(told: History, at: int) -> None:
    digest = told.digests[at]
    opinions = {opinion.key: opinion for opinion in told.opinions}
    read = read_digest(digest_workbook(digest), today=digest.reported_on)
    assert (read.organisation, read.number, read.reported_on) == (
        digest.organisation_name,
        digest.number,
        digest.reported_on,
    )
    assert [
        (row.row, row.key, row.received_on, row.opinion_kind, row.channel, row.voices, row.text)
        for row in read.rows
    ] == [
        (row.sheet_row, str(row.stt), *typed(opinions[row.opinion_key]))
        for row in digest.rows
        if row.opinion_key
    ]


def test_a_workbook_is_small_and_has_the_agreed_form(told: History) -> None:
    digest = max(told.digests, key=lambda one: len(one.rows))
    content = digest_workbook(digest)
    assert len(content) < 64_000
    sheet = load_workbook(BytesIO(content))["Ý kiến"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(max_row=5)]
    assert [row[0] for row in cells[:3]] == ["Tổ chức báo cáo", "Số báo cáo", "Ngày báo cáo"]
    assert cells[4] == [
        "STT",
        "Ngày tiếp nhận",
        "Đơn vị",
        "Lĩnh vực",
        "Loại ý kiến",
        "Kênh tiếp nhận",
        "Số người cùng ý kiến",
        "Nội dung",
        "Phiên đối thoại",
    ]


def test_the_province_file_knows_every_unit_organisation_agency_and_word(told: History) -> None:
    ha_noi = load_provinces(ROOT / "deploy" / "provinces")["ha-noi"]
    for locality in ba_dinh().localities:
        for on in (date(2017, 7, 1), date(2021, 12, 31)):
            assert ha_noi.unit(locality.unit, on).level is locality.level
            assert ha_noi.unit_named(locality.name, on).key == locality.unit
            organisation = ha_noi.organisation(locality.organisation, on)
            assert organisation.name == locality.organisation_name
    for session in told.sessions:
        for made in session.commitments:
            agency = ha_noi.agency(made.lead_agency, session.issued_on)
            assert agency.name == ba_dinh().agency_name(made.lead_agency)
    for declined in told.declined:
        agency = ha_noi.agency(declined.redirect, declined.declined_on)
        assert agency.key == declined.redirect


def test_the_routing_table_chooses_the_agencies_of_the_history(told: History) -> None:
    ha_noi = load_provinces(ROOT / "deploy" / "provinces")["ha-noi"]
    for session in told.sessions:
        for made in session.commitments:
            routed = ha_noi.route(made.field, session.level, session.issued_on, session.unit)
            assert isinstance(routed, Routing)
            assert routed.agency == made.lead_agency
    for referral in told.referrals:
        opinion = referral.opinion
        routed = ha_noi.route(opinion.field, opinion.level, referral.referred_on, opinion.unit)
        assert isinstance(routed, Routing)
        assert routed.agency == referral.lead_agency
