"""What the tests of Sessions' API may ask for."""

import pytest

from tests.services.conftest import Open
from tests.services.sessions.room import Room, room_of


@pytest.fixture
def room(open_service: Open) -> Room:
    return room_of(open_service)
