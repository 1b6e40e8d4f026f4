"""Carrying out what Intake's and Sessions' events ask for, a batch at a time."""

from collections.abc import Sequence

from services.assignment import read_model
from services.assignment.commands import Command
from services.assignment.decider import DECIDER
from services.assignment.policy import assignment_ids_of, opinions_of, react
from shared.contracts.assignment import AssignmentIssued
from shared.contracts.vocabulary import AssignmentSource, ReferenceKind
from shared.eventlog import Recorded, Task, execute, reaction
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


def issue_assignments(runtime: Runtime, tx: Transaction, heard: Sequence[Recorded]) -> None:
    """Apply what was heard from one log of Intake or Sessions, in order, by one append."""
    asking = [each for each in heard if opinions_of(each.event) or assignment_ids_of(each.event)]
    if not asking:
        return
    log = runtime.ledger.log(asking[0].province)
    province = runtime.province(log.province)
    log.lock(tx)  # before looking: who leads what must not change until we are done
    led = read_model.led(
        tx.connection, {pair for each in asking for pair in opinions_of(each.event)}
    )
    issued = read_model.issued(
        tx.connection, {found for each in asking for found in assignment_ids_of(each.event)}
    )
    tasks: list[Task[Command]] = []
    for each in asking:
        for command in react(each.event, province, led=led, issued=issued):
            terms = command.terms
            issued.add(terms.assignment_id)
            led.update((opinion_id, terms.round) for opinion_id in terms.opinion_ids)
            tasks.append(
                reaction(
                    each,
                    command,
                    service=runtime.name,
                    subject=terms.assignment_id,
                    stream=stream_of(terms.assignment_id),
                    references=_references(terms, province),
                )
            )
    execute(log, tx, DECIDER, tasks)


def stream_of(assignment_id: str) -> str:
    """Return the name of an assignment's stream."""
    return f"assignment-{assignment_id}"


def _references(terms: AssignmentIssued, province: Province) -> str:
    """Return what decided the terms; of a commitment the conclusion itself did."""
    is_referral = terms.source_kind is AssignmentSource.REFERRAL
    return province.references(*_RULES_OF_A_REFERRAL) if is_referral else ""
