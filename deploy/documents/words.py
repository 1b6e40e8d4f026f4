"""The tables of `docs/glossary.md`: each value of a vocabulary, in Vietnamese and in English."""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from deploy.ending import catalogue
from shared.contracts import vocabulary
from shared.provinces.fields import Fields
from shared.texts import Catalogue

MEASURES, DIMENSIONS = "measure", "dimension"


def words_tables() -> str:
    """Return a table for each closed vocabulary, for every other list of words, for fields."""
    texts = catalogue()
    parts = [_vocabulary(texts, each) for each in vocabularies()]
    closed = {text_key(form) for form in vocabularies()}
    parts += [
        _table(f"`{name}`", _rows(texts, name, values))
        for name, values in sorted(texts.vocabularies.items())
        if name not in closed
    ]
    fields = sorted(Fields.load().register, key=lambda field: field.key)
    rows = "".join(f"| `{field.key}` | {field.vi} | {field.en} |\n" for field in fields)
    parts.append(_table("Field (lĩnh vực); dated data, not a closed vocabulary", rows))
    return "\n".join(parts)


def vocabularies() -> Iterator[type[StrEnum]]:
    """Yield every closed vocabulary of the published language, in the order of the module."""
    for value in vars(vocabulary).values():
        if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum:
            yield value


def text_key(form: type[StrEnum]) -> str:
    """Return what the catalogue calls a vocabulary: `SessionKind` is `session_kind`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", form.__name__).lower()


def _vocabulary(texts: Catalogue, form: type[StrEnum]) -> str:
    return _table(f"{form.__name__}", _rows(texts, text_key(form), form))


def _rows(texts: Catalogue, name: str, values: Iterable[str]) -> str:
    return "".join(
        f"| `{value}` | {texts.word(name, value)} | {texts.word(name, value, 'en')} |\n"
        for value in values
    )


def _table(title: str, rows: str) -> str:
    return f"### {title}\n\n| identifier | tiếng Việt | English |\n|---|---|---|\n{rows}"
