"""Whatever a person is called or said is in the vault, sealed, and nowhere else."""

import json
import logging
import sqlite3
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from werkzeug.test import TestResponse

from shared.access import Role
from shared.vault import Purpose
from tests.services.intake.calling import OPINION, Cast, answer
from tests.services.intake.digest_files import ORGANISATION, digest_csv, digest_workbook, row
from tests.services.opened import Opened

NAME, PHONE = "Trần Thị Mai Hương", "0987654321"
PLANTED = f"Bà {NAME}, số máy {PHONE}, kể việc ở ngõ 5."
KEYLIKE = "tran-thi-mai-huong-0987654321"
NEEDLES = (NAME, PHONE, "Mai Hương", KEYLIKE)


@pytest.fixture
def cast(intake: Opened) -> Cast:
    return Cast(intake)


def assert_clean(where: str, text: str) -> None:
    for needle in NEEDLES:
        for form in (needle, json.dumps(needle)[1:-1]):
            assert form not in text, where


def stored(folder: Path) -> dict[str, bytes]:
    """Return every byte of the databases: tables, free pages, write-ahead logs."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if ".db" in path.name}


def cells(database: Path) -> list[object]:
    connection = sqlite3.connect(database)
    try:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        assert len(names) > 10
        return [
            cell
            for name in names
            for line in connection.execute(f'SELECT * FROM "{name}"')  # noqa: S608
            for cell in line
        ]
    finally:
        connection.close()


def provoked(cast: Cast) -> list[TestResponse]:
    """Return the answers to requests that hold planted words wherever words can be."""
    cadre, screener = cast.cadre, cast.screener
    answers = [
        cadre.post("/opinions", {**OPINION, "text": PLANTED}),
        cadre.post("/opinions", {**OPINION, "text": PLANTED, "opinion_kind": "denunciation"}),
        cadre.post("/opinions", {**OPINION, PLANTED: 1}),
        cadre.post("/opinions", {**OPINION, PHONE: {NAME: PLANTED}}),
        cadre.post("/opinions", [PLANTED]),
        cadre.post("/opinions", {**OPINION, "text": PLANTED}, Idempotency_Key=KEYLIKE),
        cadre.post("/opinions", {**OPINION, "text": "Khác."}, Idempotency_Key=KEYLIKE),
        cadre.post("/opinions", OPINION, Idempotency_Key=PHONE * 20),
        cadre.post("/narratives", {"province": "ha-noi", "texts": [PLANTED]}),
        cadre.get("/opinions", province=PHONE),
        cadre.get("/opinions", province="ha-noi", state=PLANTED, after=PLANTED),
        cadre.get(f"/opinions/{KEYLIKE}"),
        cadre.get(f"/{KEYLIKE}"),
        cadre.get(f"/texts/{KEYLIKE}", purpose="screening"),
        screener.get("/texts/x", purpose=PLANTED),
        screener.post("/opinions/accept", {"opinion_ids": [PLANTED]}),
        screener.post("/opinions/accept", {"opinion_ids": [KEYLIKE]}, If_Match=KEYLIKE),
        cast.client.post("/opinions", data=PLANTED.encode(), headers=dict(cadre.headers)),
        cast.client.post(
            "/opinions",
            data=b'{"' + PLANTED.encode(),
            content_type="application/json",
            headers=dict(cadre.headers),
        ),
        cast.client.get(
            "/opinions?province=ha-noi", headers={"Authorization": f"Bearer {KEYLIKE}"}
        ),
        cast.role(Role.CADRE, province=None).post("/opinions", {**OPINION, "province": PHONE}),
    ]
    for name in ("unit", "field", "organisation", "channel", "opinion_kind", "received_on"):
        answers += [
            cadre.post("/opinions", {**OPINION, "text": PLANTED, name: each})
            for each in (PLANTED, PHONE)
        ]
    return answers


def uploaded(cast: Cast) -> list[TestResponse]:
    cadre = cast.cadre
    rows = [
        row(1, text=PLANTED),
        row(2, text=PLANTED, unit=PLANTED),
        row(3, text=PLANTED, field=NAME),
        row(4, text=PLANTED, kind=NAME),
        row(5, text=PLANTED, kind="tố cáo"),
        row(6, text=PLANTED, voices=PHONE),
        row(7, text=PLANTED, received_on=PHONE),
        row(PHONE, text=PLANTED, received_on="01/01/2019"),
        row(PLANTED),
    ]
    return [
        cadre.upload(digest_workbook(*rows)),
        cadre.upload(digest_csv(*rows)),
        cadre.upload(digest_csv(row(1, text=f"{PLANTED} Sửa lại."))),
        cadre.upload(digest_csv(row(1), organisation=f"{ORGANISATION} {NAME}")),
        cadre.upload(digest_csv(row(1), organisation=PHONE)),
        cadre.upload(digest_csv(row(1), number=PLANTED)),
        cadre.upload(PLANTED.encode()),
        cadre.upload(digest_csv(row(1), row(2), (PLANTED,) * 12)),
    ]


def test_no_answer_no_log_line_and_no_table_holds_what_a_person_said(
    cast: Cast, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    responses = [*uploaded(cast), *provoked(cast)]
    statuses = {response.status_code for response in responses}
    assert {200, 201, 400, 401, 404, 409, 415, 422} <= statuses
    assert 500 not in statuses
    for number, response in enumerate(responses):
        assert_clean(f"answer {number}", response.get_data(as_text=True))
        assert_clean(f"answer {number}", str(response.headers))
    for record in caplog.records:
        assert_clean(record.name, record.getMessage() + str(record.exc_text))
    folder = tmp_path / "intake"
    for name, content in stored(folder).items():
        for needle in NEEDLES:
            assert needle.encode() not in content, name
    assert_clean("a table", "\n".join(map(repr, cells(folder / "intake.db"))))


def test_what_was_planted_is_in_the_vault_so_the_search_could_have_found_it(cast: Cast) -> None:
    opinion = cast.cadre.post("/opinions", {**OPINION, "text": PLANTED})
    row = answer(cast.screener.get(f"/opinions/{answer(opinion)['opinion_id']}"))
    runtime = cast.service.runtime
    with runtime.store.write() as tx:
        text = runtime.vault.read(
            tx.connection, text_id=row["text_id"], reader="test/x", purpose=Purpose.AUDIT
        )
    assert text == PLANTED
    with pytest.raises(AssertionError):
        assert_clean("the vault", text)


def _raising(error: Exception) -> Any:
    def receive(*_: object) -> Any:
        raise error

    return receive


@pytest.mark.parametrize("error", [ValueError(PLANTED), KeyError(PHONE), RuntimeError(NAME)])
def test_an_error_that_nobody_foresaw_says_where_and_not_what(
    cast: Cast, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    caplog.set_level(logging.DEBUG)
    with patch("services.intake.opinions.receive", _raising(error)):
        response = cast.cadre.post("/opinions", {**OPINION, "text": PLANTED})
    assert (response.status_code, answer(response)["code"]) == (500, "internal")
    incident = answer(response)["facts"]["incident"]
    assert incident in caplog.text
    assert type(error).__name__ in caplog.text
    assert_clean("the answer", response.get_data(as_text=True))
    assert_clean("the log", caplog.text)
