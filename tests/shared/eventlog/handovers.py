"""Handovers that no key ever signed."""

from shared.eventlog.key_handover import KeyHandover
from shared.eventlog.note import Note
from shared.eventlog.note_key import Signature, Signer, VerifierKey


def forged(old: VerifierKey, forger: Signer) -> KeyHandover:
    """Return a handover in the name of `old` to the forger, by the forger's own signature."""
    text = f"{old.name} key-handover\n{old}\n{forger.key}\n"
    signed = forger.sign(text, time_s=0)
    claimed = Signature(name=old.name, key_id=old.key_id, content=signed.content)
    return KeyHandover.parse(Note(text, (claimed,)).encode())
