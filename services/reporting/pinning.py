"""Which keys a log is believed by: given ones, else those of its first checkpoint.

Whoever is trusted may hand over: a statement that a trusted key signed makes the key that
it names trusted as well. So keys rotate, and nobody else can take a log over.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from shared.eventlog.key_handover import KeyHandover, followed
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, VerifierKey
from shared.kernel.errors import ContractError, LogTampered, RegulationError

KEYS_MAX_BYTES = 262_144


def trusted_keys(
    given: Sequence[VerifierKey],
    pinned: Sequence[str],
    stated: Sequence[str],
    handovers: Sequence[KeyHandover],
    note: Note,
) -> tuple[VerifierKey, ...]:
    """Return the keys that are trusted once `note` has been seen.

    `given` by people, `pinned` from what was cosigned before, `stated` by the owner, as are
    the `handovers`. What was pinned is forgotten when people give keys that it has nothing
    to do with.

    Raises:
        LogTampered: `mirror.key_unknown` when no trusted key signed `note`; as `Note.verify`
            and `followed`.

    """
    trusted = list(_keys(pinned))
    if given and not set(given) & set(trusted):
        trusted = []
    trusted += [key for key in given if key not in trusted]
    signed_by = [signed.key for signed in note.verify(list(_keys(stated)))]
    believed = followed(trusted or signed_by, handovers)
    if not note.verify(believed):
        raise LogTampered("mirror.key_unknown", key=", ".join(str(key) for key in signed_by))
    return believed


def given_keys(file: Path) -> dict[str, tuple[VerifierKey, ...]]:
    """Return the keys in `file`, one on each line, by the log that they are of.

    Raises:
        RegulationError: `mirror.keys_unreadable`.
        ContractError: `eventlog.key_malformed`.

    """
    try:
        with file.open("rb") as stream:
            lines = stream.read(KEYS_MAX_BYTES).decode(errors="replace").splitlines()
    except OSError:
        raise RegulationError("mirror.keys_unreadable", file=file.name) from None
    found: dict[str, tuple[VerifierKey, ...]] = {}
    for line in lines:
        if line.strip():
            key = VerifierKey.parse(line.strip())
            found[key.name] = (*found.get(key.name, ()), key)
    return found


def _keys(texts: Iterable[str]) -> Iterator[VerifierKey]:
    """Yield the keys of logs among `texts`, each once."""
    for text in dict.fromkeys(texts):
        try:
            key = VerifierKey.parse(text)
        except ContractError:
            continue
        if key.kind is KeyKind.LOG:
            yield key
