"""Reporting as a process: its followers, its relay, its clock, its web application."""

from services.reporting import figures
from services.reporting.api import create_app
from services.reporting.collecting import bring
from services.reporting.keeping import keep
from services.reporting.statistics import statistics
from shared.messaging.shell import (
    AsStored,
    Checkpoints,
    Relays,
    SignedLogs,
    Step,
    WebApp,
    every,
    follow,
)
from shared.requests import FORGET_EVERY_S, forget_old
from shared.runtime import Runtime

CHECKPOINTS_EVERY_S = 5.0
FIGURES_EVERY_S = 10.0
"""A report takes in by itself what is new; this only keeps that little."""


class ReportingService:
    """Keeps the journal and the live figures, and answers over HTTP."""

    name = "reporting"
    relays = Relays()
    checkpoints = Checkpoints()
    web = WebApp(create_app)
    signed_logs = SignedLogs()

    @follow("intake")
    def on_intake(self, step: Step) -> None:
        """Copy Intake's logs."""
        step.apply(AsStored(keep))

    @follow("sessions")
    def on_sessions(self, step: Step) -> None:
        """Copy the logs of Sessions."""
        step.apply(AsStored(keep))

    @follow("assignment")
    def on_assignment(self, step: Step) -> None:
        """Copy Assignment's logs."""
        step.apply(AsStored(keep))

    @every(FIGURES_EVERY_S)
    def on_interval(self, runtime: Runtime) -> None:
        """Take a turn of what is new into the live figures, forget those of files now gone."""
        current = list(statistics().values())
        for statistic in current:
            figures.take_turn(runtime.store, statistic, aside=runtime.aside)
        figures.forget_other_editions(runtime.store, current)

    @every(CHECKPOINTS_EVERY_S)
    def on_checkpoints(self, runtime: Runtime) -> None:
        """Bring the newest checkpoints of all that is copied, to be cosigned."""
        bring(runtime.store, {name: self.signed_logs(name) for name in runtime.definition.follows})

    @every(FORGET_EVERY_S)
    def on_hour(self, runtime: Runtime) -> None:
        """Forget the answers to requests that are too old to come again."""
        forget_old(runtime.store, runtime.definition.requests, runtime.clock())
