"""Signing one log: what was signed last must be a beginning of what it is now.

The note is kept beside the key before it goes into the database. So a crash at any point
leaves either what was there before, or a note that the next turn publishes as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.eventlog.checkpoint import Checkpoint, Policy
from shared.eventlog.checkpoints import Checkpoints, KeptCheckpoint
from shared.eventlog.log import EventLog
from shared.eventlog.note import Note
from shared.eventlog.note_key import Signer
from shared.eventlog.proof import EMPTY_ROOT, Tree, root_hash
from shared.eventlog.signing_keys import SigningKeys
from shared.eventlog.tiles import WIDTH, Tile, decode_tile, grow
from shared.kernel.errors import LogTampered

STEP_ENTRIES = 4_096
"""Entries taken into one checkpoint: more are signed step by step."""


@dataclass(slots=True, kw_only=True)
class Signing:
    """A log, being signed under the lock of its keys."""

    log: EventLog
    keys: SigningKeys
    checkpoints: Checkpoints
    signed_at: str
    is_frozen: bool
    """Nothing more will come: it gets a last checkpoint, even when nothing ever came."""

    def sign(self) -> tuple[int, int]:
        """Sign the log up to its end; return its size, and how many notes that took.

        Raises:
            LogTampered: when the log is not what was signed.
            Unavailable: when the keys can't be used now, or another process has signed.
            AppError: when there is no key that may sign it.

        """
        published = self.checkpoints.newest()
        signers = self.keys.signers()
        if published is None and not self.keys.last_signed():
            if self.log.size() == 0 and not self.is_frozen:
                return 0, 0
            signers = signers or [self.keys.add()]
        last = self._last(signers, published)
        size = self.log.size()
        if size < last.size:
            raise LogTampered(
                "eventlog.shorter_than_signed",
                origin=self.log.origin,
                size=size,
                signed_size=last.size,
            )
        edge = _Edge(self._tree(published), None if published is None else published.size)
        self._check_end(edge.tree.size)
        self._check_beginning(edge.tree, last)
        if last.note and self.keys.last_signed() != last.note.encode():
            self.keys.note_signed(last.note.encode())  # the folder was the older one
        notes = 0
        if last.note and (published is None or not _carries(published.note, last.note)):
            self._publish(edge, last.size, signers, last.note)  # killed before it was
        if last.note and not _signed_by_all(last.note, signers):
            self._hand_over(last.note, signers)
            self._publish(edge, last.size, signers)
            notes += 1
        if self.is_frozen and size == 0 and edge.published is None:
            self._publish(edge, 0, signers)
            notes += 1
        while edge.tree.size < size:
            self._publish(edge, min(size, edge.tree.size + STEP_ENTRIES), signers)
            notes += 1
        return size, notes

    def _last(self, signers: Sequence[Signer], published: KeptCheckpoint | None) -> "_Last":
        """Return what was signed last, be it noted beside the keys or in the database."""
        origin, content = self.log.origin, self.keys.last_signed()
        if content == b"" and published is None:
            return _Last()
        if not content:
            if published is not None:
                _Last.read(origin, published.note, signers)
            raise LogTampered("eventlog.signed_note_missing", origin=origin)
        last = _Last.read(origin, content, signers)
        if published is None or published.size < last.size or _share_signature(published, last):
            return last
        # The keys' folder is the older one. What the database has must be ours as well,
        # and begin with what the folder remembers.
        newer = _Last.read(origin, published.note, signers)
        root = root_hash(last.size, self.checkpoints.hashes(published.size))
        if root != last.root:
            raise self._differs(last, published.size, root)
        return newer

    def _tree(self, published: KeptCheckpoint | None) -> Tree:
        """Return the tree of the stored tiles, which must be that of the newest checkpoint."""
        if published is None:
            return Tree()
        tree = Tree.read(published.size, self.checkpoints.hashes(published.size))
        if tree.root() != published.root:
            raise LogTampered("eventlog.tiles_differ", origin=self.log.origin, size=published.size)
        return tree

    def _check_beginning(self, tree: Tree, last: "_Last") -> None:
        """Return when `last`, no shorter than `tree`, is a beginning of the log.

        Raises:
            LogTampered: `eventlog.differs_from_signed`, `eventlog.entry_missing`.

        """
        ahead = Tree(tree.size, tree.peaks)
        ahead.extend(self._leaves(tree.size, last.size))
        if last.size and ahead.root() != last.root:
            raise self._differs(last, last.size, ahead.root())

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
            hashed = decode_tile(tile, self.checkpoints.tile(tile))
            start, end = tile.positions.start, tile.positions.stop
            for position, leaf in enumerate(self._leaves(start, end), start):
                if leaf != hashed[position - start]:
                    raise LogTampered(
                        "eventlog.entry_differs", origin=self.log.origin, position=position
                    )

    def _publish(
        self, edge: "_Edge", size: int, signers: Sequence[Signer], note: Note | None = None
    ) -> None:
        """Grow the tree to `size`; sign that, unless `note` says it; make it public."""
        tree = edge.tree
        before, leaves = tree.size, list(self._leaves(tree.size, size))
        tree.extend(leaves)
        checkpoint = Checkpoint(origin=self.log.origin, size=size, root=tree.root())
        if note is None:
            note = Note.sign(checkpoint.text, signers, time_s=0)
            self.keys.note_signed(note.encode())
        self.checkpoints.publish(
            checkpoint,
            note,
            [str(signed.key) for signed in note.verify([signer.key for signer in signers])],
            grow(before, leaves, self.checkpoints.tile),
            handovers=self.keys.handovers(),
            signed_at=self.signed_at,
            after=edge.published,
        )
        edge.published = size

    def _hand_over(self, last: Note, signers: Sequence[Signer]) -> None:
        """Let each key that signed `last` say that those which did not follow it."""
        before = {signed.key for signed in last.verify([signer.key for signer in signers])}
        for old in signers:
            for new in signers:
                if old.key in before and new.key not in before:
                    self.keys.hand_over(old, new.key)

    def _leaves(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the leaf hashes of the entries from `start` to before `end`, by their bytes.

        Raises:
            LogTampered: `eventlog.entry_missing`.

        """
        position = start
        while position < end:
            entries = self.log.read(position - 1, end - position)
            for entry in entries:
                if entry.position != position:
                    break
                yield entry.leaf
                position += 1
            if position < end and (not entries or entry.position != position - 1):
                raise LogTampered(
                    "eventlog.entry_missing", origin=self.log.origin, position=position
                )

    def _differs(self, last: "_Last", size: int, root: bytes) -> LogTampered:
        return LogTampered(
            "eventlog.differs_from_signed",
            origin=self.log.origin,
            size=size,
            signed_size=last.size,
            root=root.hex(),
            signed_root=last.root.hex(),
        )


@dataclass(slots=True)
class _Edge:
    """How far the log is in the tiles, and in public: None before the first checkpoint."""

    tree: Tree
    published: int | None


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


def _share_signature(published: KeptCheckpoint, last: _Last) -> bool:
    """Return whether both are of one size and signature: as after a key was added or retired."""
    if published.size != last.size or last.note is None:
        return False
    signatures = set(Note.parse(published.note).signatures)
    return not signatures.isdisjoint(last.note.signatures)


def _carries(published: bytes, last: Note) -> bool:
    """Return whether `published` is `last`, perhaps with the cosignatures of witnesses."""
    note = Note.parse(published)
    return note.text == last.text and set(last.signatures) <= set(note.signatures)


def _signed_by_all(note: Note, signers: Sequence[Signer]) -> bool:
    return len(note.verify([signer.key for signer in signers])) == len(signers)
