"""Every parser of the log's formats, under one roof: none crashes, hangs, or takes more than fair.

A parser that isn't listed here fails the first test.
"""

import inspect
import pkgutil
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import eventlog
from shared.eventlog import lines
from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.key_handover import KeyHandover
from shared.eventlog.lines import base64_text
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signature, Signer, VerifierKey
from shared.eventlog.tiles import (
    Bundle,
    Tile,
    decode_bundle,
    decode_tile,
    encode_bundle,
    parse_path,
)
from shared.eventlog.tlog_proof import TlogProof
from tests.shared.eventlog.refusals import read
from tests.shared.eventlog.trees import numbered, patiently

LOG, SECOND = (Signer.generate("doithoai.test/ha-noi/intake", KeyKind.LOG) for _ in range(2))
TEXT = Checkpoint(origin=LOG.key.name, size=3, root=numbered(1)[0]).text
NOTE = Note.sign(TEXT, [LOG], time_s=0).encode()
PROOF = TlogProof(index=1, hashes=tuple(numbered(2)), checkpoint=NOTE, extra=b"{}").encode()
WIDTH = 3

LARGE_BYTES = 2**18
TIME_MAX_S = 2.0
MEMORY_MAX_RATIO = 100
"""Of the size of what is read: a line of one letter takes some sixty bytes in Python."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parser:
    """How a format is read and written; `sample` is well spelt."""

    read: Callable[[Any], object]
    write: Callable[[Any], object]
    sample: bytes
    is_text: bool = True

    def given(self, content: bytes) -> str | bytes:
        """Return `content` as the parser takes it: what is no text comes as an argument does."""
        return content.decode("utf-8", errors="surrogateescape") if self.is_text else content


PARSERS = {
    "checkpoint.Checkpoint.parse": Parser(
        read=Checkpoint.parse, write=lambda found: found.text, sample=TEXT.encode()
    ),
    "key_handover.KeyHandover.parse": Parser(
        read=KeyHandover.parse,
        write=lambda found: found.note.encode(),
        sample=KeyHandover.sign(LOG, SECOND.key).note.encode(),
        is_text=False,
    ),
    "lines.base64_bytes": Parser(
        read=lines.base64_bytes, write=base64_text, sample=base64_text(b"some bytes").encode()
    ),
    "lines.hash_bytes": Parser(
        read=lines.hash_bytes, write=base64_text, sample=base64_text(numbered(1)[0]).encode()
    ),
    "lines.number": Parser(read=lines.number, write=str, sample=b"1234567890"),
    "note.Note.parse": Parser(
        read=Note.parse, write=lambda found: found.encode(), sample=NOTE, is_text=False
    ),
    "note_key.Signature.parse": Parser(
        read=Signature.parse, write=str, sample=str(LOG.sign(TEXT, time_s=0)).encode()
    ),
    "note_key.Signer.parse": Parser(
        read=Signer.parse, write=lambda found: found.secret(), sample=LOG.secret().encode()
    ),
    "note_key.VerifierKey.parse": Parser(
        read=VerifierKey.parse, write=str, sample=str(LOG.key).encode()
    ),
    "tiles.decode_bundle": Parser(
        read=lambda content: decode_bundle(Bundle(0, WIDTH), content),
        write=encode_bundle,
        sample=encode_bundle([b"one", b"", b"three"]),
        is_text=False,
    ),
    "tiles.decode_tile": Parser(
        read=lambda content: decode_tile(Tile(0, 0, WIDTH), content),
        write=b"".join,
        sample=b"".join(numbered(WIDTH)),
        is_text=False,
    ),
    "tiles.parse_path": Parser(
        read=parse_path, write=lambda found: found.path, sample=b"tile/1/x001/x002/003.p/44"
    ),
    "tlog_proof.TlogProof.parse": Parser(
        read=TlogProof.parse, write=lambda found: found.encode(), sample=PROOF, is_text=False
    ),
}
every_parser = pytest.mark.parametrize("name", PARSERS)


def parsers() -> Iterator[str]:
    """Yield what reads a format, by the names that this package gives such functions."""
    for found in pkgutil.iter_modules(eventlog.__path__):
        module = import_module(f"{eventlog.__name__}.{found.name}")
        for name, value in vars(module).items():
            if getattr(value, "__module__", None) != module.__name__:
                continue
            if inspect.isclass(value) and hasattr(value, "parse"):
                yield f"{found.name}.{name}.parse"
            if inspect.isfunction(value) and name.startswith(("parse_", "decode_")):
                yield f"{found.name}.{name}"
    yield from (
        f"lines.{name}"
        for name, value in vars(lines).items()
        if inspect.isfunction(value)
        and value.__module__ == lines.__name__
        and "None" in str(inspect.signature(value).return_annotation)
    )


def test_no_parser_is_missing() -> None:
    assert sorted(parsers()) == sorted(PARSERS)


@every_parser
def test_what_is_well_spelt_is_read_and_written_alike(name: str) -> None:
    parser = PARSERS[name]
    sample = parser.given(parser.sample)
    assert parser.write(parser.read(sample)) == sample


@st.composite
def damaged(draw: st.DrawFn, sample: bytes) -> bytes:
    """Draw the sample with a piece replaced, removed, doubled or added."""
    start = draw(st.integers(0, len(sample)))
    end = draw(st.integers(start, min(len(sample), start + 40)))
    middle = draw(st.binary(max_size=5) | st.sampled_from([b"\n", b"\n\n", sample[start:end] * 2]))
    return sample[:start] + middle + sample[end:]


@every_parser
@patiently
@given(data=st.data())
def test_whatever_is_read_was_spelt_as_we_would_and_the_rest_is_refused(
    name: str, data: st.DataObject
) -> None:
    parser = PARSERS[name]
    content = parser.given(data.draw(st.binary(max_size=120) | damaged(parser.sample)))
    found = read(parser.read, content)
    assert found is None or parser.write(found) == content


PIECES = {
    "line breaks": b"\n",
    "empty lines": b"a\n\n",
    "short lines": b"a\n",
    "zeros": b"0",
    "digits": b"9",
    "base64": b"QUFB",
    "padding": b"=",
    "plus signs": b"+",
    "slashes": b"/",
    "path": b"x000/",
    "signatures": "— a AAAAAAA=\n".encode(),
    "open brackets": b"[",
    "zero bytes": b"\x00",
    "no UTF-8": b"\xff",
}


@every_parser
@pytest.mark.parametrize("where", ["before", "in the middle", "after"])
@pytest.mark.parametrize("piece", PIECES)
def test_a_large_file_takes_no_more_than_its_share(name: str, piece: str, where: str) -> None:
    parser = PARSERS[name]
    much = PIECES[piece] * (LARGE_BYTES // len(PIECES[piece]))
    at = {"before": 0, "in the middle": len(parser.sample) // 2, "after": len(parser.sample)}[where]
    content = parser.given(parser.sample[:at] + much + parser.sample[at:])
    tracemalloc.start()
    try:
        start = time.process_time()
        read(parser.read, content)
        spent_s = time.process_time() - start
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert spent_s < TIME_MAX_S
    assert peak_bytes < MEMORY_MAX_RATIO * LARGE_BYTES
