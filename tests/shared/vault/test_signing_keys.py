"""Keys that sign what goes out lie wrapped beside those of the texts."""

from typing import Any

import pytest
import sqlalchemy as sa

from shared.kernel.errors import NotFound, Unavailable
from shared.vault import Vault
from tests.shared.vault.conftest import KEY, NOW, OTHER_KEY, Room


def made(room: Room) -> tuple[str, bytes]:
    with room.store.write() as tx:
        return room.vault.signing_keys.make(tx.connection, NOW)


def got(room: Room, key_id: str, vault: Vault | None = None) -> bytes:
    with room.store.read() as connection:
        return (vault or room.vault).signing_keys.get(connection, key_id)


def stored(room: Room) -> list[Any]:
    with room.store.read() as connection:
        return [tuple(row) for row in connection.execute(sa.select(room.tables.key))]


def test_a_key_comes_back_and_no_two_are_the_same(room: Room) -> None:
    (one_id, one), (other_id, other) = made(room), made(room)
    assert len(one) == 32
    assert (got(room, one_id), got(room, other_id)) == (one, other)
    assert one != other
    assert one_id != other_id


def test_the_database_alone_does_not_hold_it(room: Room) -> None:
    _, key = made(room)
    (row,) = stored(room)
    assert all(not isinstance(cell, bytes) or key not in cell for cell in row)


def test_a_key_is_of_its_service_alone(room: Room) -> None:
    key_id, _ = made(room)
    with pytest.raises(Exception, match=r"vault\.text_tampered"):
        got(room, key_id, Vault(room.tables, "sessions", KEY, lambda: NOW))


def test_a_key_that_was_destroyed_is_lost(room: Room) -> None:
    key_id, _ = made(room)
    with room.store.write() as tx:
        room.vault.signing_keys.destroy(tx.connection, key_id)
        room.vault.signing_keys.destroy(tx.connection, key_id)  # a repeat changes nothing
    assert stored(room) == []
    with pytest.raises(Unavailable, match=r"vault\.key_lost"):
        got(room, key_id)


def test_a_change_of_the_deployments_key_takes_it_along(room: Room) -> None:
    key_id, key = made(room)
    with room.store.write() as tx:
        assert room.vault.rewrap(tx.connection, old=KEY, new=OTHER_KEY, limit=10) == 1
    assert got(room, key_id, room.vault_under(OTHER_KEY)) == key
    with pytest.raises(Unavailable, match=r"vault\.key_wrong"):
        got(room, key_id)


def test_a_signing_key_is_no_text(room: Room) -> None:
    key_id, _ = made(room)
    with pytest.raises(NotFound, match=r"vault\.unknown_text"):
        room.read(key_id)
