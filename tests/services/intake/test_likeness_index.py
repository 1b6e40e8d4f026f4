"""The index of like opinions: what it finds, what it forgets, how far it looks."""

from collections.abc import Iterator, Sequence
from random import Random

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from services.intake import likeness_index
from services.intake.likeness_index import NEWEST_PER_BAND, SKETCHES_COMPARED, Sketched
from services.intake.sketch import BANDS, SLOTS, estimated_permille
from services.intake.tables import METADATA, likeness_band, likeness_sketch

LOG_NO, OTHER_LOG_NO = 1, 2
FULL = bytes(range(SLOTS))

slots = st.sampled_from([1, 2])
sketches = st.lists(slots, min_size=SLOTS // 8, max_size=SLOTS // 8).map(
    lambda eighth: bytes(each for slot in eighth for each in [slot] * 8)
)
many = st.lists(sketches, max_size=12)


@pytest.fixture(scope="module")
def engine() -> Iterator[sa.Engine]:
    made = sa.create_engine("sqlite://")
    METADATA.create_all(made)
    yield made
    made.dispose()


def sketched(made: Sequence[bytes], start: int = 0) -> list[Sketched]:
    return [
        Sketched(position=place, opinion_id=f"o-{place}", text_id=f"t-{place}", sketch=each)
        for place, each in enumerate(made, start)
    ]


def held(connection: sa.Connection) -> list[list[sa.Row[tuple[object, ...]]]]:
    return [
        list(connection.execute(sa.select(table).order_by(*table.primary_key)))
        for table in (likeness_sketch, likeness_band)
    ]


def likest(connection: sa.Connection, made: bytes, limit: int = 500) -> list[int]:
    found = likeness_index.likest(connection, LOG_NO, made, limit=limit)
    return [each.position for each in found]


@given(kept=many, gone=sketches, asked=sketches)
def test_an_index_that_forgot_a_text_is_one_that_never_had_it(
    engine: sa.Engine, kept: list[bytes], gone: bytes, asked: bytes
) -> None:
    with engine.connect() as connection, connection.begin() as transaction:
        likeness_index.add(connection, LOG_NO, sketched(kept))
        never, before = held(connection), likest(connection, asked)
        likeness_index.add(connection, LOG_NO, sketched([gone], start=len(kept)))
        assert likeness_index.forget(connection, f"t-{len(kept)}")
        assert held(connection) == never
        assert likest(connection, asked) == before
        transaction.rollback()


@given(made=many, asked=sketches)
def test_the_likest_come_first_and_equal_ones_newest_first(
    engine: sa.Engine, made: list[bytes], asked: bytes
) -> None:
    with engine.connect() as connection, connection.begin() as transaction:
        likeness_index.add(connection, LOG_NO, sketched(made))
        found = likest(connection, asked)
        ranks = [(-estimated_permille(asked, made[place]), -place) for place in found]
        assert ranks == sorted(ranks)
        assert likest(connection, asked, limit=2) == found[:2]
        transaction.rollback()


@given(made=many, asked=sketches, chance=st.randoms(use_true_random=False))
def test_the_order_of_adding_changes_nothing(
    engine: sa.Engine, made: list[bytes], asked: bytes, chance: Random
) -> None:
    shuffled = sketched(made)
    chance.shuffle(shuffled)
    found = []
    for order in (sketched(made), shuffled):
        with engine.connect() as connection, connection.begin() as transaction:
            for each in order:
                likeness_index.add(connection, LOG_NO, [each])
            found.append((held(connection), likest(connection, asked)))
            transaction.rollback()
    assert found[0] == found[1]


def test_however_many_are_alike_only_the_newest_are_looked_at(engine: sa.Engine) -> None:
    number = NEWEST_PER_BAND + 50
    with engine.connect() as connection, connection.begin() as transaction:
        likeness_index.add(connection, LOG_NO, sketched([FULL] * number))
        found = likest(connection, FULL)
        assert found == list(range(number - 1, 49, -1))
        assert len(found) == NEWEST_PER_BAND <= SKETCHES_COMPARED
        transaction.rollback()


def test_one_log_knows_nothing_of_another_and_is_forgotten_alone(engine: sa.Engine) -> None:
    with engine.connect() as connection, connection.begin() as transaction:
        likeness_index.add(connection, LOG_NO, sketched([FULL]))
        likeness_index.add(connection, OTHER_LOG_NO, sketched([FULL], start=7))
        assert likest(connection, FULL) == [0]
        likeness_index.forget_log(connection, LOG_NO)
        assert likest(connection, FULL) == []
        ((row,), left) = held(connection)
        assert (row.log_no, len(left)) == (OTHER_LOG_NO, BANDS)
        transaction.rollback()
