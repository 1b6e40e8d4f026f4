"""What every entry of our logs must be, whatever its event says, and whatever was signed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.audit.verdict import Finding
from shared import wire
from shared.eventlog import Entry
from shared.eventlog.entry import ENTRY_MAX_BYTES
from shared.eventlog.proof import HASH_BYTES
from shared.kernel.errors import ContractError

_FROM_A_NEWER_RELEASE = ("contract.unknown_type", "contract.unknown_version")
_PREDECESSOR = "PredecessorNamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Predecessor:
    """What an entry says of a log that the own one goes on from."""

    origin: str
    """The log that says so."""
    position: int
    event_id: str
    predecessor: str
    size: int
    root: bytes


@dataclass(slots=True)
class EntryRules:
    """The rules for one log, entry by entry from the first.

    Holds the ids and streams of the log: some hundred bytes for each.
    """

    origin: str
    predecessors: list[Predecessor] = field(default_factory=list)
    _last_time: str = ""
    _next_versions: dict[str, int] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)

    def broken_by(self, position: int, content: bytes) -> Iterator[Finding]:
        """Yield which rules the entry at `position` breaks."""
        if not 0 < len(content) <= ENTRY_MAX_BYTES:
            yield self._finding("proof.entry_size", position, None, size_bytes=len(content))
        entry = Entry(self.origin, position, content)
        try:
            document = entry.document
            is_canonical = wire.canonical(document) == content
        except ContractError as error:
            yield self._finding("proof.unreadable", position, None, reason=error.code)
            return
        event_id = _text(document, "id")
        if not is_canonical:
            yield self._finding("proof.not_canonical", position, event_id)
        if document.get("source") != self.origin:
            yield self._finding("proof.foreign_entry", position, event_id)
        else:
            try:
                entry.checked()
            except ContractError as error:
                yield self._finding(
                    "proof.unreadable",
                    position,
                    event_id,
                    is_proof=error.code not in _FROM_A_NEWER_RELEASE,
                    reason=error.code,
                )
        yield from self._out_of_order(position, document, event_id)
        self._note_predecessor(position, document, event_id)

    def _out_of_order(
        self, position: int, document: Mapping[str, Any], event_id: str | None
    ) -> Iterator[Finding]:
        time = _text(document, "time") or ""
        if time < self._last_time:
            yield self._finding("proof.time_went_back", position, event_id)
        self._last_time = max(time, self._last_time)
        stream = _text(document, "subject") or ""
        expected, version = self._next_versions.get(stream, 0), document.get("streamversion")
        if version != expected:
            yield self._finding("proof.version_gap", position, event_id, expected=expected)
        self._next_versions[stream] = (version if isinstance(version, int) else expected) + 1
        if event_id in self._ids:
            yield self._finding("proof.id_repeated", position, event_id)
        self._ids.add(event_id or "")

    def _note_predecessor(
        self, position: int, document: Mapping[str, Any], event_id: str | None
    ) -> None:
        data = document.get("data")
        if document.get("type") != _PREDECESSOR or not isinstance(data, dict):
            return
        origin, size, root = data.get("origin"), data.get("size"), data.get("root")
        if isinstance(origin, str) and isinstance(size, int) and isinstance(root, str):
            try:
                named = bytes.fromhex(root)
            except ValueError:
                named = b""
            if len(named) == HASH_BYTES:
                self.predecessors.append(
                    Predecessor(
                        origin=self.origin,
                        position=position,
                        event_id=event_id or "",
                        predecessor=origin,
                        size=size,
                        root=named,
                    )
                )

    def _finding(
        self,
        code: str,
        position: int,
        event_id: str | None,
        *,
        is_proof: bool = True,
        **facts: object,
    ) -> Finding:
        return Finding(
            code=code,
            origin=self.origin,
            position=position,
            event_id=event_id,
            is_proof=is_proof,
            facts=facts,
        )


def _text(document: Mapping[str, Any], name: str) -> str | None:
    value = document.get(name)
    return value if isinstance(value, str) else None
