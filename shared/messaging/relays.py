"""The relay of a service, for as long as its container runs."""

import eventlet
from nameko.extensions import DependencyProvider

from shared.messaging.naming import events_exchange
from shared.messaging.opened import Opened
from shared.messaging.relay import Relay
from shared.messaging.wire import open_wire

STOP_S = 8.0
"""Longest wait at the end for the batch under way; what is not confirmed is sent again."""


class Relays(DependencyProvider):
    """Publishes the logs of the container's service."""

    opened = Opened()

    def start(self) -> None:
        """See nameko."""
        runtime = self.opened.runtime
        self._relay = Relay(
            runtime.ledger,
            runtime.definition.follow,
            lambda: open_wire(
                runtime.settings.broker,
                events_exchange(runtime.name),
                stopping=lambda: self._relay.stopping,
            ),
        )
        self.opened.relay = self._relay
        self._thread = self.container.spawn_managed_thread(
            self._relay.run, f"relay of {runtime.name}"
        )

    def stop(self) -> None:
        """See nameko. The workers are done by now: their last entries still go out."""
        self._relay.stop()
        with eventlet.Timeout(STOP_S, exception=False):
            self._thread.wait()

    def kill(self) -> None:
        """See nameko."""
        self._thread.kill()
