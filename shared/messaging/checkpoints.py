"""Signing a service's logs in its own worker, where no process of its own does that."""

import eventlet
import eventlet.event
from nameko.extensions import DependencyProvider

from shared.messaging.opened import Opened


class Checkpoints(DependencyProvider):
    """Runs the checkpointer of the container's service, if it was opened with one."""

    opened = Opened()

    def start(self) -> None:
        """See nameko."""
        checkpointer = self.opened.runtime.checkpointer
        self._over = eventlet.event.Event()
        self._thread = None
        if checkpointer is not None:
            self._thread = self.container.spawn_managed_thread(
                lambda: checkpointer.run(self._pause), f"checkpointer of {self.opened.runtime.name}"
            )

    def _pause(self, seconds: float) -> bool:
        with eventlet.Timeout(seconds, exception=False):
            self._over.wait()
        return self._over.ready()

    def stop(self) -> None:
        """See nameko. The workers are done by now: their last entries are signed too."""
        if self._thread:
            self._over.send()
            self._thread.wait()

    def kill(self) -> None:
        """See nameko."""
        if self._thread:
            self._thread.kill()
