"""Intake over HTTP: what each address does, for whom, and how it refuses."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from openapi_spec_validator import validate

from services.intake.uploads import FAULTS_SHOWN
from services.intake.workbook.upload import FILE_LIMIT_BYTES
from shared.access import Role
from shared.kernel.ids import derived_id
from shared.web.page_endpoints import is_page_blueprint
from tests.services.intake.calling import OPINION, Caller, Cast, answer, refused
from tests.services.intake.digest_files import digest_csv, digest_workbook, row
from tests.services.intake.hearing import SESSION_SCHEDULED, Teller
from tests.services.intake.story import SESSION_ID
from tests.services.opened import Opened, since_opened

NOWHERE = derived_id("no such thing")


@pytest.fixture
def cast(intake: Opened) -> Cast:
    return Cast(intake)


def accepted(cast: Cast, count: int = 1) -> list[str]:
    cadre = cast.cadre
    ids = [cadre.entered() for _ in range(count)]
    assert cast.screener.post("/opinions/accept", {"opinion_ids": ids}).status_code == 200
    return ids


def state(cast: Cast, opinion_id: str) -> str:
    return str(answer(cast.screener.get(f"/opinions/{opinion_id}"))["state"])


# -- what works


def test_an_opinion_is_entered_and_can_be_read_without_its_text(cast: Cast) -> None:
    entered = cast.cadre.post("/opinions", OPINION)
    assert entered.status_code == 201
    told = answer(entered)
    assert set(told) == {"opinion_id", "receipt", "version"}
    read = cast.screener.get(f"/opinions/{told['opinion_id']}")
    assert read.headers["ETag"] == '"0"'
    row = answer(read)
    assert (row["state"], row["unit"], row["receipt"]) == (
        "received",
        "thanh-cong",
        told["receipt"],
    )
    assert OPINION["text"] not in read.get_data(as_text=True)


def test_several_opinions_are_accepted_together(cast: Cast) -> None:
    ids = accepted(cast, 3)
    assert [state(cast, each) for each in ids] == ["eligible"] * 3


def test_a_screener_accepts_no_opinion_that_this_very_seat_entered(cast: Cast) -> None:
    screener = cast.screener
    opinion_id = screener.entered()
    response = screener.post("/opinions/accept", {"opinion_ids": [opinion_id]})
    assert refused(response, 422, "opinion.same_seat")["facts"] == {"seat": "test/screener"}
    headers = cast.service.bearer(Role.SCREENER, seat="test/another-screener")
    another = Caller(cast.client, headers)
    assert another.post("/opinions/accept", {"opinion_ids": [opinion_id]}).status_code == 200


def test_all_are_accepted_or_none(cast: Cast) -> None:
    good, bad = cast.cadre.entered(), cast.cadre.entered(opinion_kind="complaint")
    response = cast.screener.post("/opinions/accept", {"opinion_ids": [good, bad]})
    assert refused(response, 422, "opinion.must_be_declined")["facts"] == {"opinion": bad}
    assert state(cast, good) == "received"


def test_an_opinion_is_declined_with_a_reason_and_a_redirect(cast: Cast) -> None:
    opinion_id = cast.cadre.entered(opinion_kind="complaint")
    body = {"opinion_ids": [opinion_id], "reason": "complaint"}
    refused(cast.screener.post("/opinions/decline", body), 422, "opinion.redirect_missing")
    refused(
        cast.screener.post("/opinions/decline", {**body, "redirect": "no-such-agency"}),
        422,
        "province.unknown_agency",
    )
    done = cast.screener.post("/opinions/decline", {**body, "redirect": "ubnd-ba-dinh"})
    assert done.status_code == 200
    assert state(cast, opinion_id) == "declined"


def test_an_opinion_is_referred_to_an_agency_that_is_competent_today(cast: Cast) -> None:
    (opinion_id,) = accepted(cast)
    body = {"opinion_ids": [opinion_id], "agency": "doi-ttxd-ba-dinh"}
    refused(cast.screener.post("/opinions/refer", body), 422, "province.agency_not_competent")
    done = cast.screener.post("/opinions/refer", {**body, "agency": "tnmt-ba-dinh"})
    assert answer(done) == {"opinions": [{"opinion_id": opinion_id, "version": 2}]}
    assert state(cast, opinion_id) == "in_handling"


def test_an_opinion_is_scheduled_for_a_session_whose_day_is_fixed(cast: Cast) -> None:
    (opinion_id,) = accepted(cast)
    body = {"opinion_ids": [opinion_id], "session_id": SESSION_ID}
    refused(cast.screener.post("/opinions/schedule", body), 404, "session.unknown")
    Teller(cast.service.runtime).sessions(SESSION_SCHEDULED)
    assert cast.screener.post("/opinions/schedule", body).status_code == 200
    row = answer(cast.screener.get(f"/opinions/{opinion_id}"))
    assert (row["state"], row["session_id"], row["held_on"]) == (
        "scheduled",
        SESSION_ID,
        "2019-05-20",
    )


def test_a_session_of_another_province_is_unknown(cast: Cast) -> None:
    (opinion_id,) = accepted(cast)
    Teller(cast.service.runtime, "ha-nam").sessions(SESSION_SCHEDULED)
    body = {"opinion_ids": [opinion_id], "session_id": SESSION_ID}
    refused(cast.screener.post("/opinions/schedule", body), 404, "session.unknown")


def test_opinions_are_listed_page_by_page(cast: Cast) -> None:
    ids = sorted(accepted(cast, 3))
    waiting = cast.cadre.entered()
    query: dict[str, Any] = {"province": "ha-noi", "state": "eligible", "limit": 2}
    first = answer(cast.screener.get("/opinions", **query))
    assert first["next"] == ids[1]
    second = answer(cast.screener.get("/opinions", **query, after=first["next"]))
    assert second["next"] is None
    shown = [each["opinion_id"] for each in first["opinions"] + second["opinions"]]
    assert shown == ids
    assert waiting not in shown


def test_opinions_of_one_session_are_listed(cast: Cast) -> None:
    ids = accepted(cast, 2)
    Teller(cast.service.runtime).sessions(SESSION_SCHEDULED)
    body = {"opinion_ids": ids[:1], "session_id": SESSION_ID}
    cast.screener.post("/opinions/schedule", body)
    listed = answer(cast.screener.get("/opinions", province="ha-noi", session_id=SESSION_ID))
    assert [each["opinion_id"] for each in listed["opinions"]] == ids[:1]


def test_a_narrative_is_kept_before_an_event_names_it(cast: Cast) -> None:
    kept = cast.role(Role.SECRETARY).post(
        "/narratives", {"province": "ha-noi", "texts": ["Nói tại hội trường."]}
    )
    assert kept.status_code == 201
    (ref,) = answer(kept)["texts"]
    assert set(ref) == {"text_id", "owner", "commitment", "visibility"}
    assert ref["owner"] == "intake"


def test_the_template_is_downloaded_and_imports_back(cast: Cast) -> None:
    template = cast.nobody.get("/digests/template.xlsx")
    assert template.status_code == 200
    assert template.data.startswith(b"PK")
    refused(cast.cadre.upload(template.data), 400, "workbook.no_rows")


def test_a_digest_is_imported_and_every_fault_is_explained(cast: Cast) -> None:
    done = cast.cadre.upload(digest_workbook(row(1), row(2, unit="phường Không Có")))
    assert done.status_code == 200
    report = answer(done)
    assert (report["rows"], report["rows_received"], report["rows_rejected"]) == (2, 1, 1)
    (fault,) = report["faults"]
    assert (fault["sheet"], fault["row"], fault["column"]) == ("Ý kiến", 7, "C")
    assert (fault["heading"], fault["code"]) == ("Đơn vị", "province.unknown_unit")
    assert fault["texts"]["vi"] != fault["texts"]["en"]
    assert report["faults_left_out"] == 0
    assert report["warnings"] == []


def test_a_report_shows_no_more_faults_than_it_says(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert FAULTS_SHOWN == 5_000
    monkeypatch.setattr("services.intake.uploads.FAULTS_SHOWN", 2)
    bad = [row(number, unit="phường Không Có") for number in range(5)]
    report = answer(cast.cadre.upload(digest_csv(*bad)))
    assert (len(report["faults"]), report["faults_left_out"]) == (2, 3)
    assert report["rows_rejected"] == 5


# -- who may not


ADDRESSES: Sequence[tuple[str, str]] = (
    ("GET", f"/opinions/{NOWHERE}"),
    ("GET", "/opinions?province=ha-noi"),
    ("POST", "/opinions"),
    ("POST", "/opinions/accept"),
    ("POST", "/opinions/decline"),
    ("POST", "/opinions/refer"),
    ("POST", "/opinions/schedule"),
    ("POST", "/narratives"),
    ("POST", "/imports"),
    ("GET", f"/texts/{NOWHERE}?purpose=screening"),
    ("GET", "/log/heads"),
    ("GET", "/log/test.local/ha-noi/intake/entries"),
    ("GET", "/log/test.local/no-where/intake/entries"),
    ("GET", f"/references/{'0' * 64}"),
    ("GET", "/follow/status"),
    ("POST", "/follow/retry"),
    ("POST", "/follow/skip"),
    ("GET", "/access/tokens"),
    ("POST", "/access/tokens"),
    ("DELETE", "/access/tokens/0123456789abcdef"),
)


def test_a_stranger_learns_nothing_at_any_address(cast: Cast) -> None:
    wrong = {"Authorization": f"Bearer dt_{'0' * 16}_{'0' * 64}"}
    for method, path in ADDRESSES:
        response = cast.client.open(path, method=method, data=b"{", content_type="text/plain")
        refused(response, 401, "access.token_missing")
        assert response.headers["WWW-Authenticate"] == "Bearer"
        response = cast.client.open(path, method=method, headers=wrong)
        refused(response, 401, "access.token_invalid")


def test_a_role_that_may_not_is_refused_before_anything_is_looked_up(cast: Cast) -> None:
    opinion_id = cast.cadre.entered()
    leader = cast.role(Role.LEADER)
    for each in (opinion_id, NOWHERE):
        refused(leader.get(f"/opinions/{each}"), 403, "access.not_allowed")
        refused(leader.post("/opinions/accept", {"opinion_ids": [each]}), 403, "access.not_allowed")
    refused(leader.post("/opinions", OPINION), 403, "access.not_allowed")


@pytest.mark.parametrize("exists", [True, False])
def test_another_provinces_opinion_is_as_unknown_as_none(cast: Cast, *, exists: bool) -> None:
    opinion_id = cast.cadre.entered() if exists else NOWHERE
    stranger = cast.role(Role.SCREENER, province="ha-nam")
    refused(stranger.get(f"/opinions/{opinion_id}"), 404, "opinion.unknown")
    for what in ("accept", "decline", "refer", "schedule"):
        body = {
            "opinion_ids": [opinion_id],
            **({"reason": "unclear"} if what == "decline" else {}),
            **({"session_id": SESSION_ID} if what == "schedule" else {}),
        }
        refused(stranger.post(f"/opinions/{what}", body), 404, "opinion.unknown")


def test_a_province_named_by_the_caller_is_refused_by_name(cast: Cast) -> None:
    stranger = cast.role(Role.CADRE, province="ha-nam")
    refused(stranger.post("/opinions", OPINION), 403, "access.other_province")
    refused(stranger.get("/opinions", province="ha-noi"), 403, "access.other_province")
    refused(stranger.upload(digest_csv(row())), 403, "access.other_province")
    narrative = {"province": "ha-noi", "texts": ["Một ý kiến."]}
    refused(stranger.post("/narratives", narrative), 403, "access.other_province")


def test_a_province_that_is_not_configured_is_unknown_to_whoever_may_ask(cast: Cast) -> None:
    national = cast.role(Role.CADRE, province=None)
    refused(national.post("/opinions", {**OPINION, "province": "ca-mau"}), 404, "province.unknown")
    refused(national.get("/opinions", province="ca-mau"), 404, "province.unknown")
    refused(national.upload(digest_csv(row()), province="ca-mau"), 404, "province.unknown")


def test_opinions_of_two_provinces_are_commanded_apart(cast: Cast) -> None:
    here = cast.cadre.entered()
    there = cast.role(Role.CADRE, province="ha-nam").entered(
        province="ha-nam", unit="phu-ly", organisation="mttq-phu-ly"
    )
    national = cast.role(Role.SCREENER, province=None)
    response = national.post("/opinions/accept", {"opinion_ids": [here, there]})
    refused(response, 400, "opinion.several_provinces")


def test_declared_results_are_not_the_cadres_to_import(cast: Cast) -> None:
    refused(cast.cadre.upload(b"x", kind="declared"), 403, "access.not_allowed")


# -- what can't be read or isn't allowed


@pytest.mark.parametrize(
    "change",
    [
        {"unit": "Phường Thành Công"},
        {"opinion_kind": "gossip"},
        {"channel": ["direct"]},
        {"voices": 0},
        {"voices": "3"},
        {"voices": 10**8},
        {"received_on": "10/05/2019"},
        {"text": ""},
        {"text": "x" * 20_001},
        {"province": "ha-noi\n"},
        {"surprise": 1},
        {"organisation": None},
    ],
)
def test_a_body_that_does_not_fit_is_refused_and_not_repeated(
    cast: Cast, change: dict[str, Any]
) -> None:
    response = cast.cadre.post("/opinions", {**OPINION, **change})
    problem = refused(response, 422, "request.invalid")
    assert problem["fields"]
    assert "surprise" not in response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"unit": "phuong-ba-dinh"}, 422, "province.unknown_unit"),
        ({"field": "astrology"}, 422, "province.unknown_field"),
        ({"organisation": "mttq-nowhere"}, 422, "province.unknown_organisation"),
        ({"received_on": "2019-05-21"}, 422, "opinion.received_in_future"),
        ({"received_on": "2019-01-01"}, 422, "opinion.received_too_long_ago"),
        ({"opinion_kind": "denunciation"}, 422, "opinion.denunciation_not_stored"),
        ({"text": " \u200b "}, 400, "vault.text_empty"),
        ({"text": "a\x07b"}, 400, "vault.text_not_text"),
        ({"text": "a\x00b"}, 400, "request.json_ambiguous"),
    ],
)
def test_an_opinion_that_breaks_a_rule_is_refused_by_its_code(
    cast: Cast, change: dict[str, Any], status: int, code: str
) -> None:
    refused(cast.cadre.post("/opinions", {**OPINION, **change}), status, code)
    assert since_opened(cast.service.runtime) == []


def test_a_text_with_half_a_character_is_no_text(cast: Cast) -> None:
    body = json.dumps({**OPINION, "text": "\ud800"}).encode("ascii")
    headers = {**cast.cadre.headers, "Content-Type": "application/json"}
    response = cast.client.post("/opinions", data=body, headers=headers)
    refused(response, 400, "request.json_ambiguous")


def test_an_illegal_transition_is_refused(cast: Cast) -> None:
    opinion_id = cast.cadre.entered()
    problem = refused(
        cast.screener.post("/opinions/refer", {"opinion_ids": [opinion_id]}),
        422,
        "opinion.not_eligible",
    )
    assert problem["facts"] == {"state": "received"}


def test_a_stale_version_is_a_conflict(cast: Cast) -> None:
    opinion_id = cast.cadre.entered()
    body = {"opinion_ids": [opinion_id]}
    accept = cast.screener.post("/opinions/accept", body, If_Match='"0"')
    assert accept.status_code == 200
    stale = cast.screener.post("/opinions/refer", body, If_Match='"0"')
    problem = refused(stale, 409, "eventlog.stream_moved")
    assert problem["facts"]["version"] == 1
    assert cast.screener.post("/opinions/refer", body, If_Match='W/"1"').status_code == 200


@pytest.mark.parametrize("given", ['"-1"', "x", "٣", "9" * 5000, '"1', "*"])
def test_a_version_that_is_no_number_is_not_understood(cast: Cast, given: str) -> None:
    body = {"opinion_ids": [cast.cadre.entered()]}
    headers = {**cast.screener.headers, "If-Match": given.encode().decode("latin-1")}
    response = cast.client.post("/opinions/accept", json=body, headers=headers)
    refused(response, 400, "request.bad_version")


def test_the_number_of_opinions_at_once_is_bounded(cast: Cast) -> None:
    for ids in ([], [NOWHERE] * 101):
        response = cast.screener.post("/opinions/accept", {"opinion_ids": ids})
        refused(response, 422, "request.invalid")


@pytest.mark.parametrize("more", [1, 70_000], ids=["file", "form"])
def test_a_file_is_at_most_20_mib_and_its_form_not_much_more(cast: Cast, more: int) -> None:
    response = cast.cadre.upload(b"x" * (FILE_LIMIT_BYTES + more))
    problem = refused(response, 413, "workbook.file_too_large")
    assert "20 MB" in problem["texts"]["vi"]


def test_a_fault_tells_days_as_people_write_them(cast: Cast) -> None:
    data = digest_csv(row(unit="phường Không Có"))
    (fault,) = answer(cast.cadre.upload(data))["faults"]
    assert fault["code"] == "province.unknown_unit"
    assert "10/05/2019" in fault["texts"]["vi"]
    assert "2019-05-10" not in fault["texts"]["vi"] + fault["texts"]["en"]


def test_a_state_is_told_in_words_of_either_language(cast: Cast) -> None:
    response = cast.screener.post("/opinions/refer", {"opinion_ids": [cast.cadre.entered()]})
    problem = refused(response, 422, "opinion.not_eligible")
    assert problem["facts"] == {"state": "received"}
    assert problem["texts"]["vi"].endswith("trạng thái hiện nay: đã tiếp nhận.")
    assert problem["texts"]["vi"].count("tiếp nhận") == 1
    assert problem["texts"]["en"].endswith("its state is received.")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "workbook.empty"),
        (b"%PDF-1.4", "workbook.not_a_workbook"),
        (b"PK\x03\x04 broken", "workbook.damaged"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_whole(cast: Cast, data: bytes, code: str) -> None:
    refused(cast.cadre.upload(data), 400, code)


def test_an_import_takes_a_form_and_nothing_else(cast: Cast) -> None:
    refused(cast.cadre.post("/imports", {"province": "ha-noi"}), 415, "request.not_json")
    form = {"province": "ha-noi", "kind": "digest"}
    response = cast.client.post(
        "/imports",
        data=form,
        headers=dict(cast.cadre.headers),
        content_type="multipart/form-data",
    )
    refused(response, 422, "request.invalid")


# -- its description


def test_the_description_is_openapi_3_1_and_names_every_address(cast: Cast) -> None:
    response = cast.nobody.get("/openapi.json")
    assert response.status_code == 200
    document = answer(response)
    assert document["openapi"].startswith("3.1")
    validate(document)
    app = cast.client.application
    rules = {
        (method, str(rule).replace("uuid:", "").replace("path:", ""))
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and "openapi" not in rule.endpoint
        if not is_page_blueprint(rule.endpoint.rpartition(".")[0])
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (method.upper(), path.replace("{", "<").replace("}", ">"))
        for path, operations in document["paths"].items()
        for method in operations
        if method != "parameters"
    }
    assert described == rules
    assert len(rules) > 15


def test_a_referral_that_no_routing_row_can_take_is_refused_here_and_halts_nobody(
    cast: Cast,
) -> None:
    body = {**OPINION, "received_on": "2025-06-27"}
    cast.service.set_clock(datetime(2025, 6, 27, 3, tzinfo=UTC))
    opinion_id = answer(cast.cadre.post("/opinions", body))["opinion_id"]
    cast.screener.post("/opinions/accept", {"opinion_ids": [opinion_id]})
    cast.service.set_clock(datetime(2025, 7, 10, 3, tzinfo=UTC))

    refusal = cast.screener.post("/opinions/refer", {"opinion_ids": [opinion_id]})

    refused(refusal, 422, "province.unknown_unit")
