"""Heavy calls in threads of the system's, while the green threads of the process go on."""

from collections.abc import Callable

import eventlet.semaphore
import eventlet.tpool

from shared.kernel.aside import T

CALLS_MAX = 4
"""Heavy calls at work at once in a process; more wait for their turn."""

_turns = eventlet.semaphore.Semaphore(CALLS_MAX)


def aside(call: Callable[[], T], /) -> T:
    """Return what `call` returns. See `shared.kernel.aside` for what it may use."""
    with _turns:
        result: T = eventlet.tpool.execute(call)
    return result
