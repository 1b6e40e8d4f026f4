"""The whole demo: start a deployment, play the history, count, compare."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.progress import Progress

from deploy.client import Client
from deploy.demo.cast import PROVINCE
from deploy.demo.comparison import PERIOD, compare
from deploy.demo.evidence import prove
from deploy.demo.history import history, published_figures
from deploy.demo.play import Play, set_clock
from deploy.environment import is_divisible
from deploy.running import running, settle
from services import reporting
from services.reporting.names import Names
from shared.contracts.operations import ReferenceAdopted
from shared.kernel.errors import Conflict
from shared.provinces import load_provinces
from shared.settings import SERVICES, Settings
from shared.texts import Catalogue

PATIENCE_S = 120.0
"""How long the player repeats a request to a service that is away."""
_ADOPTION = ReferenceAdopted.__name__
_LOOKED_AT_ENTRIES = 100
"""Of each log, from the first: far more than there are reference files."""
_REPORTING = Path(reporting.__file__).parent
_PROVINCES = Path(__file__).parent.parent / "provinces"
DECLARED = Path(__file__).parent / "data" / "ba-dinh-2017-2021.csv"


def perform(
    settings: Settings,
    clock_file: Path,
    environment: Mapping[str, str],
    *,
    seed: int,
    bar: Progress,
) -> dict[str, Any]:
    """Return the comparison, the logs and the recount, after the history was played.

    Last of all, `evidence`: a report is published and proven from its bundle.

    Raises:
        Conflict: `demo.not_empty` when the deployment has events already.
        NotFound, LogTampered: as `prove`.

    """
    options = ("--processes",) if is_divisible(settings) else ()
    # A log's time never goes back, and the first entries are written at the start.
    set_clock(clock_file, history(seed).first_on)
    with running(settings, *options, environment=environment) as deployment:
        deployment.client.patience_s = PATIENCE_S
        result = play_on(deployment.client, clock_file, seed=seed, bar=bar)
    result["evidence"] = prove(settings, result["published"], clock_file.parent)
    return result


def play_on(operator: Client, clock_file: Path, *, seed: int, bar: Progress) -> dict[str, Any]:
    """Play the history on a deployment that runs, empty, by the clock in `clock_file`.

    Raises:
        Conflict: `demo.not_empty`.

    """
    if not _is_empty(operator):
        raise Conflict("demo.not_empty")
    play = Play(operator, history(seed), clock_file)
    task = bar.add_task("Ba Đình 2017-2021", total=len(play))
    play.perform(done=lambda: bar.advance(task))
    _import_declared(operator)
    settle(operator)
    play.close()
    settle(operator)
    return _result(operator, play)


def _is_empty(operator: Client) -> bool:
    """Tell whether nothing happened yet but that the logs adopted their reference files."""
    for log in _logs(operator):
        origin = log["origin"]
        path = f"/{origin.rpartition('/')[2]}/log/{quote(origin, safe='/')}/entries"
        first = operator.call("GET", path, params={"limit": _LOOKED_AT_ENTRIES}).content
        if any(json.loads(line)["type"] != _ADOPTION for line in first.splitlines()):
            return False
    return True


def _result(operator: Client, play: Play) -> dict[str, Any]:
    leader = operator.as_role("leader", seat="ha-noi/lanh-dao", province=PROVINCE)
    first_on, last_on = PERIOD
    report = leader.get(
        "/reporting/reports/sessions",
        province=PROVINCE,
        **{"from": first_on, "to": last_on},
        by="level,session_kind",
        format="json",
    )
    rows = compare(report, Names(Catalogue.load(_REPORTING), load_provinces(_PROVINCES)))
    is_complete = sum(not row.is_sector for row in rows) == len(published_figures()) + 1
    replay = leader.post("/reporting/recounts", {"province": [PROVINCE], "statistic": ["sessions"]})
    published = _secretary(operator).post(
        "/reporting/reports/sessions/publish",
        {"province": PROVINCE, "from": first_on, "to": last_on, "by": ["level", "session_kind"]},
    )
    return {
        "published": published["report_id"],
        "rows": [asdict(row) for row in rows],
        "equal": is_complete and all(row.is_equal for row in rows) and replay["equal"],
        "report": report,
        "replay": replay,
        "logs": _logs(operator),
        "rows_rejected": play.gathering.rejected,
    }


def _secretary(operator: Client) -> Client:
    return operator.as_role("secretary", seat="ba-dinh/thu-ky", province=PROVINCE)


def _import_declared(operator: Client) -> None:
    _secretary(operator).call(
        "POST",
        "/intake/imports",
        data={"kind": "declared", "province": PROVINCE},
        files={"file": (DECLARED.name, DECLARED.read_bytes())},
    )


def _logs(operator: Client) -> list[dict[str, Any]]:
    return [
        {"origin": origin, "size": position + 1}
        for service in SERVICES
        for origin, position in sorted(operator.get(f"/{service}/log/heads").items())
        if f"/{PROVINCE}/" in origin
    ]
