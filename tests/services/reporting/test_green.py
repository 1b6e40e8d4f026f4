"""DuckDB in the embedded process, which eventlet has patched: nothing else waits for it."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from deploy.client import Client
from deploy.running import settle, stop, told_only

DECLARED = Path(__file__).parents[3] / "deploy" / "demo" / "data" / "ba-dinh-2017-2021.csv"
PERIOD = {"province": "ha-noi", "from": "2017-01-01", "to": "2021-12-31"}
MEANWHILE = 10
"""Requests that must be answered during one count of seconds; without a turn it is one or two."""

SLOW = """-- name = "slow"
-- revision = 1
-- cells = ["unit"]
-- measures = ["rows"]

SELECT province, origin, position, event_id, period_from AS day, unit_code AS unit,
    'rows' AS measure, 1 AS amount
FROM SessionResultsDeclared
WHERE (
    SELECT count(*) FROM range(12000) AS a(x), range(12000) AS b(y) WHERE (x * y) % 7 = 1
) > 0
"""

PROGRAM = """
import deploy.processes
import sys
from pathlib import Path
from services.reporting.statistics import statistics
statistics.__wrapped__.__defaults__ = (Path(sys.argv.pop(1)),)
from deploy.up import main
main()
"""


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Yield the operator of an embedded deployment whose only statistic takes seconds."""
    folder = tmp_path_factory.mktemp("slow")
    (folder / "slow.sql").write_text(SLOW, encoding="utf-8")
    command = (sys.executable, "-c", PROGRAM, str(folder), "--port", "0", "--announce")
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            command,
            env=told_only({"DOITHOAI_DATA": str(folder / "data")}),
            stdout=subprocess.PIPE,
            stderr=log,
        )
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        client = Client(said["url"], said["bearer"])
        secretary = client.as_role("secretary", seat="ba-dinh/thu-ky", province="ha-noi")
        secretary.call(
            "POST",
            "/intake/imports",
            data={"kind": "declared", "province": "ha-noi"},
            files={"file": (DECLARED.name, DECLARED.read_bytes())},
        )
        settle(client)
        yield client
    finally:
        stop(process)
    assert "Traceback" not in (folder / "log").read_text()


def answered_during(operator: Client, heavy: Callable[[], Any]) -> tuple[Any, int]:
    """Return what `heavy` returned, and how many other requests were answered meanwhile."""
    answered = 0
    with ThreadPoolExecutor() as pool:
        under_way = pool.submit(heavy)
        while not under_way.done():
            response = requests.get(f"{operator.url}/reporting/health/ready", timeout=60)
            answered += response.status_code == requests.codes.ok and not under_way.done()
        return under_way.result(), answered


def test_a_report_that_takes_long_holds_up_no_other_request(operator: Client) -> None:
    document, answered = answered_during(
        operator, lambda: operator.get("/reporting/reports/slow", **PERIOD)
    )
    assert document["totals"]["rows"] == 6
    assert answered >= MEANWHILE


def test_drilling_down_for_long_holds_up_no_other_request(operator: Client) -> None:
    found, answered = answered_during(
        operator, lambda: operator.get("/reporting/reports/slow/events", **PERIOD, measure="rows")
    )
    assert [each["amount"] for each in found["events"]] == [1] * 6
    assert answered >= MEANWHILE


def test_a_replay_that_takes_long_holds_up_no_other_request(operator: Client) -> None:
    found, answered = answered_during(
        operator, lambda: operator.post("/reporting/recounts", {"province": ["ha-noi"]})
    )
    assert found["equal"]
    assert answered >= MEANWHILE
