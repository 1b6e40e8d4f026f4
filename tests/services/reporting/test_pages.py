"""Reporting's pages: every figure opens, nothing stated is a dash, publishing asks once more."""

import re
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient

from services.reporting.periods import periods_of, year_of
from shared.access import Role
from shared.regulations.values import ReportingPeriods
from tests.services.opened import Opened, since_opened
from tests.services.reporting.conftest import Keep
from tests.services.reporting.golden import happened, published
from tests.services.reporting.history import History

PAGE = "/pages/report?province=ha-noi&from=1/1/2017&to=31-12-2021"
Headers = dict[str, str]


@pytest.fixture
def secretary(service: Opened) -> Headers:
    return service.bearer(Role.SECRETARY)


@pytest.fixture
def known(keep_all: Keep) -> None:
    """Make Ba Đình's five years known, as they happened and as they were published."""
    keep_all(History().record(*happened(), *published()).entries)


def page(client: FlaskClient, address: str, headers: Headers, status: int = 200) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.mimetype == "text/html"
    return response.get_data(as_text=True)


@pytest.mark.usefixtures("known")
def test_published_stands_beside_computed_and_each_figure_leads_to_its_events(
    client: FlaskClient, secretary: Headers
) -> None:
    shown = page(client, PAGE, secretary)
    assert "1.436" in shown
    assert "99,17\u00a0%" in shown
    assert shown.count(">khớp<") == 4  # a district's sum is not the whole province's
    assert '<span role="img" aria-label="không nêu">—</span>' in shown
    (answered,) = [
        unescape(href)
        for href, figure in re.findall(r'<a href="([^"]+)">([\d.]+)</a>', shown)
        if figure == "1.436"
    ]
    assert "measure=answered" in answered
    assert "level=commune" in answered
    total, address = 0, answered.removeprefix("/reporting")
    while address:
        events = page(client, address, secretary)
        total += sum(int(n) for n in re.findall(r'<td class="n">(-?\d+)</td></tr>', events))
        more = re.search(r'<div class="pager">.*<a href="([^"]+)"', events)
        address = unescape(more[1]).removeprefix("/reporting") if more else ""
    assert total == 1_436


def test_a_period_is_typed_as_people_write_days(client: FlaskClient, secretary: Headers) -> None:
    for first, last in (("01/01/2017", "31/12/2021"), ("1/1/17", "31.12.21"), ("2017-01-01", "")):
        address = f"/pages/report?province=ha-noi&from={first}&to={last}"
        assert 'value="01/01/2017"' in page(client, address, secretary)
    for wrong in ("31/02/2021", "hôm qua", "13/13/13"):
        refused = page(client, f"{PAGE}&from={wrong}".replace("from=1/1/2017&", ""), secretary, 400)
        assert "dd/mm/yyyy" in refused


@pytest.mark.usefixtures("known")
def test_publishing_asks_first_and_twice_is_once(
    service: Opened, client: FlaskClient, secretary: Headers
) -> None:
    publish = PAGE.replace("report?", "report/publish?")
    asked = page(client, publish, secretary)
    key = re.search(r'name="idempotency_key" value="([^"]+)"', asked)
    assert key
    for _ in range(2):
        sent = client.post(publish, data={"idempotency_key": key[1]}, headers=secretary)
        assert (sent.status_code, sent.location) == (303, "/reporting/pages/published")
    assert [each.document["type"] for each in since_opened(service.runtime)] == ["ReportPublished"]
    listed = page(client, "/pages/published?province=ha-noi", secretary)
    assert "01/01/2017 – 31/12/2021" in listed


def test_who_may_not_publish_sees_no_button_and_is_refused(
    service: Opened, client: FlaskClient
) -> None:
    leader = service.bearer(Role.LEADER)
    publish = PAGE.replace("report?", "report/publish?")
    assert "/report/publish" not in page(client, PAGE, leader)
    assert "access.not_allowed" in page(client, publish, leader, 403)
    assert client.post(publish, headers=leader).status_code == 403


def test_another_province_s_figures_are_refused_on_a_page(
    client: FlaskClient, secretary: Headers
) -> None:
    refused = page(client, PAGE.replace("ha-noi", "ha-nam"), secretary, 403)
    assert "access.other_province" in refused


def test_who_is_not_signed_in_is_sent_to_the_form(client: FlaskClient) -> None:
    assert client.get(PAGE).location.startswith("/reporting/account/sign-in?next=")


@pytest.mark.parametrize(
    ("day", "year"), [("2025-12-14", 2025), ("2025-12-15", 2026), ("2026-12-14", 2026)]
)
def test_the_reporting_year_begins_where_the_regulation_says(day: str, year: int) -> None:
    assert year_of(date.fromisoformat(day), ReportingPeriods(start_month=12, start_day=15)) == year


def test_quarters_are_those_of_the_inspectorate_s_circular() -> None:
    rule = ReportingPeriods(start_month=12, start_day=15)
    found = {
        each.key: f"{each.first:%d/%m/%Y}-{each.last:%d/%m/%Y}" for each in periods_of(2026, rule)
    }
    assert found == {
        "quarter_1": "15/12/2025-14/03/2026",
        "quarter_2": "15/03/2026-14/06/2026",
        "quarter_3": "15/06/2026-14/09/2026",
        "quarter_4": "15/09/2026-14/12/2026",
        "months_6": "15/12/2025-14/06/2026",
        "months_9": "15/12/2025-14/09/2026",
        "year": "15/12/2025-14/12/2026",
    }
    calendar = {
        each.key: each for each in periods_of(2026, ReportingPeriods(start_month=1, start_day=1))
    }
    assert (calendar["quarter_1"].first, calendar["year"].last) == (
        date(2026, 1, 1),
        date(2026, 12, 31),
    )
