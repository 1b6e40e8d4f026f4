"""`doithoai log freeze` on a whole deployment: cut off anywhere, completed by repeating it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.cli.log_freeze import frozen
from deploy.client import Answered, Client
from deploy.running import running, settle
from shared.kernel.clock import civil_date, system_clock
from shared.kernel.errors import Unavailable
from shared.provinces import load_provinces
from shared.settings import SERVICES, Settings
from tests.deploy.commands import ran
from tests.deploy.conftest import Embedded
from tests.services.intake.calling import OPINION

STEPS = 4 * len(SERVICES)
OLD, NEW = "ha-noi", "ninh-binh"


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Yield the operator of a deployment whose Hà Nội has an opinion under way."""
    folder = tmp_path_factory.mktemp("freezing")
    environment = {"DOITHOAI_DATA": str(folder / "data")}
    with running(Settings.from_environment(environment), environment=environment) as started:
        yield started.client


@dataclass
class CutOff(Client):
    """Dies before its `steps`-th POST."""

    steps: int = 0

    def post(self, path: str, body: Any = None) -> Any:
        if not self.steps:
            raise Unavailable("deployment.away", url=self.url)
        self.steps -= 1
        return super().post(path, body)


def named(client: Client, province: str) -> list[str]:
    """Return the logs that those of `province` name as their predecessors, in order."""
    found = []
    for service in SERVICES:
        path = f"/{service}/log/doithoai.local/{province}/{service}/entries"
        entries = [json.loads(line) for line in client.call("GET", path).content.splitlines()]
        found += [each["data"] for each in entries if each["type"] == "PredecessorNamed"]
    return [each["origin"] for each in found]


def standings(client: Client, province: str) -> list[dict[str, Any]]:
    return [
        each
        for service in SERVICES
        for each in client.get(f"/{service}/log/standings")["logs"]
        if f"/{province}/" in each["origin"]
    ]


def test_a_freeze_that_is_cut_off_anywhere_is_completed_by_repeating_it(
    deployment: Client,
) -> None:
    # Given an opinion on its way to an agency: another log is to react to it
    screener = deployment.as_role("screener", seat="mttq/1", province=OLD)
    cadre = deployment.as_role("cadre", seat="mttq/2", province=OLD)
    today = civil_date(system_clock()).isoformat()
    opinion = {
        **OPINION,
        "unit": "phuong-giang-vo-2025",
        "organisation": "mttq-phuong-giang-vo-2025",
        "received_on": today,
    }
    one = {"opinion_ids": [cadre.post("/intake/opinions", opinion)["opinion_id"]]}
    screener.post("/intake/opinions/accept", one)
    screener.post("/intake/opinions/refer", one)
    # When freezing is cut off before each of its steps in turn
    for steps in range(STEPS):
        with pytest.raises(Unavailable):
            frozen(CutOff(deployment.url, deployment.bearer, steps=steps), OLD, NEW)
    rows = frozen(deployment, OLD, NEW)
    # Then all are frozen as they were signed last, and named once
    assert len(rows) == len(SERVICES)
    found = standings(deployment, OLD)
    assert {each["state"] for each in found} == {"frozen"}
    assert all(each["signed_size"] == each["size"] for each in found)
    assert {row["origin"]: row["size"] for row in rows} == {
        each["origin"]: each["size"] for each in found
    }
    sizes = {each["origin"].rpartition("/")[2]: each["size"] for each in found}
    assert (sizes["intake"], sizes["assignment"]) == (
        7,
        5,
    )  # four adopted files each
    assert sorted(named(deployment, NEW)) == sorted(row["origin"] for row in rows)
    # and the readers of the successor's logs pass over it
    settle(deployment)
    with pytest.raises(Answered, match="eventlog.frozen"):
        cadre.post("/intake/opinions", opinion)
    for service in SERVICES:
        assert deployment.get(f"/{service}/health/ready")["ready"]
    period = {"from": today, "to": today, "format": "json"}
    deployment.get("/reporting/reports/sessions", province=OLD, **period)
    deployment.get("/reporting/reports/sessions", province=NEW, **period)


def test_freezing_is_asked_about_and_refused_for_a_province_that_is_none(
    embedded: Embedded,
) -> None:
    unasked = ran(embedded.environment, "log", "freeze", OLD, "--successor", NEW)
    assert unasked.status == 130
    unknown = embedded.call("log", "freeze", OLD, "--successor", "nowhere", "--yes")
    assert (unknown.status, "(province.unknown)" in unknown.err) == (3, True)
    assert {each["state"] for each in embedded.call("log", "status", "--json").json["logs"]} == {
        "open"
    }


def test_the_status_shows_how_far_each_log_is_signed(embedded: Embedded, tmp_path: Path) -> None:
    shown = embedded.call("log", "status")
    assert "đang mở" in shown.out
    logs = embedded.call("log", "status", "--json").json["logs"]
    provinces = load_provinces(Settings.from_environment({}).provinces)
    assert {each["province"] for each in logs} == set(provinces)
    assert len(logs) == len(provinces) * len(SERVICES)
    for each in logs:
        assert (each["signed_size"] or 0) <= each["size"]
        assert each["refusal"] is None
