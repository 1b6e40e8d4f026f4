"""Heavy calls leave the thread of the green ones, and their end comes back to it."""

import threading
from collections.abc import Callable

import eventlet
import pytest

from shared.kernel.aside import here
from shared.kernel.errors import Unavailable
from shared.messaging.aside import CALLS_MAX, aside


def test_a_call_runs_in_another_thread_and_its_result_comes_back() -> None:
    ours = threading.get_ident()
    assert aside(threading.get_ident) != ours
    assert here(threading.get_ident) == ours


def test_what_a_call_raises_comes_back() -> None:
    def fail() -> None:
        raise Unavailable("figures.moving")

    with pytest.raises(Unavailable, match=r"figures\.moving"):
        aside(fail)


def test_no_more_than_a_few_are_at_work_at_once() -> None:
    at_work, most = [0], [0]
    lock, go_on = threading.Lock(), threading.Event()

    def work() -> None:
        with lock:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        go_on.wait(10)
        with lock:
            at_work[0] -= 1

    calls: list[Callable[[], None]] = [work] * (CALLS_MAX * 2)
    threads = [eventlet.spawn(aside, call) for call in calls]
    eventlet.sleep(0.2)
    assert most[0] == at_work[0] == CALLS_MAX
    go_on.set()
    for thread in threads:
        thread.wait()
    assert most[0] == CALLS_MAX
