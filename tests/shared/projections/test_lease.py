import time

from shared.projections import Lease
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
