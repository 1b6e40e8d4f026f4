"""The mirror: cosigns the checkpoints that agree with our own copy of the log, and only these.

A checkpoint is held against the tree that is built here from the bytes of the journal, and
against what was cosigned last. That lies in the witness's own folder, not in the database, so
that a restored database can't make us cosign another history. A log that was forked or rolled
back is cosigned no more, with both notes kept, until people have looked.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.reporting import journal
from services.reporting.journal import JournalLog
from services.reporting.mirror import (
    Cosigned,
    Dispute,
    Mirrored,
    Waiting,
    drop,
    mirrored,
    publish,
    report,
    settle,
)
from services.reporting.pinning import trusted_keys
from shared.eventlog.checkpoint import Checkpoint, Policy
from shared.eventlog.key_handover import handovers_in
from shared.eventlog.note import Note
from shared.eventlog.note_key import Signer, VerifierKey
from shared.eventlog.proof import Tree, leaf_hash
from shared.kernel.clock import Clock, rfc3339
from shared.kernel.errors import AppError, ContractError, LogTampered, TooLarge, Unavailable
from shared.store import Store
from shared.witness.cosigned import CosignedNotes

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Last:
    """What was cosigned last."""

    note: Note
    checkpoint: Checkpoint

    @classmethod
    def read(cls, content: bytes) -> "_Last":
        note = Note.parse(content)
        return cls(note, Checkpoint.parse(note.text))


class Mirror:
    """Cosigns with `signer` what waits in `store`, and remembers it below `folder`.

    `given` are keys of logs that people brought; other logs are known by the keys that they
    were first seen with.
    """

    def __init__(
        self,
        store: Store,
        signer: Callable[[], Signer],
        folder: Path,
        given: Mapping[str, Sequence[VerifierKey]],
        clock: Clock,
    ) -> None:
        self._store = store
        self._signer = signer
        self._folder = folder
        self._given = given
        self._clock = clock

    def turn(self) -> int:
        """Judge every note that waits; return how many were cosigned.

        What keeps one log from being judged is logged, and doesn't keep back the others.
        """
        cosigned = 0
        for log in mirrored(self._store, is_due=True):
            try:
                cosigned += self._advance(log)
            except Unavailable as error:
                _log.warning("%s is cosigned later: %s", log.origin, error)
        return cosigned

    def _advance(self, log: Mirrored) -> bool:
        if log.waiting is None and log.dispute is None:
            return False
        notes = CosignedNotes(self._folder, log.origin)
        with notes.held():
            both = notes.dispute()
            if both is not None:
                if log.dispute is None:  # killed before it was reported, or a restored database
                    self._report(log, "mirror.disputed", *both)
                return False
            if log.dispute is not None:
                settle(self._store, log.log)
                _log.warning("%s is cosigned again", log.origin)
            if log.waiting is None:
                return False
            return self._judged(log, log.waiting, notes)

    def _judged(self, log: Mirrored, waiting: Waiting, notes: CosignedNotes) -> bool:
        last = self._last(log, notes)
        try:
            note = Note.parse(waiting.note)
            checkpoint = Checkpoint.parse(note.text)
            handovers = handovers_in(waiting.handovers)
        except (ContractError, TooLarge) as error:
            _log.warning("the checkpoint of %s is none: %s", log.origin, error.code)
            drop(self._store, log.log)
            return False
        try:
            keys = trusted_keys(
                self._given.get(log.origin, ()), notes.pinned(), waiting.keys, handovers, note
            )
            return self._cosigned(log, waiting, notes, last, _Last(note, checkpoint), keys=keys)
        except LogTampered as error:
            known = last.note.encode() if last else b""
            _log.critical("%s is cosigned no more: %s", log.origin, error)
            notes.keep_dispute(known, waiting.note)
            self._report(log, str(error), known, waiting.note)
            return False

    def _cosigned(
        self,
        log: Mirrored,
        waiting: Waiting,
        notes: CosignedNotes,
        last: _Last | None,
        new: _Last,
        *,
        keys: Sequence[VerifierKey],
    ) -> bool:
        """Cosign the note that waits, unless it has to wait longer or is an old one.

        Raises:
            LogTampered: `mirror.forked`, `mirror.rolled_back`, `mirror.copy_differs`;
                as `Policy.open`.

        """
        origin, size = log.origin, new.checkpoint.size
        signed = Policy(origin=origin, log_keys=tuple(keys)).open(waiting.note)
        known_size = last.checkpoint.size if last else 0
        if max(size, known_size) > log.log.size:
            return False  # our copy is behind
        tree = self._tree(log, last)
        if size < known_size:
            tree = Tree()
        self._extend(tree, log.log, size)
        if tree.root() != new.checkpoint.root:
            raise LogTampered("mirror.forked", origin=origin, size=size, root=tree.root().hex())
        if size < known_size:
            if size < waiting.after:
                raise LogTampered(
                    "mirror.rolled_back", origin=origin, size=size, cosigned_size=known_size
                )
            drop(self._store, log.log)
            return False
        by_log = {(each.key.name, each.key.key_id) for each in signed.by_log}
        ours = Note(
            new.note.text,
            tuple(each for each in new.note.signatures if (each.name, each.key_id) in by_log),
        )
        notes.pin([str(key) for key in keys])
        self._publish(log, notes, last, ours, tree)
        return True

    def _publish(
        self,
        log: Mirrored,
        notes: CosignedNotes,
        last: _Last | None,
        note: Note,
        tree: Tree,
    ) -> None:
        """Cosign `note`, unless the last one says the same; keep it, then make it public."""
        now, signer = self._clock(), self._signer()
        if last is not None and last.note.text == note.text and last.note.verify([signer.key]):
            note = last.note.also_signed(note.signatures)
        else:
            note = note.also_signed([signer.sign(note.text, time_s=int(now.timestamp()))])
        notes.keep(note.encode())
        publish(
            self._store,
            log.log,
            Cosigned(
                note=note.encode(),
                size=tree.size,
                by=str(signer.key),
                at=rfc3339(now),
                tree=tree.encode(),
            ),
        )

    def _last(self, log: Mirrored, notes: CosignedNotes) -> _Last | None:
        """Return what was cosigned last: by the folder, or the database where that is newer.

        The folder may have been restored; what the database has counts if we signed it.
        """
        content = notes.last()
        last = None if content is None else _Last.read(content)
        if log.cosigned is None or (last and last.checkpoint.size >= log.cosigned.size):
            return last
        try:
            newer = _Last.read(log.cosigned.note)
            is_ours = bool(newer.note.verify([self._signer().key]))
        except AppError:
            return last
        return newer if is_ours else last

    def _tree(self, log: Mirrored, last: _Last | None) -> Tree:
        """Return the tree of what was cosigned last, which our copy must still begin with.

        Raises:
            LogTampered: `mirror.copy_differs`.

        """
        if last is None:
            return Tree()
        size, root = last.checkpoint.size, last.checkpoint.root
        if log.cosigned is not None and log.cosigned.size == size:
            try:
                tree = Tree.decode(log.cosigned.tree)
            except ContractError:
                tree = Tree()
            if (tree.size, tree.root()) == (size, root):
                return tree
        tree = Tree()
        self._extend(tree, log.log, size)
        if tree.root() != root:
            raise LogTampered("mirror.copy_differs", origin=log.origin, size=size)
        return tree

    def _extend(self, tree: Tree, log: JournalLog, size: int) -> None:
        """Take entries up to `size` into `tree`, by their bytes."""
        tree.extend(self._leaves(log, tree.size, size))

    def _leaves(self, log: JournalLog, start: int, end: int) -> Iterator[bytes]:
        position = start
        while position < end:
            rows = journal.page(self._store, log, position, end)
            time.sleep(0)  # a long log must not hold up the other greenlets of this process
            for row in rows:
                if row.position != position:
                    raise LogTampered("journal.hole", origin=log.origin, position=position)
                yield leaf_hash(row.content)
                position += 1
            if not rows:
                raise LogTampered("journal.hole", origin=log.origin, position=position)

    def _report(self, log: Mirrored, reason: str, known: bytes, other: bytes) -> None:
        found_at = rfc3339(self._clock())
        found = Dispute(reason=reason, position=None, known=known, other=other, found_at=found_at)
        report(self._store, log.log, found)
