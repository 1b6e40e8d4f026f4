"""What the demo must show: the published figures, and the same computed from events."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.reporting.names import Names
from shared.texts.formats import phan_tram, so

MEASURES = ("sessions", "attendances", "opinions", "answered")
PERIOD = ("2017-01-01", "2021-12-31")
"""The period that seed figures are published for, inclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    """One row of the table: what was published, and what the events add up to."""

    label: str
    published: Mapping[str, int | None]
    computed: Mapping[str, int | None]
    is_sector: bool = False
    """A sector's dialogues have no counterpart in the demo's history."""

    @property
    def is_equal(self) -> bool:
        """Whether every published figure equals the computed one; a sector's has none."""
        return self.is_sector or all(
            self.published[measure] == self.computed[measure]
            for measure in MEASURES
            if self.published[measure] is not None
        )


def compare(report: Mapping[str, Any], names: Names) -> list[ComparedRow]:
    """Return the rows of `report` that something was published for, and their total."""
    rows = [
        ComparedRow(
            label=_label(row, names),
            published={measure: row["declared"].get(measure) for measure in MEASURES},
            computed={measure: row.get(measure) for measure in MEASURES},
            is_sector=row["scope"] is not None,
        )
        for row in report["rows"]
        if row.get("declared")
    ]
    territorial = [row for row in rows if not row.is_sector]
    total = ComparedRow(
        label="Cộng / total",
        published=_sum([row.published for row in territorial]),
        computed=_sum([row.computed for row in territorial]),
    )
    return [*territorial, total, *(row for row in rows if row.is_sector)]


def table(rows: Sequence[ComparedRow]) -> Iterator[list[str]]:
    """Yield the cells of each row: label, published and computed, share, verdict."""
    for row in rows:
        cells = [f"{so(row.published[name])} | {so(row.computed[name])}" for name in MEASURES]
        answered, opinions = row.published["answered"], row.published["opinions"]
        verdict = "—" if row.is_sector else "khớp" if row.is_equal else "KHÁC"
        yield [row.label, *cells, phan_tram(answered, opinions), verdict]


def _sum(parts: Sequence[Mapping[str, int | None]]) -> dict[str, int | None]:
    def add(measure: str) -> int | None:
        values = [part[measure] for part in parts]
        stated = [value for value in values if value is not None]
        return sum(stated) if len(stated) == len(values) else None

    return {measure: add(measure) for measure in MEASURES}


def _label(row: Mapping[str, Any], names: Names) -> str:
    if row["scope"] is not None:
        return names.scope(row)
    return ", ".join(names.value(name, row[name]) for name in ("level", "session_kind"))
