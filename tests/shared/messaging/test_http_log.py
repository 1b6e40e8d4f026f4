"""Signed logs are read over HTTP as they are served, and nothing longer or else."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from shared.eventlog.note import NOTE_MAX_BYTES
from shared.eventlog.tiles import Tile
from shared.messaging.http_log import HttpLogs
from shared.projections import OwnerAway

ORIGIN = "test.local/ha-noi/intake"


@contextmanager
def serving(answers: dict[str, Response]) -> Iterator[tuple[HttpLogs, list[Any]]]:
    asked: list[Any] = []

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        asked.append(environ)
        found = answers.get(environ["PATH_INFO"], Response(status=404))
        return found(environ, start)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield HttpLogs(f"http://127.0.0.1:{server.port}/", "intake"), asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_checkpoint_keys_and_tiles_are_where_they_are_served() -> None:
    log = f"/intake/log/{ORIGIN}"
    answers = {
        f"{log}/checkpoint": Response(b"note"),
        f"{log}/keys": Response(b"a\nb\n"),
        f"{log}/tile/0/000.p/2": Response(bytes(64)),
    }
    with serving(answers) as (logs, asked):
        assert logs.checkpoint(ORIGIN) == b"note"
        assert logs.keys(ORIGIN) == ("a", "b")
        assert logs.tile(ORIGIN, Tile(0, 0, 2)) == bytes(64)
    assert {each["HTTP_CACHE_CONTROL"] for each in asked} == {"no-cache"}


def test_what_is_not_there_is_none() -> None:
    with serving({}) as (logs, _):
        assert logs.checkpoint(ORIGIN) is None
        assert logs.keys(ORIGIN) == ()
        assert logs.tile(ORIGIN, Tile(0, 0)) is None


@pytest.mark.parametrize("status", [301, 401, 500, 503])
def test_anything_else_is_an_owner_that_is_away(status: int) -> None:
    answer = Response(status=status, headers={"Location": "http://127.0.0.1:1/"})
    with (
        serving({f"/intake/log/{ORIGIN}/checkpoint": answer}) as (logs, _),
        pytest.raises(OwnerAway),
    ):
        logs.checkpoint(ORIGIN)


def test_an_answer_without_end_is_cut_and_seen_to_be_none() -> None:
    long = Response(iter([b"x" * 65_536] * 100))
    with serving({f"/intake/log/{ORIGIN}/checkpoint": long}) as (logs, _):
        content = logs.checkpoint(ORIGIN)
    assert content is not None
    assert NOTE_MAX_BYTES < len(content) < 2 * NOTE_MAX_BYTES


def test_nobody_there_is_away() -> None:
    with serving({}) as (logs, _):
        pass
    with pytest.raises(OwnerAway):
        logs.checkpoint(ORIGIN)
