"""Strict reading of reference files (TOML): every fault names its file and its place.

A reference file decides what is due when and who is competent, so nothing in one is
guessed or passed over: an unknown key is as wrong as a missing one. Codes raised here
are `reference.*`, always as RegulationError: the process must not start.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from shared.kernel.errors import RegulationError
from shared.kernel.periods import Period

FILE_LIMIT_BYTES = 4_000_000
TEXT_LIMIT_CHARS = 1_000

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_SLUG_LIMIT_CHARS = 64

S = TypeVar("S", bound=StrEnum)


def is_slug(text: str) -> bool:
    """Tell whether `text` can be a key: a–z, 0–9, single hyphens or underscores between."""
    return len(text) <= _SLUG_LIMIT_CHARS and _SLUG.fullmatch(text) is not None


def read_reference(path: Path) -> bytes:
    """Return the bytes of a reference file.

    Raises RegulationError: `reference.unreadable` when it is missing or over 4 MB.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RegulationError("reference.unreadable", file=path.name, reason=reason) from error
    if len(content) > FILE_LIMIT_BYTES:
        reason = f"> {FILE_LIMIT_BYTES} B"
        raise RegulationError("reference.unreadable", file=path.name, reason=reason)
    return content


def parse(content: bytes, file: str) -> "Table":
    """Return the root table of a TOML document; `file` is what errors call it.

    Raises RegulationError: `reference.unreadable` when it is not UTF-8 or not TOML.
    """
    try:
        entries = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RegulationError("reference.unreadable", file=file, reason=str(error)) from error
    return Table(entries, file=file)


class Table:
    """One TOML table, read key by key; `close` refuses what nobody has read."""

    def __init__(self, entries: Mapping[str, object], *, file: str, place: str = "") -> None:
        """Wrap `entries`, which stand in `file` at `place` (empty for the root)."""
        self._entries = entries
        self._read: set[str] = set()
        self.file = file
        self.place = place

    def __contains__(self, key: str) -> bool:
        """Tell whether `key` is given."""
        return key in self._entries

    def at(self, key: str) -> str:
        """Return the place of `key`, as an error names it: `unit[3].name`."""
        return f"{self.place}.{key}" if self.place else key

    def wrong(self, key: str, wanted: str) -> RegulationError:
        """Return the error that says that `key` should hold `wanted`."""
        return RegulationError(
            "reference.wrong_value", file=self.file, place=self.at(key), wanted=wanted
        )

    def keys(self) -> tuple[str, ...]:
        """Return every key that is given, in the order of the file."""
        return tuple(self._entries)

    def raw(self, key: str) -> object:
        """Return the value of `key`. Raises `reference.missing_key`."""
        self._read.add(key)
        try:
            return self._entries[key]
        except KeyError:
            raise RegulationError(
                "reference.missing_key", file=self.file, place=self.at(key)
            ) from None

    def text(self, key: str) -> str:
        """Return a text: not empty, NFC, no blanks around it, at most 1,000 characters."""
        value = self.raw(key)
        if not isinstance(value, str) or not value or value != value.strip():
            raise self.wrong(key, "text")
        if len(value) > TEXT_LIMIT_CHARS:
            raise self.wrong(key, f"text, ≤ {TEXT_LIMIT_CHARS}")
        if not unicodedata.is_normalized("NFC", value):
            raise RegulationError("reference.not_nfc", file=self.file, place=self.at(key))
        return value

    def slug(self, key: str) -> str:
        """Return a key: a–z, 0–9, single hyphens or underscores between, at most 64."""
        value = self.text(key)
        if not is_slug(value):
            raise self.wrong(key, "a-z 0-9 - _")
        return value

    def count(self, key: str, *, least: int = 0, most: int = 100_000) -> int:
        """Return a whole number from `least` to `most`, both inclusive."""
        value = self.raw(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.wrong(key, f"{least}…{most}")
        return value

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self.raw(key)
        if not isinstance(value, bool):
            raise self.wrong(key, "true, false")
        return value

    def day(self, key: str) -> date:
        """Return a civil date."""
        value = self.raw(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(key, "yyyy-mm-dd")
        return value

    def hour(self, key: str) -> time:
        """Return a civil time of day."""
        value = self.raw(key)
        if not isinstance(value, time):
            raise self.wrong(key, "hh:mm:ss")
        return value

    def one_of(self, key: str, vocabulary: type[S]) -> S:
        """Return a member of `vocabulary`."""
        value = self.raw(key)
        if not isinstance(value, str) or value not in {member.value for member in vocabulary}:
            raise self.wrong(key, ", ".join(vocabulary))
        return vocabulary(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, not empty and none twice."""
        listed = self.raw(key)
        if not isinstance(listed, list) or not listed:
            raise self.wrong(key, "[text, …]")
        items = Table(
            {str(number): item for number, item in enumerate(listed, start=1)},
            file=self.file,
            place=self.at(key),
        )
        found = tuple(items.text(number) for number in items.keys())  # noqa: SIM118 - no Mapping
        if len(set(found)) != len(found):
            raise self.wrong(key, "[text, …], none twice")
        return found

    def slugs(self, key: str) -> tuple[str, ...]:
        """Return a list of keys as `slug` has them, not empty and none twice."""
        found = self.texts(key)
        if not all(map(is_slug, found)):
            raise self.wrong(key, "[a-z 0-9 - _, …]")
        return found

    def members(self, key: str, vocabulary: type[S]) -> frozenset[S]:
        """Return members of `vocabulary`, at least one and none twice."""
        found = self.texts(key)
        if not set(found) <= {member.value for member in vocabulary}:
            raise self.wrong(key, f"[{', '.join(vocabulary)}]")
        return frozenset(vocabulary(text) for text in found)

    def period(self) -> Period:
        """Return `valid_from` and the optional `valid_to`, which must not be earlier."""
        period = Period(
            valid_from=self.day("valid_from"),
            valid_to=self.day("valid_to") if "valid_to" in self else None,
        )
        if period.valid_to is not None and period.valid_to < period.valid_from:
            raise self.wrong("valid_to", "≥ valid_from")
        return period

    def table(self, key: str) -> "Table":
        """Return the table at `key`."""
        value = self.raw(key)
        if not isinstance(value, dict):
            raise self.wrong(key, "[table]")
        return Table(value, file=self.file, place=self.at(key))

    def tables(self, key: str) -> tuple["Table", ...]:
        """Return the array of tables at `key`, each placed by its 1-based number."""
        if key not in self:
            return ()
        value = self.raw(key)
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise self.wrong(key, "[[table]]")
        return tuple(
            Table(row, file=self.file, place=f"{self.at(key)}[{number}]")
            for number, row in enumerate(value, start=1)
        )

    def close(self) -> None:
        """Refuse keys that nobody has read. Raises `reference.unknown_key`."""
        unknown = [key for key in self._entries if key not in self._read]
        if unknown:
            raise RegulationError(
                "reference.unknown_key", file=self.file, place=self.at(unknown[0][:80])
            )
