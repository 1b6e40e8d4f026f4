"""The service that a nameko container runs: opened once, shared by all its extensions."""

from typing import Protocol

from nameko.extensions import SharedExtension

from shared.access import service_bearer
from shared.eventlog import Ledger
from shared.eventlog.checkpointer import Checkpointer
from shared.kernel.clock import Clock
from shared.messaging.discretion import be_discreet
from shared.messaging.http_owner import HttpOwner
from shared.messaging.relay import Relay
from shared.projections import Follower, FollowTables, LocalOwner, Owner
from shared.store import Store


class Tables(Protocol):
    """What the rim needs of a service's definition."""

    @property
    def follow(self) -> FollowTables:
        """Its cursors, halts and leases."""


class Addresses(Protocol):
    """What the rim needs of the settings."""

    @property
    def broker(self) -> str:
        """Address of the broker."""

    @property
    def url(self) -> str:
        """The one address in front of all services."""


class Running(Protocol):
    """What the rim needs of a service: `shared.runtime.Runtime` is one."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def settings(self) -> Addresses:
        """Where everything is."""

    @property
    def definition(self) -> Tables:
        """Its tables."""

    @property
    def store(self) -> Store:
        """Its database."""

    @property
    def ledger(self) -> Ledger:
        """Its logs."""

    @property
    def clock(self) -> Clock:
        """What its dates are given by."""

    @property
    def checkpointer(self) -> Checkpointer | None:
        """What signs its logs, where this process has the keys."""

    @property
    def service_secret(self) -> bytes:
        """What services know each other by."""


class Opened(SharedExtension):
    """Holds the runtime of the container's service, from `config["RUNTIMES"][service]`.

    `followers` and `relay` are there for metrics and readiness.
    """

    def setup(self) -> None:
        """Take the runtime; have nameko log codes instead of exceptions."""
        be_discreet()
        self.runtime: Running = self._runtimes[self.container.service_name]
        self.followers: dict[str, Follower] = {}
        self.relay: Relay | None = None

    def owner(self, name: str) -> Owner:
        """Return the replay port of the service called `name`, in this process if it is here."""
        if name in self._runtimes:
            return LocalOwner(self._runtimes[name].ledger)
        runtime = self.runtime
        return HttpOwner(
            runtime.settings.url,
            name,
            lambda: service_bearer(runtime.service_secret, runtime.name),
        )

    def ledger_here(self, name: str) -> Ledger | None:
        """Return the logs of the service called `name`, None when it is in another process."""
        return self._runtimes[name].ledger if name in self._runtimes else None

    @property
    def _runtimes(self) -> dict[str, Running]:
        return self.container.config["RUNTIMES"]
