"""A publisher who holds Reporting's key and signs what the entries don't say."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from deploy.audit.bundle import members, verify_bundle
from deploy.audit.verdict import Verdict, verdict_of
from shared import wire
from shared.kernel.errors import AppError
from tests.deploy.audit.bundle.evidence import Evidence, checked
from tests.deploy.audit.bundle.verifier import verified

PROVEN, DISPROVEN = range(2)
Change = Callable[[dict[str, Any]], None]


def read(bundle: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(bundle)) as inside:
        return inside.read(name)


def declared_row(report: dict[str, Any]) -> dict[str, Any]:
    return next(row for row in report["rows"] if row["declared"])


def invent(report: dict[str, Any]) -> None:
    """State what nobody declared."""
    row = report["rows"][0]
    row["declared"] = {**declared_row(report)["declared"], "declarations": [], "opinions": 9}


def leave_out(report: dict[str, Any]) -> None:
    """Show nothing that was declared."""
    for row in [*report["rows"], report["totals"]]:
        row |= {"declared": None, "differences": [], "missing": [], "status": "computed_only"}
    report["rows"] = [row for row in report["rows"] if not row["scope"] and row["opinions"]]


def leave_out_and_count(report: dict[str, Any]) -> None:
    """Show nothing that was declared, and say so."""
    leave_out(report)
    report["declared_not_shown"] += 1


def agree(report: dict[str, Any]) -> None:
    """Make declared and computed results look equal."""
    for row in [*report["rows"], report["totals"]]:
        row |= {"differences": [], "status": "equal"}


def rename(report: dict[str, Any]) -> None:
    """Say that another source declared it."""
    declared_row(report)["declared"]["sources"] = ["Báo cáo khác"]


def repeat(report: dict[str, Any]) -> None:
    """Show what was declared twice."""
    row = declared_row(report)
    nothing = [*report["measures"], *(name for name in row if name.endswith("_share"))]
    report["rows"].append(
        {**row, "scope": "unit", "differences": [], "status": "declared_only"}
        | dict.fromkeys(nothing)
    )


DISPROVEN_LIES: list[Change] = [invent, leave_out, leave_out_and_count, agree, rename, repeat]


@pytest.mark.parametrize("lie", DISPROVEN_LIES)
def test_no_declared_result_is_invented_left_out_or_made_to_agree(
    deployed: Evidence, bundle: bytes, written: Path, keys: list[str], lie: Change
) -> None:
    report = json.loads(read(bundle, members.REPORT))
    lie(report)
    written.write_bytes(deployed.publishing(bundle, wire.canonical(report)))
    assert verified(written, keys).status == DISPROVEN
    with pytest.raises(AppError, match=r"audit\.bundle_figures"):
        checked(written, keys)


def test_a_field_that_nobody_knows_is_not_proven(
    deployed: Evidence, bundle: bytes, written: Path, keys: list[str]
) -> None:
    for place in ("report", "row", "totals", "declared"):
        report = json.loads(read(bundle, members.REPORT))
        where = {"report": report, "row": report["rows"][0], "totals": report["totals"]}
        where["declared"] = declared_row(report)["declared"]
        where[place]["percent_answered"] = 100
        written.write_bytes(deployed.publishing(bundle, wire.canonical(report)))
        assert verified(written, keys).status != PROVEN


def test_columns_follow_from_the_query_whatever_is_said_of_them(
    deployed: Evidence, bundle: bytes, written: Path, keys: list[str]
) -> None:
    """SQLite ignores the case of a column's name: a renamed one must not read as NULL."""
    shapes = json.loads(read(bundle, members.SHAPES))
    renamed = {
        name: {**shape, "columns": {c.capitalize(): kind for c, kind in shape["columns"].items()}}
        for name, shape in shapes.items()
    }
    report = read(bundle, members.REPORT)
    forged = deployed.publishing(bundle, report, {members.SHAPES: wire.canonical(renamed)})
    written.write_bytes(forged)
    assert "'opinions': 266, 'voices': 796" in verified(written, keys).out
    with pytest.raises(AppError, match=r"audit\.bundle_digest"):
        checked(written, keys)
    false = report.replace(b'"voices":796', b'"voices":0')
    assert false != report
    written.write_bytes(deployed.publishing(forged, false))
    assert verified(written, keys).status == DISPROVEN


def test_a_field_that_an_entry_states_is_read_without_being_told() -> None:
    tables = verify_bundle.Tables({"Said": {"versions": [1]}}, "SELECT days_late FROM Said")
    said = {"type": "Said", "schemaversion": 1, "id": "e", "data": {"days_late": 5}}
    tables.add(said, "d/p/s", 0)
    assert tables.database.execute("SELECT Days_late FROM Said").fetchall() == [(5,)]


def test_another_definition_is_told_apart_from_that_of_this_release(
    deployed: Evidence, bundle: bytes, written: Path, keys: list[str]
) -> None:
    """The publisher's own SQL counts every voice a thousand times: the figure follows from it."""
    told = read(bundle, members.STATISTIC)
    query = told.replace(b"'voices', voices\n", b"'voices', voices * 1000\n")
    sha256 = hashlib.sha256(query).hexdigest()
    assert query != told
    report = json.loads(read(bundle, members.REPORT)) | {"statistic_sha256": sha256}
    for row in [*report["rows"], report["totals"]]:
        row["voices"] = row["voices"] and row["voices"] * 1000
    lie = deployed.publishing(bundle, wire.canonical(report), {members.STATISTIC: query})
    written.write_bytes(lie)
    said = verified(written, keys)
    assert (said.status, sha256 in said.out) == (PROVEN, True), said.out
    assert "định nghĩa" in said.out.rpartition("Không chứng minh")[2]
    found = checked(written, keys)
    assert [(each.code, each.facts["sha256"]) for each in found.findings] == [
        ("proof.foreign_definition", sha256)
    ]
    assert verdict_of(found.findings) is Verdict.CANNOT_TELL
    assert checked(written, keys, definitions=[sha256]).findings == ()
