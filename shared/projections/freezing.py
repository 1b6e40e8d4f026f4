"""Freezing the logs of a province that another succeeds: by an operator, step by step, for good.

Each service takes the same three steps; each step may be repeated, and a later one is
refused until the one before is done everywhere:

1. `close`: no commands any more. What follows from what is recorded is still taken, or a
   reader of another log would halt for ever on what it has to react to.
2. `freeze`: nothing any more, once this service has applied all that the others' logs of
   the province hold and its own log has stopped growing. The checkpointer signs it a last
   time.
3. `name_predecessor`: the successor's log of the same service records where the other ended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa

from shared.contracts.operations import PredecessorNamed
from shared.eventlog import EventLog, Ledger, Outcome, Task, execute
from shared.eventlog.standing import LogState
from shared.kernel.decider import Decider
from shared.kernel.errors import Conflict, Refused, Unavailable
from shared.kernel.ids import derived_id
from shared.projections.cursors import cursors
from shared.projections.tables import FollowTables


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePredecessor:
    """Record that a log goes on with the affairs of another, and how that one ended."""

    origin: str
    size: int
    root: str
    note_sha256: str


def _decide(command: NamePredecessor, named: PredecessorNamed | None) -> list[PredecessorNamed]:
    if named is not None:
        return []
    return [
        PredecessorNamed(
            origin=command.origin,
            size=command.size,
            root=command.root,
            note_sha256=command.note_sha256,
        )
    ]


PREDECESSOR: Decider[NamePredecessor, PredecessorNamed | None, PredecessorNamed] = Decider(
    initial=None, decide=_decide, evolve=lambda _, event: event
)
"""The naming of one predecessor: once, whatever becomes of its note."""


def stream_of(origin: str) -> str:
    """Return the stream in which a successor names the log `origin`."""
    return f"predecessor:{origin}"


def close(ledger: Ledger, *, province: str, successor: str) -> int:
    """Close the log of `province` to commands, in favour of `successor`; return its size.

    Raises:
        NotFound: `province.unknown`.
        Refused: `eventlog.own_successor`; `eventlog.successor_not_open`.
        Conflict: `eventlog.another_successor` when it was closed in favour of another.

    """
    log, heir = ledger.log(province), ledger.log(successor)
    if log is heir:
        raise Refused("eventlog.own_successor", origin=log.origin)
    with ledger.store.write() as tx:
        rows = {each: _locked(ledger, tx.connection, each) for each in _in_order(log, heir)}
        if rows[log].successor not in (None, successor):
            raise Conflict(
                "eventlog.another_successor", origin=log.origin, successor=rows[log].successor
            )
        if rows[log].successor is None and rows[heir].successor is not None:
            raise Refused("eventlog.successor_not_open", origin=heir.origin)
        table = ledger.tables.log
        mine = table.c.log_no == log.log_no
        tx.connection.execute(table.update().where(mine).values(successor=successor))
    return int(rows[log].next_position)


def freeze(
    ledger: Ledger,
    tables: FollowTables,
    *,
    province: str,
    sizes: Mapping[str, int],
    consumers: Mapping[str, str],
) -> int:
    """Freeze the log of `province`, which has nothing left to react to; return its size.

    `sizes` holds how long the logs of the province are, in all services, as they stand
    still; `consumers` this service's readers by the service whose logs they read.

    Raises:
        NotFound: `province.unknown`.
        Conflict: `eventlog.not_closed`; `eventlog.not_settled` when a size is another, or
            a reader has not applied as much; `eventlog.predecessor_unnamed` while a log
            that this one succeeds isn't named in it.

    """
    log = ledger.log(province)
    with ledger.store.write(finishes=True) as tx:
        row = _locked(ledger, tx.connection, log)
        if row.state == LogState.FROZEN:
            return int(row.next_position)
        if row.successor is None:
            raise Conflict("eventlog.not_closed", origin=log.origin)
        read = {
            origin: consumers[service]
            for origin in sizes
            if (service := origin.rpartition("/")[2]) in consumers
        }
        applied = {
            origin: cursors(tx.connection, tables, consumer).get(origin, -1) + 1
            for origin, consumer in read.items()
        }
        found = applied | {log.origin: int(row.next_position)}
        if set(consumers) != {origin.rpartition("/")[2] for origin in read} or any(
            sizes.get(origin) != size for origin, size in found.items()
        ):
            raise Conflict("eventlog.not_settled", origin=log.origin)
        _check_predecessors(ledger, tx.connection, log)
        table = ledger.tables.log
        mine = table.c.log_no == log.log_no
        tx.connection.execute(table.update().where(mine).values(state=LogState.FROZEN.value))
    return int(row.next_position)


def name_predecessor(ledger: Ledger, *, province: str, actor: str) -> Outcome:
    """Record in the successor's log how the frozen log of `province` ended.

    Repeated, it answers with what was recorded the first time.

    Raises:
        NotFound: `province.unknown`.
        Conflict: `eventlog.not_frozen`.
        Unavailable: `eventlog.not_signed_yet` until the last checkpoint is there.

    """
    log = ledger.log(province)
    with ledger.store.read() as connection:
        row = connection.execute(_row_of(ledger, log)).one()
    if row.state != LogState.FROZEN:
        raise Conflict("eventlog.not_frozen", origin=log.origin)
    last = ledger.checkpoints(log).newest()
    if last is None or last.size != row.next_position:
        raise Unavailable("eventlog.not_signed_yet", origin=log.origin)
    heir = ledger.log(row.successor)
    task = Task(
        stream=stream_of(log.origin),
        command=NamePredecessor(
            origin=log.origin,
            size=last.size,
            root=last.root.hex(),
            note_sha256=sha256(last.note).hexdigest(),
        ),
        command_id=derived_id("name-predecessor", log.origin),
        actor=actor,
        at=heir.clock(),
    )
    with ledger.store.write(finishes=True) as tx:
        (outcome,) = execute(heir, tx, PREDECESSOR, [task])
    return outcome


def _in_order(*logs: EventLog) -> Sequence[EventLog]:
    return sorted(logs, key=lambda log: log.origin)  # as everybody locks more than one


def _row_of(ledger: Ledger, log: EventLog) -> sa.Select[tuple[int, str, str | None]]:
    table = ledger.tables.log.c
    return sa.select(table.next_position, table.state, table.successor).where(
        table.log_no == log.log_no
    )


def _locked(
    ledger: Ledger, connection: sa.Connection, log: EventLog
) -> sa.Row[tuple[int, str, str | None]]:
    """Return the log's row, which nobody else appends to or changes until the end."""
    return connection.execute(_row_of(ledger, log).with_for_update()).one()


def _check_predecessors(ledger: Ledger, connection: sa.Connection, log: EventLog) -> None:
    table = ledger.tables.log.c
    closed = sa.select(table.origin).where(table.successor == log.province)
    streams = {stream_of(origin): origin for origin in connection.scalars(closed)}
    for stream, entries in log.load(connection, streams).items():
        if not entries:
            raise Conflict("eventlog.predecessor_unnamed", origin=streams[stream])
