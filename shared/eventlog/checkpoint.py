"""Checkpoints: what a log says of itself, and whom one believes about it.

Source: https://c2sp.org/tlog-checkpoint. Three lines (the log, how many entries, the root
over them), signed as a note by the log and cosigned by witnesses.
"""

from dataclasses import dataclass
from typing import Self

from shared.eventlog.lines import base64_text, hash_bytes, number
from shared.eventlog.note import Note
from shared.eventlog.note_key import Signed, VerifierKey
from shared.eventlog.proof import EMPTY_ROOT
from shared.kernel.errors import ContractError, LogTampered

_LINES_MIN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The tree of a log at one size."""

    origin: str
    """The log: `<deployment>/<province>/<service>` for ours, any line for another's."""
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    """Further lines of another's log; ours have none, as nobody could check them."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what the text of a note says.

        Raises:
            ContractError: `eventlog.checkpoint_malformed`, also when the root of a log
                without entries isn't that of the empty tree.

        """
        lines = text.split("\n")
        if lines.pop() or len(lines) < _LINES_MIN or not all(lines):
            raise ContractError("eventlog.checkpoint_malformed")
        size, root = number(lines[1]), hash_bytes(lines[2])
        if size is None or root is None or (size == 0 and root != EMPTY_ROOT):
            raise ContractError("eventlog.checkpoint_malformed")
        return cls(origin=lines[0], size=size, root=root, extensions=tuple(lines[3:]))

    @property
    def text(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), base64_text(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


class CheckpointUnsigned(LogTampered):
    """No known key signed: nothing to go by. Of what another key signed, nothing follows."""


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint that the log signed, as the policy wants it."""

    checkpoint: Checkpoint
    note: Note
    by_log: tuple[Signed, ...]
    by_witnesses: tuple[Signed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Whose word is taken about one log."""

    origin: str
    log_keys: tuple[VerifierKey, ...]
    """The log's own: one signature is enough. More than one where keys were rotated."""
    witness_keys: tuple[VerifierKey, ...] = ()
    witnesses_wanted: int = 0
    """How many witnesses, told apart by name, must have signed as well."""

    def open(self, content: bytes) -> SignedCheckpoint:
        """Return the checkpoint in `content`, whose signatures are as wanted.

        Raises:
            CheckpointUnsigned: `eventlog.checkpoint_unsigned`.
            LogTampered: `eventlog.checkpoint_of_another_log`,
                `eventlog.witnesses_missing`; as `Note.verify`.
            ContractError, TooLarge: as `Note.parse` and `Checkpoint.parse`.

        """
        note = Note.parse(content)
        checkpoint = Checkpoint.parse(note.text)
        if checkpoint.origin != self.origin:
            raise LogTampered("eventlog.checkpoint_of_another_log", origin=self.origin)
        by_log = note.verify(self.log_keys)
        if not by_log:
            raise CheckpointUnsigned("eventlog.checkpoint_unsigned", origin=self.origin)
        by_witnesses = note.verify(self.witness_keys)
        found = len({signed.key.name for signed in by_witnesses})
        if found < self.witnesses_wanted:
            raise LogTampered(
                "eventlog.witnesses_missing",
                origin=self.origin,
                wanted=self.witnesses_wanted,
                found=found,
            )
        return SignedCheckpoint(checkpoint, note, by_log, by_witnesses)
