"""What Reporting's API answers with, as JSON values."""

from typing import Any

from services.reporting.declared import DeclaredRow
from services.reporting.recount import Recount
from shared import wire


def declared_row(row: DeclaredRow) -> dict[str, Any]:
    """Return a declared row with where it was recorded."""
    return {
        "province": row.province,
        "origin": row.origin,
        "position": row.position,
        **wire.encode_value(row.event),
    }


def recounted(found: Recount) -> dict[str, Any]:
    """Return what a replay found, fault by fault and difference by difference."""
    return {
        "equal": found.is_equal,
        "entries": found.entries,
        "logs": [{"origin": o, "size": size} for o, size in sorted(found.logs.items())],
        "faults": [{"code": fault.code, **fault.facts} for fault in found.faults],
        "statistics": [
            {
                "statistic": each.statistic.name,
                "statistic_sha256": each.statistic.sha256,
                "cells": each.cells,
                "equal": not each.differences,
                "differences": [
                    {
                        "province": difference.cell.province,
                        "day": difference.cell.day.isoformat(),
                        **dict(zip(each.statistic.cells, difference.cell.cell, strict=True)),
                        "measure": difference.cell.measure,
                        "live": difference.live,
                        "recounted": difference.recounted,
                    }
                    for difference in each.differences
                ],
            }
            for each in found.statistics
        ],
    }
