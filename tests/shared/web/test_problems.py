"""Every error is a problem with a stable code, in two languages, and repeats nothing."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
import sqlalchemy as sa

from shared.kernel.errors import Unavailable
from shared.store import Store, Transaction
from shared.web.app import BODY_MAX_BYTES
from tests.services.intake.calling import OPINION, Cast, answer, refused
from tests.services.opened import Opened


@pytest.fixture
def cast(intake: Opened) -> Cast:
    return Cast(intake)


def test_an_address_that_is_not_there(cast: Cast) -> None:
    for path in ("/nowhere", "/opinions/", "/opinions/not-a-uuid", "/log"):
        refused(cast.nobody.get(path), 404, "request.no_such_address")


def test_a_method_that_an_address_does_not_take_and_those_it_does(cast: Cast) -> None:
    response = cast.client.put("/opinions", headers=dict(cast.cadre.headers))
    refused(response, 405, "request.method_not_allowed")
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "request.unreadable"),
        (b"\xff\xfe{}", "request.unreadable"),
        (b"[" * 100_000, "request.unreadable"),
        (b'{"voices": ' + b"9" * 5_000 + b"}", "request.json_ambiguous"),
    ],
)
def test_a_body_that_is_no_json_is_the_callers_fault(cast: Cast, body: bytes, code: str) -> None:
    response = cast.client.post(
        "/opinions", data=body, content_type="application/json", headers=dict(cast.cadre.headers)
    )
    refused(response, 400, code)


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data", "", "text/json"])
def test_a_body_of_another_type_is_not_taken(cast: Cast, content_type: str) -> None:
    response = cast.client.post(
        "/opinions", data=b"{}", content_type=content_type, headers=dict(cast.cadre.headers)
    )
    refused(response, 415, "request.not_json")


def test_a_body_is_at_most_one_mib(cast: Cast) -> None:
    response = cast.client.post(
        "/opinions",
        data=b" " * (BODY_MAX_BYTES + 1),
        content_type="application/json",
        headers=dict(cast.cadre.headers),
    )
    refused(response, 413, "request.too_large")


def test_a_strangers_body_is_not_even_read(cast: Cast) -> None:
    response = cast.client.post("/opinions", data=b"x" * (BODY_MAX_BYTES + 1))
    refused(response, 401, "access.token_missing")


def test_a_body_that_does_not_fit_names_the_fields_it_knows(cast: Cast) -> None:
    body = {**OPINION, "voices": "many", "unit": None, "secret_name": 1}
    fields = refused(cast.cadre.post("/opinions", body), 422, "request.invalid")["fields"]
    assert {each["field"] for each in fields} == {"voices", "unit", "?"}
    assert all(each["message"] for each in fields)
    told = {each["field"]: each["texts"] for each in fields}
    assert told["voices"]["vi"] == "Giá trị không đúng kiểu."
    assert told["unit"]["vi"] == "Trường này không được để trống."
    assert told["?"]["vi"].startswith("Có một trường mà yêu cầu này không nhận")
    assert "secret_name" not in str(fields)


def test_a_value_outside_a_list_is_told_with_the_list_in_both_languages(cast: Cast) -> None:
    body = {**OPINION, "channel": "gossip"}
    (field,) = refused(cast.cadre.post("/opinions", body), 422, "request.invalid")["fields"]
    assert field["texts"]["vi"].startswith("Phải là một trong: direct, ")
    assert "gossip" not in str(field)


def test_doubled_slashes_are_no_address(cast: Cast) -> None:
    response = cast.client.post("//opinions//accept", headers=dict(cast.screener.headers))
    refused(response, 404, "request.no_such_address")


def test_a_field_inside_a_list_is_named_by_its_place(cast: Cast) -> None:
    response = cast.screener.post("/opinions/accept", {"opinion_ids": ["x"]})
    (field,) = refused(response, 422, "request.invalid")["fields"]
    assert (field["field"], field["message"]) == ("opinion_ids.0", "Not a valid UUID.")


@contextmanager
def database_away(_store: Store) -> Iterator[Transaction]:
    raise sa.exc.OperationalError("SELECT secret", {}, Exception("secret host"))
    yield  # type: ignore[unreachable]


def test_a_database_that_is_away_is_said_to_be_so(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    cadre = cast.cadre
    with patch.object(Store, "write", database_away):
        response = cadre.post("/opinions", OPINION)
    refused(response, 503, "store.away")
    assert int(response.headers["Retry-After"]) > 0
    assert "secret" not in caplog.text + response.get_data(as_text=True)


def test_whatever_is_away_may_be_asked_again(cast: Cast) -> None:
    with patch(
        "services.intake.opinions.receive", side_effect=Unavailable("vault.key_wrong", key_id="1")
    ):
        response = cast.cadre.post("/opinions", OPINION)
    refused(response, 503, "vault.key_wrong")
    assert int(response.headers["Retry-After"]) > 0


def test_an_error_of_ours_is_an_incident_with_a_number(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with patch("services.intake.opinions.receive", side_effect=ValueError("secret")):
        response = cast.cadre.post("/opinions", OPINION)
    problem = refused(response, 500, "internal")
    assert problem["facts"]["incident"] in caplog.text
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text + response.get_data(as_text=True)


def test_a_refused_caller_is_logged_by_rule_and_not_by_path(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    opinion_id = cast.cadre.entered()
    caplog.clear()
    response = cast.client.get("/log/heads", headers=dict(cast.cadre.headers))
    refused(response, 403, "access.not_allowed")
    assert "/log/heads" in caplog.text
    assert opinion_id not in caplog.text


def test_vietnamese_is_sent_as_it_is_written(cast: Cast) -> None:
    response = cast.nobody.get("/nowhere")
    assert "Không có địa chỉ này." in response.get_data(as_text=True)
    assert answer(response)["title"] == "Không có địa chỉ này."
