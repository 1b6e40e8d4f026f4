"""Handovers: a log's key states that another one follows it, and signs that statement.

Three lines (`<log> key-handover`, the old key, the new one), signed by the old key as a note
of its own: no checkpoint, whose second line is a number. That both keys signed a checkpoint
says nothing, as anybody can add a line with a signature to a checkpoint that is public.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer, VerifierKey
from shared.kernel.errors import ContractError, LogTampered, TooLarge

HANDOVERS_MAX_BYTES = 262_144
"""Of all handovers of a log, one after the other."""

_HEADING = " key-handover"
_TEXT_LINES = 3
_NOTE_LINES = _TEXT_LINES + 2
"""An empty line, and the signature of the old key alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHandover:
    """What is said to be the word of a log's key `old`: that `new` signs the log as well."""

    old: VerifierKey
    new: VerifierKey
    note: Note

    @classmethod
    def sign(cls, old: Signer, new: VerifierKey) -> Self:
        """Return the handover to `new`, a key of the same log: the same bytes each time."""
        text = f"{new.name}{_HEADING}\n{old.key}\n{new}\n"
        return cls(old=old.key, new=new, note=Note.sign(text, [old], time_s=0))

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Return the handover that `content` is; its signature is not verified yet.

        Raises:
            ContractError: `eventlog.handover_malformed`; `eventlog.key_malformed` and as
                `Note.parse`.
            TooLarge: as `Note.parse`.

        """
        note = Note.parse(content)
        heading, *stated = note.text.removesuffix("\n").split("\n")
        keys = [VerifierKey.parse(text) for text in stated]
        if len(keys) != _TEXT_LINES - 1 or len(note.signatures) != 1:
            raise ContractError("eventlog.handover_malformed")
        old, new = keys
        names = {heading, *(f"{key.name}{_HEADING}" for key in keys)}
        if len(names) > 1 or {key.kind for key in keys} != {KeyKind.LOG} or old == new:
            raise ContractError("eventlog.handover_malformed")
        return cls(old=old, new=new, note=note)

    def verify(self) -> None:
        """Return when the old key has signed it.

        Raises:
            LogTampered: `eventlog.signature_wrong`.

        """
        if not self.note.verify([self.old]):
            raise LogTampered("eventlog.signature_wrong", key=self.old.name)


def handovers_in(content: bytes) -> list[KeyHandover]:
    """Return the handovers that stand in `content` one after the other.

    Raises:
        TooLarge: `eventlog.handovers_too_large`.
        ContractError: as `KeyHandover.parse`.

    """
    if len(content) > HANDOVERS_MAX_BYTES:
        raise TooLarge("eventlog.handovers_too_large", limit_bytes=HANDOVERS_MAX_BYTES)
    lines = content.split(b"\n")
    if lines.pop():
        raise ContractError("eventlog.handover_malformed")
    return [
        KeyHandover.parse(b"".join(line + b"\n" for line in lines[at : at + _NOTE_LINES]))
        for at in range(0, len(lines), _NOTE_LINES)
    ]


def followed(
    keys: Iterable[VerifierKey], handovers: Sequence[KeyHandover]
) -> tuple[VerifierKey, ...]:
    """Return `keys`, and those that they handed over to, step by step.

    Raises:
        LogTampered: `eventlog.signature_wrong` for a handover in the name of a key that is
            followed, which that key never signed.

    """
    known = dict.fromkeys(keys)
    ahead = list(known)
    while ahead:
        old = ahead.pop()
        for handover in handovers:
            if handover.old == old:
                handover.verify()
                if handover.new not in known:
                    known[handover.new] = None
                    ahead.append(handover.new)
    return tuple(known)
