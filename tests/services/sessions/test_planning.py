"""Two provinces plan a session of the same id at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from services.sessions.api import create_app
from services.sessions.definition import DEFINITION
from shared.access import Role
from shared.settings import ACCESS
from tests.services.opened import Opened, opened

PLACES = {"ha-noi": "thanh-cong", "ha-nam": "phu-ly"}
RACES = 6


@pytest.fixture
def service(tmp_path: Any, postgresql_database: Any) -> Any:
    """Yield Sessions on PostgreSQL, with two small provinces."""
    urls = {
        f"DOITHOAI_{name.upper()}_DATABASE": postgresql_database(name)
        for name in (DEFINITION.name, ACCESS)
    }
    service = opened(DEFINITION, tmp_path, **urls)
    yield service
    service.runtime.close()


def test_one_of_them_is_refused_and_nobody_meets_an_error_of_ours(service: Opened) -> None:
    app = create_app(service.runtime)
    headers = {place: service.bearer(Role.CHAIR, province=place) for place in PLACES}

    def plan(province: str, race: int) -> int:
        body = {
            "province": province,
            "session_id": str(UUID(int=race)),
            "unit": PLACES[province],
            "session_kind": "periodic",
            "planned_year": 2019,
        }
        start.wait()
        return app.test_client().post("/sessions", json=body, headers=headers[province]).status_code

    for race in range(RACES):
        start = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            statuses = list(pool.map(plan, PLACES, [race, race]))
        assert sorted(statuses) == [201, 422]
