"""The signed logs of other services, for the methods of a service: in this process, or not."""

from collections.abc import Callable
from typing import Protocol

from nameko.extensions import DependencyProvider

from shared.eventlog import Ledger
from shared.eventlog.checkpoints import Checkpoints
from shared.eventlog.tiles import Tile
from shared.kernel.errors import LogTampered
from shared.messaging.http_log import HttpLogs
from shared.messaging.opened import Opened


class SignedLogsOf(Protocol):
    """What a service serves of its signed logs."""

    def checkpoint(self, origin: str) -> bytes | None:
        """Return the newest note about a log; None when there is none."""
        ...

    def keys(self, origin: str) -> tuple[str, ...]:
        """Return the verifier keys that the owner states."""
        ...

    def handovers(self, origin: str) -> bytes:
        """Return what the owner's keys said of those that follow them, one after the other."""
        ...

    def tile(self, origin: str, tile: Tile) -> bytes | None:
        """Return the content of a tile; None when it isn't there."""
        ...


class LocalLogs:
    """The signed logs of a service that is open in this process."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def checkpoint(self, origin: str) -> bytes | None:
        """See `SignedLogsOf`."""
        newest = self._signed(origin).newest()
        return newest.note if newest else None

    def keys(self, origin: str) -> tuple[str, ...]:
        """See `SignedLogsOf`."""
        return tuple(key.verifier_key for key in self._signed(origin).log_keys())

    def handovers(self, origin: str) -> bytes:
        """See `SignedLogsOf`."""
        return self._signed(origin).handovers()

    def tile(self, origin: str, tile: Tile) -> bytes | None:
        """See `SignedLogsOf`."""
        try:
            return self._signed(origin).tile(tile)
        except LogTampered:
            return None

    def _signed(self, origin: str) -> Checkpoints:
        return self._ledger.checkpoints(self._ledger.by_origin(origin))


class SignedLogs(DependencyProvider):
    """Gives a service's methods `(service) -> SignedLogsOf`."""

    opened = Opened()

    def get_dependency(self, worker_ctx: object) -> Callable[[str], SignedLogsOf]:  # noqa: ARG002
        """See nameko."""
        return self._of

    def _of(self, service: str) -> SignedLogsOf:
        ledger = self.opened.ledger_here(service)
        if ledger is not None:
            return LocalLogs(ledger)
        return HttpLogs(self.opened.runtime.settings.url, service)
