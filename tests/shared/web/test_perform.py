"""A request under a key is carried out once, however often and wherever it arrives."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from services.intake.tables import REQUESTS, VAULT
from shared.requests import KEPT_DAYS, forget_old
from shared.web.perform import KEY_MAX_CHARACTERS
from tests.services.intake.calling import OPINION, Caller, Cast, answer, refused
from tests.services.opened import Opened, since_opened


@pytest.fixture
def cast(intake: Opened) -> Cast:
    return Cast(intake)


@pytest.fixture
def postgresql_cast(postgresql_intake: Opened) -> Cast:
    return Cast(postgresql_intake)


def size(cast: Cast) -> int:
    return len(since_opened(cast.service.runtime))


def rows(cast: Cast, table: sa.Table) -> int:
    with cast.service.runtime.store.read() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def test_the_same_request_again_gets_the_first_answer(cast: Cast) -> None:
    cadre = cast.cadre
    first = cadre.post("/opinions", OPINION, Idempotency_Key="k-1")
    cast.service.later(days=1)
    again = cadre.post("/opinions", OPINION, Idempotency_Key="k-1")
    assert (again.status_code, again.data) == (201, first.data)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert size(cast) == 1


def test_without_a_key_two_requests_are_two(cast: Cast) -> None:
    cadre = cast.cadre
    assert cadre.entered() != cadre.entered()
    assert size(cast) == 2
    assert rows(cast, REQUESTS.answered) == 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/opinions", {**OPINION, "voices": 4}),
        ("/narratives", {"province": "ha-noi", "texts": ["Khác."]}),
        ("/opinions?x=1", OPINION),
    ],
)
def test_another_request_under_the_key_is_a_conflict(
    cast: Cast, path: str, body: dict[str, Any]
) -> None:
    cadre = cast.cadre
    cadre.post("/opinions", OPINION, Idempotency_Key="k-1")
    refused(cadre.post(path, body, Idempotency_Key="k-1"), 409, "request.key_reused")
    assert size(cast) == 1


def test_the_version_that_was_seen_is_part_of_the_request(cast: Cast) -> None:
    screener, body = cast.screener, {"opinion_ids": [cast.cadre.entered()]}
    path, key = "/opinions/accept", "k-1"
    first = screener.post(path, body, Idempotency_Key=key, If_Match='"0"')
    again = screener.post(path, body, Idempotency_Key=key, If_Match='"0"')
    assert (first.status_code, again.data) == (200, first.data)
    for other in ({"If_Match": '"1"'}, {}):
        refused(screener.post(path, body, Idempotency_Key=key, **other), 409, "request.key_reused")


def test_an_answer_that_was_forgotten_leaves_its_key_free(cast: Cast) -> None:
    cadre, runtime = cast.cadre, cast.service.runtime
    first = cadre.post("/opinions", OPINION, Idempotency_Key="k-1")
    cast.service.later(days=KEPT_DAYS + 1)
    assert forget_old(runtime.store, REQUESTS, runtime.clock()) == 1
    again = cadre.post("/opinions", {**OPINION, "received_on": "2019-06-18"}, Idempotency_Key="k-1")
    assert (again.status_code, "Idempotency-Replayed" in again.headers) == (201, False), first.data


def test_two_seats_may_use_the_same_key(cast: Cast) -> None:
    for cadre in (cast.cadre, cast.cadre):
        assert cadre.post("/opinions", OPINION, Idempotency_Key="k-1").status_code == 201
    assert size(cast) == 2


def test_a_request_that_failed_leaves_its_key_free(cast: Cast) -> None:
    cadre = cast.cadre
    bad = {**OPINION, "unit": "nowhere"}
    refused(cadre.post("/opinions", bad, Idempotency_Key="k-1"), 422, "province.unknown_unit")
    assert cadre.post("/opinions", OPINION, Idempotency_Key="k-1").status_code == 201


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "request.key_empty"),
        ("  ", "request.key_empty"),
        ("k" * (KEY_MAX_CHARACTERS + 1), "request.key_too_long"),
    ],
)
def test_a_key_has_a_form(cast: Cast, key: str, code: str) -> None:
    refused(cast.cadre.post("/opinions", OPINION, Idempotency_Key=key), 400, code)
    longest = cast.cadre.post("/opinions", OPINION, Idempotency_Key="k" * KEY_MAX_CHARACTERS)
    assert longest.status_code == 201


def test_a_command_replayed_after_the_state_moved_on_still_gets_its_answer(cast: Cast) -> None:
    screener = cast.screener
    body = {"opinion_ids": [cast.cadre.entered()]}
    first = screener.post("/opinions/accept", body, Idempotency_Key="k-1")
    assert screener.post("/opinions/refer", body).status_code == 200
    again = screener.post("/opinions/accept", body, Idempotency_Key="k-1")
    assert (again.status_code, again.data) == (200, first.data)


def at_once(calls: list[Callable[[], TestResponse]]) -> list[TestResponse]:
    barrier = Barrier(len(calls))

    def call(one: Callable[[], TestResponse]) -> TestResponse:
        barrier.wait()
        return one()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


def twins(cast: Cast, cadre: Caller, path: str, bodies: list[Any]) -> list[TestResponse]:
    def call(body: Any) -> Callable[[], TestResponse]:
        client = cast.client.application.test_client()
        headers = {**cadre.headers, "Idempotency-Key": "k-1"}
        return lambda: client.post(path, json=body, headers=headers)

    return at_once([call(body) for body in bodies])


NARRATIVE = {"province": "ha-noi", "texts": ["Nói tại hội trường."]}


@pytest.mark.parametrize(("path", "body"), [("/opinions", OPINION), ("/narratives", NARRATIVE)])
@pytest.mark.parametrize("database", ["cast", "postgresql_cast"])
def test_the_same_request_many_times_at_once_is_done_once(
    request: pytest.FixtureRequest, database: str, path: str, body: dict[str, Any]
) -> None:
    cast: Cast = request.getfixturevalue(database)
    cadre = cast.cadre
    for _ in range(3):
        responses = twins(cast, cadre, path, [body] * 6)
        assert {response.status_code for response in responses} == {201}
        assert len({response.data for response in responses}) == 1
    assert rows(cast, VAULT.text) == rows(cast, REQUESTS.answered) == 1
    assert size(cast) == (path == "/opinions")


def test_two_requests_at_once_under_one_key_are_one_answer_and_one_conflict(
    postgresql_cast: Cast,
) -> None:
    bodies = [{**OPINION, "voices": 1}, {**OPINION, "voices": 2}]
    responses = twins(postgresql_cast, postgresql_cast.cadre, "/opinions", bodies)
    assert sorted(response.status_code for response in responses) == [201, 409]
    (conflict,) = [response for response in responses if response.status_code == 409]
    refused(conflict, 409, "request.key_reused")
    assert size(postgresql_cast) == 1


def test_one_that_fails_does_not_answer_for_one_that_waits(postgresql_cast: Cast) -> None:
    bodies = [{**OPINION, "unit": "nowhere"}, OPINION]
    responses = twins(postgresql_cast, postgresql_cast.cadre, "/opinions", bodies)
    assert responses[1].status_code == 201
    assert responses[0].status_code in {409, 422}


def test_the_api_is_the_same_on_postgresql(postgresql_cast: Cast) -> None:
    cast = postgresql_cast
    opinion_id = cast.cadre.entered()
    body = {"opinion_ids": [opinion_id]}
    assert cast.screener.post("/opinions/accept", body, If_Match='"0"').status_code == 200
    refused(
        cast.screener.post("/opinions/refer", body, If_Match='"0"'), 409, "eventlog.stream_moved"
    )
    row = answer(cast.screener.get(f"/opinions/{opinion_id}"))
    read = cast.screener.get(f"/texts/{row['text_id']}", purpose="screening")
    assert answer(read)["text"] == OPINION["text"]
    for after, status, code in (
        ("\x00", 400, "request.unreadable"),
        ("é", 422, "request.invalid"),
    ):
        response = cast.screener.get("/opinions", province="ha-noi", after=after)
        refused(response, status, code)
    response = cast.screener.get("/texts/a%00b", purpose="screening")
    refused(response, 404, "request.no_such_address")
