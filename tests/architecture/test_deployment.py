"""What operators are given agrees with what the code reads."""

import re
from typing import Any

import yaml

from shared.settings import SERVICES
from tests.architecture.tree import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load(
    (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
)
UNITS = {
    file.name: file.read_text(encoding="utf-8")
    for file in sorted((ROOT / "deploy" / "systemd").iterdir())
}
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
DOCUMENTED = (ROOT / "shared" / "settings.py").read_text(encoding="utf-8")
VARIABLE = re.compile(r"\bDOITHOAI_[A-Z_]+\b")
ABOUT_THE_CONTAINERS = {"DOITHOAI_UID"}


def test_each_service_has_three_processes_of_its_own_behind_one_front() -> None:
    processes = {name: part for name, part in COMPOSE["services"].items() if "command" in part}
    roles = ("web", "worker", "checkpointer")
    assert set(processes) == {"gateway"} | {f"{each}-{role}" for each in SERVICES for role in roles}
    for name, process in processes.items():
        assert process["command"] == ["doithoai", "up", name]
    published = [name for name, part in COMPOSE["services"].items() if "ports" in part]
    assert published == ["gateway"]


def test_a_checkpointer_is_alone_with_its_keys_and_has_no_other_secret() -> None:
    for service in SERVICES:
        keys = f"{service}-keys"
        holders = [
            name
            for name, part in COMPOSE["services"].items()
            if any(volume.startswith(f"{keys}:") for volume in part.get("volumes", []))
        ]
        assert holders == [f"{service}-checkpointer"]
        process = COMPOSE["services"][f"{service}-checkpointer"]
        (volume,) = process["volumes"]
        mounted = volume.removeprefix(f"{keys}:")
        assert process["environment"]["DOITHOAI_LOG_KEYS"].startswith(f"{mounted}/")
        assert process["secrets"] == ["database.url"]
        assert "network_mode" not in process
        assert f" {mounted} " in f"{DOCKERFILE} ".replace("\n", " ")
    others = [part for name, part in COMPOSE["services"].items() if "checkpointer" not in name]
    assert all("DOITHOAI_LOG_KEYS" not in part.get("environment", {}) for part in others)


def test_the_unit_of_checkpointers_has_an_account_and_a_folder_of_its_own() -> None:
    checkpointer, others = UNITS["doithoai-checkpointer@.service"], UNITS["doithoai@.service"]
    assert "User=doithoai-checkpointer\n" in checkpointer
    assert "User=doithoai\n" in others
    assert "StateDirectory=doithoai-checkpointer\nStateDirectoryMode=0700\n" in checkpointer
    assert "up %i-checkpointer\n" in checkpointer
    hardening = set(others[others.index("UMask") :].splitlines())
    assert hardening <= set(checkpointer.splitlines())


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
    named = set(VARIABLE.findall(str(COMPOSE) + "".join(UNITS.values()))) - ABOUT_THE_CONTAINERS
    for variable in named:
        plain = variable.removesuffix("_FILE")
        by_file = f" {plain.removeprefix('DOITHOAI_')} " in entrypoint.replace("\\\n", " ")
        assert variable in DOCUMENTED or (by_file and plain in DOCUMENTED), variable
