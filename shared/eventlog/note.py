"""Signed notes: a text, and the signatures of those who stand by it.

Source: https://c2sp.org/signed-note. The text ends with a line break; an empty line and
one line for each signature follow. Signatures by keys that the reader doesn't know are
carried along and prove nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from shared.eventlog.note_key import Signature, Signed, Signer, VerifierKey
from shared.kernel.errors import ContractError, LogTampered, TooLarge

NOTE_MAX_BYTES = 262_144
SIGNATURES_MAX = 64
"""The format asks for 16 at least; one that resists quantum computers takes 3.3 kB."""

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Note:
    """A text, with its signatures in the order of their lines."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Return the note that `content` is; no signature is verified yet.

        Raises:
            TooLarge: `eventlog.note_too_large` beyond 262,144 bytes.
            ContractError: `eventlog.note_malformed`, `eventlog.signature_malformed`.

        """
        if len(content) > NOTE_MAX_BYTES:
            raise TooLarge("eventlog.note_too_large", limit_bytes=NOTE_MAX_BYTES)
        try:
            whole = content.decode()
        except UnicodeDecodeError:
            whole = ""
        text, gap, below = whole.rpartition("\n\n")
        lines = below.split("\n")
        if not gap or lines.pop() or _CONTROL.search(whole):
            raise ContractError("eventlog.note_malformed")
        if not 0 < len(lines) <= SIGNATURES_MAX:
            raise ContractError("eventlog.note_malformed")
        return cls(text + "\n", tuple(Signature.parse(line) for line in lines))

    @classmethod
    def sign(cls, text: str, signers: Iterable[Signer], *, time_s: int) -> Self:
        """Return `text`, signed by each of `signers`; `time_s` is stated by witnesses.

        Raises:
            ContractError: `eventlog.note_malformed` when a note can't carry that text.

        """
        try:
            note = cls(text, tuple(signer.sign(text, time_s=time_s) for signer in signers))
            content = note.encode()
        except UnicodeEncodeError:
            raise ContractError("eventlog.note_malformed") from None
        if cls.parse(content) != note:
            raise ContractError("eventlog.note_malformed")
        return note

    def encode(self) -> bytes:
        """Return the note as `parse` reads it."""
        lines = "".join(f"{signature}\n" for signature in self.signatures)
        return f"{self.text}\n{lines}".encode()

    def also_signed(self, more: Iterable[Signature]) -> "Note":
        """Return the note with further signatures; a newer one by the same key replaces."""
        named = {(each.name, each.key_id): each for each in (*self.signatures, *more)}
        return Note(self.text, tuple(named.values()))

    def verify(self, keys: Sequence[VerifierKey]) -> tuple[Signed, ...]:
        """Return who signed, of those whose keys are known; signatures by others count not.

        Raises:
            LogTampered: `eventlog.signature_wrong` when a signature by a known key is
                wrong; `eventlog.signature_repeated` when there are two by the same.

        """
        verified = []
        for key in keys:
            claimed = [each for each in self.signatures if key.claims(each)]
            if len(claimed) > 1:
                raise LogTampered("eventlog.signature_repeated", key=key.name)
            verified += [key.verify(self.text, signature) for signature in claimed]
        return tuple(verified)
