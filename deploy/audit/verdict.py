"""What an audit comes to: proven, disproven, or that nobody can tell; and what it found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from deploy.ending import catalogue
from shared.texts.catalogue import LANGUAGES, Language


class Verdict(IntEnum):
    """How a command of the auditor ends; the number is its exit status."""

    PROVEN = 0
    DISPROVEN = 1
    CANNOT_TELL = 2

    def told(self, words: str | None = None) -> dict[Language, str]:
        """Return the verdict in each language, or other `words` that stand for it."""
        key = f"verdicts.{words or self.name.lower()}"
        return {language: catalogue().text(key, language) for language in LANGUAGES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be, and where."""

    code: str
    """Key of its text under `findings`."""
    origin: str
    position: int | None = None
    event_id: str | None = None
    is_proof: bool = True
    """False where what is needed to judge it is not at hand."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """What fills the places of its text: codes, numbers, dates, ids."""

    def text(self, language: Language = "vi") -> str:
        """Return what was found, as a sentence."""
        facts = {name: value for name, value in self.facts.items() if value is not None}
        return catalogue().text(f"findings.{self.code}", language, **facts)

    def as_json(self) -> dict[str, Any]:
        """Return the finding as JSON values, with its text in both languages."""
        return {
            "code": self.code,
            "origin": self.origin,
            "position": self.position,
            "event_id": self.event_id,
            "is_proof": self.is_proof,
            "facts": {name: _json(value) for name, value in self.facts.items()},
            "texts": {language: self.text(language) for language in LANGUAGES},
        }


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """Return what `findings` amount to: one proof disproves, whatever else can't be told."""
    proofs = {finding.is_proof for finding in findings}
    if True in proofs:
        return Verdict.DISPROVEN
    return Verdict.CANNOT_TELL if proofs else Verdict.PROVEN


def _json(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(name): _json(inner) for name, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_json(inner) for inner in value]
    return value if isinstance(value, bool | int | str | None) else str(value)
