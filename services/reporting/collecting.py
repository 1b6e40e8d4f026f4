"""Bringing the owners' newest checkpoints, for `cosigning` to judge. It holds no key.

A note is brought only when none waits, so that nothing an owner ever showed us is lost
unjudged. Of a log in dispute the first entry that differs is looked for instead.
"""

import logging
from collections.abc import Mapping
from typing import Protocol

from services.reporting import journal
from services.reporting.mirror import (
    NOWHERE,
    Dispute,
    Mirrored,
    Waiting,
    locate,
    mirrored,
    wait,
)
from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.note import Note
from shared.eventlog.proof import HASH_BYTES
from shared.eventlog.tiles import WIDTH, Tile
from shared.kernel.errors import AppError, ContractError, NotFound, TooLarge, Unavailable
from shared.store import Store

_log = logging.getLogger(__name__)


class SignedLogs(Protocol):
    """What a service serves of its signed logs."""

    def checkpoint(self, origin: str) -> bytes | None:
        """Return the newest note about a log; None when there is none."""
        ...

    def keys(self, origin: str) -> tuple[str, ...]:
        """Return the verifier keys that the owner states."""
        ...

    def handovers(self, origin: str) -> bytes:
        """Return what the owner's keys said of those that follow them, one after the other."""
        ...

    def tile(self, origin: str, tile: Tile) -> bytes | None:
        """Return the content of a tile; None when it isn't there."""
        ...


def bring(store: Store, owners: Mapping[str, SignedLogs]) -> int:
    """Bring what is new of the logs of each service; return how many notes wait because of it.

    A service that is away concerns no other.
    """
    brought = 0
    for service, owner in owners.items():
        try:
            for log in mirrored(store, service):
                if log.dispute is not None:
                    _search(store, log, log.dispute, owner)
                elif log.waiting is None:
                    brought += _brought(store, log, owner)
        except Unavailable as error:
            _log.info("checkpoints are brought later: %s", error)
    return brought


def _brought(store: Store, log: Mirrored, owner: SignedLogs) -> bool:
    after = log.cosigned.size if log.cosigned else 0  # before it is asked for
    note = owner.checkpoint(log.origin)
    if note is None or (
        log.cosigned is not None and _adds_nothing(note, log.cosigned.note, log.origin)
    ):
        return False
    keys, handovers = owner.keys(log.origin), owner.handovers(log.origin)
    wait(store, log.log, Waiting(note=note, keys=keys, after=after, handovers=handovers))
    return True


def _search(store: Store, log: Mirrored, found: Dispute, owner: SignedLogs) -> None:
    """Find the first entry whose hash in the owner's tiles isn't that of our bytes; once."""
    if found.position is not None:
        return
    try:
        size = min(Checkpoint.parse(Note.parse(found.other).text).size, log.log.size)
        position = _first_different(store, log, owner, size)
    except (ContractError, TooLarge, NotFound):
        position = None
    locate(store, log.log, NOWHERE if position is None else position)


def _first_different(store: Store, log: Mirrored, owner: SignedLogs, size: int) -> int | None:
    for start in range(0, size, WIDTH):
        tile = Tile(0, start // WIDTH, min(WIDTH, size - start))
        theirs = owner.tile(log.origin, tile)
        if theirs is None or len(theirs) != tile.width * HASH_BYTES:
            return None
        rows = journal.page(store, log.log, start, start + tile.width)
        for row in rows:
            at = (row.position - start) * HASH_BYTES
            if theirs[at : at + HASH_BYTES] != row.leaf:
                return row.position
    return None


def _adds_nothing(note: bytes, cosigned: bytes, origin: str) -> bool:
    """Return whether `note` says what is cosigned already, with no more signatures of the log."""
    try:
        new, known = Note.parse(note), Note.parse(cosigned)
    except AppError:
        return False  # for the judge
    by_log = {each for each in new.signatures if each.name == origin}
    return new.text == known.text and by_log <= set(known.signatures)
