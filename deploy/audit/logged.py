"""An entry as an audit sees it: what it says, with the very data that is stored."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from deploy.audit.archive import Archive
from shared.contracts import Event
from shared.eventlog import Entry, Recorded
from shared.kernel.clock import civil_date
from shared.kernel.errors import ContractError


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A decoded entry, and what decoding leaves out."""

    recorded: Recorded
    data: Mapping[str, Any]
    """The event's fields as they are stored, before any upcast; what is absent is None."""
    schema_version: int
    references: str | None
    """Versions of the files that the event says it was decided by."""

    @property
    def event(self) -> Event:
        """The event."""
        return self.recorded.event

    @property
    def type(self) -> str:
        """The event's type."""
        return type(self.recorded.event).__name__

    @property
    def occurred_on(self) -> date:
        """The civil day in Viet Nam on which it says it happened."""
        return civil_date(datetime.fromisoformat(self.recorded.occurred_at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An entry that says nothing that this release understands."""

    origin: str
    position: int
    reason: str
    """Code of the error."""


def read(archive: Archive, end: int, first: int = 0) -> Iterator[Logged | Unreadable]:
    """Yield the entries at positions from `first` to before `end`, each decoded and checked."""
    for position, content in enumerate(archive.entries(first, end), first):
        yield logged_of(Entry(archive.origin, position, content))


def logged_of(entry: Entry) -> Logged | Unreadable:
    """Return what `entry` says, every type checked."""
    try:
        return _logged(entry, entry.checked())
    except ContractError as error:
        return Unreadable(origin=entry.origin, position=entry.position, reason=error.code)


def skim(archive: Archive, end: int, types: Collection[str]) -> Iterator[Logged | None]:
    """Yield each entry at a position before `end` that is of `types`, None for every other.

    Decoded fast and unchecked: for looking up what `read` has judged, or will. One that
    can't be decoded is None too.
    """
    for position, content in enumerate(archive.entries(0, end)):
        entry = Entry(archive.origin, position, content)
        try:
            is_wanted = entry.document.get("type") in types
            yield _logged(entry, entry.recorded()) if is_wanted else None
        except ContractError:
            yield None


def _logged(entry: Entry, recorded: Recorded) -> Logged:
    """Return `recorded` with what decoding leaves out. Raises ContractError for no instants."""
    document = entry.document
    try:
        for instant in (recorded.time, recorded.occurred_at):
            if datetime.fromisoformat(instant).tzinfo is None:
                raise ContractError("contract.invalid_envelope", origin=entry.origin)
    except (TypeError, ValueError):
        raise ContractError("contract.invalid_envelope", origin=entry.origin) from None
    references = document.get("references")
    return Logged(
        recorded=recorded,
        data=document["data"],
        schema_version=document["schemaversion"],
        references=references if isinstance(references, str) else None,
    )
