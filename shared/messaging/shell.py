'''The nameko rim, as a service sees it.

    class AssignmentService:
        """Runs assignment: its followers, relay, checkpointer, timer, its web application."""

        name = "assignment"
        relays = Relays()
        checkpoints = Checkpoints()
        web = WebApp(create_app)

        @follow("intake")
        def on_intake(self, step: Step) -> None:
            """React to opinions that were referred, withdrawn or reopened."""
            step.apply(partial(intake_reactions.apply, step.runtime))

        @daily()
        def on_day(self, runtime: Runtime) -> None:
            """Record the deadlines that were missed."""
            deadlines.miss(runtime)

A handler is `(tx, recorded) -> None`: it applies checked entries of one log inside `tx`.
`AsStored(keep)` in its place has the entries' own bytes.

The process is made by `deploy.processes`, which patches with eventlet before anything
else, opens the runtimes, each with `aside` for its heavy calls, and gives nameko's runner
this configuration:

    {
        "RUNTIMES": {"intake": Runtime, ...},        # every service opened in this process
        "LISTEN": {"intake": ("127.0.0.1", 8461)},   # which of them serve their app here
    }

Owners that are in RUNTIMES are read in the process, others at `<settings.url>/<owner>/log`.
'''

from shared.messaging.aside import aside
from shared.messaging.checkpoints import Checkpoints
from shared.messaging.follow import Step, follow
from shared.messaging.jobs import daily, every
from shared.messaging.opened import Opened
from shared.messaging.relays import Relays
from shared.messaging.served import WebApp, WebServer
from shared.messaging.signed_logs import SignedLogs
from shared.projections import AsStored

__all__ = [
    "AsStored",
    "Checkpoints",
    "Opened",
    "Relays",
    "SignedLogs",
    "Step",
    "WebApp",
    "WebServer",
    "aside",
    "daily",
    "every",
    "follow",
]
