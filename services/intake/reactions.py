"""Carrying out what other services' events ask of opinions, a batch at a time."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from services.intake import early, read_model, references
from services.intake.decider import OPINION
from services.intake.policy import react
from services.intake.tables import handling
from shared.contracts.assignment import AnswerReleased, AssignmentIssued, DeadlineMissed
from shared.contracts.sessions import OpinionRaised
from shared.contracts.vocabulary import TextRefusal
from shared.eventlog import Recorded, execute, reaction
from shared.runtime import Runtime
from shared.store import Transaction

NONE_REFUSED: Mapping[str, TextRefusal] = {}


def on_sessions(runtime: Runtime, tx: Transaction, heard: Sequence[Recorded]) -> None:
    """Apply entries of one log of Sessions, in order."""
    read_model.note_sessions(tx.connection, heard)
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
        _note_handling(tx.connection, each)
    concerned = {
        opinion_id
        for each in heard
        if isinstance(each.event, AnswerReleased | DeadlineMissed)
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
    tasks = [
        reaction(
            each,
            command,
            service=runtime.name,
            subject=opinion_id,
            stream=f"opinion-{opinion_id}",
        )
        for each in heard
        for opinion_id, command in react(each.event, texts_refused.get(each.event_id))
    ]
    if tasks:
        execute(runtime.ledger.log(heard[0].province), tx, OPINION, tasks)


def _note_handling(connection: sa.Connection, each: Recorded) -> None:
    """Let the agencies of an open assignment read its opinions' texts, and end it."""
    match each.event:
        case AssignmentIssued() as issued:
            agencies = dict.fromkeys((issued.agency, *issued.cooperating_agencies))
            rows = [
                {
                    "opinion_id": opinion_id,
                    "assignment_id": issued.assignment_id,
                    "agency": agency,
                }
                for opinion_id in dict.fromkeys(issued.opinion_ids)
                for agency in agencies
            ]
            if rows:
                connection.execute(handling.insert(), rows)
        case AnswerReleased() as released:
            connection.execute(
                handling.delete().where(handling.c.assignment_id == released.assignment_id)
            )
        case _:
            return
