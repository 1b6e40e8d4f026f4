"""What every service's tests may ask for: their service, open, and closed afterwards."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from shared.runtime import Definition
from tests.services.opened import Opened, opened

Open = Callable[[Definition], Opened]


@pytest.fixture
def open_service(tmp_path: Path) -> Iterator[Open]:
    """Yield what opens a service by its definition, each in a folder of its own."""
    with ExitStack() as stack:

        def open_one(definition: Definition) -> Opened:
            folder = tmp_path / definition.name
            folder.mkdir()
            service = opened(definition, folder)
            stack.callback(service.runtime.close)
            return service

        yield open_one
