"""A proof that a citizen or an agency can keep: one file, checked without the log.

Source: https://c2sp.org/tlog-proof. It holds the position of an entry, the hashes that
lead from it to the root, and the signed checkpoint that states the root; the entry itself
is given beside it.
"""

from dataclasses import dataclass
from typing import Self

from shared.eventlog.checkpoint import Policy, SignedCheckpoint
from shared.eventlog.lines import base64_bytes, base64_text, hash_bytes, number
from shared.eventlog.note import NOTE_MAX_BYTES
from shared.eventlog.proof import ProofInvalid, verify_inclusion
from shared.kernel.errors import ContractError, TooLarge

HASHES_MAX = 63
EXTRA_MAX_BYTES = 131_072
PROOF_MAX_BYTES = NOTE_MAX_BYTES + 2 * EXTRA_MAX_BYTES

_HEADING = "c2sp.org/tlog-proof@v1"
_EXTRA = "extra "
_INDEX = "index "


@dataclass(frozen=True, slots=True, kw_only=True)
class TlogProof:
    """That an entry stands in a log."""

    index: int
    """Position of the entry, from 0."""
    hashes: tuple[bytes, ...]
    """From the entry's sibling up to just below the root."""
    checkpoint: bytes
    """The signed note, as the log gave it."""
    extra: bytes | None = None
    """Whatever else the receiver may need; nothing vouches for it."""

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Return the proof that `content` is; nothing is verified yet.

        Raises:
            TooLarge: `eventlog.proof_too_large` beyond 524,288 bytes.
            ContractError: `eventlog.proof_malformed`.

        """
        if len(content) > PROOF_MAX_BYTES:
            raise TooLarge("eventlog.proof_too_large", limit_bytes=PROOF_MAX_BYTES)
        head, gap, checkpoint = content.partition(b"\n\n")
        heading, *lines = head.decode("ascii", errors="replace").split("\n")
        extra: bytes | None = None
        if lines and lines[0].startswith(_EXTRA):
            extra = base64_bytes(lines.pop(0).removeprefix(_EXTRA))
            if extra is None or len(extra) > EXTRA_MAX_BYTES:
                raise ContractError("eventlog.proof_malformed")
        if heading != _HEADING or not gap or not 0 < len(lines) <= 1 + HASHES_MAX:
            raise ContractError("eventlog.proof_malformed")
        index = number(lines[0].removeprefix(_INDEX)) if lines[0].startswith(_INDEX) else None
        hashes = [found for line in lines[1:] if (found := hash_bytes(line)) is not None]
        if index is None or len(hashes) != len(lines) - 1:
            raise ContractError("eventlog.proof_malformed")
        return cls(index=index, hashes=tuple(hashes), checkpoint=checkpoint, extra=extra)

    def encode(self) -> bytes:
        """Return the proof as `parse` reads it."""
        extra = [] if self.extra is None else [_EXTRA + base64_text(self.extra)]
        hashes = map(base64_text, self.hashes)
        lines = (_HEADING, *extra, f"{_INDEX}{self.index}", *hashes)
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.checkpoint

    def verify(self, leaf: bytes, policy: Policy) -> SignedCheckpoint:
        """Return the checkpoint under which the entry that hashes to `leaf` is proven.

        Raises:
            ProofInvalid: `eventlog.entry_unproven` when the hashes don't lead from the
                entry to the root.
            LogTampered, ContractError, TooLarge: as `Policy.open`.

        """
        signed = policy.open(self.checkpoint)
        size, root = signed.checkpoint.size, signed.checkpoint.root
        try:
            verify_inclusion(leaf, self.index, size, self.hashes, root)
        except ProofInvalid:
            raise ProofInvalid(
                "eventlog.entry_unproven", origin=policy.origin, position=self.index, size=size
            ) from None
        return signed
