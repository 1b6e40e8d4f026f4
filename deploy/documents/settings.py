"""The environment variables, from the one place that names them."""

import inspect

from shared import settings


def settings_table() -> str:
    """Return the table of `shared/settings.py`, variables as code."""
    said = inspect.getdoc(settings) or ""
    rows = [line for line in said.splitlines() if line.startswith("|")]
    return "".join(_with_code(row) + "\n" for row in rows)


def _with_code(row: str) -> str:
    _, variable, rest = row.split("|", 2)
    name = variable.strip()
    return f"| `{name}` |{rest}" if name.startswith("DOITHOAI_") else row
