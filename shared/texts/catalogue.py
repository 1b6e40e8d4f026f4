"""The catalogue: every text that a person reads, by key, in two languages.

A key is the dotted path in the TOML file: `"vault.text_differs"` in the table `[errors]`
is `errors.vault.text_differs`. A text has places, `{name}`, filled by facts; `{name:so}`
groups the digits of a number, and `{name:level}` says the word for a value of the
vocabulary `level`. Dates are always written dd/mm/yyyy.
"""

import string
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Literal, Self, get_args

from shared.kernel.clock import civil_date
from shared.kernel.errors import AppError, RegulationError
from shared.kernel.reference import Table, parse, read_reference
from shared.texts.formats import ngay, so

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

MISSING_FACT = "…"
"""Stands where a text has a place and the error has no fact for it."""

FACT_LIMIT_CHARS = 200
CHOICES_LIMIT = 32
"""Values that a text offers to choose from."""

_ERRORS = "errors."
_WORDS = "words."
_UNKNOWN = "unknown"
_NO_VOCABULARY = frozenset({"", "so"})
"""What may stand after a place's colon without being a vocabulary's name."""
_OWN_DIRECTORY = Path(__file__).parent


class Catalogue:
    """Texts of some rooms and services. Every key has both languages."""

    def __init__(self, texts: Mapping[Language, Mapping[str, str]]) -> None:
        """Take texts that `load` has checked."""
        self._texts = texts

    @classmethod
    def load(cls, *directories: Path) -> Self:
        """Return the texts of this room and of each directory's texts.vi.toml and .en.toml.

        Raises RegulationError: `reference.*` for a file that can't be read or a value that
        is no text, `texts.duplicate_key`, `texts.missing_twin`, `texts.bad_place`,
        `texts.places_differ`.
        """
        texts: dict[Language, dict[str, str]] = {language: {} for language in LANGUAGES}
        files: dict[tuple[Language, str], str] = {}
        seen: set[Path] = set()
        for directory in (_OWN_DIRECTORY, *directories):
            if directory.resolve() in seen:
                continue
            seen.add(directory.resolve())
            pair = {language: _read(directory, language) for language in LANGUAGES}
            _check_twins(directory, pair)
            for language in LANGUAGES:
                for key, text in pair[language].items():
                    if key in texts[language]:
                        raise RegulationError(
                            "texts.duplicate_key", file=_name(directory, language), key=key
                        )
                    texts[language][key] = text
                    files[language, key] = _name(directory, language)
        _check_vocabularies(texts, files)
        return cls(texts)

    @property
    def error_codes(self) -> frozenset[str]:
        """Return every error code that has a text."""
        return frozenset(
            key.removeprefix(_ERRORS) for key in self._texts["vi"] if key.startswith(_ERRORS)
        )

    @property
    def vocabularies(self) -> dict[str, tuple[str, ...]]:
        """Return the values that have a word, by vocabulary, in the order of the files."""
        found: dict[str, tuple[str, ...]] = {}
        for key in self._texts["vi"]:
            if key.startswith(_WORDS) and key.count(".") > 1:
                _, vocabulary, value = key.split(".", 2)
                found[vocabulary] = (*found.get(vocabulary, ()), value)
        return found

    def text(self, key: str, language: Language = "vi", **facts: object) -> str:
        """Return the text of `key` with `facts` in its places, "…" where one is missing.

        Raises RegulationError: `texts.unknown_key`.
        """
        template = self._texts[language].get(key)
        if template is None:
            raise RegulationError("texts.unknown_key", key=key)
        return self._filled(template, facts, language)

    def word(self, vocabulary: str, value: str, language: Language = "vi") -> str:
        """Return the word for a value of a vocabulary: `word("level", "district")`."""
        return self.text(f"words.{vocabulary}.{value}", language)

    def error(self, error: AppError) -> dict[Language, str]:
        """Return what `error` says in each language. Never fails.

        A code without a text gives a general one that names the code.
        """
        code, facts = error.code, error.facts
        if f"{_ERRORS}{code}" not in self._texts["vi"]:
            code, facts = _UNKNOWN, {"code": code}
        key = f"{_ERRORS}{code}"
        return {lang: self._filled(self._texts[lang][key], facts, lang) for lang in LANGUAGES}

    def _filled(self, template: str, facts: Mapping[str, object], language: Language) -> str:
        parts: list[str] = []
        for literal, name, spec, _ in string.Formatter().parse(template):
            parts.append(literal)
            if name is not None:
                fact = facts.get(name)
                is_word = spec not in _NO_VOCABULARY and fact is not None
                parts.append(
                    self._worded(str(spec), fact, language)
                    if is_word
                    else _shown(fact, spec or "", language)
                )
        return unicodedata.normalize("NFC", "".join(parts))

    def _worded(self, vocabulary: str, fact: object, language: Language) -> str:
        """Return the word for a value, or for several to choose from, each with what to type.

        A value without a word is shown as it is.
        """
        if isinstance(fact, (list, tuple)):
            told = (self._worded(vocabulary, value, language) for value in fact[:CHOICES_LIMIT])
            return ", ".join(
                word if word == value else f"{word} ({value})"
                for word, value in zip(told, map(str, fact), strict=False)
            )
        shown = _shown(fact, "", language)
        return self._texts[language].get(f"{_WORDS}{vocabulary}.{shown}", shown)


def _name(directory: Path, language: Language) -> str:
    return f"{directory.name}/texts.{language}.toml"


def _read(directory: Path, language: Language) -> dict[str, str]:
    name = _name(directory, language)
    root = parse(read_reference(directory / f"texts.{language}.toml"), name)
    found: dict[str, str] = {}
    for key, text in _flattened(root):
        if key in found:
            raise RegulationError("texts.duplicate_key", file=name, key=key)
        _check_places(name, key, text)
        found[key] = text
    return found


def _flattened(table: Table) -> Iterator[tuple[str, str]]:
    for key in table.keys():  # noqa: SIM118 - a Table is no Mapping
        if isinstance(table.raw(key), dict):
            yield from _flattened(table.table(key))
        else:
            yield table.at(key), table.text(key)


def _places(text: str) -> list[tuple[str, str, str | None]]:
    return [
        (name, spec or "", conversion)
        for _, name, spec, conversion in string.Formatter().parse(text)
        if name is not None
    ]


def _check_places(file: str, key: str, text: str) -> None:
    # Only plain names: "{a.b}" or "{a[0]}" would reach into a fact.
    try:
        places = _places(text)
    except ValueError as error:
        raise RegulationError("texts.bad_place", file=file, key=key) from error
    for name, spec, conversion in places:
        is_spec = spec in _NO_VOCABULARY or spec.isidentifier()
        if not name.isidentifier() or not is_spec or conversion is not None:
            raise RegulationError("texts.bad_place", file=file, key=key)


def _check_vocabularies(
    texts: Mapping[Language, Mapping[str, str]], files: Mapping[tuple[Language, str], str]
) -> None:
    # Last of all: one room's text may use the words of any other.
    vocabularies = {key.split(".")[1] for key in texts["vi"] if key.startswith(_WORDS)}
    for (language, key), file in files.items():
        specs = {spec for _, spec, _ in _places(texts[language][key])}
        if not specs <= vocabularies | _NO_VOCABULARY:
            raise RegulationError("texts.bad_place", file=file, key=key)


def _check_twins(directory: Path, pair: Mapping[Language, Mapping[str, str]]) -> None:
    pairs: tuple[tuple[Language, Language], ...] = (("vi", "en"), ("en", "vi"))
    for language, other in pairs:
        for key, text in pair[language].items():
            twin = pair[other].get(key)
            if twin is None:
                raise RegulationError("texts.missing_twin", file=_name(directory, other), key=key)
            if {name for name, *_ in _places(text)} != {name for name, *_ in _places(twin)}:
                raise RegulationError("texts.places_differ", file=_name(directory, other), key=key)


def _shown(fact: object, spec: str, language: Language) -> str:
    if fact is None:
        return MISSING_FACT
    if isinstance(fact, datetime):
        return ngay(civil_date(fact))
    if isinstance(fact, date):
        return ngay(fact)
    if spec == "so" and isinstance(fact, int):
        return so(fact) if language == "vi" else f"{fact:,}"
    if isinstance(fact, (list, tuple)):
        return ", ".join(_shown(item, spec, language) for item in fact)[:FACT_LIMIT_CHARS]
    try:
        return str(fact)[:FACT_LIMIT_CHARS]
    except Exception:  # noqa: BLE001 - an error about an error would hide the first one
        return MISSING_FACT
