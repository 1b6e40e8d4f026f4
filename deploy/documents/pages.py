"""Every generated file with its content, whole or with its generated parts renewed."""

from collections.abc import Mapping
from pathlib import Path

from deploy.documents.access import access_page
from deploy.documents.commands import commands_page
from deploy.documents.errors import errors_page
from deploy.documents.events import events_page
from deploy.documents.limits import limits_table
from deploy.documents.settings import settings_table
from deploy.documents.words import words_tables

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def pages() -> Mapping[Path, str]:
    """Return each generated file with what it should hold.

    Raises:
        ValueError: when a hand-written file has lost the marks of its generated part.

    """
    return {
        DOCS / "access.md": access_page(),
        DOCS / "commands.md": commands_page(),
        DOCS / "errors.md": errors_page(),
        DOCS / "events.md": events_page(),
        DOCS / "glossary.md": _renewed(DOCS / "glossary.md", "words", words_tables()),
        DOCS / "ARCHITECTURE.md": _renewed(DOCS / "ARCHITECTURE.md", "limits", limits_table()),
        ROOT / "README.md": _renewed(ROOT / "README.md", "settings", settings_table()),
    }


def _renewed(path: Path, name: str, content: str) -> str:
    """Return the file at `path` with `content` between the marks called `name`."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    before, found, rest = path.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"{path.name} has no generated part called {name}")
    return f"{before}{begin}{content}{end}{after}"
