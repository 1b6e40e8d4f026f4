"""`docs/errors.md`: every error code with its text in both languages."""

import tomllib
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from deploy.documents.sources import PACKAGES, one_line

ROOT = Path(__file__).resolve().parents[2]

HEAD = """# Mã lỗi · Error codes

Mỗi lỗi có một mã không đổi, một câu tiếng Việt và một câu tiếng Anh. Khi báo lỗi, xin gửi
kèm mã.

Generated from the texts beside the code by `python -m deploy.documents`. The API answers
`application/problem+json` (RFC 9457) with `code`, `texts` in both languages and `facts`,
which fill the places in braces. Facts are codes, numbers, dates and ids; nothing of the
request is quoted. The class of an error gives the status: 400 unreadable, 401 unknown caller,
403 not allowed, 404 not there, 409 somebody was first, 413 too large, 422 against a rule,
503 away for now (with `Retry-After`), 500 our own fault.
"""


def errors_page() -> str:
    """Return the page."""
    vietnamese, english = dict(_texts("vi")), dict(_texts("en"))
    parts = [HEAD]
    for owner, codes in groupby(sorted(vietnamese), key=lambda code: code.partition(".")[0]):
        parts.append(f"\n## {owner}\n\n| code | tiếng Việt | English |\n|---|---|---|\n")
        parts += [
            f"| `{code}` | {one_line(vietnamese[code])} | {one_line(english[code])} |\n"
            for code in codes
        ]
    return "".join(parts)


def _texts(language: str) -> Iterator[tuple[str, str]]:
    """Yield every code with its text, from all catalogues."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob(f"texts.{language}.toml")):
            catalogue = tomllib.loads(file.read_text(encoding="utf-8"))
            yield from _flat(catalogue.get("errors", {}))


def _flat(table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", str(value)
