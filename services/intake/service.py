"""The nameko shell of Intake: whom it hears, and what runs beside it. No decisions."""

from functools import partial

from services.intake import reactions
from services.intake.api import create_app
from services.intake.indexing import INDEX_EVERY_S, catch_up
from services.intake.lapsing import look
from shared.messaging.shell import Checkpoints, Relays, Step, WebApp, daily, every, follow
from shared.requests import FORGET_EVERY_S, forget_old
from shared.runtime import Runtime


class IntakeService:
    """Runs Intake: its relay, its followers, its web application."""

    name = "intake"
    relays = Relays()
    checkpoints = Checkpoints()
    web = WebApp(create_app)

    @follow("sessions")
    def on_sessions(self, step: Step) -> None:
        """Receive what was raised, answered on the spot, promised or rejected."""
        step.apply(partial(reactions.on_sessions, step.runtime))

    @follow("assignment")
    def on_assignment(self, step: Step) -> None:
        """Note who handles an opinion, and what was answered."""
        step.apply(partial(reactions.on_assignment, step.runtime))

    @every(INDEX_EVERY_S)
    def on_interval(self, runtime: Runtime) -> None:
        """Take what is new into the index of like opinions."""
        catch_up(runtime)

    @daily()
    def on_day(self, runtime: Runtime) -> None:
        """Record what lapsed, and close what is done."""
        look(runtime)

    @every(FORGET_EVERY_S)
    def on_hour(self, runtime: Runtime) -> None:
        """Forget the answers to requests that are too old to come again."""
        forget_old(runtime.store, runtime.definition.requests, runtime.clock())
