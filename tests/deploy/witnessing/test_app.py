"""A witness over HTTP: the statuses of the protocol, and bounds for whoever asks."""

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import Client

from deploy.witnessing.app import SIZE_TYPE, witness_app
from shared.eventlog.note import Note
from shared.eventlog.note_key import Signature
from shared.witness.cosigned import folder_name
from shared.witness.submission import SUBMISSION_MAX_BYTES, Submission
from tests.shared.eventlog.trees import patiently
from tests.shared.witness.witnessed import (
    LEAVES,
    ORIGIN,
    OTHER_LEAVES,
    STRANGER,
    WITNESS,
    note_of,
    submission,
    witness_in,
)


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(witness_app(witness_in(tmp_path)))


def add(client: Client, asked: Submission | bytes) -> Any:
    content = asked if isinstance(asked, bytes) else asked.encode()
    return client.post("/add-checkpoint", data=content)


def test_a_cosignature_is_a_line_that_fits_the_note(client: Client) -> None:
    asked = submission(0, 9)
    answer = add(client, asked)
    assert answer.status_code == 200
    (line,) = answer.text.splitlines()
    assert answer.data.endswith(b"\n")
    note = Note.parse(asked.note).also_signed([Signature.parse(line)])
    assert [signed.key for signed in note.verify([WITNESS.key])] == [WITNESS.key]
    kept = client.get(f"/{folder_name(ORIGIN)}/checkpoint")
    assert kept.data == note.encode()


def test_another_size_is_told_in_a_type_of_its_own(client: Client) -> None:
    add(client, submission(0, 9))
    answer = add(client, submission(4, 20))
    assert (answer.status_code, answer.content_type) == (409, SIZE_TYPE)
    assert answer.data == b"9\n"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (b"", 400),
        (b"old 0\n\nno note", 400),
        (b"old 0\n\n\xff\xfe\n\n", 400),
        (Submission(old=9, proof=(), note=note_of(5)), 400),
        (Submission(old=0, proof=(), note=note_of(5, LEAVES, STRANGER)), 403),
        (Submission(old=0, proof=(), note=note_of(5, origin="another.test/a/b")), 404),
        (Submission(old=0, proof=(bytes(32),), note=note_of(5)), 422),
        (bytes(SUBMISSION_MAX_BYTES + 1), 413),
    ],
)
def test_each_refusal_has_its_status(
    client: Client, asked: Submission | bytes, status: int
) -> None:
    answer = add(client, asked)
    assert answer.status_code == status
    assert answer.content_type != SIZE_TYPE


def test_two_roots_of_one_size_are_shown_to_everybody(client: Client) -> None:
    place = f"/{folder_name(ORIGIN)}/dispute"
    add(client, submission(0, 20))
    assert client.get(place).status_code == 404
    forked = Submission(old=20, proof=(), note=note_of(20, OTHER_LEAVES))
    answer = add(client, forked)
    assert (answer.status_code, answer.content_type != SIZE_TYPE) == (409, True)
    assert add(client, submission(20, 30)).status_code == 422
    assert forked.note in client.get(place).data


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/add-checkpoint", 405),
        ("POST", "/", 405),
        ("GET", "/", 404),
        ("GET", f"/{folder_name(ORIGIN)}", 404),
        ("GET", f"/{folder_name(ORIGIN)}/checkpoint", 404),
        ("GET", f"/{folder_name(ORIGIN)}/../../etc/passwd", 404),
        ("GET", f"/{folder_name('another.test/a/b')}/checkpoint", 404),
    ],
)
def test_nothing_else_is_there(client: Client, method: str, path: str, status: int) -> None:
    assert client.open(path, method=method).status_code == status


@pytest.mark.parametrize("stated", ["-1", "x", "1e9", "٣", "99999999999999999999"])
def test_a_length_that_is_none_is_refused(client: Client, stated: str) -> None:
    environ = {"CONTENT_LENGTH": stated, "wsgi.input": io.BytesIO(b"old 0\n\nnote")}
    answer = client.post("/add-checkpoint", environ_overrides=environ)
    assert answer.status_code in (400, 413)


def test_a_body_that_ends_before_its_end_is_refused(client: Client) -> None:
    content = submission(0, 9).encode()
    environ = {"CONTENT_LENGTH": str(len(content) + 1), "wsgi.input": io.BytesIO(content)}
    answer = client.post("/add-checkpoint", environ_overrides=environ)
    assert answer.status_code == 400


@patiently
@given(at=st.integers(min_value=0), new=st.binary(max_size=4), cut=st.integers(0, 400))
def test_a_damaged_request_is_answered_and_never_cosigned_as_something_else(
    tmp_path_factory: pytest.TempPathFactory, at: int, new: bytes, cut: int
) -> None:
    witness = witness_in(tmp_path_factory.mktemp("state"))
    witness.add(submission(0, 9))
    whole = submission(9, 20).encode()
    place = at % len(whole)
    damaged = whole[:place] + new + whole[place + cut :]
    answer = add(Client(witness_app(witness)), damaged)
    assert answer.status_code in (200, 400, 403, 404, 409, 422)
    if answer.status_code == 200:
        note = Note.parse(witness.notes(ORIGIN).last() or b"")
        assert note.text in (Note.parse(note_of(9)).text, Note.parse(note_of(20)).text)
