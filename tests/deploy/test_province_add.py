"""`doithoai province add`: a province more, while the deployment runs and while it is stopped."""

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.cli.log_freeze import frozen
from deploy.client import Answered, Client
from deploy.datafolder import read_operator_token
from deploy.running import settle, stop
from shared.kernel.clock import civil_date, system_clock
from shared.settings import SERVICES, Settings
from tests.deploy.commands import called, ran, started
from tests.services.intake.calling import OPINION

SHIPPED = Settings.from_environment({}).provinces
SIGNED_TIMEOUT_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One that runs, with a folder of province files of its own."""

    client: Client
    environment: dict[str, str]
    provinces: Path


def environment_of(folder: Path) -> dict[str, str]:
    """Return what a deployment of Hà Nam and Ninh Bình is told."""
    provinces = folder / "provinces"
    provinces.mkdir()
    for name in ("ha-nam.toml", "ninh-binh.toml"):
        shutil.copy(SHIPPED / name, provinces)
    return {"DOITHOAI_DATA": str(folder / "data"), "DOITHOAI_PROVINCES": str(provinces)}


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("adding")
    environment = environment_of(folder)
    process = started(environment, "up", "--port", "0", "--json", log=folder / "log")
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        bearer = read_operator_token(Settings.from_environment(environment))
        yield Deployment(
            client=Client(said["url"], bearer),
            environment=environment,
            provinces=Path(environment["DOITHOAI_PROVINCES"]),
        )
    finally:
        stop(process)
    assert "Traceback" not in (folder / "log").read_text()


def logs_of(client: Client, province: str) -> list[dict[str, Any]]:
    return [
        each
        for service in SERVICES
        for each in client.get(f"/{service}/log/standings")["logs"]
        if f"/{province}/" in each["origin"]
    ]


def test_a_province_is_added_while_the_deployment_runs(deployment: Deployment) -> None:
    # When its file is added
    file = SHIPPED / "hai-phong.toml"
    added = called(deployment.environment, "province", "add", str(file), "--json")
    assert added.status == 0, added.err
    # Then each service has a log of it that begins with the files it goes by
    assert len(added.json["logs"]) == len(SERVICES)
    assert all(each["size"] >= 4 for each in added.json["logs"])
    assert (deployment.provinces / file.name).read_bytes() == file.read_bytes()
    # and its first seats take a matter all the way to the agency that answers for it
    seats = {each["role"]: each["bearer"] for each in added.json["seats"]}
    url = deployment.client.url
    opinion = {
        **OPINION,
        "province": "hai-phong",
        "unit": "phuong-hong-bang",
        "organisation": "mttq-phuong-hong-bang",
        "received_on": civil_date(system_clock()).isoformat(),
    }
    received = Client(url, seats["cadre"]).post("/intake/opinions", opinion)
    one = {"opinion_ids": [received["opinion_id"]]}
    Client(url, seats["screener"]).post("/intake/opinions/accept", one)
    Client(url, seats["screener"]).post("/intake/opinions/refer", one)
    settle(deployment.client)
    supervisor = Client(url, seats["supervisor"])
    listed = supervisor.get("/assignment/assignments", province="hai-phong")["assignments"]
    assert [each["agency"] for each in listed] == ["ubnd-phuong-hong-bang"]
    (feed,) = deployment.client.get("/assignment/feeds", province="hai-phong")["feeds"]
    assert feed["agency"] == added.json["feeds"][0] == "ubnd-hai-phong"
    # and its logs are signed with keys of their own
    end = time.monotonic() + SIGNED_TIMEOUT_S
    while not all(each["signed_size"] for each in logs_of(deployment.client, "hai-phong")):
        assert time.monotonic() < end
        time.sleep(0.5)
    # and what was added once is added again without anything new but tokens
    again = called(deployment.environment, "province", "add", str(file), "--json")
    assert {each["origin"] for each in again.json["logs"]} == {
        each["origin"] for each in added.json["logs"]
    }


def test_a_wrong_file_is_refused_with_its_place_and_nothing_changes(
    deployment: Deployment, tmp_path: Path
) -> None:
    before = sorted(deployment.provinces.iterdir())
    text = (SHIPPED / "nam-dinh.toml").read_text(encoding="utf-8")
    wrong = tmp_path / "nam-dinh.toml"
    wrong.write_text(text.replace('office = "ubnd", priority', 'office = "ubndd", priority'))
    ended = called(deployment.environment, "province", "add", str(wrong))
    assert ended.status == 3
    assert "(province.unknown_reference)" in ended.err
    assert "routing[" in ended.err
    orphan = tmp_path / "hai-duong.toml"
    text = (SHIPPED / "hai-duong.toml").read_text(encoding="utf-8")
    orphan.write_text(text.replace('successor = "hai-phong"', 'successor = "hai-phong-2"'))
    ended = called(deployment.environment, "province", "add", str(orphan))
    assert (ended.status, "(province.unknown_successor)" in ended.err) == (3, True)
    assert sorted(deployment.provinces.iterdir()) == before
    assert logs_of(deployment.client, "nam-dinh") == []


def test_another_file_of_a_province_that_is_there_is_refused(
    deployment: Deployment, tmp_path: Path
) -> None:
    other = tmp_path / "ha-nam.toml"
    other.write_bytes((SHIPPED / "ha-nam.toml").read_bytes() + b"\n")
    ended = called(deployment.environment, "province", "add", str(other))
    assert (ended.status, "(province.there_already)" in ended.err) == (3, True)
    assert (deployment.provinces / "ha-nam.toml").read_bytes() != other.read_bytes()


def test_merged_provinces_are_frozen_into_a_successor_whose_logs_are_opened_for_it(
    deployment: Deployment,
) -> None:
    for name in ("hai-phong.toml", "hai-duong.toml", "nam-dinh.toml"):
        called(deployment.environment, "province", "add", str(SHIPPED / name))
    for old, new in (
        ("ha-nam", "ninh-binh"),
        ("nam-dinh", "ninh-binh"),
        ("hai-duong", "hai-phong"),
    ):
        rows = frozen(deployment.client, old, new)
        assert len(rows) == len(SERVICES)
        assert {each["state"] for each in logs_of(deployment.client, old)} == {"frozen"}
        assert all(row["position"] >= 0 for row in rows)
    assert {each["state"] for each in logs_of(deployment.client, "ninh-binh")} == {"open"}


def test_only_an_operator_adds_a_province(deployment: Deployment) -> None:
    leader = deployment.client.as_role("leader", seat="tinh/lanh-dao", province="ha-nam")
    for service in SERVICES:
        with pytest.raises(Answered, match="access.not_allowed"):
            leader.post(f"/{service}/provinces", {"province": "ha-nam"})


def test_a_province_is_added_while_the_deployment_is_stopped(tmp_path: Path) -> None:
    environment = environment_of(tmp_path)
    added = ran(environment, "province", "add", str(SHIPPED / "629-qd-tu-2017.toml"), "--json")
    assert added.status == 0, added.err
    listed = ran(environment, "log", "status", "--json").json["logs"]
    assert sum(each["province"] == "629-qd-tu-2017" for each in listed) == len(SERVICES)
