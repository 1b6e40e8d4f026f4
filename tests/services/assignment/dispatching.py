"""A dispatch as a green process: `python -m tests.services.assignment.dispatching URL`.

Says on its last line the longest time in which nothing else had a turn, in seconds.
"""

import warnings

warnings.simplefilter("ignore")

import eventlet  # noqa: E402

eventlet.monkey_patch()  # before anything that imports socket, threading or sqlalchemy

import logging  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402

from services.assignment import read_model  # noqa: E402
from services.assignment.tables import LOG  # noqa: E402
from shared.eventlog import Ledger  # noqa: E402
from shared.kernel.clock import system_clock  # noqa: E402
from shared.store import Store  # noqa: E402
from tests.services.assignment.hooks import dispatch_of  # noqa: E402


def main(url: str) -> None:
    """Deliver until SIGTERM."""
    logging.basicConfig(level=logging.DEBUG)
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda signum, _frame: told.append(signum))
    ledger = Ledger(
        service="assignment",
        deployment="test.local",
        store=Store(url),
        tables=LOG,
        read_model=read_model.apply,
        clock=system_clock,
        provinces=("ha-nam", "ha-noi"),
    )
    dispatch = dispatch_of(ledger)
    worker = eventlet.spawn(dispatch.run)
    print("ready", flush=True)  # noqa: T201 - the test waits for it
    longest_s, last = 0.0, time.monotonic()
    while not told:
        eventlet.sleep(0.02)
        longest_s, last = max(longest_s, time.monotonic() - last), time.monotonic()
    dispatch.stop()
    worker.wait()
    print(longest_s, flush=True)  # noqa: T201 - what the test reads


if __name__ == "__main__":
    main(*sys.argv[1:])
