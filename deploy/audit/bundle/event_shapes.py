"""What the verifier is told of the tables that a statistic reads: columns and versions.

It can't upcast. An older version of an event's schema is named only where its entries say
the same before and after the upcast, in every column; any other it refuses to read.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from services.reporting.event_tables import PLACE, plain_columns
from services.reporting.statistics import Statistic
from shared.wire.codec import schema_version
from shared.wire.upcasters import upcast

_WORD = re.compile("[a-z_]+")


@dataclass(slots=True)
class EventShapes:
    """Looks at every entry that is counted."""

    statistic: Statistic
    _same: dict[str, set[int]] = field(default_factory=dict)
    _other: dict[str, set[int]] = field(default_factory=dict)

    def see(self, content: bytes) -> None:
        """Take the schema version of an entry into account.

        Raises:
            ContractError: `contract.unknown_version` for one that only a newer release knows.

        """
        entry = json.loads(content)
        event_type, version = entry["type"], entry["schemaversion"]
        if event_type not in self.statistic.types or version == schema_version(event_type):
            return
        upcasted = upcast(event_type, version, entry["data"])
        for name in self.statistic.tables:
            if name.partition("__")[0] == event_type:
                is_same = _read(name, entry["data"]) == _read(name, upcasted)
                (self._same if is_same else self._other).setdefault(name, set()).add(version)

    def as_json(self) -> dict[str, Any]:
        """Return columns with their kinds, and versions that can be read as they are, by table."""
        return {
            name: {
                "columns": columns_read(self.statistic, name),
                "versions": sorted(
                    {schema_version(name.partition("__")[0]), *self._same.get(name, ())}
                    - self._other.get(name, set())
                ),
            }
            for name in self.statistic.tables
        }


def columns_read(statistic: Statistic, name: str) -> dict[str, str]:
    """Return the plain columns of the table `name` that the query names, with their kinds."""
    words = set(_WORD.findall(statistic.sql))
    return {column: kind for column, kind in plain_columns(name).items() if column in words}


def _read(name: str, data: Any) -> Any:
    """Return what the table called `name` holds of an event."""
    field_name = name.partition("__")[2]
    if field_name:
        return data.get(field_name) or []
    bare = (column.removeprefix("data_") for column in plain_columns(name))
    return [
        data.get(plain if plain in PLACE else column)
        for plain, column in zip(bare, plain_columns(name), strict=True)
    ]
