"""A reference to a free text: what an event holds instead of the text."""

from dataclasses import dataclass

from shared.contracts.vocabulary import Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRef:
    """Where a text lives, and a commitment to what it says."""

    text_id: str
    owner: str
    """The service whose vault holds the text and serves it."""
    commitment: str
    """HMAC-SHA-256 of the text under a random salt kept beside it, as hex."""
    visibility: Visibility
