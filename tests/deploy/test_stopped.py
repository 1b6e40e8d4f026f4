"""The command line on a deployment that is stopped: started for the command, and no longer."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.ending import DONE, INTERRUPTED, REFUSED, UNAVAILABLE
from deploy.running import stop
from tests.deploy.commands import ran, started
from tests.servers.child import descendants, runs

DECLARED = Path(__file__).parents[2] / "deploy" / "demo" / "data" / "ba-dinh-2017-2021.csv"
PROVINCES = Path(__file__).parents[2] / "deploy" / "provinces"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"DOITHOAI_DATA": str(tmp_path / "data")}


def test_a_token_is_issued_listed_and_revoked_while_nothing_runs(
    environment: dict[str, str],
) -> None:
    # Given a token written straight into the database, and one by way of the API
    scope = ("--province", "ha-noi", "--agency", "phong-tnmt-ba-dinh")
    agency = ("access", "issue", "--seat", "tnmt/van-thu", "--role", "agency_clerk", *scope)
    direct = ran(environment, *agency, "--direct", "--json").json
    issued = ran(environment, "access", "issue", "--seat", "a", "--role", "auditor", "--json").json
    # When one is revoked
    revoked = ran(environment, "access", "revoke", direct["token_id"], "--json").json
    assert revoked["revoked_at"]
    # Then the list says so, with the scopes, and without any secret
    listed = ran(environment, "access", "list", "--json")
    tokens = {each["token_id"]: each for each in listed.json["tokens"]}
    assert tokens[direct["token_id"]]["revoked_at"] == revoked["revoked_at"]
    assert tokens[direct["token_id"]]["agency"] == "phong-tnmt-ba-dinh"
    assert tokens[issued["token_id"]]["revoked_at"] is None
    for each in (direct, issued):
        assert each["bearer"].rpartition("_")[2] not in listed.out
    assert sum(each["role"] == "operator" for each in tokens.values()) == 1


def test_what_a_command_has_done_is_there_for_the_next(environment: dict[str, str]) -> None:
    declared = ("import", str(DECLARED), "--kind", "declared", "--province", "ha-noi", "--json")
    assert ran(environment, *declared).json["rows_received"] == 6
    period = ("--province", "ha-noi", "--from", "2017-01-01", "--to", "2021-12-31")
    shown = ran(environment, "report", "sessions", *period, "--json", "--replay")
    assert shown.status == DONE
    assert sum(row["declared"] is not None for row in shown.json["rows"]) == 5
    assert not (Path(environment["DOITHOAI_DATA"]) / "running.json").exists()


def test_up_tells_a_person_the_address_the_token_and_the_end(
    environment: dict[str, str], tmp_path: Path
) -> None:
    process = started(environment, "up", "--port", "0", log=tmp_path / "log")
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline().decode() for _ in range(5)]
        assert "http://127.0.0.1:" in lines[0]
        assert "doithoai access issue --seat" in "".join(lines)
        assert "Ctrl-C" in lines[-1]
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == DONE
    finally:
        stop(process)
    assert (tmp_path / "log").read_text() == ""


def test_a_deployment_ends_with_whoever_started_it(tmp_path: Path) -> None:
    # Given a program that has a deployment running
    folder = tmp_path / "data"
    program = (
        "import time\n"
        "from deploy.environment import settings_told\n"
        "from deploy.running import running\n"
        f"told = {{'DOITHOAI_DATA': {str(folder)!r}}}\n"
        "with running(settings_told(told), environment=told):\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        (child,) = descendants(parent.pid)
        # When the program is killed
        parent.kill()
        parent.wait()
    # Then the deployment ends too, and the folder is free
    _wait_until_gone(child)
    assert ran({"DOITHOAI_DATA": str(folder)}, "log", "status").status == DONE


def test_a_command_that_is_interrupted_leaves_nothing_running(
    environment: dict[str, str], tmp_path: Path
) -> None:
    process = started(environment, "log", "status", log=tmp_path / "log")
    try:
        while not descendants(process.pid):
            assert process.poll() is None
            time.sleep(0.02)
        (child, *_) = descendants(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == INTERRUPTED
    finally:
        stop(process)
    _wait_until_gone(child)
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.parametrize(
    ("arguments", "more", "status", "code"),
    [
        (("up", "--processes"), {}, REFUSED, "deployment.needs_postgresql"),
        (("up", "intake-web"), {}, REFUSED, "deployment.needs_postgresql"),
        (("up", "sessions"), {}, REFUSED, "deployment.needs_postgresql"),
        (
            ("up", "--processes"),
            {"DOITHOAI_DATABASE": "postgresql://postgres@127.0.0.1:9/x"},
            REFUSED,
            "deployment.needs_broker",
        ),
        (
            ("up", "--processes"),
            {
                "DOITHOAI_DATABASE": "postgresql://postgres@127.0.0.1:9/x",
                "DOITHOAI_BROKER": "amqp://guest:guest@127.0.0.1:9//",
            },
            UNAVAILABLE,
            "store.away",
        ),
        (("up",), {"DOITHOAI_LISTEN": "nowhere:port"}, UNAVAILABLE, "deployment.bad_setting"),
        (("up",), {"DOITHOAI_LOG": "loud"}, UNAVAILABLE, "deployment.bad_setting"),
        (("up", "--port", "0"), {"DOITHOAI_DATA": "/proc/x"}, UNAVAILABLE, None),
        (("log", "status"), {"DOITHOAI_PROVINCES": "/nowhere"}, UNAVAILABLE, None),
    ],
)
def test_what_can_not_start_says_why_in_both_languages(
    environment: dict[str, str],
    arguments: tuple[str, ...],
    more: dict[str, str],
    status: int,
    code: str | None,
) -> None:
    ended = ran(environment | more, *arguments)
    assert ended.status == status
    assert ended.out == ""
    vietnamese, english, *_, last = ended.err.splitlines()[-3:]
    assert not vietnamese.isascii()
    assert english
    assert last == f"({code})" if code else last.startswith("(")
    assert "Traceback" not in ended.err


def test_a_program_is_told_as_json_why_nothing_starts(environment: dict[str, str]) -> None:
    ended = ran(environment, "up", "--processes", "--json")
    assert ended.status == REFUSED
    assert json.loads(ended.out)["error"]["code"] == "deployment.needs_postgresql"


def _wait_until_gone(pid: int) -> None:
    end = time.monotonic() + 60
    while runs(pid):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_province_whose_file_is_missing_is_told_and_not_left_out(
    environment: dict[str, str], tmp_path: Path
) -> None:
    assert ran(environment, "log", "status", "--json").status == DONE
    few = tmp_path / "provinces"
    few.mkdir()
    shutil.copy(PROVINCES / "ha-nam.toml", few)
    shutil.copy(PROVINCES / "ninh-binh.toml", few)
    ended = ran({**environment, "DOITHOAI_PROVINCES": str(few)}, "log", "status", "--json")
    assert ended.status == UNAVAILABLE
    assert "(province.file_missing)" in ended.err
    assert "doithoai.local/ha-noi/" in ended.err
