"""Events that any service may record about its own running."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import ReferenceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySkipped:
    """An operator passed over an entry that this service could not apply."""

    consumer: str
    origin: str
    """Log that holds the entry."""
    position: int
    reason: TextRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceAdopted:
    """A file that decides came into use: from here on, events of this log may rest on it."""

    kind: ReferenceKind
    file: str
    """As errors call it. Events name `<file>@<version>` in their attribute `references`."""
    version: str
    """`sha256`, and behind a `+` the release of the library that completes the file."""
    sha256: str
    """Of the file's bytes, as hex; the service serves them at `/references/<sha256>`."""
    label: str | None = None
    """What people call it, where its kind does not say it all."""
    citations: tuple[str, ...] = ()
    """Documents that the file cites, as far as there is room."""
    valid_from: date | None = None
    """First day that the file as a whole answers for; absent where only its rows are dated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PredecessorNamed:
    """The log goes on with the affairs of another of the same service, which is frozen."""

    origin: str
    """The log that takes nothing any more."""
    size: int
    """How many entries it has, for good."""
    root: str
    """Root of the tree over them, as hex. Source: RFC 6962, section 2.1."""
    note_sha256: str
    """SHA-256 of its last checkpoint, a signed note, as it was then; as hex."""


OperationsEvent = EntrySkipped | ReferenceAdopted | PredecessorNamed
