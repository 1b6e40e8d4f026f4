"""The tables of `docs/glossary.md`: each value of a vocabulary, in Vietnamese and in English."""

import re
from collections.abc import Iterator
from enum import StrEnum

from shared.contracts import vocabulary
from shared.provinces.fields import Fields
from shared.texts import Catalogue

MEASURES, DIMENSIONS = "measure", "dimension"


def words_tables() -> str:
    """Return a table for each closed vocabulary, then fields, measures and dimensions."""
    texts = Catalogue.load()
    parts = [_vocabulary(texts, each) for each in vocabularies()]
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
    key = text_key(form)
    rows = "".join(
        f"| `{value}` | {texts.word(key, value)} | {texts.word(key, value, 'en')} |\n"
        for value in form
    )
    return _table(f"{form.__name__}", rows)


def _table(title: str, rows: str) -> str:
    return f"### {title}\n\n| identifier | tiếng Việt | English |\n|---|---|---|\n{rows}"
