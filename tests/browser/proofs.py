"""Proof files for the page: a true one, every way of spoiling it, and what the command says."""

import json
from collections.abc import Mapping, Sequence

from deploy.audit.proving import inclusion
from deploy.audit.proving.trust import Trust
from shared.eventlog.checkpoint import Checkpoint, CheckpointUnsigned
from shared.eventlog.lines import base64_text
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer, VerifierKey
from shared.eventlog.proof import (
    EMPTY_ROOT,
    inclusion_proof,
    leaf_hashes,
    node_hash,
    root_hash,
)
from shared.eventlog.tlog_proof import PROOF_MAX_BYTES, TlogProof
from shared.kernel.errors import AppError, LogTampered
from tests.shared.eventlog.trees import Shelf

ORIGIN = "doithoai.test/ha-noi/intake"
SIZE, INDEX = 300, 257
TIME_S = 1_700_000_000
LOG = Signer.generate(ORIGIN, KeyKind.LOG)
WITNESS = Signer.generate("nhan-chung.example.vn", KeyKind.WITNESS)
STRANGER = Signer.generate(ORIGIN, KeyKind.LOG)
KEY, WITNESS_KEY = str(LOG.key), str(WITNESS.key)


def entry(origin: str, number: int, **more: object) -> bytes:
    """Return the bytes of an event."""
    document = {
        "actor": "ba-dinh/thu-ky",
        "data": {"channel": "letter"},
        "id": f"018f3c1e-{number:04}",
        "source": origin,
        "subject": f"opinion-{number}",
        "time": "2026-11-20T02:15:00.000000Z",
        "type": "OpinionReceived",
    }
    return json.dumps(document | more, ensure_ascii=False).encode()


def proof(
    origin: str = ORIGIN,
    signers: Sequence[Signer] = (LOG, WITNESS),
    *,
    size: int = SIZE,
    index: int = INDEX,
    time_s: int = TIME_S,
    **more: object,
) -> bytes:
    """Return a true proof of the event at `index`, in which `more` is also said."""
    entries = [entry(origin, number) for number in range(size)]
    entries[index] = entry(origin, index, **more)
    shelf = Shelf(leaf_hashes(entries))
    checkpoint = Checkpoint(origin=origin, size=size, root=root_hash(size, shelf))
    return TlogProof(
        index=index,
        hashes=tuple(inclusion_proof(index, size, shelf)),
        checkpoint=Note.sign(checkpoint.text, signers, time_s=time_s).encode(),
        extra=entries[index],
    ).encode()


def alone(content: bytes) -> bytes:
    """Return a true proof of whatever entry, the only one of its log."""
    (leaf,) = leaf_hashes([content])
    text = Checkpoint(origin=ORIGIN, size=1, root=leaf).text
    note = Note.sign(text, (LOG, WITNESS), time_s=TIME_S).encode()
    return TlogProof(index=0, hashes=(), checkpoint=note, extra=content).encode()


TRUE = proof()
BY_LOG_ALONE = proof(signers=(LOG,))


def _line(number: int, text: str) -> bytes:
    """Return the true proof with another line there."""
    lines = TRUE.decode().split("\n")
    assert lines[number] != text
    return "\n".join([*lines[:number], text, *lines[number + 1 :]]).encode()


def _flipped(number: int, at: int) -> bytes:
    """Return the true proof with another letter in a line."""
    line = TRUE.decode().split("\n")[number]
    other = "A" if line[at] != "A" else "B"
    return _line(number, line[:at] + other + line[at + 1 :])


def _after(needle: str, more: str) -> bytes:
    return TRUE.decode().replace(needle, needle + more, 1).encode()


def lying(size: int, root: bytes, index: int, *hashes: bytes) -> bytes:
    """Return a proof under a checkpoint that the log should never have signed."""
    checkpoint = Checkpoint(origin=ORIGIN, size=size, root=root)
    note = Note.sign(checkpoint.text, (LOG, WITNESS), time_s=TIME_S).encode()
    return TlogProof(index=index, hashes=hashes, checkpoint=note, extra=entry(ORIGIN, 0)).encode()


def _spelt_otherwise(number: int) -> bytes:
    """Return the true proof with a hash that says the same in other letters."""
    line = TRUE.decode().split("\n")[number]
    last = _LETTERS.index(line[-2])  # of 32 bytes it says four bits, and two say nothing
    return _line(number, f"{line[:-2]}{_LETTERS[last | 1]}=")


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FIRST, _SECOND = leaf_hashes([entry(ORIGIN, 0), entry(ORIGIN, 1)])
_LINES = TRUE.decode().split("\n")
_CHECKPOINT_AT = _LINES.index(ORIGIN)
_SIGNATURE_AT = _CHECKPOINT_AT + 4
_EXTRA = "extra " + base64_text(entry(ORIGIN, INDEX, actor="ba-dinh/ai-do"))

SPOILT: Mapping[str, bytes] = {
    "another entry": _line(1, _EXTRA),
    "no entry": _line(1, _LINES[2]).replace(f"{_LINES[2]}\n".encode(), b"", 1),
    "entry not base64": _line(1, "extra ***"),
    "another position": _line(2, f"index {INDEX - 1}"),
    "a position beyond the log": _line(2, f"index {SIZE}"),
    "a position with a zero before it": _line(2, f"index 0{INDEX}"),
    "a negative position": _line(2, "index -1"),
    "another hash": _flipped(3, 0),
    "a hash in other letters": _spelt_otherwise(3),
    "too short for its size": lying(4, node_hash(_FIRST, _SECOND), 0, _SECOND),
    "too long for its size": lying(1, node_hash(_FIRST, _SECOND), 0, _SECOND),
    "a position just beyond the log": lying(1, _FIRST, 1),
    "an entry in an empty log": lying(0, EMPTY_ROOT, 0),
    "an empty log with a root": lying(0, _FIRST, 0),
    "a mark before what is signed": _after("\n\n", "\ufeff"),
    "hashes exchanged": _line(3, _LINES[4]),
    "a hash less": TRUE.replace(f"{_LINES[3]}\n".encode(), b"", 1),
    "a hash more": _after(f"{_LINES[3]}\n", f"{_LINES[3]}\n"),
    "hashes without end": _after(f"{_LINES[3]}\n", f"{_LINES[3]}\n" * 64),
    "another log": _line(_CHECKPOINT_AT, "doithoai.test/ha-nam/intake"),
    "another size": _line(_CHECKPOINT_AT + 1, str(SIZE + 1)),
    "another root": _flipped(_CHECKPOINT_AT + 2, 0),
    "a line more in what is signed": _line(_CHECKPOINT_AT + 2, f"{_LINES[_CHECKPOINT_AT + 2]}\nx"),
    "another signature": _flipped(_SIGNATURE_AT, -20),
    "another cosignature": _flipped(_SIGNATURE_AT + 1, -20),
    "the time of a cosignature": _flipped(_SIGNATURE_AT + 1, -90),
    "a cosignature at a time that the format has not": proof(time_s=2**63),
    "a signature twice": _line(_SIGNATURE_AT, f"{_LINES[_SIGNATURE_AT]}\n{_LINES[_SIGNATURE_AT]}"),
    "no signature": "\n".join([*_LINES[:_SIGNATURE_AT], ""]).encode(),
    "signed by another": proof(signers=(STRANGER, WITNESS)),
    "no witness": BY_LOG_ALONE,
    "another log's entry": proof(source="doithoai.test/ha-nam/intake"),
    "cut off": TRUE[:-9],
    "cut in the middle": TRUE[: len(TRUE) // 2],
    "a line after the end": TRUE + b"more\n",
    "a line break after the end": TRUE + b"\n",
    "Windows line breaks": TRUE.replace(b"\n", b"\r\n"),
    "a mark before the start": b"\xef\xbb\xbf" + TRUE,
    "no UTF-8": TRUE.replace("—".encode(), b"\xe2\x80", 1),
    "nothing": b"",
    "no proof": b"%PDF-1.7\n\n",
    "zeros": bytes(1000),
    "as large as may be": TRUE + bytes(PROOF_MAX_BYTES - len(TRUE)),
}


def said(content: bytes, keys: Sequence[str]) -> tuple[str, str | None]:
    """Return verdict and code of `check-proof` about a file, by these keys and all witnesses."""
    parsed = tuple(dict.fromkeys(map(VerifierKey.parse, keys)))
    witnesses = tuple(key for key in parsed if key.kind is KeyKind.WITNESS)
    trust = Trust(
        keys=tuple(key for key in parsed if key.kind is KeyKind.LOG),
        witnesses=witnesses,
        witnesses_min=len({key.name for key in witnesses}),
    )
    try:
        inclusion.check(content, trust)
    except CheckpointUnsigned as error:
        return "unknown", error.code
    except LogTampered as error:
        return "disproven", error.code
    except AppError as error:
        return "unknown", error.code
    return "proven", None
