"""One opinion, session or assignment: found by its id or receipt, folded to any point."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from deploy.audit.archive import Archive
from deploy.audit.point import Sizes
from services.assignment.decider import DECIDER
from services.intake.decider import OPINION
from services.sessions.decider import SESSION
from shared.eventlog import Entry, Recorded
from shared.eventlog.entry import NOTHING
from shared.kernel.decider import Decider
from shared.kernel.errors import ContractError, NotFound

KINDS: Mapping[str, Decider[Any, Any, Any]] = {
    "opinion": OPINION,
    "session": SESSION,
    "assignment": DECIDER,
}
"""What a stream is about, and the decider that folds it."""

_RECEIPT = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}")
_WORDS = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a question is about."""

    kind: str
    """A key of `KINDS`."""
    id: str
    origin: str
    """The log that its stream lies in."""

    @property
    def stream(self) -> str:
        """Name of its stream."""
        return f"{self.kind}-{self.id}"


def find_subject(archives: Sequence[Archive], name: str) -> Subject:
    """Return what `name` is: the id of an opinion, session or assignment, or a receipt.

    Raises:
        NotFound: `audit.unknown_subject`.
        LogTampered: `audit.hole`.

    """
    is_receipt = _RECEIPT.fullmatch(name.upper()) is not None
    wanted = name.upper() if is_receipt else name
    streams = {f"{kind}-{wanted}": kind for kind in KINDS}
    for archive in archives:
        for document in _documents(archive, wanted):
            data = document.get("data")
            stream = str(document.get("subject"))
            if is_receipt:
                if isinstance(data, dict) and data.get("receipt") == wanted:
                    subject_id = stream.removeprefix("opinion-")
                    return Subject(kind="opinion", id=subject_id, origin=archive.origin)
            elif stream in streams:
                return Subject(kind=streams[stream], id=wanted, origin=archive.origin)
    raise NotFound("audit.unknown_subject")


def state_at(archives: Sequence[Archive], subject: Subject, sizes: Sizes) -> dict[str, Any]:
    """Return what a subject was when the logs were of `sizes`, as JSON values.

    `state` is the name of its state, `version` that of its stream, -1 before its first
    event; the rest is what its decider remembered. No text and no person is in it.

    Raises:
        LogTampered: `audit.hole`.
        ContractError: as `Entry.recorded`.

    """
    decider = KINDS[subject.kind]
    state, version = decider.initial, NOTHING
    last: Recorded | None = None
    for archive in archives:
        if archive.origin != subject.origin:
            continue
        for position, content in enumerate(archive.entries(0, sizes[archive.origin])):
            if subject.stream.encode() not in content:
                continue  # faster than reading what it says
            recorded = Entry(archive.origin, position, content).recorded()
            if recorded.stream == subject.stream:
                state = decider.evolve(state, recorded.event)
                version, last = recorded.version, recorded
    return {
        "kind": subject.kind,
        "id": subject.id,
        "state": _WORDS.sub("_", type(state).__name__).lower(),
        "version": version,
        "last_event": last.event_id if last else None,
        "last_position": last.position if last else None,
        "known": _plain(state),
    }


def _documents(archive: Archive, wanted: str) -> Iterator[Mapping[str, Any]]:
    """Yield the entries that `wanted` is somewhere in."""
    for position, content in enumerate(archive.entries(0, archive.size())):
        if wanted.encode() not in content:
            continue
        try:
            yield Entry(archive.origin, position, content).document
        except ContractError:
            continue


def _plain(value: Any) -> Any:
    """Return what a decider remembers as JSON values, without what is not stated."""
    if is_dataclass(value):
        named = ((each.name, getattr(value, each.name)) for each in fields(value))
        return {name: _plain(inner) for name, inner in named if inner is not None}
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in sorted(value.items())}
    if isinstance(value, frozenset):
        return sorted(_plain(inner) for inner in value)
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
