"""Counting: a statistic's query over recorded events, in a DuckDB of its own.

The same path counts what is new, a prefix, and everything from the first event. DuckDB
sees one temporary file and nothing else: no network, no extension, no other file.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb

from services.reporting.event_tables import RECORDED, table
from services.reporting.journal import Kept
from services.reporting.statistics import Statistic
from shared.kernel.errors import RegulationError
from shared.wire.codec import schema_version
from shared.wire.upcasters import upcast

MEMORY_LIMIT = "512MB"
"""Beyond it DuckDB spills into its temporary folder."""

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": MEMORY_LIMIT,
    "threads": "2",
}


class Cell(NamedTuple):
    """Where amounts are added up."""

    province: str
    day: date
    cell: tuple[str | None, ...]
    """Values of the statistic's `cells`, in their order."""
    measure: str


Cells = Mapping[Cell, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one event adds to one cell."""

    origin: str
    position: int
    event_id: str
    cell: Cell
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Recorded events, loaded, that statistics can be run over."""

    database: duckdb.DuckDBPyConnection

    def run(self, statistic: Statistic, sizes: Mapping[str, int] | None = None) -> None:
        """Fill the table `contribution`; with `sizes`, from each log's entries below its size.

        Raises:
            RegulationError: `statistic.cannot_count` when the query fails,
                `statistic.wrong_contribution` when a row names no day, no amount or an
                unknown measure.

        """
        for name in statistic.tables:
            self.database.execute(f'DROP TABLE IF EXISTS "{name}"')
            self.database.execute(table(name))
        columns = ", ".join((*_PLACE, *statistic.cells, "measure", "amount"))
        query = f"SELECT {columns} FROM ({statistic.sql})"  # noqa: S608 - our own file
        try:
            self.database.execute(f"CREATE OR REPLACE TEMP TABLE contribution AS {query}")
        except duckdb.Error as error:
            # Its words may quote a value of an event.
            raise RegulationError(
                "statistic.cannot_count", statistic=statistic.name, reason=type(error).__name__
            ) from None
        if sizes is not None:
            self._cut(sizes)
        self._check(statistic)

    def cells(self, statistic: Statistic) -> dict[Cell, int]:
        """Return the sums of what `run` found, without those that are zero."""
        columns = ", ".join(("province", "day", *statistic.cells, "measure"))
        rows = self.database.execute(
            f"SELECT {columns}, sum(amount)::BIGINT FROM contribution "  # noqa: S608 - the same
            "GROUP BY ALL HAVING sum(amount) <> 0"
        ).fetchall()
        return {_cell(row[:-1]): row[-1] for row in rows}

    def contributions(self, statistic: Statistic, measure: str) -> Iterator[Contribution]:
        """Yield what `run` found for `measure`, in the order of origin and position."""
        columns = ", ".join(("province", "day", *statistic.cells, "measure"))
        found = self.database.execute(
            f"SELECT origin, position, event_id, {columns}, amount "  # noqa: S608 - the same
            "FROM contribution WHERE measure = ? AND amount <> 0 ORDER BY ALL",
            [measure],
        )
        while rows := found.fetchmany(1_000):
            for origin, position, event_id, *cell, amount in rows:
                yield Contribution(
                    origin=origin,
                    position=position,
                    event_id=event_id,
                    cell=_cell(cell),
                    amount=amount,
                )

    def _cut(self, sizes: Mapping[str, int]) -> None:
        self.database.execute("CREATE OR REPLACE TEMP TABLE upto (origin VARCHAR, size BIGINT)")
        if sizes:
            self.database.executemany("INSERT INTO upto VALUES (?, ?)", list(sizes.items()))
        self.database.execute(
            "DELETE FROM contribution WHERE NOT EXISTS (SELECT 1 FROM upto WHERE "
            "upto.origin = contribution.origin AND contribution.position < upto.size)"
        )

    def _check(self, statistic: Statistic) -> None:
        known = ", ".join("?" for _ in statistic.measures)
        wrong = self.database.execute(
            "SELECT origin, position FROM contribution "  # noqa: S608 - placeholders only
            "WHERE day IS NULL OR amount IS NULL OR measure IS NULL OR province IS NULL "
            f"OR measure NOT IN ({known}) ORDER BY ALL LIMIT 1",
            list(statistic.measures),
        ).fetchone()
        if wrong is not None:
            raise RegulationError(
                "statistic.wrong_contribution",
                statistic=statistic.name,
                origin=wrong[0],
                position=wrong[1],
            )


_PLACE = ("province", "origin", "position", "event_id", "day")


@contextmanager
def loaded(rows: Iterable[Kept]) -> Iterator[Counted]:
    """Yield `rows` as typed tables.

    Raises:
        ContractError: `contract.unknown_version` for a schema that only a newer release
            knows: its figures would be wrong.

    """
    with TemporaryDirectory(prefix="doithoai-count-") as folder:
        file = Path(folder) / "entries.ndjson"
        with file.open("wb") as lines:
            for row in rows:
                lines.write(_line(row))
        database = duckdb.connect(config=_CONFIG | {"temp_directory": folder})
        try:
            database.execute(RECORDED, {"file": str(file)})
            database.execute("SET enable_external_access = false")
            database.execute("SET lock_configuration = true")
            yield Counted(database=database)
        finally:
            database.close()


def count(statistic: Statistic, rows: Iterable[Kept]) -> dict[Cell, int]:
    """Return what `rows` add up to, without cells that are zero. Raises as above."""
    with loaded(rows) as counted:
        counted.run(statistic)
        return counted.cells(statistic)


def _cell(row: Sequence[object]) -> Cell:
    province, day, *values, measure = row
    return Cell(province, day, tuple(values), measure)  # type: ignore[arg-type]


def _line(row: Kept) -> bytes:
    content = row.content
    if row.schema_version != schema_version(row.type):
        document = json.loads(content)
        document["data"] = upcast(row.type, row.schema_version, document["data"])
        content = json.dumps(document).encode()
    place = f'{{"origin":{json.dumps(row.origin)},"position":{row.position},"entry":'
    return place.encode() + content + b"}\n"
