"""What was cosigned is for everybody, a dispute for those who look after logs, and readiness."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from services.reporting.collecting import bring
from services.reporting.definition import open_mirror
from shared.access import Role
from shared.eventlog.note import Note
from shared.eventlog.note_key import VerifierKey
from shared.runtime import Runtime
from shared.witness.cosigned import folder_name
from tests.services.opened import Opened
from tests.services.reporting.conftest import Keep
from tests.services.reporting.owner import ORIGIN, Owner, entries


@pytest.fixture
def owner() -> Owner:
    return Owner()


def turn(runtime: Runtime, owner: Owner) -> None:
    """Bring what the owner shows, and judge it as the process that has the key does."""
    bring(runtime.store, {"sessions": owner})
    open_mirror(runtime.store, runtime.settings)()


def test_anybody_gets_what_was_cosigned_and_by_whom(
    client: FlaskClient, runtime: Runtime, keep_all: Keep, owner: Owner
) -> None:
    assert client.get(f"/log/{ORIGIN}/cosigned").status_code == 404
    assert client.get("/mirror/keys").data == b""
    keep_all(entries(5))
    note = Note.parse(owner.sign(entries(5)))
    turn(runtime, owner)
    answer = client.get(f"/log/{ORIGIN}/cosigned")
    cosigned = Note.parse(answer.data)
    assert (answer.status_code, cosigned.text) == (200, note.text)
    (key,) = client.get("/mirror/keys").text.splitlines()
    (signed,) = cosigned.verify([VerifierKey.parse(key)])
    assert signed.key.name == "test.local/witness"
    assert signed.time_s == int(runtime.clock().timestamp())
    again = client.get(f"/log/{ORIGIN}/cosigned", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_key_is_made_once_beside_those_of_the_logs(
    runtime: Runtime, keep_all: Keep, owner: Owner
) -> None:
    keep_all(entries(2))
    owner.sign(entries(2))
    turn(runtime, owner)
    file: Path = runtime.settings.log_keys / "cosigner.key"
    assert oct(file.stat().st_mode)[-3:] == "600"
    secret = file.read_bytes()
    keep_all(entries(3))
    owner.sign(entries(3))
    turn(runtime, owner)
    assert file.read_bytes() == secret
    assert (runtime.settings.log_notes / "witness" / folder_name(ORIGIN)).is_dir()


def test_a_dispute_is_told_with_both_notes_and_the_service_is_not_ready(
    client: FlaskClient, service: Opened, keep_all: Keep, owner: Owner
) -> None:
    keep_all(entries(9))
    known = owner.sign(entries(9)).decode()
    turn(service.runtime, owner)
    other = owner.sign(entries(9, other_from=6)).decode()
    ready = client.get("/health/ready").get_json()
    assert (ready["ready"], ready["disputed_logs"]) == (True, 0)
    for _ in range(2):
        turn(service.runtime, owner)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.get_json()["disputed_logs"] == 1
    (log,) = client.get("/mirror", headers=service.bearer(Role.AUDITOR)).get_json()["logs"]
    assert (log["origin"], log["size"], log["cosigned_size"]) == (ORIGIN, 9, 9)
    dispute = log["dispute"]
    assert dispute["reason"].startswith("mirror.forked ")
    assert dispute["position"] == 6
    assert dispute["notes"][0].startswith(known)
    assert dispute["notes"][1] == other


def test_another_province_s_logs_are_not_told_of(
    client: FlaskClient, service: Opened, keep_all: Keep
) -> None:
    keep_all(entries(2))
    headers = service.bearer(Role.AUDITOR, province="ha-nam")
    assert client.get("/mirror", headers=headers).get_json() == {"logs": []}
    assert client.get("/mirror").status_code == 401
