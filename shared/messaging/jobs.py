"""`@every` and `@daily`: work by the clock, done by one of a service's processes.

The decorated method gets the runtime. A lease chooses the process; when that one dies,
another takes over within seconds and runs the job again. So a job must be idempotent:
its events derive their ids from what they are about.
"""

import logging
import time
from datetime import date
from typing import Any

import eventlet
import eventlet.event
from nameko.extensions import Entrypoint

from shared.kernel.clock import civil_date
from shared.messaging.broker import pauses_s
from shared.messaging.opened import Opened
from shared.projections import Lease
from shared.projections.faults import code_of, place_of

_log = logging.getLogger(__name__)

LEASE_S = 15.0
GRAIN_S = 0.1


class Job(Entrypoint):
    """Runs the decorated method whenever `_is_due` says so, in a nameko worker."""

    opened = Opened()

    def __init__(self, **options: Any) -> None:
        self._stopping = False
        super().__init__(**options)

    def start(self) -> None:
        """See nameko."""
        runtime = self.opened.runtime
        self._name = f"job:{runtime.name}.{self.method_name}"
        self._lease = Lease(runtime.store, runtime.definition.follow, self._name, lasts_s=LEASE_S)
        self._thread = self.container.spawn_managed_thread(self._run, self._name)

    def stop(self) -> None:
        """See nameko. Returns when the run under way is over."""
        self._stopping = True
        self._thread.wait()

    def kill(self) -> None:
        """See nameko."""
        self._thread.kill()

    def _is_due(self) -> bool:
        raise NotImplementedError

    def _done(self) -> None:
        raise NotImplementedError

    def _run(self) -> None:
        pauses = pauses_s()
        while not self._stopping:
            try:
                if self._lease.is_held() and self._is_due():
                    self._work()
                    self._done()
                pauses = pauses_s()
                eventlet.sleep(GRAIN_S)
            except Exception as error:  # noqa: BLE001 - a job that failed is tried again
                pause_s = next(pauses)
                _log.warning(
                    "%s is tried again in %.1f s: %s at %s",
                    self._name,
                    pause_s,
                    code_of(error),
                    place_of(error),
                )
                eventlet.sleep(pause_s)
        self._lease.give_up()

    def _work(self) -> None:
        over = eventlet.event.Event()

        def finished(_context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            over.send(exc_info[1] if exc_info else None)
            return result, exc_info

        self.container.spawn_worker(self, (self.opened.runtime,), {}, handle_result=finished)
        error = over.wait()
        if error is not None:
            raise error


class Every(Job):
    """Entrypoint: run the method at the start, then `seconds` after each end."""

    def __init__(self, seconds: float, **options: Any) -> None:
        self._seconds = seconds
        self._due_at = 0.0
        super().__init__(**options)

    def _is_due(self) -> bool:
        return time.monotonic() >= self._due_at

    def _done(self) -> None:
        self._due_at = time.monotonic() + self._seconds


class Daily(Job):
    """Entrypoint: run the method at the start, then once on each civil day of Viet Nam.

    The day is that of the service's clock, which may be simulated.
    """

    def __init__(self, **options: Any) -> None:
        self._done_on: date | None = None
        super().__init__(**options)

    def _today(self) -> date:
        return civil_date(self.opened.runtime.clock())

    def _is_due(self) -> bool:
        self._looked_on = self._today()
        return self._looked_on != self._done_on

    def _done(self) -> None:
        self._done_on = self._looked_on


every = Every.decorator
daily = Daily.decorator
