"""Intake, open on SQLite, on PostgreSQL, or with the provinces that are shipped."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.intake.definition import DEFINITION
from shared.settings import ACCESS
from tests.architecture.tree import ROOT
from tests.services.conftest import Open
from tests.services.opened import Opened, opened

SHIPPED_PROVINCES = ROOT / "deploy" / "provinces"


@pytest.fixture
def intake(open_service: Open) -> Opened:
    """Return Intake on SQLite, with two small provinces."""
    return open_service(DEFINITION)


@pytest.fixture
def shipped_intake(tmp_path: Path) -> Iterator[Opened]:
    """Yield Intake on SQLite, with the provinces as they are shipped."""
    service = opened(DEFINITION, tmp_path, DOITHOAI_PROVINCES=str(SHIPPED_PROVINCES))
    yield service
    service.runtime.close()


@pytest.fixture
def postgresql_intake(
    tmp_path: Path, postgresql_database: Callable[[str], str]
) -> Iterator[Opened]:
    """Yield Intake on PostgreSQL, with two small provinces."""
    urls = {
        f"DOITHOAI_{name.upper()}_DATABASE": postgresql_database(name)
        for name in (DEFINITION.name, ACCESS)
    }
    service = opened(DEFINITION, tmp_path, **urls)
    yield service
    service.runtime.close()
