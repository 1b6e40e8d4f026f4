"""A witness: cosigns checkpoints of the logs that it knows, each going on from the last.

Source: https://c2sp.org/tlog-witness and https://c2sp.org/tlog-cosignature. It holds no
entries. What it cosigned is kept before it is told, so that killed at any point it never
cosigns two checkpoints of which one doesn't begin with the other.
"""

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path

from shared.eventlog.checkpoint import Checkpoint, Policy
from shared.eventlog.note import Note
from shared.eventlog.note_key import Signature, Signer, VerifierKey
from shared.eventlog.proof import ProofInvalid, verify_consistency
from shared.kernel.clock import Clock
from shared.kernel.errors import BadInput, Conflict, NotFound, Refused
from shared.witness.cosigned import CosignedNotes
from shared.witness.submission import Submission

_log = logging.getLogger(__name__)


class OtherSize(Conflict):
    """The proof begins at another size than what was cosigned last."""

    def __init__(self, size: int) -> None:
        super().__init__("witness.other_size", size=size)
        self.size = size
        """What was cosigned last; 0 for nothing yet."""


class Witness:
    """Cosigns as `signer` the logs of `keys`, each by the keys that it may be signed with."""

    def __init__(
        self, signer: Signer, keys: Iterable[VerifierKey], folder: Path, clock: Clock
    ) -> None:
        self._signer = signer
        self._keys: Mapping[str, tuple[VerifierKey, ...]] = _by_name(keys)
        self._folder = folder
        self._clock = clock

    @property
    def key(self) -> VerifierKey:
        """The key that it cosigns with."""
        return self._signer.key

    @property
    def origins(self) -> list[str]:
        """The logs that it knows, by name."""
        return sorted(self._keys)

    def notes(self, origin: str) -> CosignedNotes:
        """Return what it remembers of a log."""
        return CosignedNotes(self._folder, origin)

    def add(self, submission: Submission) -> Signature:
        """Return the cosignature of a checkpoint, which is then the last one.

        Raises:
            BadInput: `witness.old_size_beyond` when the proof begins beyond its end.
            NotFound: `witness.unknown_log`.
            OtherSize: `witness.other_size` when the proof begins elsewhere than at what was
                cosigned last.
            Conflict: `witness.contradiction` when the log signed two roots of one size.
            Refused: `witness.disputed` ever after.
            ProofInvalid: `eventlog.consistency_unproven`.
            Unavailable: `witness.notes_unusable`.
            LogTampered, ContractError, TooLarge: as `Policy.open`.

        """
        origin = Checkpoint.parse(Note.parse(submission.note).text).origin
        keys = self._keys.get(origin)
        if keys is None:
            raise NotFound("witness.unknown_log")
        signed = Policy(origin=origin, log_keys=keys).open(submission.note)
        checkpoint = signed.checkpoint
        by_log = {(each.key.name, each.key.key_id) for each in signed.by_log}
        note = Note(
            signed.note.text,
            tuple(each for each in signed.note.signatures if (each.name, each.key_id) in by_log),
        )
        if submission.old > checkpoint.size:
            raise BadInput("witness.old_size_beyond", old=submission.old, size=checkpoint.size)
        notes = self.notes(origin)
        with notes.held():
            self._check(notes, submission, checkpoint, note)
            time_s = int(self._clock().timestamp())
            cosignature = self._signer.sign(note.text, time_s=time_s)
            notes.keep(note.also_signed([cosignature]).encode())
        return cosignature

    def _check(
        self, notes: CosignedNotes, submission: Submission, checkpoint: Checkpoint, note: Note
    ) -> None:
        """Return when the checkpoint goes on from what was cosigned last. Raises as `add`."""
        if notes.dispute() is not None:
            raise Refused("witness.disputed", origin=notes.origin)
        last = notes.last()
        known = Checkpoint.parse(Note.parse(last).text) if last else None
        size = known.size if known else 0
        if last and known and checkpoint.size == size and checkpoint.root != known.root:
            notes.keep_dispute(last, note.encode())
            _log.critical("%s signed two roots of size %d; see its folder", notes.origin, size)
            raise Conflict("witness.contradiction", origin=notes.origin, size=size)
        if submission.old != size:
            raise OtherSize(size)
        if known and size:
            verify_consistency(size, checkpoint.size, known.root, checkpoint.root, submission.proof)
        elif submission.proof:
            raise ProofInvalid("eventlog.consistency_unproven", size1=size, size2=checkpoint.size)


def _by_name(keys: Iterable[VerifierKey]) -> dict[str, tuple[VerifierKey, ...]]:
    found: dict[str, tuple[VerifierKey, ...]] = {}
    for key in keys:
        found[key.name] = (*found.get(key.name, ()), key)
    return found
