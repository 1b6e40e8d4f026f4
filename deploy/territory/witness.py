"""A second package as a witness: what it says otherwise about the units until June 2025."""

import json
import zipfile
from pathlib import Path

from deploy.territory.source import OLD, Source
from shared.contracts.vocabulary import Level
from shared.territory.names import folded

_DATA = "onflow_location_platform/data"


def same_bytes(wheel: Path, other: Path, package: str) -> bool:
    """Tell whether both wheels carry one database: then the second proves nothing."""
    with zipfile.ZipFile(wheel) as ours, zipfile.ZipFile(other) as theirs:
        return ours.read(f"{package}/data/dataset.db") == theirs.read(f"{_DATA}/dataset.db")


def differences(source: Source, wheel: Path) -> dict[str, list[str]]:
    """Return codes that the witness lacks, and those it gives another name, by level.

    Its own lists (`data/ops`) are those of an operator of parcels, made before the changes
    of 2023 to 2025, with names as people typed them.
    """
    found: dict[str, list[str]] = {}
    with zipfile.ZipFile(wheel) as archive:
        for level, plural in (
            ("province", "provinces"),
            ("district", "districts"),
            ("commune", "wards"),
        ):
            rows = json.loads(archive.read(f"{_DATA}/ops/ops_nh_{plural}.json"))
            theirs = {row["pk"]: row["fields"]["full_name"] for row in rows}
            ours = [
                row
                for row in source.units
                if row.official.scheme is OLD and row.official.level is Level(level)
            ]
            found[f"{level}: not there"] = [
                f"{row.official} {row.kind.vi} {row.name}"
                for row in ours
                if row.official.code not in theirs
            ]
            found[f"{level}: another name"] = [
                f"{row.official} {row.kind.vi} {row.name} / {theirs[row.official.code]}"
                for row in ours
                if row.official.code in theirs
                and folded(theirs[row.official.code]) != folded(f"{row.kind.vi} {row.name}")
            ]
    return found
