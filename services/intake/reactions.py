"""Carrying out what other services' events ask of opinions, a batch at a time."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from services.intake import early, handling_rights, known_sessions, read_model, references
from services.intake.decider import OPINION
from services.intake.policy import react
from shared.contracts.sessions import OpinionRaised, SessionRescheduled
from shared.contracts.vocabulary import TextRefusal
from shared.eventlog import Recorded, execute, reaction
from shared.runtime import Runtime
from shared.store import Transaction

NONE_REFUSED: Mapping[str, TextRefusal] = {}


def on_sessions(runtime: Runtime, tx: Transaction, heard: Sequence[Recorded]) -> None:
    """Apply entries of one log of Sessions, in order."""
    known_sessions.note(tx.connection, heard)
    raised = [each.event.opinion_id for each in heard if isinstance(each.event, OpinionRaised)]
    if not raised:
        _execute(runtime, tx, heard)
        return
    runtime.ledger.log(heard[0].province).lock(tx)  # before looking whose a text is
    _execute(runtime, tx, heard, references.refusals(tx.connection, runtime.vault, heard))
    _execute(runtime, tx, early.take(tx.connection, raised, heard[0].province))


def on_assignment(runtime: Runtime, tx: Transaction, heard: Sequence[Recorded]) -> None:
    """Apply entries of one log of Assignment, in order."""
    for each in heard:
        handling_rights.note(tx.connection, each)
    concerned = {
        opinion_id
        for each in heard
        if isinstance(each.event, early.Early)
        for opinion_id in each.event.opinion_ids
    }
    known = read_model.known(tx.connection, sorted(concerned))
    early.keep(tx.connection, heard, concerned - known.keys())
    _execute(runtime, tx, heard)


def _execute(
    runtime: Runtime,
    tx: Transaction,
    heard: Sequence[Recorded],
    texts_refused: Mapping[str, TextRefusal] = NONE_REFUSED,
) -> None:
    log = runtime.ledger.log(heard[0].province) if heard else None
    if log is None:
        return
    if any(isinstance(each.event, SessionRescheduled) for each in heard):
        log.lock(tx)  # before looking which opinions are on its agenda
    tasks = [
        reaction(
            each,
            command,
            service=runtime.name,
            subject=opinion_id,
            stream=f"opinion-{opinion_id}",
        )
        for each in heard
        for opinion_id, command in react(
            each.event,
            texts_refused.get(each.event_id),
            on_agenda=_on_agenda(tx.connection, each),
        )
    ]
    if tasks:
        execute(log, tx, OPINION, tasks)


def _on_agenda(connection: sa.Connection, each: Recorded) -> Sequence[str]:
    if not isinstance(each.event, SessionRescheduled):
        return ()
    return read_model.on_agenda(connection, each.event.session_id, each.province)
