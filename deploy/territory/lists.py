"""The CSV files, from a source and the corrections: the same input gives the same bytes."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from deploy.territory.source import Source
from shared.territory.lists import Edge
from shared.territory.units import OfficialCode, Scheme

CORRECTIONS = Path(__file__).parent / "corrections.csv"


class Action(StrEnum):
    """What a correction does to the edge from an old unit to a new one."""

    ADD = "add"
    DROP = "drop"
    PARTIAL = "partial"
    """The old unit went there in part, though no other part is known."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Where the package is not followed. Names guard against a code that means another unit."""

    action: Action
    old: OfficialCode
    old_name: str
    new: OfficialCode
    new_name: str
    reason: str

    @classmethod
    def read(cls, text: str) -> tuple[Self, ...]:
        """Return the corrections of a CSV text."""
        return tuple(
            cls(
                Action(row["action"]),
                OfficialCode.parse(row["old"]),
                row["old_name"],
                OfficialCode.parse(row["new"]),
                row["new_name"],
                row["reason"],
            )
            for row in csv.DictReader(io.StringIO(text))
        )


def corrected(source: Source, corrections: Iterable[Correction]) -> tuple[Edge, ...]:
    """Return the edges, sorted, an old unit with several new ones marked partial.

    Raises ValueError for a correction that names a unit wrongly or changes nothing.
    """
    names = {row.official: f"{row.kind.vi} {row.name}" for row in source.units}
    pairs = set(source.edges)
    partial: set[OfficialCode] = set()
    for each in corrections:
        edge = each.old, each.new
        if (names.get(each.old), names.get(each.new)) != (each.old_name, each.new_name):
            raise ValueError(f"{each.old} {each.old_name}, {each.new} {each.new_name}")
        if (edge in pairs) is (each.action is Action.ADD) or not each.reason:
            raise ValueError(f"{each.action} {each.old} {each.new}")
        match each.action:
            case Action.ADD:
                pairs.add(edge)
            case Action.DROP:
                pairs.remove(edge)
            case Action.PARTIAL:
                partial.add(each.old)
    parts = Counter(old for old, _ in pairs)
    return tuple(Edge(old, new, parts[old] > 1 or old in partial) for old, new in sorted(pairs))


def files(source: Source, corrections: Iterable[Correction]) -> dict[str, str]:
    """Return the text of every CSV file, by name."""
    units = {
        f"units-{scheme}.csv": _text(
            ("unit", "kind", "name", "parent"),
            (
                (str(row.official), row.kind, row.name, str(row.parent or ""))
                for row in source.units
                if row.official.scheme is scheme
            ),
        )
        for scheme in Scheme
    }
    edges = (
        (str(edge.old), str(edge.new), "partial" if edge.is_partial else "whole")
        for edge in corrected(source, corrections)
    )
    return units | {"successions.csv": _text(("old", "new", "part"), edges)}


def _text(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()
