"""What Reporting cosigned: every note is about the bytes that it copied, and none is altered."""

from collections.abc import Iterator

from deploy.audit.fsck.check import Check
from services.reporting import journal
from services.reporting.mirror import Mirrored, cosigned_after, is_kept, mirrored
from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.note import Note
from shared.eventlog.proof import Tree
from shared.kernel.errors import AppError, ContractError
from shared.store import Store


def check_mirrors(check: Check, store: Store) -> None:
    """Hold every note that was cosigned against the copies in `store`."""
    for log in mirrored(store) if is_kept(store) else ():
        tree, newest = Tree(), None
        for size, note in _notes(store, log):
            newest = note
            tree.extend(_leaves(store, log, tree.size, size))
            if not _is_about(note, log.origin, size, tree):
                check.found("fsck.cosigned_differs", log.origin, size=size)
        if not _is_newest(log, newest, tree) and log.cosigned == _now(store, log).cosigned:
            check.found("fsck.mirror_differs", log.origin)


def _is_newest(log: Mirrored, note: bytes | None, tree: Tree) -> bool:
    if log.cosigned is None:
        return note is None
    return log.cosigned.note == note and _is_tree(log.cosigned.tree, tree)


def _now(store: Store, log: Mirrored) -> Mirrored:
    """Return the log again: what is cosigned meanwhile differs from what was read before."""
    (again,) = mirrored(store, origin=log.origin)
    return again


def _notes(store: Store, log: Mirrored) -> Iterator[tuple[int, bytes]]:
    after = -1
    while page := cosigned_after(store, log.log, after):
        yield from page
        after = page[-1][0]


def _leaves(store: Store, log: Mirrored, start: int, end: int) -> Iterator[bytes]:
    position = start
    while rows := journal.page(store, log.log, position, end):
        yield from (row.leaf for row in rows)
        position = rows[-1].position + 1


def _is_about(note: bytes, origin: str, size: int, tree: Tree) -> bool:
    try:
        said = Checkpoint.parse(Note.parse(note).text)
    except AppError:
        return False
    return (said.origin, said.size, said.root) == (origin, size, tree.root()) and tree.size == size


def _is_tree(state: bytes, tree: Tree) -> bool:
    try:
        return Tree.decode(state).encode() == tree.encode()
    except ContractError:
        return False
