"""The report: computed beside declared, with every difference named, as canonical JSON.

Its bytes depend on the question, the entries counted, and the province files that say
which units a declared row is about; all three are named in it. Whole numbers, ratios of
whole numbers and null only; null is "not stated", 0 is "counted, and none".
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from services.reporting.counting import Cell, Cells
from services.reporting.declared import MEASURES, Declared, DeclaredRow, Placed, Sum, place
from services.reporting.figures import Figures
from services.reporting.questions import Group, Question
from shared.kernel.errors import LogTampered

EQUAL, DIFFERENT, PARTIAL, APPROXIMATE = "equal", "different", "partial", "approximate"
COMPUTED_ONLY, DECLARED_ONLY = "computed_only", "declared_only"
STATUSES = (EQUAL, DIFFERENT, PARTIAL, APPROXIMATE, COMPUTED_ONLY, DECLARED_ONLY)
"""partial: some declared measure covers less than what is computed beside it, so the two
can't be compared; the others agree. approximate: some declared measure is given as "about"
and is neither equal nor different; the others agree."""

Row = dict[str, Any]


def build(
    asked: Question,
    counted: Figures,
    declared: Declared,
    *,
    known_at: str | None,
    references: Mapping[str, str],
) -> dict[str, Any]:
    """Return the report.

    `declared` is what is declared for its provinces, `known_at` is when the last entry
    counted was recorded, `references` are the SHA-256 of the province files used.
    """
    placed = place(asked, declared.rows)
    groups: defaultdict[Group, dict[Cell, int]] = defaultdict(dict)
    for cell, amount in counted.cells.items():
        groups[asked.group(cell.province, cell.day, cell.cell)][cell] = amount
    ordered = sorted({*groups, *placed.by_group}, key=asked.order)
    rows = [_row(asked, group, groups.get(group), placed) for group in ordered]
    rows += [_lone(asked, row) for row in placed.alone]
    shown = {
        id(row) for each in (*placed.by_group.values(), placed.total) if each for row in each.rows
    } | {id(row) for row in placed.alone}
    return {
        "statistic": asked.statistic.name,
        "revision": asked.statistic.revision,
        "statistic_sha256": asked.statistic.sha256,
        "provinces": list(asked.provinces),
        "from": asked.period_from.isoformat(),
        "to": asked.period_to.isoformat(),
        "by": list(asked.by),
        "measures": list(asked.statistic.measures),
        "logs": [{"origin": o, "size": size} for o, size in sorted(counted.sizes.items())],
        "references": [
            {"province": slug, "sha256": sha256} for slug, sha256 in sorted(references.items())
        ],
        "known_at": known_at,
        "rows": rows,
        "totals": _body(asked, counted.cells, placed.total, zero=True),
        "declared_not_shown": declared.of_other_periods + len(declared.rows) - len(shown),
    }


def _row(asked: Question, group: Group, cells: Cells | None, placed: Placed) -> Row:
    named: Row = dict(zip(asked.by, group, strict=True))
    beside = placed.by_group.get(group)
    return {**named, "scope": None, **_body(asked, cells or {}, beside, zero=cells is not None)}


def _lone(asked: Question, row: DeclaredRow) -> Row:
    """Return a declared row that no computed row stands beside."""
    stated: Row = {
        "province": row.province,
        "unit": row.coverage.unit if row.coverage else None,
        "level": row.event.level,
        "session_kind": row.event.session_kind,
    }
    named = {name: stated.get(name) for name in asked.by}
    beside = Sum(rows=(row,))
    return {**named, "scope": row.event.scope, **_body(asked, {}, beside, zero=False)}


def _body(asked: Question, cells: Cells, beside: Sum | None, *, zero: bool) -> Row:
    """Return measures, shares and the comparison. Without `zero`, nothing counted is null."""
    statistic = asked.statistic
    computed: dict[str, int | None] = dict.fromkeys(statistic.measures, 0 if zero else None)
    for cell, amount in cells.items():
        computed[cell.measure] = (computed[cell.measure] or 0) + amount
    body: Row = dict(computed)
    _refuse_imbalance(asked, computed)
    for share, (part, whole) in statistic.shares.items():
        body[share] = {"part": computed[part], "whole": computed[whole]} if zero else None
    counted = bool(cells) or (zero and beside is None)
    differences, incomparable, approximate = (
        _compared(asked, cells, computed, beside) if cells and beside else ([], [], [])
    )
    if beside is None:
        status = COMPUTED_ONLY
    elif not counted:
        status = DECLARED_ONLY
    elif differences:
        status = DIFFERENT
    elif incomparable:
        status = PARTIAL
    else:
        status = APPROXIMATE if approximate else EQUAL
    return body | {
        "declared": beside.as_json() if beside else None,
        "differences": differences,
        "incomparable": incomparable,
        "approximate": approximate,
        "status": status,
        "missing": beside.missing if beside else [],
    }


def _refuse_imbalance(asked: Question, computed: Mapping[str, int | None]) -> None:
    """Raise when a whole is not the sum of its parts, or a part is less than nothing.

    Raises:
        LogTampered: `report.does_not_add_up`, with both sides.

    """
    for whole, parts in asked.statistic.balance.items():
        counted = computed[whole] or 0
        sums = [sum(computed[name] or 0 for name in part) for part in parts]
        if sum(sums) != counted or min(sums) < 0:
            names = tuple(name for part in parts for name in part)
            raise LogTampered(
                "report.does_not_add_up", whole=whole, counted=counted, parts=names, found=sum(sums)
            )


def _compared(
    asked: Question, cells: Cells, computed: Mapping[str, int | None], beside: Sum
) -> tuple[list[dict[str, Any]], list[str], list[str]]:
    """Return the differences, the measures that can't be compared, and those given as "about"."""
    places = {name: asked.statistic.cells.index(name) for name in ("unit", "level", "session_kind")}
    differences: list[dict[str, Any]] = []
    incomparable: list[str] = []
    approximate: list[str] = []
    coverages = beside.coverages
    for measure in (name for name in MEASURES if name in asked.statistic.declared):
        stated = beside.measure(measure)
        if stated is None:
            continue
        covered = all(
            coverages.hold(cell.province, *(cell.cell[at] for at in places.values()))
            for cell in cells
            if cell.measure == measure
        )
        if not covered:
            incomparable.append(measure)
        elif measure in beside.approximate:
            approximate.append(measure)
        elif stated != computed[measure]:
            differences.append(
                {"measure": measure, "declared": stated, "computed": computed[measure]}
            )
    return differences, incomparable, approximate
