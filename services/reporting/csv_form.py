"""A report as CSV (RFC 4180), for spreadsheets: one line per row, the total last."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from services.reporting.declared import MEASURES
from services.reporting.report import DECLARED_ONLY

BOM = "\ufeff"
"""Tells a spreadsheet that the file is UTF-8."""

_ABOUT = ("units", "levels", "session_kinds", "modes", "derived", "approximate", "sources")
"""What declared figures are about and how they are stated, each in a column of its own."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(document: Mapping[str, Any], *, bom: bool = False) -> str:
    """Return the report's rows with English column names; an empty cell is "not stated".

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    declared = [f"declared_{name}" for name in (*MEASURES, *_ABOUT)]
    if not _has_declared(document):
        declared = []
    heading = [
        "row",
        *document["by"],
        "scope",
        *document["measures"],
        *declared,
        "different",
        "incomparable",
        "approximate",
        "status",
    ]
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(heading)
    for row in document["rows"]:
        lines.writerow(_line("row", document, row, with_declared=bool(declared)))
    total = document["totals"]
    if document["rows"] and all(row["status"] == DECLARED_ONLY for row in document["rows"]):
        total = total | dict.fromkeys(document["measures"])  # nothing to add up above it
    lines.writerow(_line("total", document, total, with_declared=bool(declared)))
    return (BOM if bom else "") + written.getvalue()


def _has_declared(document: Mapping[str, Any]) -> bool:
    return any(row["declared"] for row in (*document["rows"], document["totals"]))


def _line(
    kind: str, document: Mapping[str, Any], row: Mapping[str, Any], *, with_declared: bool
) -> list[str]:
    stated = row["declared"] or {}
    return [
        kind,
        *(_safe(row.get(name)) for name in document["by"]),
        _safe(row.get("scope")),
        *(_safe(row[name]) for name in document["measures"]),
        *(_safe(stated.get(name)) for name in (MEASURES if with_declared else ())),
        *(_safe("; ".join(stated.get(name, ()))) for name in (_ABOUT if with_declared else ())),
        _safe(" ".join(found["measure"] for found in row["differences"])),
        _safe(" ".join(row["incomparable"])),
        _safe(" ".join(row["approximate"])),
        row["status"],
    ]


def _safe(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)  # a number below zero is a number
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
