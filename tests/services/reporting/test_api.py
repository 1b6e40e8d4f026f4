"""Reporting over HTTP: who may ask for what, and what comes back."""

import hashlib
import json
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.reporting.statistics import statistics
from shared.access import Role
from shared.contracts.vocabulary import Level
from tests.services.opened import Opened, since_opened
from tests.services.reporting.conftest import SHIPPED, Keep
from tests.services.reporting.golden import happened, published
from tests.services.reporting.history import History, ended, opinion, received, results, session

REPORT = "/reports/sessions?from=2017-01-01&to=2021-12-31"
HA_NOI = f"{REPORT}&province=ha-noi"
EVENTS = HA_NOI.replace("?", "/events?")


@pytest.fixture
def leader(service: Opened) -> dict[str, str]:
    return service.bearer(Role.LEADER)


@pytest.fixture
def national(service: Opened) -> dict[str, str]:
    return service.bearer(Role.AUDITOR, province=None)


@pytest.fixture
def secretary(service: Opened) -> dict[str, str]:
    return service.bearer(Role.SECRETARY)


def get(client: FlaskClient, address: str, headers: dict[str, str], status: int = 200) -> Any:
    response = client.get(address, headers=headers)
    assert response.status_code == status, response.get_data(as_text=True)
    return response.get_json()


def test_the_published_table_comes_over_http(
    client: FlaskClient, leader: dict[str, str], keep_all: Keep
) -> None:
    keep_all(History().record(*happened(), *published()).entries)
    document = get(client, f"{HA_NOI}&by=level,session_kind", leader)
    assert document["totals"]["answered"] == 1_917
    assert {row["status"] for row in document["rows"][:4]} == {"equal"}


def test_the_body_is_what_its_digest_says(
    client: FlaskClient, leader: dict[str, str], keep_all: Keep
) -> None:
    keep_all(History().record(ended(session())).entries)
    response = client.get(HA_NOI, headers=leader)
    assert response.headers["X-Report-SHA256"] == hashlib.sha256(response.data).hexdigest()


@pytest.mark.parametrize(
    ("form", "content_type"), [("csv", "text/csv"), ("table", "text/plain"), ("json", "json")]
)
def test_a_report_has_three_forms(
    client: FlaskClient, leader: dict[str, str], form: str, content_type: str
) -> None:
    response = client.get(f"{HA_NOI}&format={form}&bom=true", headers=leader)
    assert response.status_code == 200
    assert content_type in response.content_type
    assert (response.data[:3] == b"\xef\xbb\xbf") == (form == "csv")


def test_a_caller_reads_no_other_province_and_not_all_at_once(
    client: FlaskClient, leader: dict[str, str], national: dict[str, str]
) -> None:
    refused = get(client, f"{REPORT}&province=ha-nam", leader, 403)
    assert refused["code"] == "access.other_province"
    assert get(client, REPORT, leader)["provinces"] == ["ha-noi"]  # nobody's but their own
    both = f"{REPORT}&province=ha-noi&province=ha-nam"
    assert get(client, both, leader, 403)["code"] == "access.other_province"
    assert get(client, both, national)["provinces"] == ["ha-nam", "ha-noi"]
    shipped = sorted(file.stem for file in SHIPPED.glob("*.toml"))
    assert get(client, REPORT, national)["provinces"] == shipped


def test_nobody_reads_without_a_token(client: FlaskClient) -> None:
    for address in ("/reports", HA_NOI, "/published?province=ha-noi", "/journal"):
        assert client.get(address).status_code == 401
    assert client.post("/recounts", json={}).status_code == 401


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        (HA_NOI.replace("sessions", "unheard"), 404, "statistic.unknown"),
        (HA_NOI.replace("from=2017", "from=2022"), 400, "report.period_reversed"),
        (f"{HA_NOI}&by=colour", 400, "report.unknown_dimension"),
        (f"{HA_NOI}&format=pdf", 422, "request.invalid"),
        ("/reports/sessions?province=ha-noi", 422, "request.invalid"),
        (f"{EVENTS}&measure=x", 400, "report.unknown_measure"),
        (f"{EVENTS}&measure=opinions&colour=red", 400, "report.unknown_dimension"),
        (f"{EVENTS}&measure=opinions&after=nowhere", 400, "report.bad_place"),
        ("/reports/declared?province=ha-noi&after=nowhere", 400, "report.bad_place"),
        ("/published/00000000-0000-0000-0000-000000000000", 404, "report.unknown"),
    ],
)
def test_a_bad_question_gets_its_status_and_code(
    client: FlaskClient, leader: dict[str, str], address: str, status: int, code: str
) -> None:
    problem = get(client, address, leader, status)
    assert problem["code"] == code
    assert set(problem["texts"]) == {"vi", "en"}


def test_an_unknown_province_is_not_found(client: FlaskClient, national: dict[str, str]) -> None:
    assert get(client, f"{REPORT}&province=atlantis", national, 404)["code"] == "province.unknown"


def test_the_statistics_are_listed_with_their_words(
    client: FlaskClient, leader: dict[str, str]
) -> None:
    found = {each["name"]: each for each in get(client, "/reports", leader)["statistics"]}
    assert set(found) == set(statistics())
    assert found["sessions"]["title"] == "Kết quả đối thoại với Nhân dân"
    assert found["sessions"]["measures"]["answered"] == "đã trả lời"


def test_a_figure_leads_to_its_events_page_by_page(
    client: FlaskClient, leader: dict[str, str], keep_all: Keep
) -> None:
    far = session(unit="ba-dinh", level=Level.DISTRICT)
    events = [ended(session()), ended(far), ended(session()), ended(session())]
    keep_all(History().record(*events, received(opinion())).entries)
    cell = f"{EVENTS}&measure=sessions&level=commune&session_kind=periodic&limit=2"
    first = get(client, cell, leader)
    assert [(each["position"], each["amount"]) for each in first["events"]] == [(0, 1), (2, 1)]
    second = get(client, f"{cell}&after={first['next']}", leader)
    assert [each["position"] for each in second["events"]] == [3]
    assert second["next"] is None
    assert second["events"][0]["type"] == "SessionEnded"
    outside = get(client, f"{EVENTS}&measure=opinions&session_kind=", leader)["events"]
    assert [each["type"] for each in outside] == ["OpinionReceived"]


def test_declared_rows_are_listed_whatever_their_period(
    client: FlaskClient, leader: dict[str, str], keep_all: Keep
) -> None:
    whole = results(level=None, session_kind=None, period_from=None, period_to=None, sessions=518)
    keep_all(History().record(whole).entries)
    (row,) = get(client, "/reports/declared?province=ha-noi", leader)["declared"]
    assert (row["sessions"], row["source"], row["position"]) == (518, "bài báo", 0)


def test_declared_rows_are_listed_page_by_page_without_end(
    client: FlaskClient, national: dict[str, str], keep_all: Keep
) -> None:
    rows = [results(sessions=number) for number in range(5)]
    keep_all(History().record(*rows[:3]).entries)
    keep_all(History(province="ha-nam").record(*rows[3:]).entries)
    found: list[int] = []
    after: str | None = ""
    for _ in range(3):
        page = get(client, f"/reports/declared?limit=2&after={after}", national)
        found += [row["sessions"] for row in page["declared"]]
        after = page["next"]
    assert (sorted(found), after) == ([0, 1, 2, 3, 4], None)


def test_more_declared_rows_than_can_be_compared_are_refused_and_never_cut(
    client: FlaskClient,
    leader: dict[str, str],
    keep_all: Keep,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.reporting.declared.ROWS_MAX", 2)
    other_period = {"period_from": date(2016, 1, 1), "period_to": date(2016, 12, 31)}
    others = [results(sessions=number, **other_period) for number in range(9)]
    history = History().record(results(sessions=1), *others, results(attendances=1))
    keep_all(history.entries)
    document = get(client, HA_NOI, leader)
    assert document["declared_not_shown"] == 9
    assert document["rows"][0]["declared"]["sessions"] == 1
    keep_all(history.record(results(opinions=1)).entries)
    assert get(client, HA_NOI, leader, 413)["code"] == "report.too_many_declared"


def test_a_published_report_is_in_the_log_and_comes_back_the_same(
    client: FlaskClient,
    service: Opened,
    leader: dict[str, str],
    secretary: dict[str, str],
    keep_all: Keep,
) -> None:
    history = History().record(ended(session()), results(sessions=1))
    keep_all(history.entries)
    before = client.get(f"{HA_NOI}&by=level", headers=leader).data
    body = {"province": "ha-noi", "from": "2017-01-01", "to": "2021-12-31", "by": ["level"]}
    response = client.post("/reports/sessions/publish", json=body, headers=secretary)
    assert response.status_code == 201
    fact = response.get_json()
    assert fact["report_sha256"] == hashlib.sha256(before).hexdigest()
    (recorded,) = since_opened(service.runtime)
    assert recorded.document["type"] == "ReportPublished"
    assert recorded.document["data"] == fact
    statistic, province = recorded.document["references"].split()
    assert statistic == f"statistics/sessions.sql@{fact['statistic_sha256']}"
    assert province == f"ha-noi.toml@{service.runtime.province('ha-noi').sha256}"
    keep_all(history.record(ended(session())).entries)
    again = client.get(f"/published/{fact['report_id']}", headers=leader)
    assert again.data == before
    listed = get(client, "/published?province=ha-noi", leader)["published"]
    assert [row["report_id"] for row in listed] == [fact["report_id"]]
    assert listed[0]["logs"] == fact["logs"]


def test_publishing_the_same_report_again_records_nothing(
    client: FlaskClient, service: Opened, secretary: dict[str, str]
) -> None:
    body = {"province": "ha-noi", "from": "2017-01-01", "to": "2021-12-31"}
    for _ in range(2):
        answer = client.post("/reports/sessions/publish", json=body, headers=secretary)
        assert answer.status_code == 201
    assert len(since_opened(service.runtime)) == 1


def test_a_leader_reads_and_does_not_publish(client: FlaskClient, leader: dict[str, str]) -> None:
    body = {"province": "ha-noi", "from": "2017-01-01", "to": "2021-12-31"}
    response = client.post("/reports/sessions/publish", json=body, headers=leader)
    assert response.status_code == 403


def test_a_recount_proves_the_figures(
    client: FlaskClient, leader: dict[str, str], national: dict[str, str], keep_all: Keep
) -> None:
    keep_all(History().record(ended(session()), received(opinion())).entries)
    response = client.post("/recounts", json={"province": ["ha-noi"]}, headers=leader)
    found = response.get_json()
    assert (found["equal"], found["entries"], found["faults"]) == (True, 2, [])
    differences = {each["statistic"]: each["differences"] for each in found["statistics"]}
    assert differences == {name: [] for name in statistics()}
    elsewhere = client.post("/recounts", json={"province": ["ha-nam"]}, headers=leader)
    assert elsewhere.status_code == 403
    named = client.post("/recounts", json={"statistic": ["fields"]}, headers=national)
    assert [each["statistic"] for each in named.get_json()["statistics"]] == ["fields"]


def test_the_journal_says_how_much_of_each_log_is_here(
    client: FlaskClient, leader: dict[str, str], keep_all: Keep
) -> None:
    keep_all(History().record(ended(session()), ended(session())).entries)
    (log,) = get(client, "/journal?province=ha-noi", leader)["logs"]
    assert (log["origin"], log["size"]) == ("test.local/ha-noi/sessions", 2)


def test_the_openapi_document_names_every_address(client: FlaskClient) -> None:
    document = json.loads(client.get("/openapi.json").data)
    assert {"/reports/{statistic}", "/recounts", "/published/{report_id}", "/journal"} <= set(
        document["paths"]
    )
