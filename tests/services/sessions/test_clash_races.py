"""Two who fix days at once, on a real PostgreSQL: a place is given to one of them."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from services.sessions.api import create_app
from services.sessions.definition import DEFINITION
from shared.access import Role
from shared.settings import ACCESS
from tests.services.opened import Opened, opened

SESSIONS = [f"0b7a5f0e-0000-5000-8000-0000000000b{number}" for number in range(6)]
NEEDS = {
    "held_on": "2019-06-20",
    "venue": "nha-van-hoa",
    "chair": "thanh-cong/bi-thu",
    "required_agencies": ["tnmt-ba-dinh"],
}


@pytest.fixture
def service(tmp_path: Path, postgresql_database: Callable[[str], str]) -> Iterator[Opened]:
    """Yield Sessions on PostgreSQL."""
    addresses = {
        f"DOITHOAI_{name.upper()}_DATABASE": postgresql_database(name)
        for name in (DEFINITION.name, ACCESS)
    }
    service = opened(DEFINITION, tmp_path, **addresses)
    yield service
    service.runtime.close()


def test_of_many_that_want_one_place_on_one_day_one_gets_it(service: Opened) -> None:
    app = create_app(service.runtime)
    headers = service.bearer(Role.SECRETARY)
    for session_id in SESSIONS:
        body = {
            "province": "ha-noi",
            "session_id": session_id,
            "unit": "thanh-cong",
            "session_kind": "periodic",
            "planned_year": 2019,
        }
        assert app.test_client().post("/sessions", json=body, headers=headers).status_code == 201
    together = Barrier(len(SESSIONS))

    def schedule(session_id: str) -> tuple[int, str | None]:
        client = app.test_client()
        together.wait(timeout=30)
        answer = client.post(f"/sessions/{session_id}/schedule", json=NEEDS, headers=headers)
        body = answer.json or {}
        return answer.status_code, body.get("code")

    with ThreadPoolExecutor(len(SESSIONS)) as pool:
        answers = sorted(pool.map(schedule, SESSIONS), key=str)
    assert answers == [(200, None), *[(422, "session.clash")] * (len(SESSIONS) - 1)]
