"""Carrying out what other services' events ask of sessions, a batch at a time."""

from collections.abc import Sequence

from services.sessions import topics
from services.sessions.decider import SESSION
from services.sessions.policy import react
from shared.eventlog import Recorded, execute, reaction
from shared.runtime import Runtime
from shared.store import Transaction


def stream_of(session_id: str) -> str:
    """Return the name of a session's stream."""
    return f"session-{session_id}"


def on_intake(runtime: Runtime, tx: Transaction, heard: Sequence[Recorded]) -> None:
    """Apply what was heard from one log of Intake, in order, by one append."""
    topics.hear(tx.connection, heard)
    on_assignment(runtime, tx, heard)


def on_assignment(runtime: Runtime, tx: Transaction, heard: Sequence[Recorded]) -> None:
    """Apply what was heard from one log of Assignment, in order, by one append."""
    tasks = [
        reaction(
            each,
            command,
            service=runtime.name,
            subject=session_id,
            stream=stream_of(session_id),
        )
        for each in heard
        for session_id, command in react(each.event)
    ]
    if tasks:
        execute(runtime.ledger.log(heard[0].province), tx, SESSION, tasks)
