"""Keys are made, rotated and retired in their folder, and a running checkpointer follows."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.cli import log_key
from shared.eventlog.signing_keys import SigningKeys
from tests.deploy.commands import Ended, called
from tests.deploy.conftest import Embedded
from tests.deploy.digests import GOOD, digest_csv
from tests.deploy.test_log_export import SIGNED_WITHIN_S

ORIGIN = "doithoai.local/ha-noi/intake"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"DOITHOAI_DATA": str(tmp_path / "data")}


def key(environment: dict[str, str], *arguments: str) -> Ended:
    return called(environment, "log", "key", *arguments, "--json")


def ids(ended: Ended) -> dict[str, bool]:
    """Return the ids of the keys, and whether each signed the last note."""
    assert ended.status == 0, ended.err
    return {each["key_id"]: each["signed_last"] for each in ended.json["keys"]}


def test_a_first_key_is_made_once(environment: dict[str, str], tmp_path: Path) -> None:
    assert ids(key(environment, "list")) == {}
    assert "(keys.none)" in key(environment, "rotate", ORIGIN).err
    (first,) = ids(key(environment, "new", ORIGIN))
    assert ids(key(environment, "list")) == {first: False}
    assert "(keys.there_already)" in key(environment, "new", ORIGIN).err
    file = tmp_path / "data/keys/logs" / ORIGIN / f"{first}.key"
    assert oct(file.stat().st_mode)[-3:] == "600"
    for above in list(file.parents)[:6]:
        assert oct(above.stat().st_mode)[-3:] == "700"
    shown = called(environment, "log", "key", "list", ORIGIN)
    assert f"{ORIGIN}+{first}+" in shown.out
    assert file.read_text().strip() not in shown.out


def test_a_key_is_retired_once_another_has_signed(environment: dict[str, str]) -> None:
    (first,) = ids(key(environment, "new", ORIGIN))
    both = ids(key(environment, "rotate", ORIGIN))
    assert len(both) == 2
    refused = key(environment, "retire", ORIGIN, first)
    assert (refused.status, "(eventlog.key_still_needed)" in refused.err) == (3, True)
    assert "(eventlog.unknown_key)" in key(environment, "retire", ORIGIN, "00000000").err


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + SIGNED_WITHIN_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_a_running_checkpointer_takes_up_what_changes(embedded: Embedded, tmp_path: Path) -> None:
    digest = tmp_path / "digest.csv"
    digest.write_bytes(digest_csv("1/BC-MTTQ", GOOD))
    embedded.call("import", str(digest), "--kind", "digest", "--province", "ha-noi")
    told = embedded.environment

    def all_signed() -> bool:
        return all(ids(key(told, "list", ORIGIN)).values())

    wait_until(lambda: len(ids(key(told, "list", ORIGIN))) >= 1 and all_signed())
    before = set(ids(key(told, "list", ORIGIN)))
    after = set(ids(key(told, "rotate", ORIGIN)))
    wait_until(all_signed)
    (retired, *_) = before
    assert set(ids(key(told, "retire", ORIGIN, retired))) == after - {retired}
    (signed,) = (
        each["signed_size"] for each in embedded.call("log", "status", "--json").json["logs"]
        if each["origin"] == ORIGIN
    )  # fmt: skip
    digest.write_bytes(digest_csv("2/BC-MTTQ", GOOD))
    embedded.call("import", str(digest), "--kind", "digest", "--province", "ha-noi")
    wait_until(
        lambda: any(
            each["origin"] == ORIGIN and each["signed_size"] > signed and not each["refusal"]
            for each in embedded.call("log", "status", "--json").json["logs"]
        )
    )


@pytest.mark.parametrize(
    "origin",
    ["other.local/ha-noi/intake", "doithoai.local/nowhere/intake", "doithoai.local/ha-noi/access",
     "../x", f"{ORIGIN}/../../x", "/etc", ""],
)  # fmt: skip
def test_a_log_that_is_not_this_deployments_gets_no_key(
    environment: dict[str, str], tmp_path: Path, origin: str
) -> None:
    ended = key(environment, "new", origin)
    assert (ended.status, "(eventlog.unknown_origin)" in ended.err) == (3, True)
    assert not (tmp_path / "data").exists()


def test_another_accounts_keys_are_left_alone(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key(environment, "new", ORIGIN)
    nobody = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: nobody)
    ended = key(environment, "rotate", ORIGIN)
    assert (ended.status, "(keys.other_account)" in ended.err) == (3, True)


def test_keys_that_are_held_are_waited_for(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_key, "HELD_TIMEOUT_S", 0.1)
    with SigningKeys(tmp_path / "data/keys/logs", ORIGIN).held():
        ended = key(environment, "new", ORIGIN)
    assert (ended.status, "(eventlog.keys_in_use)" in ended.err) == (4, True)
    assert len(ids(key(environment, "new", ORIGIN))) == 1


def test_an_unprotected_key_is_named(environment: dict[str, str], tmp_path: Path) -> None:
    (first,) = ids(key(environment, "new", ORIGIN))
    (tmp_path / "data/keys/logs" / ORIGIN / f"{first}.key").chmod(0o644)
    assert "(vault.key_unprotected)" in key(environment, "list").err
