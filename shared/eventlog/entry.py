"""An event on its way into a log, its bytes there, and what they say.

The bytes of an entry are a CloudEvents 1.0 document in canonical form. They are hashed,
stored, relayed, mirrored and verified as they are, and never encoded again.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from shared import wire
from shared.contracts import Event
from shared.eventlog.proof import leaf_hash
from shared.kernel.errors import ContractError, TooLarge
from shared.wire.codec import schema_version

NOTHING = -1
"""The position before the first entry, and the version of a stream without events."""

ENTRY_MAX_BYTES = 65_535

_ENVELOPE_TEXTS = (
    "id",
    "source",
    "type",
    "subject",
    "time",
    "occurredat",
    "actor",
    "correlationid",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event about to be recorded."""

    id: str
    stream: str
    event: Event
    actor: str
    """Seat that acts, or `service:<name>` for a reaction. Never a person."""
    occurred_at: str
    """RFC 3339 instant of the command, or of the cause for a reaction."""
    expected_version: int | None = None
    """Version the stream must be at before this event; None: whatever it is."""
    correlation_id: str | None = None
    causation_id: str | None = None
    references: str | None = None
    """Versions of the files that decided it, `<file>@<version>`, separated by spaces."""

    def envelope(self, origin: str) -> dict[str, Any]:
        """Return the CloudEvent without what only the log adds: time and streamversion."""
        name = wire.type_name(self.event)
        document: dict[str, Any] = {
            "specversion": "1.0",
            "id": self.id,
            "source": origin,
            "type": name,
            "subject": self.stream,
            "datacontenttype": "application/json",
            "schemaversion": schema_version(name),
            "occurredat": self.occurred_at,
            "actor": self.actor,
            "correlationid": self.correlation_id or self.id,
            "data": wire.encode(self.event),
        }
        if self.causation_id:
            document["causationid"] = self.causation_id
        if self.references:
            document["references"] = self.references
        return document


def entry_bytes(envelope: Mapping[str, Any], *, time: str, version: int) -> bytes:
    """Return the entry: `envelope` completed by the log, in canonical form.

    Raises:
        TooLarge: `eventlog.entry_too_large` beyond 65,535 bytes.

    """
    content = wire.canonical({**envelope, "time": time, "streamversion": version})
    if len(content) > ENTRY_MAX_BYTES:
        raise TooLarge("eventlog.entry_too_large", limit_bytes=ENTRY_MAX_BYTES)
    return content


@dataclass(frozen=True)
class Entry:
    """A recorded event: its place, and the very bytes that were hashed."""

    origin: str
    """`<deployment>/<province>/<service>`."""
    position: int
    """0-based, gapless, in commit order; the Merkle leaf index."""
    content: bytes

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The CloudEvent, decoded once, on demand.

        Raises:
            ContractError: `contract.invalid_envelope`.

        """
        try:
            document = json.loads(self.content)
        except (ValueError, RecursionError):
            document = None  # raised below, free of the original, which holds the bytes
        if not isinstance(document, dict):
            raise ContractError("contract.invalid_envelope", origin=self.origin)
        return document

    @property
    def province(self) -> str:
        """The province whose log this is."""
        return self.origin.split("/")[1]

    @cached_property
    def leaf(self) -> bytes:
        """RFC 6962 leaf hash, 32 bytes."""
        return leaf_hash(self.content)

    def recorded(self) -> "Recorded":
        """Return what the entry says, decoded fast: for a service's own log."""
        return self._recorded(wire.decode)

    def checked(self) -> "Recorded":
        """Return what the entry says, every type checked: for another service's log.

        Raises:
            ContractError: `contract.invalid_envelope`, also when it names another log;
                as `shared.wire.check`.

        """
        document = self.document
        texts = (document.get(name) for name in _ENVELOPE_TEXTS)
        version = document.get("streamversion")
        if (
            not all(isinstance(text, str) and text for text in texts)
            or type(version) is not int
            or version < 0
            or not isinstance(document.get("causationid", ""), str)
            or document["source"] != self.origin
        ):
            raise ContractError("contract.invalid_envelope", origin=self.origin)
        return self._recorded(wire.check)

    def _recorded(self, read: Callable[[str, int, Mapping[str, Any]], Event]) -> "Recorded":
        document = self.document
        try:
            return Recorded(
                origin=self.origin,
                position=self.position,
                stream=document["subject"],
                version=document["streamversion"],
                event_id=document["id"],
                time=document["time"],
                occurred_at=document["occurredat"],
                actor=document["actor"],
                correlation_id=document["correlationid"],
                causation_id=document.get("causationid"),
                event=read(document["type"], document["schemaversion"], document["data"]),
            )
        except (KeyError, TypeError):
            raise ContractError("contract.invalid_envelope", origin=self.origin) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A decoded entry: the event together with the facts of its recording."""

    origin: str
    position: int
    stream: str
    version: int
    """0-based place in the stream."""
    event_id: str
    time: str
    """RFC 3339 instant of recording; never decreases within a log."""
    occurred_at: str
    actor: str
    correlation_id: str
    causation_id: str | None
    event: Event

    @property
    def province(self) -> str:
        """The province whose log this is."""
        return self.origin.split("/")[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """Where a draft lies in the log."""

    event_id: str
    position: int
    version: int
    repeated: bool = False
    """It was there already, with the same content."""

    def again(self) -> "Appended":
        """Return the same place, as a repeat gets it."""
        return replace(self, repeated=True)
