"""The nameko shell of Assignment: what runs beside its web application."""

from functools import partial

import eventlet
from nameko.extensions import DependencyProvider

from services.assignment.api import create_app
from services.assignment.deadlines import notice_missed
from services.assignment.feed_relay import FeedRelay
from services.assignment.reactions import issue_assignments
from shared.messaging.opened import Opened
from shared.messaging.relays import STOP_S
from shared.messaging.shell import Relays, Step, WebApp, daily, every, follow
from shared.requests import FORGET_EVERY_S, forget_old
from shared.runtime import Runtime


class FeedRelays(DependencyProvider):
    """Publishes the agencies' feeds for as long as the container runs."""

    opened = Opened()

    def start(self) -> None:
        """See nameko."""
        runtime = self.opened.runtime
        self._relay = FeedRelay(runtime.ledger, runtime.definition.follow, runtime.settings.broker)
        self._thread = self.container.spawn_managed_thread(self._relay.run, "agency feeds")

    def stop(self) -> None:
        """See nameko."""
        self._relay.stop()
        with eventlet.Timeout(STOP_S, exception=False):
            self._thread.wait()

    def kill(self) -> None:
        """See nameko."""
        self._thread.kill()


class AssignmentService:
    """Follows Intake and Sessions, looks at due dates, publishes the log and the feeds."""

    name = "assignment"
    relays = Relays()
    feeds = FeedRelays()
    web = WebApp(create_app)

    @follow("intake")
    def on_intake(self, step: Step) -> None:
        """Issue an assignment for each opinion that was referred."""
        step.apply(partial(issue_assignments, step.runtime))

    @follow("sessions")
    def on_sessions(self, step: Step) -> None:
        """Issue an assignment for each commitment of a conclusion."""
        step.apply(partial(issue_assignments, step.runtime))

    @daily()
    def on_day(self, runtime: Runtime) -> None:
        """Record the deadlines that were missed."""
        notice_missed(runtime)

    @every(FORGET_EVERY_S)
    def on_hour(self, runtime: Runtime) -> None:
        """Forget the answers to requests that are too old to come again."""
        forget_old(runtime.store, runtime.definition.requests, runtime.clock())
