"""The invented personal data of the history, and whether any of it is somewhere."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache

from deploy.cli.demo import SEED
from deploy.demo.history import history
from shared.provinces import load_provinces
from shared.references import ReferenceFile
from tests.architecture.tree import ROOT

_PROVINCES = ROOT / "deploy" / "provinces"
_TEXT_PIECE = slice(8, 32)
"""Enough of a text to be found nowhere but in texts."""


@cache
def needles() -> tuple[bytes, ...]:
    """Return every planted name and number, and a piece of every text, in all forms of bytes."""
    return tuple(dict.fromkeys(_needles()))


def planted_in(content: bytes) -> list[str]:
    """Return what of it is in `content`, at most a few.

    `grep` looks for all of them at once, where we would take a minute.
    """
    with tempfile.NamedTemporaryFile() as patterns:
        patterns.write(b"\n".join(needles()))
        patterns.flush()
        found = subprocess.run(
            ["grep", "--text", "--only-matching", "--fixed-strings", "-m5", "-f", patterns.name],
            env=os.environ | {"LC_ALL": "C"},
            input=content,
            capture_output=True,
            check=False,
        )
    assert found.returncode in {0, 1}, found.stderr
    return found.stdout.decode(errors="replace").splitlines()[:5]


def _needles() -> Iterator[bytes]:
    told = history(SEED)
    texts = [opinion.text for opinion in told.opinions]
    texts += [opinion.answer_text for opinion in told.opinions if opinion.answer_text]
    # Names of agencies and fields, of which some texts begin: public, and kept with their files.
    public = "\n".join(file.content.decode() for file in _reference_files())
    pieces = (text[_TEXT_PIECE] for text in texts)
    for each in (*told.planted, *(piece for piece in pieces if piece not in public)):
        yield each.encode()
        yield json.dumps(each)[1:-1].encode()


def _reference_files() -> Iterator[ReferenceFile]:
    for province in load_provinces(_PROVINCES).values():
        yield from province.files
