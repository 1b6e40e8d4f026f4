"""Passing over an entry that can't be applied: by an operator, with a reason, on the record."""

from shared.contracts.operations import EntrySkipped
from shared.contracts.vocabulary import Visibility
from shared.eventlog import Draft, Ledger
from shared.kernel.clock import rfc3339
from shared.kernel.ids import derived_id
from shared.projections.cursors import move_cursor
from shared.projections.halts import end_halt, find_halt
from shared.projections.tables import FollowTables
from shared.vault import Vault


def skip(
    ledger: Ledger,
    tables: FollowTables,
    vault: Vault,
    *,
    consumer: str,
    origin: str,
    reason: str,
    actor: str,
) -> int:
    """Pass over the entry that halts `origin`; return its position.

    The cursor moves in the transaction that records `EntrySkipped` in the consumer's own
    log of the same province. The reason goes to the vault, as people write names.

    Raises:
        NotFound: `follower.not_halted`; `province.unknown`.
        BadInput: as `shared.vault.checked_text`, for `reason`.
        CursorMoved: `follower.cursor_moved` when the entry was applied meanwhile.

    """
    log = ledger.log(origin.split("/")[1])
    with ledger.store.write(finishes=True) as tx:
        halt = find_halt(tx, tables, consumer, origin)
        move_cursor(
            tx.connection,
            tables,
            consumer=consumer,
            origin=origin,
            before=halt.position - 1,
            after=halt.position,
        )
        end_halt(tx.connection, tables, consumer, origin, halt.position)
        event_id = derived_id("skip", consumer, origin, str(halt.position))
        ref = vault.put(
            tx.connection,
            text_id=event_id,
            text=reason,
            province=log.province,
            visibility=Visibility.RESTRICTED,
        )
        log.append(
            tx,
            [
                Draft(
                    id=event_id,
                    stream=f"follower:{consumer}:{origin}",
                    event=EntrySkipped(
                        consumer=consumer, origin=origin, position=halt.position, reason=ref
                    ),
                    actor=actor,
                    occurred_at=rfc3339(log.clock()),
                )
            ],
        )
    return halt.position
