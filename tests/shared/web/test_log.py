"""The replay API gives the stored bytes, page by page, to whoever may read that log."""

import hashlib
from typing import Any

import pytest
import sqlalchemy as sa

from services.intake.tables import LOG
from shared.access import Role, service_bearer
from shared.eventlog.log import PAGE_MAX_ENTRIES
from tests.services.intake.calling import Caller, Cast, answer, refused
from tests.services.opened import Opened

ORIGIN = "test.local/ha-noi/intake"
ADOPTED = 4
"""Entries by which a log adopts its reference files."""
ENTRIES = f"/log/{ORIGIN}/entries"


@pytest.fixture
def cast(intake: Opened) -> Cast:
    return Cast(intake)


@pytest.fixture
def auditor(cast: Cast) -> Caller:
    return cast.role(Role.AUDITOR)


def service(cast: Cast, secret: bytes | None = None) -> Caller:
    bearer = service_bearer(secret or cast.service.runtime.service_secret, "reporting")
    return Caller(cast.client, {"Authorization": f"Bearer {bearer}"})


def entered(cast: Cast, count: int) -> list[bytes]:
    cadre = cast.cadre
    for _ in range(count):
        cadre.entered()
    columns = LOG.entry.c
    mine = columns.log_no == cast.service.runtime.ledger.log("ha-noi").log_no
    with cast.service.runtime.store.read() as connection:
        rows = connection.execute(sa.select(LOG.entry).where(mine).order_by(columns.position))
        stored = [(bytes(row.entry), bytes(row.leaf)) for row in rows]
    assert all(hashlib.sha256(b"\x00" + entry).digest() == leaf for entry, leaf in stored)
    return [entry for entry, _leaf in stored]


def page(caller: Caller, **query: Any) -> list[bytes]:
    response = caller.get(ENTRIES, **query)
    assert (response.status_code, response.mimetype) == (200, "application/x-ndjson")
    assert response.headers["X-First-Position"] == str(query.get("from", 0))
    return response.data.splitlines()


def test_entries_are_the_stored_bytes_in_order(cast: Cast, auditor: Caller) -> None:
    stored = entered(cast, 4)
    assert page(auditor) == stored
    assert auditor.get(ENTRIES).data == b"".join(entry + b"\n" for entry in stored)


def test_a_page_begins_where_it_is_asked_to_and_holds_no_more(cast: Cast, auditor: Caller) -> None:
    stored = entered(cast, 5)
    size = len(stored)
    assert page(auditor, **{"from": 1, "limit": 2}) == stored[1:3]
    assert page(auditor, **{"from": size - 1, "limit": 2}) == stored[-1:]
    assert page(auditor, **{"from": size}) == []
    assert page(auditor, **{"from": 2**53}) == []


@pytest.mark.parametrize(
    "query",
    [
        {"from": -1},
        {"from": "x"},
        {"from": 2**53 + 1},
        {"limit": 0},
        {"limit": PAGE_MAX_ENTRIES + 1},
        {"limit": "1e3"},
    ],
)
def test_a_page_has_bounds(auditor: Caller, query: dict[str, Any]) -> None:
    refused(auditor.get(ENTRIES, **query), 422, "request.invalid")


def test_another_service_reads_every_log_by_its_service_token(cast: Cast) -> None:
    stored = entered(cast, 1)
    assert page(service(cast)) == stored
    assert answer(service(cast).get("/log/heads")) == {
        "test.local/ha-nam/intake": ADOPTED - 1,
        ORIGIN: ADOPTED,
    }


def test_a_service_of_another_deployment_is_nobody_here(cast: Cast) -> None:
    stranger = service(cast, b"x" * 32)
    refused(stranger.get("/log/heads"), 401, "access.token_invalid")
    refused(stranger.get(ENTRIES), 401, "access.token_invalid")


@pytest.mark.parametrize("name", ["ha-noi", "no-such-province"])
def test_another_provinces_log_is_refused_whether_or_not_there_is_one(
    cast: Cast, name: str
) -> None:
    stranger = cast.role(Role.AUDITOR, province="ha-nam")
    response = stranger.get(f"/log/test.local/{name}/intake/entries")
    refused(response, 403, "access.other_province")


def test_a_caller_of_a_province_sees_the_head_of_its_own_log_only(cast: Cast) -> None:
    entered(cast, 2)
    assert answer(cast.role(Role.AUDITOR).get("/log/heads")) == {ORIGIN: ADOPTED + 1}
    elsewhere = cast.role(Role.OPERATOR, province="ha-nam")
    assert answer(elsewhere.get("/log/heads")) == {"test.local/ha-nam/intake": ADOPTED - 1}


@pytest.mark.parametrize("role", [Role.CADRE, Role.LEADER, Role.SUPERVISOR])
def test_who_is_no_auditor_reads_no_log(cast: Cast, role: Role) -> None:
    for path in ("/log/heads", ENTRIES, "/log/a/b/c/entries"):
        refused(cast.role(role).get(path), 403, "access.not_allowed")


@pytest.mark.parametrize(
    "origin", ["test.local/ha-noi/sessions", "other/ha-noi/intake", "test.local/ca-mau/intake"]
)
def test_a_log_that_is_not_kept_here_is_unknown(cast: Cast, origin: str) -> None:
    national = cast.role(Role.AUDITOR, province=None)
    refused(national.get(f"/log/{origin}/entries"), 404, "eventlog.unknown_origin")


@pytest.mark.parametrize("origin", ["x", "a/b", "a/ha-noi/c/d"])
def test_a_name_that_no_log_can_have_names_no_province(cast: Cast, origin: str) -> None:
    response = cast.role(Role.AUDITOR).get(f"/log/{origin}/entries")
    refused(response, 403, "access.other_province")
