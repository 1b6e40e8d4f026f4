"""Carrying out what other services' events ask of sessions, a batch at a time."""

from collections.abc import Sequence
from datetime import datetime

from services.sessions.commands import Command
from services.sessions.decider import SESSION
from services.sessions.policy import react
from shared.eventlog import Recorded, Task, execute
from shared.kernel.ids import derived_id
from shared.runtime import Runtime
from shared.store import Transaction

ACTOR = "service:sessions"


def stream_of(session_id: str) -> str:
    """Return the name of a session's stream."""
    return f"session-{session_id}"


def on_intake(runtime: Runtime, tx: Transaction, heard: Sequence[Recorded]) -> None:
    """Apply what was heard from one log of Intake, in order, by one append."""
    tasks = [
        _task(each, session_id, command)
        for each in heard
        for session_id, command in react(each.event)
    ]
    if tasks:
        execute(runtime.ledger.log(heard[0].province), tx, SESSION, tasks)


def _task(cause: Recorded, session_id: str, command: Command) -> Task[Command]:
    return Task(
        stream=stream_of(session_id),
        command=command,
        command_id=derived_id(cause.event_id, "sessions", session_id),
        actor=ACTOR,
        at=datetime.fromisoformat(cause.time),
        causation_id=cause.event_id,
        correlation_id=cause.correlation_id,
    )
