"""What goes into a vault and what is told of it. No repr shows a text or a salt."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Visibility
from shared.vault.purpose import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class NewText:
    """A text to be put."""

    text_id: str
    text: str = field(repr=False)
    province: str
    visibility: Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """What is known of a text without opening it."""

    ref: TextRef
    province: str
    stored_at: datetime
    erased_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """A text with the salt that proves it against the commitment in the log."""

    ref: TextRef
    text: str = field(repr=False)
    salt: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who read a text, why, when."""

    text_id: str
    reader: str
    purpose: Purpose
    at: datetime
