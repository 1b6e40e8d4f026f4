"""What was published, by level and kind of session, and how to find it in a report."""

from collections.abc import Mapping
from typing import Any

MEASURES = ("sessions", "attendances", "opinions", "answered")
PERIOD = ("--province", "ha-noi", "--from", "2017-01-01", "--to", "2021-12-31")
PUBLISHED: Mapping[tuple[str, str], tuple[int, ...]] = {
    ("district", "periodic"): (8, 1_733, 224, 224),
    ("district", "ad_hoc"): (12, 947, 120, 120),
    ("commune", "periodic"): (89, 10_089, 1_448, 1_436),
    ("commune", "ad_hoc"): (25, 1_072, 137, 137),
}
TOTAL = (134, 13_841, 1_929, 1_917)


def computed(report: Mapping[str, Any]) -> dict[tuple[str, str], tuple[int, ...]]:
    """Return the measures of every row of a report that was counted for sessions."""
    return {
        (row["level"], row["session_kind"]): tuple(row[measure] for measure in MEASURES)
        for row in report["rows"]
        if row["session_kind"] and row["level"]
    }


def assert_published(document: Mapping[str, Any]) -> None:
    """Fail unless a demo's result has exactly the published figures, proved by a recount."""
    assert computed(document["report"]) == PUBLISHED
    assert document["equal"] is True
    assert document["replay"]["equal"] is True
    heard = [log for log in document["logs"] if not log["origin"].endswith("/reporting")]
    assert document["replay"]["entries"] == sum(log["size"] for log in heard)
    assert document["rows_rejected"] == 2
