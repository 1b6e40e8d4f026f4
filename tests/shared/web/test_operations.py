"""Operators see delivery, try again and pass over, in their own province only."""

from typing import Any

import pytest

from services.intake.tables import FOLLOW
from shared.access import Role
from shared.contracts.operations import EntrySkipped
from tests.services.intake.calling import Caller, Cast, answer, refused
from tests.services.intake.hearing import told
from tests.services.opened import Opened, since_opened

CONSUMER, ORIGIN = "intake.from-sessions", "test.local/ha-noi/sessions"
HALTED = {"consumer": CONSUMER, "origin": ORIGIN}
REASON = "Bản ghi hỏng, đã báo cho đơn vị gửi."


@pytest.fixture
def cast(intake: Opened) -> Cast:
    return Cast(intake)


@pytest.fixture
def operator(cast: Cast) -> Caller:
    return cast.role(Role.OPERATOR)


@pytest.fixture(autouse=True)
def halted(intake: Opened) -> None:
    with intake.runtime.store.write() as tx:
        for province, position in (("ha-noi", 4), ("ha-nam", 1)):
            origin = f"test.local/{province}/sessions"
            cursor = {"consumer": CONSUMER, "origin": origin, "position": position}
            tx.connection.execute(FOLLOW.cursor.insert(), cursor)
        halt: dict[str, Any] = {**HALTED, "position": 5, "attempts": 4, "code": "internal"}
        tx.connection.execute(FOLLOW.halt.insert(), {**halt, "retry_at": None})


def followed(caller: Caller) -> dict[str, tuple[int, bool]]:
    rows = answer(caller.get("/follow/status"))["followed"]
    return {row["origin"]: (row["position"], row["halted"]) for row in rows}


def test_the_status_names_every_log_and_what_halts_it(cast: Cast) -> None:
    national = cast.role(Role.OPERATOR, province=None)
    assert followed(national) == {ORIGIN: (4, True), "test.local/ha-nam/sessions": (1, False)}
    unpublished = answer(national.get("/follow/status"))["unpublished"]
    assert unpublished == {"test.local/ha-noi/intake": 4, "test.local/ha-nam/intake": 4}


def test_a_province_sees_its_own_delivery(cast: Cast, operator: Caller) -> None:
    assert followed(operator) == {ORIGIN: (4, True)}
    assert set(answer(operator.get("/follow/status"))["unpublished"]) == {
        "test.local/ha-noi/intake"
    }


def test_what_is_not_published_yet_is_counted(cast: Cast, operator: Caller) -> None:
    cast.cadre.entered()
    assert answer(operator.get("/follow/status"))["unpublished"] == {"test.local/ha-noi/intake": 5}


def test_a_halted_entry_is_tried_again(operator: Caller) -> None:
    assert answer(operator.post("/follow/retry", HALTED)) == {"position": 5}
    assert followed(operator) == {ORIGIN: (4, False)}


def test_a_halted_entry_is_passed_over_with_a_reason_on_record(
    cast: Cast, operator: Caller
) -> None:
    body = {**HALTED, "reason": REASON}
    assert answer(operator.post("/follow/skip", body)) == {"position": 5}
    assert followed(operator) == {ORIGIN: (5, False)}
    (event,) = told(cast.service.runtime)
    assert isinstance(event, EntrySkipped)
    assert (event.consumer, event.origin, event.position) == (CONSUMER, ORIGIN, 5)
    (entry,) = since_opened(cast.service.runtime)
    assert "hỏng" not in entry.content.decode()
    refused(operator.post("/follow/skip", body), 404, "follower.not_halted")


def test_skipping_needs_a_reason(operator: Caller) -> None:
    refused(operator.post("/follow/skip", HALTED), 422, "request.invalid")
    refused(operator.post("/follow/skip", {**HALTED, "reason": ""}), 422, "request.invalid")
    refused(operator.post("/follow/skip", {**HALTED, "reason": " "}), 400, "vault.text_empty")


def test_nobody_touches_another_provinces_delivery(cast: Cast) -> None:
    stranger = cast.role(Role.OPERATOR, province="ha-nam")
    refused(stranger.post("/follow/retry", HALTED), 403, "access.other_province")
    skipped = {**HALTED, "reason": REASON}
    refused(stranger.post("/follow/skip", skipped), 403, "access.other_province")
    assert followed(cast.role(Role.OPERATOR)) == {ORIGIN: (4, True)}


def test_an_auditor_looks_and_touches_nothing(cast: Cast) -> None:
    auditor = cast.role(Role.AUDITOR)
    assert followed(auditor) == {ORIGIN: (4, True)}
    refused(auditor.post("/follow/retry", HALTED), 403, "access.not_allowed")
    refused(cast.cadre.get("/follow/status"), 403, "access.not_allowed")


@pytest.mark.parametrize(
    "change",
    [
        {"consumer": "Bà Hương 0987654321"},
        {"consumer": "x\x07"},
        {"consumer": "x\n"},
        {"origin": "test.local/ha-noi"},
        {"origin": "test.local/ha-noi/sessions\n"},
        {"origin": "a/ha-noi/b/c"},
        {"origin": "é/ha-noi/sessions"},
    ],
)
def test_names_of_consumers_and_logs_have_a_form(operator: Caller, change: dict[str, str]) -> None:
    refused(operator.post("/follow/retry", {**HALTED, **change}), 422, "request.invalid")


def test_readiness_tells_that_something_is_halted(cast: Cast, operator: Caller) -> None:
    said = {"service": "intake", "refused_logs": 0}
    ready = cast.nobody.get("/health/ready")
    assert ready.status_code == 503
    assert answer(ready) == {**said, "ready": False, "halted_logs": 1}
    operator.post("/follow/retry", HALTED)
    ready = cast.nobody.get("/health/ready")
    assert ready.status_code == 200
    assert answer(ready) == {**said, "ready": True, "halted_logs": 0}


def test_a_process_that_answers_is_alive_whatever_is_halted(cast: Cast) -> None:
    live = cast.nobody.get("/health/live")
    assert live.status_code == 200
    assert answer(live) == {"service": "intake", "live": True}
