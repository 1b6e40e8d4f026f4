"""An operator closes and freezes a province's logs over HTTP; people's commands are refused."""

from typing import Any

import pytest
import sqlalchemy as sa

from shared.access import Role
from shared.contracts.operations import PredecessorNamed
from shared.eventlog.checkpointer import Checkpointer
from tests.deploy.digests import GOOD, digest_csv
from tests.services.intake.calling import OPINION, Caller, Cast, answer, refused
from tests.services.opened import Opened

INTAKE = "test.local/ha-noi/intake"
CLOSE = {"province": "ha-noi", "successor": "ha-nam"}
ADOPTED = 4
"""Files that every log begins with."""
SIZE = ADOPTED + 1
EMPTY = {"test.local/ha-noi/sessions": 0, "test.local/ha-noi/assignment": 0}


@pytest.fixture
def cast(intake: Opened) -> Cast:
    return Cast(intake)


@pytest.fixture
def operator(cast: Cast) -> Caller:
    return cast.role(Role.OPERATOR, province=None)


def standing(caller: Caller, origin: str = INTAKE) -> dict[str, Any]:
    (found,) = (
        each for each in answer(caller.get("/log/standings"))["logs"] if each["origin"] == origin
    )
    assert isinstance(found, dict)
    return found


def checkpointer(cast: Cast) -> Checkpointer:
    runtime = cast.service.runtime
    return Checkpointer(runtime.ledger, runtime.settings.log_keys)


def test_a_log_is_closed_frozen_signed_and_named(cast: Cast, operator: Caller) -> None:
    cast.cadre.entered()
    assert answer(operator.post("/freezing/close", CLOSE)) == {"size": SIZE}
    assert standing(operator)["state"] == "closed"
    settled = {"province": "ha-noi", "sizes": {INTAKE: SIZE, **EMPTY}}
    assert answer(operator.post("/freezing/freeze", settled)) == {"size": SIZE}
    name = {"province": "ha-noi"}
    refused(operator.post("/freezing/name", name), 503, "eventlog.not_signed_yet")
    checkpointer(cast).turn()
    assert answer(operator.post("/freezing/name", name)) == {"position": ADOPTED, "repeated": False}
    assert answer(operator.post("/freezing/name", name)) == {"position": ADOPTED, "repeated": True}
    *_, entry = cast.service.runtime.ledger.log("ha-nam").read(-1)
    assert isinstance(entry.checked().event, PredecessorNamed)
    after = standing(operator)
    assert (after["state"], after["successor"], after["signed_size"]) == ("frozen", "ha-nam", SIZE)


@pytest.mark.parametrize("is_frozen", [False, True])
def test_a_closed_provinces_commands_are_refused_and_anothers_are_not(
    cast: Cast, operator: Caller, *, is_frozen: bool
) -> None:
    cadre, screener = cast.cadre, cast.screener
    opinion_id = cadre.entered()
    operator.post("/freezing/close", CLOSE)
    if is_frozen:
        settled = {"province": "ha-noi", "sizes": {INTAKE: SIZE, **EMPTY}}
        assert operator.post("/freezing/freeze", settled).status_code == 200
    refused(cadre.post("/opinions", dict(OPINION)), 422, "eventlog.frozen")
    accepting = screener.post("/opinions/accept", {"opinion_ids": [opinion_id]})
    refused(accepting, 422, "eventlog.frozen")
    assert answer(screener.get(f"/opinions/{opinion_id}"))["opinion_id"] == opinion_id
    size = cast.service.runtime.ledger.log("ha-noi").size()
    assert size == SIZE


def test_a_closed_province_takes_no_upload(shipped_intake: Opened) -> None:
    shipped_intake.later(days=4 * 365)
    cast = Cast(shipped_intake)
    operator = cast.role(Role.OPERATOR, province=None)
    operator.post("/freezing/close", CLOSE)
    refused(cast.cadre.upload(digest_csv("1/BC", GOOD)), 422, "eventlog.frozen")


def test_whoever_is_no_operator_of_both_provinces_closes_nothing(
    cast: Cast, operator: Caller
) -> None:
    settled = {"province": "ha-noi", "sizes": {INTAKE: 0, **EMPTY}}
    for role in (Role.AUDITOR, Role.SECRETARY):
        caller = cast.role(role, province=None)
        refused(caller.post("/freezing/close", CLOSE), 403, "access.not_allowed")
        refused(caller.post("/freezing/freeze", settled), 403, "access.not_allowed")
        refused(caller.post("/freezing/name", {"province": "ha-noi"}), 403, "access.not_allowed")
    for province in ("ha-noi", "ha-nam"):
        caller = cast.role(Role.OPERATOR, province=province)
        refused(caller.post("/freezing/close", CLOSE), 403, "access.other_province")
    assert standing(operator)["state"] == "open"


@pytest.mark.parametrize(
    "body",
    [
        {"province": "ha-noi", "sizes": {INTAKE: -1}},
        {"province": "ha-noi", "sizes": {INTAKE: "1"}},
        {"province": "ha-noi", "sizes": {"a/b": 1}},
        {"province": "ha-noi", "sizes": {f"a/b/c{number}": 1 for number in range(101)}},
        {"province": "ha-noi", "sizes": []},
        {"province": "../x", "sizes": {}},
        {"province": "ha-noi"},
    ],
)
def test_a_request_that_makes_no_sense_is_refused(operator: Caller, body: object) -> None:
    refused(operator.post("/freezing/freeze", body), 422, "request.invalid")


def test_the_standing_of_a_log_is_for_those_who_look_after_it(cast: Cast) -> None:
    cast.cadre.entered()
    checkpointer(cast).turn()
    own = cast.role(Role.OPERATOR)
    assert [each["origin"] for each in answer(own.get("/log/standings"))["logs"]] == [INTAKE]
    found = standing(own)
    assert (found["size"], found["signed_size"], found["refusal"]) == (SIZE, SIZE, None)
    assert len(found["signed_root"]) == 64
    assert found["signed_at"].endswith("Z")
    refused(cast.cadre.get("/log/standings"), 403, "access.not_allowed")


def test_a_log_that_is_signed_no_more_is_not_ready(cast: Cast, operator: Caller) -> None:
    cast.cadre.entered()
    checkpointer(cast).turn()
    assert answer(operator.get("/health/ready"))["refused_logs"] == 0
    (key,) = cast.service.runtime.settings.log_keys.joinpath(INTAKE).glob("*.key")
    key.chmod(0o644)
    checkpointer(cast).turn()
    response = cast.nobody.get("/health/ready")
    assert response.status_code == 503
    assert answer(response) == {
        "service": "intake", "ready": False, "halted_logs": 0, "refused_logs": 1,
    }  # fmt: skip
    assert standing(operator)["refusal"].startswith("vault.key_unprotected")
    assert standing(operator)["refused_at"].endswith("Z")
    key.chmod(0o600)
    checkpointer(cast).turn()
    assert cast.nobody.get("/health/ready").status_code == 200


def test_the_state_of_a_log_is_one_that_the_database_knows(cast: Cast) -> None:
    with (
        pytest.raises(sa.exc.IntegrityError),
        cast.service.runtime.store.write() as tx,
    ):
        tx.connection.execute(sa.text("UPDATE log SET state = 'thawed'"))
