"""A report as a plain text table in Vietnamese: computed first, declared below it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.reporting.declared import MEASURES
from services.reporting.names import Names
from shared.kernel.clock import civil_date
from shared.texts.formats import ngay, phan_tram, so

Line = list[str]

_UNITS_NAMED = 2
DERIVED, APPROXIMATE = "*", "≈"
"""Marks of declared figures: implied by the source, or given as "about"."""


def as_table(document: Mapping[str, Any], names: Names, shares: Mapping[str, Sequence[str]]) -> str:
    """Return the report for people; "—" is "not stated". `shares` name part and whole."""
    measures = measures_shown(document)
    heading = [
        *(names.heading(name) for name in document["by"]),
        names.catalogue.text("reports.basis"),
        *(names.heading(name) for name in (*measures, *shares)),
        names.catalogue.text("reports.comparison"),
    ]
    lines: list[Line] = []
    for row in document["rows"]:
        lines += _lines(row, label_of(row, document["by"], names), names, measures, shares)
    total = [names.heading("total"), *("" for _ in document["by"][1:])][: len(document["by"])]
    lines += _lines(document["totals"], total, names, measures, shares)
    labels = len(document["by"]) + 1
    table = _aligned(heading, lines, labels)
    return "\n".join((*_title(document, names), "", *table, *_legend(table, names), ""))


def label_of(row: Mapping[str, Any], by: Sequence[str], names: Names) -> Line:
    """Return what a row of a report is called, a word for each of `by`."""
    if not row["scope"]:
        return [names.value(name, row[name]) for name in by]
    stated = [names.value(name, row[name]) if row[name] else "" for name in by]
    if "" in stated:  # what it is about goes where nothing else stands
        stated[stated.index("")] = names.scope(row)
    return stated


def _legend(table: Sequence[str], names: Names) -> list[str]:
    marks = {DERIVED: "derived", APPROXIMATE: "approximate"}
    return [
        names.catalogue.text(f"reports.{key}")
        for mark, key in marks.items()
        if any(mark in line for line in table)
    ]


def _title(document: Mapping[str, Any], names: Names) -> list[str]:
    text = names.catalogue.text
    known_at = document["known_at"]
    first, last = (date.fromisoformat(document[end]) for end in ("from", "to"))
    lines = [
        names.statistic(document["statistic"]),
        text(
            "reports.place", provinces=[names.value("province", p) for p in document["provinces"]]
        ),
        text("reports.period", first=first, last=last),
    ]
    if known_at:
        day = civil_date(datetime.fromisoformat(known_at))
        lines.append(text("reports.known_at", day=ngay(day)))
    if document["totals"]["missing"]:
        missing = [names.heading(name) for name in document["totals"]["missing"]]
        lines.append(text("reports.missing", measures=missing))
    return lines


def measures_shown(document: Mapping[str, Any]) -> list[str]:
    """Return the measures worth a column: those of the statistic, and whatever is declared."""
    everything = (*document["rows"], document["totals"])
    stated = [row["declared"] for row in everything if row["declared"]]
    own = [name for name in document["measures"] if name in MEASURES]
    counted = [
        name
        for name in document["measures"]
        if name not in MEASURES and any(row[name] for row in everything)
    ]
    declared = [
        name
        for name in MEASURES
        if name not in document["measures"] and any(row[name] is not None for row in stated)
    ]
    return [*own, *counted, *declared]


def _lines(
    row: Mapping[str, Any],
    label: Line,
    names: Names,
    measures: Sequence[str],
    shares: Mapping[str, Sequence[str]],
) -> list[Line]:
    status = names.catalogue.text(f"words.report_status.{row['status']}")
    found: list[Line] = []
    if row["status"] != "declared_only":
        found.append([*label, *_figures(row, "computed", names, measures, shares), status])
    if row["declared"]:
        above = ["" for _ in label] if found else label
        marks = [names.heading(each["measure"]) for each in row["differences"]]
        note = ", ".join(marks) if found else status
        stated = _figures(row["declared"], "declared", names, measures, shares)
        if not (row.get("scope") and names.scope(row) in label):
            stated[0] = f"{stated[0]}: {_about(row['declared'], names)}"
        found.append([*above, *stated, note])
    return found


def _about(declared: Mapping[str, Any], names: Names) -> str:
    """Return the territory that a declared figure covers."""
    units = declared["units"]
    if len(units) > _UNITS_NAMED:
        return names.catalogue.text("reports.units", count=len(units))
    return ", ".join(units)


def _figures(
    values: Mapping[str, Any],
    basis: str,
    names: Names,
    measures: Sequence[str],
    shares: Mapping[str, Sequence[str]],
) -> Line:
    shown = [_marked(so(values.get(name)), name, values) for name in measures]
    ratios = [phan_tram(values.get(part), values.get(whole)) for part, whole in shares.values()]
    return [names.catalogue.text(f"words.basis.{basis}"), *shown, *ratios]


def _marked(figure: str, measure: str, values: Mapping[str, Any]) -> str:
    before = APPROXIMATE if measure in values.get("approximate", ()) else ""
    after = DERIVED if measure in values.get("derived", ()) else ""
    return f"{before}{figure}{after}"


def _aligned(heading: Line, lines: Sequence[Line], labels: int) -> list[str]:
    """Return lines with words to the left, and figures to the right of their columns."""
    everything = [heading, *lines]
    widths = [max(len(line[column]) for line in everything) for column in range(len(heading))]
    last = len(heading) - 1
    rule = ["─" * width for width in widths]
    return [
        "  ".join(
            cell.ljust(width) if column < labels or column == last else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in (heading, rule, *lines)
    ]
