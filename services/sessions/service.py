"""The nameko shell of Sessions: whom it hears, and what runs beside it. No decisions."""

from functools import partial

from services.sessions import reactions
from services.sessions.api import create_app
from services.sessions.watching import notice_obligations
from shared.messaging.shell import Checkpoints, Relays, Step, WebApp, daily, every, follow
from shared.requests import FORGET_EVERY_S, forget_old
from shared.runtime import Runtime


class SessionsService:
    """Runs Sessions: its relay, its follower, its web application."""

    name = "sessions"
    relays = Relays()
    checkpoints = Checkpoints()
    web = WebApp(create_app)

    @follow("intake")
    def on_intake(self, step: Step) -> None:
        """Take opinions on agendas, or send them back."""
        step.apply(partial(reactions.on_intake, step.runtime))

    @follow("assignment")
    def on_assignment(self, step: Step) -> None:
        """Note how far commitments have come."""
        step.apply(partial(reactions.on_assignment, step.runtime))

    @daily()
    def on_day(self, runtime: Runtime) -> None:
        """Record which duties to hold sessions were met or missed."""
        notice_obligations(runtime)

    @every(FORGET_EVERY_S)
    def on_hour(self, runtime: Runtime) -> None:
        """Forget the answers to requests that are too old to come again."""
        forget_old(runtime.store, runtime.definition.requests, runtime.clock())
