"""A wrong deployment key, and changing the right one."""

import pytest

from shared.contracts.vocabulary import Visibility
from shared.kernel.errors import RegulationError, Unavailable
from shared.vault import KeyRing, Vault
from tests.shared.vault.conftest import KEY, NOW, OTHER_KEY, WORDS, Room

THIRD_KEY = bytes(range(64, 96))


def rewrap(room: Room, *, old: bytes, new: bytes, limit: int) -> int:
    with room.store.write() as tx:
        return room.vault.rewrap(tx.connection, old=old, new=new, limit=limit)


def check(room: Room, vault: Vault) -> None:
    with room.store.read() as connection:
        vault.check_key(connection)


def test_a_wrong_key_is_named_at_start_and_at_a_reading(room: Room) -> None:
    room.put()
    wrong = room.vault_under(OTHER_KEY)

    for use in (lambda: check(room, wrong), lambda: room.read(vault=wrong)):
        with pytest.raises(Unavailable) as caught:
            use()
        assert caught.value.code == "vault.key_wrong"
        assert caught.value.facts == {"key_id": KeyRing(KEY).current_id}


def test_an_empty_vault_takes_any_key(room: Room) -> None:
    check(room, room.vault_under(OTHER_KEY))


def test_a_wrapping_key_is_replaced_page_by_page_while_texts_stay_readable(room: Room) -> None:
    for number in range(5):
        room.put(f"t-{number}", f"nội dung {number}")

    assert rewrap(room, old=KEY, new=OTHER_KEY, limit=2) == 2
    both = room.vault_under(OTHER_KEY, former_key=KEY)
    check(room, both)
    assert [room.read(f"t-{n}", both) for n in range(5)] == [f"nội dung {n}" for n in range(5)]

    assert [rewrap(room, old=KEY, new=OTHER_KEY, limit=2) for _ in range(3)] == [2, 1, 0]
    new = room.vault_under(OTHER_KEY)
    check(room, new)
    assert [room.read(f"t-{n}", new) for n in range(5)] == [f"nội dung {n}" for n in range(5)]
    with pytest.raises(Unavailable, match=r"vault\.key_wrong"):
        room.read("t-0")


def test_rewrapping_with_the_same_key_does_nothing(room: Room) -> None:
    room.put()

    assert rewrap(room, old=KEY, new=KEY, limit=10) == 0
    assert room.read() == WORDS


def test_keys_that_the_old_key_does_not_open_are_not_passed_over(room: Room) -> None:
    room.put()

    with pytest.raises(Unavailable, match=r"vault\.key_wrong"):
        rewrap(room, old=OTHER_KEY, new=THIRD_KEY, limit=10)


def test_a_third_key_is_found_wherever_its_name_sorts(room: Room) -> None:
    keys = sorted((KEY, OTHER_KEY, THIRD_KEY), key=lambda key: KeyRing(key).current_id)
    for number, key in enumerate(keys):
        with room.store.write() as tx:
            room.vault_under(key).put(
                tx.connection,
                text_id=f"t-{number}",
                text=WORDS,
                province="ha-noi",
                visibility=Visibility.PUBLIC,
            )

    with pytest.raises(Unavailable, match=r"vault\.key_wrong"):
        check(room, room.vault_under(keys[0], former_key=keys[2]))


def test_a_key_of_another_length_is_refused(room: Room) -> None:
    with pytest.raises(RegulationError, match=r"vault\.key_malformed key_bytes=32"):
        Vault(room.tables, "intake", KEY[:16], lambda: NOW)
