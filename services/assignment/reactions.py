"""Carrying out what Intake's and Sessions' events ask for, a batch at a time."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from services.assignment.commands import (
    CancelAssignment,
    Command,
    IssueAssignment,
    TriageReferral,
)
from services.assignment.decider import DECIDER
from services.assignment.policy import HEARD, Standing, assignment_ids_of, react
from services.assignment.standing import standing
from services.assignment.tables import LOG, withdrawn_opinion
from shared.contracts.assignment import AssignmentIssued
from shared.contracts.intake import OpinionWithdrawn
from shared.contracts.vocabulary import AssignmentSource, CancelReason, ReferenceKind
from shared.eventlog import EventLog, Recorded, Task, actor_of, execute, reaction
from shared.kernel.ids import derived_id
from shared.provinces import Province
from shared.runtime import Runtime
from shared.store import Transaction

_RULES_OF_A_REFERRAL = (
    ReferenceKind.PROVINCE,
    ReferenceKind.REGULATION,
    ReferenceKind.CALENDAR,
    ReferenceKind.FIELDS,
)
"""What says who is competent, and until when."""
RULES_OF_AN_END = (ReferenceKind.PROVINCE, ReferenceKind.CALENDAR)
"""What says for how many working days somebody held the matter."""


def issue_assignments(runtime: Runtime, tx: Transaction, heard: Sequence[Recorded]) -> None:
    """Apply what was heard from one log of Intake or Sessions, in order, by one append."""
    asking = [each for each in heard if isinstance(each.event, HEARD)]
    if not asking:
        return
    log = runtime.ledger.log(asking[0].province)
    province = runtime.province(log.province)
    log.lock(tx)  # before looking: who leads what must not change until we are done
    there = standing(tx.connection, [each.event for each in asking])
    tasks: list[Task[Command]] = []
    for each in asking:
        if isinstance(each.event, OpinionWithdrawn):
            _remember(tx.connection, each, each.event, there)
        if _was_referred(tx.connection, log, each, there):
            continue
        for assignment_id, command in react(each.event, province, there):
            there.note(command, assignment_id)
            tasks.append(
                reaction(
                    each,
                    command,
                    service=runtime.name,
                    subject=assignment_id,
                    stream=stream_of(assignment_id),
                    references=_references(command, province),
                )
            )
            if isinstance(command, IssueAssignment):
                tasks += _withdrawn_before(tx.connection, runtime.name, command.terms, province)
    execute(log, tx, DECIDER, tasks)


def stream_of(assignment_id: str) -> str:
    """Return the name of an assignment's stream."""
    return f"assignment-{assignment_id}"


def _was_referred(
    connection: sa.Connection, log: EventLog, each: Recorded, there: Standing
) -> bool:
    """Tell whether this very referral led to an assignment that was cancelled since.

    Heard again it asks for nothing; only another referral does.
    """
    ids = set(assignment_ids_of(each.event)) & there.cancelled
    done = [
        derived_id(derived_id(each.event_id, log.origin.rpartition("/")[2], mine), "0")
        for mine in ids
    ]
    entry = LOG.entry.c
    query = sa.select(entry.id).where(entry.log_no == log.log_no, entry.id.in_(done))
    return bool(done) and connection.execute(query).first() is not None


def _remember(
    connection: sa.Connection, each: Recorded, event: OpinionWithdrawn, there: Standing
) -> None:
    """Keep a withdrawal that comes before the conclusion which covers the opinion."""
    if event.round is None or event.keep_ex_officio:
        return
    if (event.opinion_id, event.round) in there.leads:
        return
    columns = withdrawn_opinion.c
    is_known = columns.opinion_id == event.opinion_id, columns.round == event.round
    if connection.execute(sa.select(columns.round).where(*is_known)).first() is None:
        connection.execute(
            withdrawn_opinion.insert().values(
                opinion_id=event.opinion_id,
                round=event.round,
                event_id=each.event_id,
                time=each.time,
                correlation_id=each.correlation_id,
                withdrawn_on=event.withdrawn_on,
            )
        )


def _withdrawn_before(
    connection: sa.Connection, service: str, terms: AssignmentIssued, province: Province
) -> list[Task[Command]]:
    """Return what an earlier withdrawal asks of an assignment that comes only now.

    The same task as if it had been heard in the other order.
    """
    if len(terms.opinion_ids) != 1:
        return []
    columns = withdrawn_opinion.c
    query = sa.select(withdrawn_opinion).where(
        columns.opinion_id == terms.opinion_ids[0], columns.round == terms.round
    )
    return [
        Task(
            stream=stream_of(terms.assignment_id),
            command=CancelAssignment(
                on=row.withdrawn_on,
                reason=CancelReason.WITHDRAWN,
                calendar=province.calendar,
                opinion_id=row.opinion_id,
            ),
            command_id=derived_id(row.event_id, service, terms.assignment_id),
            actor=actor_of(service),
            at=datetime.fromisoformat(row.time),
            causation_id=row.event_id,
            correlation_id=row.correlation_id,
            references=province.references(*RULES_OF_AN_END),
        )
        for row in connection.execute(query)
    ]


def _references(command: Command, province: Province) -> str:
    """Return what decided it; the terms of a commitment the conclusion itself did."""
    match command:
        case IssueAssignment(terms=terms):
            is_referral = terms.source_kind is AssignmentSource.REFERRAL
            return province.references(*_RULES_OF_A_REFERRAL) if is_referral else ""
        case TriageReferral():
            return province.references(*_RULES_OF_A_REFERRAL)
        case _:
            return province.references(*RULES_OF_AN_END)
