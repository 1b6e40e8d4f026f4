"""A reference file as it was read: the bytes that were parsed are the bytes that are adopted."""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Self

from shared.contracts.operations import ReferenceAdopted
from shared.contracts.vocabulary import ReferenceKind
from shared.kernel.reference import Table, parse, read_reference

CITATIONS_MAX_BYTES = 16_384
"""Citations that an adoption repeats; the file, which is kept, has them all."""


@dataclass(frozen=True, kw_only=True)
class ReferenceFile:
    """A regulation, calendar, taxonomy, province or statistic, in one version."""

    kind: ReferenceKind
    name: str
    """As errors and events call it, without a blank or `@`: `regulations/national.toml`."""
    content: bytes = field(repr=False)
    library: str | None = None
    """Release of the library that completes it: `holidays-0.109`."""
    label: str | None = None
    """What people call it, where its kind does not say it all."""
    valid_from: date | None = None
    """First day that the file as a whole answers for; None where only its rows are dated."""

    @classmethod
    def read(cls, kind: ReferenceKind, path: Path, name: str) -> Self:
        """Return the file at `path`. Raises RegulationError `reference.unreadable`."""
        return cls(kind=kind, name=name, content=read_reference(path))

    def root(self) -> Table:
        """Return the root table of TOML. Raises RegulationError `reference.unreadable`."""
        return parse(self.content, self.name)

    @cached_property
    def sha256(self) -> str:
        """Of the bytes, as hex."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def version(self) -> str:
        """What tells one state of the file from another: the hash, and the library's release."""
        return f"{self.sha256}+{self.library}" if self.library else self.sha256

    def __str__(self) -> str:
        """Return the file and its version, as events name it."""
        return f"{self.name}@{self.version}"

    @property
    def citations(self) -> tuple[str, ...]:
        """What the file cites, in its order, none twice, as far as an event has room."""
        if not self.name.endswith(".toml"):
            return ()
        found: list[str] = []
        room_bytes = CITATIONS_MAX_BYTES
        for citation in dict.fromkeys(_cited(tomllib.loads(self.content.decode()))):
            room_bytes -= len(citation.encode())
            if room_bytes < 0:
                break
            found.append(citation)
        return tuple(found)

    def adoption(self) -> ReferenceAdopted:
        """Return the fact that this version came into use."""
        return ReferenceAdopted(
            kind=self.kind,
            file=self.name,
            version=self.version,
            sha256=self.sha256,
            label=self.label,
            citations=self.citations,
            valid_from=self.valid_from,
        )


def named(files: Iterable[ReferenceFile]) -> str:
    """Return the versions of `files` as the attribute `references` of an event has them."""
    return " ".join(map(str, files))


def _cited(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "citation" and isinstance(inner, str):
                yield inner
            else:
                yield from _cited(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _cited(inner)
