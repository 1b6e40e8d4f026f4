"""Putting, reading and erasing texts, on SQLite and on PostgreSQL."""

import threading
import unicodedata
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.vocabulary import Visibility
from shared.kernel.errors import BadInput, Conflict, LogTampered, NotFound, Unavailable
from shared.vault import NewText, Purpose, commitment_of
from shared.vault.records import select_records
from tests.shared.vault.conftest import NOW, OTHER_KEY, WORDS, Room


def new_text(text_id: str, text: str = WORDS) -> NewText:
    return NewText(text_id=text_id, text=text, province="ha-noi", visibility=Visibility.RESTRICTED)


def test_a_text_put_is_read_again(room: Room) -> None:
    ref = room.put()

    assert (ref.text_id, ref.owner, ref.visibility) == ("t-1", "intake", Visibility.RESTRICTED)
    assert room.read() == WORDS


def test_the_same_text_again_gives_the_same_reference_and_writes_nothing(room: Room) -> None:
    first = room.put()

    assert room.put(text=unicodedata.normalize("NFD", WORDS)) == first
    assert room.count(room.tables.text) == room.count(room.tables.key) == 1


def test_another_text_under_the_same_id_is_a_conflict_and_changes_nothing(room: Room) -> None:
    room.put()

    with pytest.raises(Conflict) as caught:
        room.put(text="Một nội dung khác")

    assert str(caught.value) == "vault.text_differs text_id=t-1"
    assert room.read() == WORDS


def test_the_same_text_with_another_visibility_is_a_conflict(room: Room) -> None:
    room.put()
    with room.store.write() as tx, pytest.raises(Conflict, match=r"vault\.text_differs"):
        room.vault.put(
            tx.connection,
            text_id="t-1",
            text=WORDS,
            province="ha-noi",
            visibility=Visibility.PUBLIC,
        )


def test_many_texts_are_put_at_once_and_repeats_among_them_count_once(room: Room) -> None:
    room.put("row-3", "nội dung 3")
    texts = [new_text(f"row-{row}", f"nội dung {row}") for row in range(1201)]

    with room.store.write() as tx:
        refs = room.vault.put_many(tx.connection, [*texts, texts[7]])

    assert [ref.text_id for ref in refs] == [*(f"row-{row}" for row in range(1201)), "row-7"]
    assert refs[7] == refs[-1]
    assert room.count(room.tables.text) == room.count(room.tables.key) == 1201
    assert room.read("row-1200") == "nội dung 1200"


def test_two_texts_under_one_id_in_one_batch_are_a_conflict_and_nothing_is_kept(
    room: Room,
) -> None:
    with pytest.raises(Conflict, match=r"vault\.text_differs"), room.store.write() as tx:
        room.vault.put_many(tx.connection, [new_text("a", "một"), new_text("a", "hai")])

    assert room.count(room.tables.text) == 0


def test_putting_nothing_gives_nothing(room: Room) -> None:
    with room.store.write() as tx:
        assert room.vault.put_many(tx.connection, []) == []


@pytest.mark.parametrize("words", [WORDS, "Nội dung của người khác"])
def test_whoever_comes_second_waits_and_gets_the_first_ones_reference_or_a_conflict(
    room: Room, words: str
) -> None:
    entered, finished = threading.Event(), threading.Event()
    outcome: list[object] = []

    def second() -> None:
        entered.set()
        try:
            outcome.append(room.put(text=words))
        except Conflict as error:
            outcome.append(error.code)
        finished.set()

    thread = threading.Thread(target=second)
    with room.store.write() as tx:
        first = room.vault.put_many(tx.connection, [new_text("t-1")])[0]
        thread.start()
        assert entered.wait(10)
        assert not finished.wait(0.2)
    thread.join(10)

    assert outcome == [first if words == WORDS else "vault.text_differs"]
    assert room.read() == WORDS


def test_every_reading_is_logged_with_reader_purpose_and_instant(room: Room) -> None:
    room.put()
    room.read()
    with room.store.write() as tx:
        room.vault.read(
            tx.connection, text_id="t-1", reader="giam-sat/01", purpose=Purpose.SUPERVISION
        )

    with room.store.read() as connection:
        accesses = room.vault.accesses(connection, text_id="t-1", limit=10)
        latest = room.vault.accesses(connection, text_id="t-1", limit=1)
        none = room.vault.accesses(connection, text_id="t-1", limit=-1)

    assert {(access.reader, access.purpose, access.at) for access in accesses} == {
        ("mttq-ba-dinh/can-bo-1", Purpose.SCREENING, NOW),
        ("giam-sat/01", Purpose.SUPERVISION, NOW),
    }
    assert (len(latest), len(none)) == (1, 0)


def test_a_reading_that_is_rolled_back_leaves_no_log_line(room: Room) -> None:
    room.put()

    def read_and_fail() -> None:
        with room.store.write() as tx:
            room.vault.read(
                tx.connection, text_id="t-1", reader="giam-sat/01", purpose=Purpose.AUDIT
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        read_and_fail()

    assert room.count(room.tables.access) == 0


@pytest.mark.parametrize("reader", ["Nguyễn Thị Mận", "Nguyen Thi Man", "", "/x", "x" * 121])
def test_a_reader_that_could_be_a_persons_name_is_refused(room: Room, reader: str) -> None:
    room.put()
    with room.store.write() as tx, pytest.raises(BadInput) as caught:
        room.vault.read(tx.connection, text_id="t-1", reader=reader, purpose=Purpose.AUDIT)

    assert str(caught.value) == "vault.not_a_key name=reader"


def test_a_key_for_another_use_depends_on_the_use_and_on_the_deployments_key(room: Room) -> None:
    again = room.vault_under(OTHER_KEY)
    derived = room.vault.derived_key("a use")
    assert len(derived) == 32
    assert derived == room.vault.derived_key("a use")
    assert derived not in (room.vault.derived_key("another"), again.derived_key("a use"))


def test_a_purpose_outside_the_list_is_refused_before_anything_is_logged(room: Room) -> None:
    room.put()
    with room.store.write() as tx, pytest.raises(ValueError, match="curiosity"):
        room.vault.read(
            tx.connection,
            text_id="t-1",
            reader="giam-sat/01",
            purpose="curiosity",  # type: ignore[arg-type]  # as an untyped caller would
        )

    assert room.count(room.tables.access) == 0


def test_an_id_that_names_nothing_is_not_found(room: Room) -> None:
    with pytest.raises(NotFound) as caught:
        room.read("t-2")

    assert str(caught.value) == "vault.unknown_text text_id=t-2"


@pytest.mark.parametrize("text_id", ["Bà Mận", "a\0b", "", "x" * 121])
def test_an_id_that_was_never_given_out_is_not_found_and_not_echoed(
    room: Room, text_id: str
) -> None:
    with pytest.raises(NotFound) as caught:
        room.read(text_id)

    assert str(caught.value) == "vault.unknown_text text_id=?"


@pytest.mark.parametrize("text_id", ["Bà Mận", "a\0b", "", "x" * 121])
def test_a_text_is_not_put_under_what_is_no_key(room: Room, text_id: str) -> None:
    with pytest.raises(BadInput, match=r"vault\.not_a_key name=text_id"):
        room.put(text_id)


def test_what_is_known_of_a_text_is_found_without_opening_it(room: Room) -> None:
    ref = room.put()

    with room.store.read() as connection:
        found = room.vault_under(OTHER_KEY).find(connection, "t-1")

    assert (found.ref, found.province, found.stored_at) == (ref, "ha-noi", NOW)
    assert found.erased_at is None
    assert room.count(room.tables.access) == 0


def test_an_erased_text_is_gone_while_its_reference_stays(room: Room) -> None:
    ref = room.put()

    assert room.erase() is True

    with pytest.raises(NotFound) as caught:
        room.read()
    assert str(caught.value) == "vault.erased text_id=t-1"
    assert room.count(room.tables.key) == 0
    with room.store.read() as connection:
        found = room.vault.find(connection, "t-1")
        assert select_records(connection, room.tables, ["t-1"])["t-1"].text.sealed is None
    assert (found.ref, found.erased_at) == (ref, NOW)


def test_erasing_again_keeps_the_first_instant(room: Room) -> None:
    room.put()
    room.erase()

    assert room.erase(at=NOW + timedelta(days=1)) is False

    with room.store.read() as connection:
        assert room.vault.find(connection, "t-1").erased_at == NOW


def test_erasing_what_is_not_there_is_not_found(room: Room) -> None:
    with pytest.raises(NotFound, match=r"vault\.unknown_text"):
        room.erase("t-2")


def test_an_erased_text_stays_erased_when_it_is_imported_again(room: Room) -> None:
    ref = room.put()
    room.erase()

    assert room.put() == ref
    assert room.count(room.tables.key) == 0


def test_a_key_that_came_back_with_a_restore_is_destroyed_by_replaying_the_erasure(
    room: Room,
) -> None:
    room.put()
    with room.store.read() as connection:
        kept = connection.execute(sa.select(room.tables.key)).mappings().one()
    room.erase()
    with room.store.write() as tx:
        tx.connection.execute(room.tables.key.insert(), dict(kept))

    assert room.erase() is True
    assert room.count(room.tables.key) == 0


def test_a_text_whose_key_was_not_restored_says_so(room: Room) -> None:
    room.put()
    with room.store.write() as tx:
        tx.connection.execute(sa.delete(room.tables.key))

    with pytest.raises(Unavailable) as caught:
        room.read()

    assert str(caught.value) == "vault.key_lost text_id=t-1"


@pytest.mark.parametrize("column", ["sealed", "wrapped"])
@pytest.mark.parametrize("place", [0, 12, -1])
def test_one_changed_bit_is_noticed(room: Room, column: str, place: int) -> None:
    room.put()
    table = room.tables.text if column == "sealed" else room.tables.key
    with room.store.write() as tx:
        stored = bytearray(tx.connection.execute(sa.select(table.c[column])).scalar_one())
        stored[place] ^= 1
        tx.connection.execute(sa.update(table).values({column: bytes(stored)}))

    with pytest.raises(LogTampered) as caught:
        room.read()

    assert str(caught.value) == "vault.text_tampered text_id=t-1"
    assert room.count(room.tables.access) == 0


def test_a_changed_commitment_is_noticed(room: Room) -> None:
    room.put()
    with room.store.write() as tx:
        tx.connection.execute(sa.update(room.tables.text).values(commitment="0" * 64))

    with pytest.raises(LogTampered, match=r"vault\.text_tampered"):
        room.read()


@pytest.mark.parametrize("moved", ["text", "key", "both"])
def test_one_texts_bytes_under_another_texts_id_are_noticed(room: Room, moved: str) -> None:
    room.put("t-1", "nội dung một")
    room.put("t-2", "nội dung hai")
    text, key = room.tables.text, room.tables.key
    with room.store.write() as tx:
        other = select_records(tx.connection, room.tables, ["t-2"])["t-2"]
        assert other.key is not None
        if moved in {"text", "both"}:
            tx.connection.execute(
                sa.update(text)
                .where(text.c.text_id == "t-1")
                .values(sealed=other.text.sealed, commitment=other.text.commitment)
            )
        if moved in {"key", "both"}:
            tx.connection.execute(
                sa.update(key).where(key.c.text_id == "t-1").values(wrapped=other.key.wrapped)
            )

    with pytest.raises(LogTampered, match=r"vault\.text_tampered"):
        room.read("t-1")


def test_the_disclosed_salt_proves_the_text_against_the_reference(room: Room) -> None:
    ref = room.put()

    with room.store.write() as tx:
        disclosure = room.vault.disclose(
            tx.connection, text_id="t-1", reader="kiem-tra/01", purpose=Purpose.AUDIT
        )

    assert disclosure.ref == ref
    assert commitment_of(disclosure.salt, disclosure.text) == ref.commitment
    assert commitment_of(disclosure.salt, disclosure.text + ".") != ref.commitment


def test_one_text_under_two_ids_has_two_commitments(room: Room) -> None:
    assert room.put("t-1").commitment != room.put("t-2").commitment


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    words=st.text(st.characters(exclude_categories=["Cs", "Cc", "M"]), max_size=300),
    mark=st.sampled_from(["", "\n", "\t", "\u0301", "\u0323\u0302"]),
)
def test_whatever_is_put_comes_back_in_nfc(sqlite_room: Room, words: str, mark: str) -> None:
    text = f"{words}a{mark}{words}"
    text_id = f"t-{sqlite_room.count(sqlite_room.tables.text)}"

    sqlite_room.put(text_id, text)

    assert sqlite_room.read(text_id) == unicodedata.normalize("NFC", text)
