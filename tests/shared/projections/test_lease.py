import time

import pytest
import sqlalchemy as sa

from shared.projections import Lease
from shared.store import Store
from tests.faults.chain.record import ChainRuntime


def lease(runtime: ChainRuntime, lasts_s: float = 60.0) -> Lease:
    return Lease(runtime.store, runtime.definition.follow, "relay:replies", lasts_s=lasts_s)


def test_one_holder_at_a_time_renews_and_gives_up(replies: ChainRuntime) -> None:
    first, second = lease(replies), lease(replies)
    assert first.take()
    assert first.take()
    assert not second.take()
    second.give_up()  # takes nothing away from the holder
    assert not second.take()
    first.give_up()
    assert second.take()
    assert not first.take()


def test_a_lease_that_is_not_renewed_ends(replies: ChainRuntime) -> None:
    first, second = lease(replies, 0.2), lease(replies)
    assert first.take()
    assert not second.take()
    time.sleep(0.3)
    assert second.take()
    assert not first.take()


def test_a_lease_is_kept_by_asking_and_asked_for_at_the_database_once_in_a_third_of_it(
    replies: ChainRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = {"now": 100.0}
    monkeypatch.setattr("shared.projections.lease.time.monotonic", lambda: clock["now"])
    first, second = lease(replies), lease(replies)
    taken: list[float] = []
    take = first.take

    def noted() -> bool:
        taken.append(clock["now"])
        return take()

    monkeypatch.setattr(first, "take", noted)
    for _ in range(90):
        assert first.is_held()
        assert not second.is_held()
        clock["now"] += 1
    assert taken == [100, 120, 140, 160, 180]
    first.give_up()
    assert not second.is_held()  # it has just asked
    clock["now"] += 20
    assert second.is_held()
    assert not first.is_held()


def test_giving_up_needs_no_database(
    replies: ChainRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = lease(replies)
    assert first.is_held()
    monkeypatch.setattr(type(replies.store), "write", away)
    first.give_up()


def away(_store: Store) -> None:
    raise sa.exc.OperationalError("", {}, Exception())
