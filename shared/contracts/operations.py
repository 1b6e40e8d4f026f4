"""Events that any service may record about its own running."""

from dataclasses import dataclass

from shared.contracts.texts import TextRef


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySkipped:
    """An operator passed over an entry that this service could not apply."""

    consumer: str
    origin: str
    """Log that holds the entry."""
    position: int
    reason: TextRef


OperationsEvent = EntrySkipped
