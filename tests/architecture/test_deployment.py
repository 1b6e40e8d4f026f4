"""What operators are given agrees with what the code reads."""

import re
from typing import Any

import yaml

from shared.settings import SERVICES
from tests.architecture.tree import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load(
    (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
)
UNIT = (ROOT / "deploy" / "systemd" / "doithoai@.service").read_text(encoding="utf-8")
DOCUMENTED = (ROOT / "shared" / "settings.py").read_text(encoding="utf-8")
VARIABLE = re.compile(r"\bDOITHOAI_[A-Z_]+\b")
ABOUT_THE_CONTAINERS = {"DOITHOAI_UID"}


def test_each_service_has_a_web_and_a_worker_of_its_own_behind_one_front() -> None:
    processes = {name: part for name, part in COMPOSE["services"].items() if "command" in part}
    halves = {f"{service}-{half}" for service in SERVICES for half in ("web", "worker")}
    assert set(processes) == {"gateway"} | halves
    for name, process in processes.items():
        assert process["command"] == ["doithoai", "up", name]
    published = [name for name, part in COMPOSE["services"].items() if "ports" in part]
    assert published == ["gateway"]


def test_each_service_has_a_database_of_its_own() -> None:
    statements = COMPOSE["configs"]["databases"]["content"]
    made = re.findall(r"CREATE DATABASE (\w+);", statements)
    assert made == [f"doithoai_{name}" for name in (*SERVICES, "access")]


def test_every_secret_is_a_file() -> None:
    for secret in COMPOSE["secrets"].values():
        assert set(secret) == {"file"}
    for name, part in COMPOSE["services"].items():
        for variable, value in part.get("environment", {}).items():
            assert not re.search(r"(PASSWORD|SECRET|KEY|TOKEN)$", variable), (name, variable)
            assert "@" not in str(value), (name, variable)


def test_operators_are_told_only_variables_that_are_read() -> None:
    entrypoint = (ROOT / "deploy" / "entrypoint.sh").read_text(encoding="utf-8")
    named = set(VARIABLE.findall(str(COMPOSE) + UNIT)) - ABOUT_THE_CONTAINERS
    for variable in named:
        plain = variable.removesuffix("_FILE")
        by_file = f" {plain.removeprefix('DOITHOAI_')} " in entrypoint.replace("\\\n", " ")
        assert variable in DOCUMENTED or (by_file and plain in DOCUMENTED), variable
