"""What a witness is asked to cosign: a checkpoint, and the proof that it goes on from before.

Source: https://c2sp.org/tlog-witness, the body of `add-checkpoint`.
"""

from dataclasses import dataclass
from typing import Self

from shared.eventlog.lines import base64_text, hash_bytes, number
from shared.eventlog.note import NOTE_MAX_BYTES
from shared.kernel.errors import BadInput, TooLarge

HASHES_MAX = 63
SUBMISSION_MAX_BYTES = NOTE_MAX_BYTES + 4_096
"""A note and what stands above it: a line for the size, 63 hashes of 45 bytes."""

_OLD = "old "


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A checkpoint on its way to a witness."""

    old: int
    """The size that the witness is thought to have cosigned last; 0 for none."""
    proof: tuple[bytes, ...]
    """That the checkpoint's tree begins with the one of that size."""
    note: bytes
    """The checkpoint, signed by its log."""

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Return the submission that `content` is; nothing is verified yet.

        Raises:
            TooLarge: `witness.submission_too_large` beyond 266,240 bytes.
            BadInput: `witness.submission_malformed`.

        """
        if len(content) > SUBMISSION_MAX_BYTES:
            raise TooLarge("witness.submission_too_large", limit_bytes=SUBMISSION_MAX_BYTES)
        head, gap, note = content.partition(b"\n\n")
        first, *lines = head.decode("ascii", errors="replace").split("\n")
        old = number(first.removeprefix(_OLD)) if first.startswith(_OLD) else None
        proof = tuple(found for line in lines if (found := hash_bytes(line)) is not None)
        if old is None or not gap or not note or len(proof) != len(lines):
            raise BadInput("witness.submission_malformed")
        if len(proof) > HASHES_MAX:
            raise BadInput("witness.submission_malformed")
        return cls(old=old, proof=proof, note=note)

    def encode(self) -> bytes:
        """Return the submission as `parse` reads it."""
        lines = (f"{_OLD}{self.old}", *map(base64_text, self.proof))
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.note
