"""The checkpointer: signs how each log of a service stands, and nothing that contradicts it.

Alone with the keys. A log is signed when it has grown by 256 entries, or has grown at all
and ten seconds have passed; and only when what was signed last is a beginning of what it
is now, by the bytes of its entries. Otherwise somebody restored, shortened or rewrote the
log: it is signed no more, loudly, until people have looked.

The note is kept beside the key before it goes into the database. So a crash at any point
leaves either what was there before, or a note that the next turn publishes as it is.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.eventlog.checkpoint import Checkpoint, Policy
from shared.eventlog.checkpoints import Checkpoints, KeptCheckpoint
from shared.eventlog.ledger import Ledger
from shared.eventlog.log import EventLog
from shared.eventlog.note import Note
from shared.eventlog.note_key import Signer
from shared.eventlog.proof import EMPTY_ROOT, Tree, root_hash
from shared.eventlog.signing_keys import SigningKeys
from shared.eventlog.tiles import WIDTH, Tile, decode_tile, grow
from shared.kernel.clock import Clock, rfc3339, system_clock
from shared.kernel.errors import AppError, LogTampered, Unavailable

_log = logging.getLogger(__name__)

ENTRIES_MAX = 256
"""Entries that a log grows by before it is signed at once."""
PAUSE_S = 10.0
"""Longest time for which entries stay unsigned."""
LOOK_S = 1.0
"""Pause between two looks at the sizes of the logs."""
STEP_ENTRIES = 4_096
"""Entries taken into one checkpoint: more are signed step by step."""


class Checkpointer:
    """Signs the logs of `ledger` with the keys below `folder`."""

    def __init__(self, ledger: Ledger, folder: Path, clock: Clock = system_clock) -> None:
        self.refused: dict[str, AppError] = {}
        """Logs that are not signed, and why."""
        self._ledger = ledger
        self._folder = folder
        self._clock = clock
        self._seen: dict[str, tuple[int, int]] = {}
        """Size and state of the keys when each log was signed last."""
        self._due_at: dict[str, float] = {}

    def turn(self, *, at_once: bool = False) -> int:
        """Sign each log that is due, with `at_once` each that has grown; return how many.

        What keeps one log from being signed is logged, and doesn't keep back the others.
        """
        return sum(
            self._advance(self._ledger.by_origin(origin))
            for origin, last in self._ledger.heads().items()
            if self._is_due(origin, last + 1, at_once=at_once)
        )

    def run(self, pause: Callable[[float], bool]) -> None:
        """Sign what is due until `pause(seconds)` says that it is over; then what is left.

        Whatever fails is tried again: without a checkpointer the logs go on unsigned.
        """
        is_over = False
        while not is_over:
            is_over = pause(LOOK_S)
            try:
                self.turn(at_once=is_over)
            except Exception as error:  # noqa: BLE001 - see above; its words may quote a row
                _log.warning("logs are signed later: %s", type(error).__name__)

    def _is_due(self, origin: str, size: int, *, at_once: bool) -> bool:
        keys = SigningKeys(self._folder, origin).state()
        known, known_keys = self._seen.get(origin, (0, None))
        if (known, known_keys) == (size, keys):
            return False
        if known == 0 or at_once:
            return True
        due_at = self._due_at.setdefault(origin, time.monotonic() + PAUSE_S)
        return not known < size < known + ENTRIES_MAX or time.monotonic() >= due_at

    def _advance(self, log: EventLog) -> bool:
        """Sign `log` up to its end; tell whether a note came of it."""
        self._due_at.pop(log.origin, None)
        keys = SigningKeys(self._folder, log.origin)
        signing = _Signing(log, keys, self._ledger.checkpoints(log), rfc3339(self._clock()))
        try:
            with keys.held():
                size, notes = signing.sign()
        except Unavailable as error:
            _log.warning("%s is signed later: %s", log.origin, error)
            return False
        except AppError as error:
            self._refuse(log, keys, error)
            return False
        self.refused.pop(log.origin, None)
        self._seen[log.origin] = size, keys.state()
        return notes > 0

    def _refuse(self, log: EventLog, keys: SigningKeys, error: AppError) -> None:
        """Say that `log` is signed no more; keep both sides where people will look."""
        if str(error) != str(self.refused.get(log.origin)):
            _log.critical("%s is signed no more: %s", log.origin, error)
        self.refused[log.origin] = error
        self._seen.pop(log.origin, None)
        self._ledger.checkpoints(log).refuse(
            str(error), keys.last_signed() or b"", refused_at=rfc3339(self._clock())
        )


@dataclass(slots=True)
class _Signing:
    """One log, being signed under the lock of its keys."""

    _log: EventLog
    _keys: SigningKeys
    _checkpoints: Checkpoints
    _signed_at: str

    def sign(self) -> tuple[int, int]:
        """Sign the log up to its end; return its size, and how many notes that took.

        Raises:
            LogTampered: when the log is not what was signed.
            AppError: when there is no key that may sign it.

        """
        published = self._checkpoints.newest()
        signers = self._keys.signers()
        if not signers and published is None:
            if self._log.size() == 0:
                return 0, 0
            signers = [self._keys.add()]
        last = self._last(signers, published)
        tree = self._tree(published)
        size = self._log.size()
        if size < last.size:
            raise LogTampered(
                "eventlog.shorter_than_signed",
                origin=self._log.origin,
                size=size,
                signed_size=last.size,
            )
        self._check_end(tree.size)
        if last.size <= tree.size:
            root = root_hash(last.size, self._checkpoints.hashes(last.size))
        else:
            ahead = Tree(tree.size, tree.peaks)
            ahead.extend(self._leaves(tree.size, last.size))
            root = ahead.root()
        if root != last.root:
            raise self._differs(last, size, root)
        notes = 0
        if last.size > tree.size:  # killed before it was published
            self._publish(tree, last.size, signers, last.note)
        elif published and last.note and not _signed_by_all(last.note, signers):
            self._publish(tree, last.size, signers, None)
            notes += 1
        while tree.size < size:
            self._publish(tree, min(size, tree.size + STEP_ENTRIES), signers, None)
            notes += 1
        return size, notes

    def _last(self, signers: Sequence[Signer], published: KeptCheckpoint | None) -> "_Last":
        """Return what was signed last, be it noted beside the keys or in the database."""
        content = self._keys.last_signed()
        last = _Last.read(self._log.origin, content, signers) if content else _Last()
        if published and published.size > last.size:
            # The keys' folder is the older one. What the database has must be ours as well,
            # and begin with what the folder remembers.
            newer = _Last.read(self._log.origin, published.note, signers)
            if root_hash(last.size, self._checkpoints.hashes(last.size)) != last.root:
                raise self._differs(last, published.size, published.root)
            return newer
        return last

    def _tree(self, published: KeptCheckpoint | None) -> Tree:
        """Return the tree of the stored tiles, which must be that of the newest checkpoint."""
        if published is None:
            return Tree()
        tree = Tree.read(published.size, self._checkpoints.hashes(published.size))
        if tree.root() != published.root:
            raise LogTampered("eventlog.tiles_differ", origin=self._log.origin, size=published.size)
        return tree

    def _check_end(self, size: int) -> None:
        """Return when the last entries of those in the tiles are still what was hashed.

        Of a log that was cut and went on otherwise these differ; what lies further back is
        for the auditor, as no log is read whole for each signature.

        Raises:
            LogTampered: `eventlog.entry_differs`, `eventlog.entry_missing`.

        """
        last = -(-size // WIDTH) - 1
        for index in range(max(0, last - 1), last + 1):
            tile = Tile(0, index, min(WIDTH, size - index * WIDTH))
            hashed = decode_tile(tile, self._checkpoints.tile(tile))
            start, end = tile.positions.start, tile.positions.stop
            for position, leaf in enumerate(self._leaves(start, end), start):
                if leaf != hashed[position - start]:
                    raise LogTampered(
                        "eventlog.entry_differs", origin=self._log.origin, position=position
                    )

    def _publish(self, tree: Tree, size: int, signers: Sequence[Signer], note: Note | None) -> None:
        """Grow `tree` to `size`; sign that, unless it is what `note` says; make it public."""
        before, leaves = tree.size, list(self._leaves(tree.size, size))
        tree.extend(leaves)
        checkpoint = Checkpoint(origin=self._log.origin, size=size, root=tree.root())
        if note is None:
            note = Note.sign(checkpoint.text, signers, time_s=0)
            self._keys.note_signed(note.encode())
        self._checkpoints.publish(
            checkpoint,
            note,
            [str(signer.key) for signer in signers],
            grow(before, leaves, self._checkpoints.tile),
            signed_at=self._signed_at,
        )

    def _leaves(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the leaf hashes of the entries from `start` to before `end`, by their bytes.

        Raises:
            LogTampered: `eventlog.entry_missing`.

        """
        position = start
        while position < end:
            entries = self._log.read(position - 1, end - position)
            for entry in entries:
                if entry.position != position:
                    break
                yield entry.leaf
                position += 1
            if position < end and (not entries or entry.position != position - 1):
                raise LogTampered(
                    "eventlog.entry_missing", origin=self._log.origin, position=position
                )

    def _differs(self, last: "_Last", size: int, root: bytes) -> LogTampered:
        return LogTampered(
            "eventlog.differs_from_signed",
            origin=self._log.origin,
            size=size,
            signed_size=last.size,
            root=root.hex(),
            signed_root=last.root.hex(),
        )


@dataclass(frozen=True, slots=True)
class _Last:
    """What was signed last; nothing of an empty log at first."""

    size: int = 0
    root: bytes = EMPTY_ROOT
    note: Note | None = None

    @classmethod
    def read(cls, origin: str, content: bytes, signers: Sequence[Signer]) -> "_Last":
        """Return what a note of our own says. Raises as `Policy.open`."""
        keys = tuple(signer.key for signer in signers)
        opened = Policy(origin=origin, log_keys=keys).open(content)
        return cls(opened.checkpoint.size, opened.checkpoint.root, opened.note)


def _signed_by_all(note: Note, signers: Sequence[Signer]) -> bool:
    return len(note.verify([signer.key for signer in signers])) == len(signers)
