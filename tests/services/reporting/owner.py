"""The owner of a log, as the mirror meets it: honest, or not."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.eventlog import Entry
from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.key_handover import KeyHandover
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer
from shared.eventlog.proof import Tree
from shared.eventlog.tiles import Tile
from shared.kernel.errors import Unavailable
from tests.services.reporting.history import ended, entry, session

ORIGIN = "test.local/ha-noi/sessions"


def entries(count: int, *, other_from: int | None = None) -> list[Entry]:
    """Return the first entries of a log; with `other_from` others from that position on."""
    return [
        entry(
            ORIGIN,
            position,
            ended(
                session(session_id="s-2")
                if other_from is not None and position >= other_from
                else session()
            ),
        )
        for position in range(count)
    ]


@dataclass
class Owner:
    """Signs and serves what it is told."""

    signers: list[Signer] = field(default_factory=lambda: [Signer.generate(ORIGIN, KeyKind.LOG)])
    stated: list[Signer] | None = None
    """Keys that it states; None for those that sign."""
    shown: Sequence[Entry] = ()
    note: bytes | None = None
    handed: list[KeyHandover] = field(default_factory=list)
    asked: int = 0
    is_away: bool = False

    def sign(self, shown: Sequence[Entry]) -> bytes:
        """Sign `shown`, and serve that from now on."""
        self.shown = shown
        tree = Tree()
        tree.extend(each.leaf for each in shown)
        checkpoint = Checkpoint(origin=ORIGIN, size=tree.size, root=tree.root())
        self.note = Note.sign(checkpoint.text, self.signers, time_s=0).encode()
        return self.note

    def checkpoint(self, origin: str) -> bytes | None:
        """See `SignedLogs`."""
        self.asked += 1
        if self.is_away:
            raise Unavailable("follower.owner_away", service="sessions")
        return self.note

    def keys(self, origin: str) -> tuple[str, ...]:
        """See `SignedLogs`."""
        return tuple(str(each.key) for each in self.stated or self.signers)

    def handovers(self, origin: str) -> bytes:
        """See `SignedLogs`."""
        return b"".join(each.note.encode() for each in self.handed)

    def tile(self, origin: str, tile: Tile) -> bytes | None:
        """See `SignedLogs`."""
        if tile.positions.stop > len(self.shown):
            return None
        return b"".join(self.shown[at].leaf for at in tile.positions)
