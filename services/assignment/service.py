"""The nameko shell of Assignment: what runs beside its web application."""

from functools import partial
from typing import cast

import eventlet
from nameko.extensions import DependencyProvider

from services.assignment.api import create_app
from services.assignment.daily import look_daily
from services.assignment.feed_relay import FeedRelay
from services.assignment.reactions import issue_assignments
from services.assignment.webhook_dispatch import WebhookDispatch
from shared.messaging.opened import Opened
from shared.messaging.relays import STOP_S
from shared.messaging.shell import Checkpoints, Relays, Step, WebApp, daily, every, follow
from shared.requests import FORGET_EVERY_S, forget_old
from shared.runtime import Runtime


class _Outlet(DependencyProvider):
    """Sends the agencies' feeds out for as long as the container runs."""

    opened = Opened()
    what = ""

    def make(self, runtime: Runtime) -> FeedRelay | WebhookDispatch:
        """Return what does the work, not yet started."""
        raise NotImplementedError

    def start(self) -> None:
        """See nameko."""
        self._outlet = self.make(cast("Runtime", self.opened.runtime))
        self._thread = self.container.spawn_managed_thread(self._outlet.run, self.what)

    def stop(self) -> None:
        """See nameko."""
        self._outlet.stop()
        with eventlet.Timeout(STOP_S, exception=False):
            self._thread.wait()

    def kill(self) -> None:
        """See nameko."""
        self._thread.kill()


class FeedRelays(_Outlet):
    """Publishes the agencies' feeds over the broker."""

    what = "agency feeds"

    def make(self, runtime: Runtime) -> FeedRelay:
        """Return the relay."""
        return FeedRelay(runtime.ledger, runtime.definition.follow, runtime.settings.broker)


class Webhooks(_Outlet):
    """Sends the feeds of agencies without AMQP to their webhooks."""

    what = "agency webhooks"

    def make(self, runtime: Runtime) -> WebhookDispatch:
        """Return the dispatch."""
        return WebhookDispatch(
            runtime.ledger,
            runtime.definition.follow,
            runtime.vault,
            runtime.settings.webhook_networks,
        )


class AssignmentService:
    """Follows Intake and Sessions, looks at due dates, sends out the log and the feeds."""

    name = "assignment"
    relays = Relays()
    checkpoints = Checkpoints()
    feeds = FeedRelays()
    webhooks = Webhooks()
    web = WebApp(create_app)

    @follow("intake")
    def on_intake(self, step: Step) -> None:
        """Issue an assignment for each opinion that is referred or reopened; end the withdrawn."""
        step.apply(partial(issue_assignments, step.runtime))

    @follow("sessions")
    def on_sessions(self, step: Step) -> None:
        """Issue an assignment for each commitment of a conclusion, and follow its amendments."""
        step.apply(partial(issue_assignments, step.runtime))

    @daily()
    def on_day(self, runtime: Runtime) -> None:
        """Record what follows from the day: misses, silence, reminders, successions."""
        look_daily(runtime)

    @every(FORGET_EVERY_S)
    def on_hour(self, runtime: Runtime) -> None:
        """Forget the answers to requests that are too old to come again."""
        forget_old(runtime.store, runtime.definition.requests, runtime.clock())
