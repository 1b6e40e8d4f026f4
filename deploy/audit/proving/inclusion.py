"""A proof that somebody can keep for years: that one event stands in a log.

The file is a C2SP tlog-proof whose `extra` line holds the bytes of the entry, so that it
stands alone: with the log's verifier key nothing else is needed to check it, now or later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from deploy.audit.proving.entry_document import document_of
from deploy.audit.proving.provable import OwnedLog, Provable
from deploy.audit.proving.trust import Trust
from shared.eventlog import Entry
from shared.eventlog.checkpoint import Checkpoint, Policy, SignedCheckpoint
from shared.eventlog.note import Note
from shared.eventlog.note_key import VerifierKey
from shared.eventlog.proof import inclusion_proof, leaf_hash
from shared.eventlog.tiles import Tile, hashes_from
from shared.eventlog.tlog_proof import TlogProof
from shared.kernel.errors import ContractError, LogTampered, NotFound, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """An event that a proof shows to be in a log."""

    origin: str
    position: int
    size: int
    """Of the log when that was signed."""
    root: str
    """Hexadecimal."""
    document: dict[str, Any] | None
    """The entry as JSON; None for another's log whose entries are none."""
    witnesses: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


def prove(archives: Sequence[Provable], event_id: str) -> TlogProof:
    """Return the proof of the event called `event_id`, checked.

    Raises:
        NotFound: `audit.unknown_event` when no log has it.
        Unavailable: `audit.not_signed_yet`.
        LogTampered: `eventlog.tile_missing` and whatever else keeps the proof from holding.

    """
    archive, position, content = _found(archives, event_id)
    note = archive.checkpoint()
    checkpoint = Checkpoint.parse(Note.parse(note).text) if note else None
    if note is None or checkpoint is None or checkpoint.size <= position:
        raise Unavailable("audit.not_signed_yet", origin=archive.origin, position=position)

    def read(tile: Tile) -> bytes:
        stored = archive.tile(tile)
        if stored is None:
            raise LogTampered("eventlog.tile_missing", origin=archive.origin, path=tile.path)
        return stored

    size = checkpoint.size
    hashes = inclusion_proof(position, size, hashes_from(size, read))
    proof = TlogProof(index=position, hashes=tuple(hashes), checkpoint=note, extra=content)
    keys = tuple(VerifierKey.parse(key) for key in archive.stated_keys())
    proof.verify(leaf_hash(content), Policy(origin=archive.origin, log_keys=keys))
    return proof


def check(content: bytes, trust: Trust) -> Proven:
    """Return what the proof file `content` shows, by the word of `trust`.

    Raises:
        NotFound: `audit.key_of_another_log` when no key is of the log that the proof names;
            `audit.witnesses_missing`.
        LogTampered: `audit.proof_of_another_log` when the entry says that it is of another
            log; as `TlogProof.verify`.
        ContractError, TooLarge: `audit.proof_without_entry`; as `TlogProof.parse`.

    """
    proof = TlogProof.parse(content)
    if proof.extra is None:
        raise ContractError("audit.proof_without_entry")
    origin = Checkpoint.parse(Note.parse(proof.checkpoint).text).origin
    mine = trust.of(origin)
    if not mine.keys:
        raise NotFound("audit.key_of_another_log", origin=origin)
    policy = Policy(origin=origin, log_keys=mine.keys, witness_keys=mine.witnesses)
    signed = proof.verify(leaf_hash(proof.extra), policy)
    document = document_of(proof.extra)
    if document is not None and document.get("source", origin) != origin:
        raise LogTampered("audit.proof_of_another_log", origin=origin)
    found = len({each.key.name for each in signed.by_witnesses})
    if found < mine.witnesses_min:
        raise NotFound("audit.witnesses_missing", wanted=mine.witnesses_min, found=found)
    return _proven(proof, signed, document)


def _proven(proof: TlogProof, signed: SignedCheckpoint, document: dict[str, Any] | None) -> Proven:
    return Proven(
        origin=signed.checkpoint.origin,
        position=proof.index,
        size=signed.checkpoint.size,
        root=signed.checkpoint.root.hex(),
        document=document,
        witnesses=tuple(sorted({each.key.name for each in signed.by_witnesses})),
    )


def _found(archives: Sequence[Provable], event_id: str) -> tuple[Provable, int, bytes]:
    for archive in archives:
        first, end = 0, archive.size()
        if isinstance(archive, OwnedLog):
            first, end = _indexed(archive, event_id)
        for position, content in enumerate(archive.entries(first, end), first):
            if _is_called(archive.origin, position, content, event_id):
                return archive, position, content
    raise NotFound("audit.unknown_event", event_id=event_id)


def _indexed(archive: OwnedLog, event_id: str) -> tuple[int, int]:
    """Return where to look: the position that the index names, or nowhere."""
    columns = archive.tables.entry.c
    query = sa.select(columns.position).where(
        columns.log_no == archive.log_no, columns.id == event_id
    )
    with archive.store.read() as connection:
        position = connection.scalar(query.limit(1))
    return (0, 0) if position is None else (position, position + 1)


def _is_called(origin: str, position: int, content: bytes, event_id: str) -> bool:
    if event_id.encode() not in content:
        return False
    try:
        return Entry(origin, position, content).document.get("id") == event_id
    except ContractError:
        return False
