"""What the chain's services store, record and do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from shared.contracts.assignment import AssignmentAccepted
from shared.contracts.intake import OpinionAccepted
from shared.contracts.vocabulary import AssignmentSource, Channel, Level, OpinionKind
from shared.eventlog import Draft, Ledger, LogTables, Recorded, log_tables
from shared.kernel.clock import Clock, system_clock
from shared.kernel.ids import derived_id
from shared.projections import FollowTables, follow_tables
from shared.store import Store, Transaction
from shared.vault import Vault, VaultTables, vault_tables

DEPLOYMENT = "doithoai.test"
PROVINCES = ("ha-nam", "ha-noi")
PEERS = {"questions": "replies", "replies": "questions"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """The tables of one service, in a MetaData of their own."""

    metadata: sa.MetaData
    log: LogTables
    follow: FollowTables
    vault: VaultTables
    effect: sa.Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the broker and the other service are."""

    broker: str = "memory://"
    url: str = "http://127.0.0.1:1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainRuntime:
    """One service, open."""

    name: str
    settings: Addresses
    definition: Definition
    store: Store
    ledger: Ledger
    vault: Vault
    clock: Clock
    service_secret: bytes = b"the chain's services know each other by this"
    ticks: Path | None = None
    """Where the job of `replies` leaves a line each time."""
    broken: str = ""
    """A log whose pages this service can't give."""


def define() -> Definition:
    """Return the tables of a service."""
    metadata = sa.MetaData()
    return Definition(
        metadata=metadata,
        log=log_tables(metadata),
        follow=follow_tables(metadata),
        vault=vault_tables(metadata),
        effect=sa.Table(
            "effect",
            metadata,
            sa.Column("origin", sa.Text, primary_key=True),
            sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
            sa.Column("opinion_id", sa.Text, nullable=False, unique=True),
        ),
    )


def open_service(
    name: str,
    url: str,
    *,
    addresses: Addresses | None = None,
    create: bool = True,
    clock: Clock = system_clock,
    ticks: Path | None = None,
    broken: str = "",
) -> ChainRuntime:
    """Return the service called `name` on the database at `url`."""
    definition, store = define(), Store(url)
    if create:
        definition.metadata.create_all(store.engine)
    return ChainRuntime(
        name=name,
        settings=addresses or Addresses(),
        definition=definition,
        store=store,
        ledger=Ledger(
            service=name,
            deployment=DEPLOYMENT,
            store=store,
            tables=definition.log,
            read_model=_no_read_model,
            clock=clock,
            provinces=PROVINCES,
        ),
        vault=Vault(definition.vault, name, bytes(32), clock),
        clock=clock,
        ticks=ticks,
        broken=broken,
    )


def _no_read_model(_connection: sa.Connection, _recorded: Sequence[Recorded]) -> None:
    """Keep nothing: the effects are what the chain looks at."""


def question(opinion_id: str) -> OpinionAccepted:
    """Return what `questions` records."""
    return OpinionAccepted(
        opinion_id=opinion_id,
        unit="ba-dinh",
        level=Level.COMMUNE,
        field="education",
        opinion_kind=OpinionKind.PROPOSAL,
        channel=Channel.SESSION,
        organisation="mttq-ba-dinh",
        voices=1,
        received_on=date(2021, 3, 1),
    )


def reply(opinion_id: str) -> AssignmentAccepted:
    """Return what `replies` records for a question."""
    return AssignmentAccepted(
        assignment_id=f"reply-{opinion_id}",
        source_kind=AssignmentSource.REFERRAL,
        agency="so-giao-duc",
        unit="ba-dinh",
        level=Level.COMMUNE,
        field="education",
        round=1,
        opinion_ids=(opinion_id,),
        opinions=1,
        issued_on=date(2021, 3, 2),
        due_on=date(2021, 3, 20),
        accepted_on=date(2021, 3, 3),
    )


def ask(runtime: ChainRuntime, province: str, opinion_ids: Sequence[str]) -> None:
    """Record a question for each of `opinion_ids`; one that is there already stays."""
    log = runtime.ledger.log(province)
    with runtime.store.write() as tx:
        log.append(
            tx,
            [
                Draft(
                    id=derived_id("question", opinion_id),
                    stream=f"opinion-{opinion_id}",
                    event=question(opinion_id),
                    actor="test",
                    occurred_at="2021-03-01T00:00:00.000000Z",
                )
                for opinion_id in opinion_ids
            ],
        )


def on_questions(runtime: ChainRuntime, tx: Transaction, recorded: Sequence[Recorded]) -> None:
    """Note each question, and record its reply."""
    note(runtime, tx, recorded)
    runtime.ledger.log(recorded[0].province).append(
        tx,
        [
            Draft(
                id=derived_id("reply", each.event_id),
                stream=f"assignment-{opinion_of(each)}",
                event=reply(opinion_of(each)),
                actor="service:replies",
                occurred_at=each.occurred_at,
                causation_id=each.event_id,
            )
            for each in recorded
        ],
    )


def note(runtime: ChainRuntime, tx: Transaction, recorded: Sequence[Recorded]) -> None:
    """Have the effect of each entry: a row that can be inserted once."""
    tx.connection.execute(
        runtime.definition.effect.insert(),
        [
            {
                "origin": each.origin,
                "position": each.position,
                "opinion_id": opinion_of(each),
            }
            for each in recorded
        ],
    )


def opinion_of(recorded: Recorded) -> str:
    """Return the opinion that a question or a reply is about."""
    event: Any = recorded.event
    return str(getattr(event, "opinion_id", None) or event.opinion_ids[0])


def effects(runtime: ChainRuntime) -> list[tuple[str, int, str]]:
    """Return every effect: origin, position, opinion, in order."""
    columns = runtime.definition.effect.c
    with runtime.store.read() as connection:
        rows = connection.execute(
            sa.select(columns.origin, columns.position, columns.opinion_id).order_by(
                columns.origin, columns.position
            )
        )
        return [tuple(row) for row in rows]
