"""`doithoai witness`: a key, a process that cosigns, and what it remembers."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from deploy.witnessing.server import THREADS
from deploy.witnessing.worker import WHOLE_S
from shared.eventlog.note import Note
from shared.eventlog.note_key import Signature, VerifierKey
from shared.witness.submission import Submission
from tests.deploy.commands import called
from tests.shared.witness.witnessed import LOG, ORIGIN, OTHER_LEAVES, note_of, submission

DOITHOAI = Path(sys.executable).parent / "doithoai"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "witness.key"
    made = called({}, "witness", "key", "new", "witness.example/1", "--key", str(file))
    assert made.status == 0, made.err
    return file


@contextmanager
def served(key: Path) -> Iterator[tuple[str, VerifierKey, int]]:
    """Yield where a witness listens, its key, and its process."""
    command = [str(DOITHOAI), "witness", "serve", "--key", str(key), "--log", str(LOG.key)]
    process = subprocess.Popen(
        [*command, "--listen", "127.0.0.1:0", "--json"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        told = json.loads(process.stdout.readline())
        yield told["url"], VerifierKey.parse(told["verifier_key"]), process.pid
    finally:
        process.terminate()
        assert process.wait(20) == 0
        process.stdout.close()


def test_slow_bodies_keep_nobody_out(key: Path) -> None:
    """More of them than there are threads, and each sends a byte now and then."""
    over = Event()
    with served(key) as (url, _, _), ExitStack() as opened:
        parts = urlsplit(url)
        slow = [
            opened.enter_context(socket.create_connection((parts.hostname, parts.port), timeout=60))
            for _ in range(THREADS + 6)
        ]
        for each in slow:
            each.sendall(
                b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n"
            )

        def drip() -> None:
            while not over.wait(1):
                for each in slow:
                    with suppress(OSError):
                        each.sendall(b"o")

        dripping = Thread(target=drip)
        dripping.start()
        try:
            answer = requests.post(
                f"{url}/add-checkpoint", submission(0, 9).encode(), timeout=3 * WHOLE_S
            )
            assert answer.status_code == 200
        finally:
            over.set()
            dripping.join()


def test_a_key_is_made_once_for_this_account_alone(key: Path) -> None:
    assert oct(key.stat().st_mode)[-3:] == "600"
    again = called({}, "witness", "key", "new", "witness.example/1", "--key", str(key))
    assert (again.status, "(witness.key_exists)" in again.err) == (3, True)
    assert VerifierKey.parse(called_status(key)["verifier_key"]).name == "witness.example/1"


def called_status(key: Path, status: int = 0) -> dict[str, Any]:
    ended = called({}, "witness", "status", "--key", str(key), "--log", str(LOG.key), "--json")
    assert ended.status == status, ended.err
    return dict(ended.json)


def test_a_witness_cosigns_remembers_and_shows_a_dispute(key: Path) -> None:
    with served(key) as (url, public, _):
        asked = submission(0, 9)
        answer = requests.post(f"{url}/add-checkpoint", asked.encode(), timeout=10)
        assert answer.status_code == 200
        signature = Signature.parse(answer.content.decode().rstrip("\n"))
        assert public.verify(Note.parse(asked.note).text, signature).time_s
    (log,) = called_status(key)["logs"]
    assert (log["origin"], log["size"], log["disputed"]) == (ORIGIN, 9, [])
    with served(key) as (url, _, _):
        answer = requests.post(f"{url}/add-checkpoint", submission(0, 9).encode(), timeout=10)
        assert (answer.status_code, answer.content) == (409, b"9\n")
        chunked = iter([submission(9, 20).encode()])
        assert requests.post(f"{url}/add-checkpoint", chunked, timeout=10).status_code == 200
        forked = Submission(old=20, proof=(), note=note_of(20, OTHER_LEAVES))
        answer = requests.post(f"{url}/add-checkpoint", forked.encode(), timeout=10)
        assert answer.status_code == 409
    (log,) = called_status(key, 1)["logs"]
    assert len(log["disputed"]) == 2


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--log", "nonsense+1+1", "eventlog.key_malformed"),
        ("--log", "no-such-file", "audit.given_unreadable"),
        ("--key", "no-such-key", "eventlog.signer_absent"),
    ],
)
def test_what_a_witness_is_told_wrongly_is_refused(
    key: Path, option: str, value: str, code: str
) -> None:
    told = {"--key": str(key), "--log": str(LOG.key)} | {option: value}
    ended = called({}, "witness", "status", *(word for pair in told.items() for word in pair))
    assert (ended.status, f"({code})" in ended.err) != (0, False)
    assert ended.status in (3, 4)


def test_a_log_s_key_is_no_witness_s(tmp_path: Path) -> None:
    file = tmp_path / "log.key"
    file.write_text(LOG.secret())
    file.chmod(0o600)
    ended = called({}, "witness", "status", "--key", str(file), "--log", str(LOG.key))
    assert "(witness.other_kind_of_key)" in ended.err
