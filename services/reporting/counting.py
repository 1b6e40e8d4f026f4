"""Counting: a statistic's query over recorded events, in a DuckDB of its own.

The same path counts what is new, a prefix, and everything from the first event. DuckDB
sees one temporary file and nothing else: no network, no extension, no other file.
Everything that takes long is done aside, so that a process of green threads goes on.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import BinaryIO, NamedTuple

import duckdb

from services.reporting.event_tables import RECORDED, table
from services.reporting.journal import Kept
from services.reporting.statistics import Statistic
from shared.kernel.aside import Aside, here
from shared.kernel.errors import RegulationError
from shared.wire.codec import schema_version
from shared.wire.upcasters import upcast

MEMORY_LIMIT = "512MB"
"""Beyond it DuckDB spills into its temporary folder."""

RUN_MAX_S = 600.0
"""A query that takes longer is cut off: one that came in a bundle may be made to have no end."""

SPILL_LIMIT = "16GB"
"""Most that DuckDB may put into its temporary folder."""

WRITE_ENTRIES = 2_000
"""Entries that are handed over at a time."""

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "max_temp_directory_size": SPILL_LIMIT,
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


class Amount(NamedTuple):
    """What one event adds to some cells, all in all; never 0."""

    origin: str
    position: int
    event_id: str
    day: date
    """The first of those that it adds to."""
    amount: int


class Contribution(NamedTuple):
    """What one event adds to one cell; never 0."""

    origin: str
    position: int
    cell: Cell
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cells: a measure, a period (inclusive), and values of the statistic's cells."""

    measure: str
    period: tuple[date, date]
    where: Mapping[str, str | None]
    """None is "no value"; a cell that is not named has any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Recorded events, loaded, that statistics can be run over."""

    database: duckdb.DuckDBPyConnection
    aside: Aside

    def run(self, statistic: Statistic, sizes: Mapping[str, int] | None = None) -> None:
        """Fill the table `contribution`; with `sizes`, from each log's entries below its size.

        Raises:
            RegulationError: `statistic.cannot_count` when the query fails,
                `statistic.wrong_contribution` when a row names no day, no amount or an
                unknown measure.

        """
        self.aside(partial(self._run, statistic, sizes))

    def cells(self, statistic: Statistic) -> dict[Cell, int]:
        """Return the sums of what `run` found, without those that are zero."""
        return self.aside(partial(self._cells, statistic))

    def amounts(self, statistic: Statistic, wanted: Wanted, limit: int) -> list[Amount]:
        """Return what events add to the wanted cells, by origin and position.

        At most `limit` events. One whose contributions cancel there is none of them.
        """
        return self.aside(partial(self._amounts, statistic, wanted, limit))

    def contributions(self, statistic: Statistic, measure: str) -> list[Contribution]:
        """Return what `run` found for `measure`, by origin and position; none is 0."""
        return self.aside(partial(self._contributions, statistic, measure))

    def _run(self, statistic: Statistic, sizes: Mapping[str, int] | None) -> None:
        for name in statistic.tables:
            self.database.execute(f'DROP TABLE IF EXISTS "{name}"')
            self.database.execute(table(name))
        columns = ", ".join((*_PLACE, *statistic.cells, "measure", "amount"))
        query = f"SELECT {columns} FROM ({statistic.sql})"  # noqa: S608 - our own file
        limit = Timer(RUN_MAX_S, self.database.interrupt)
        limit.start()
        try:
            self.database.execute(f"CREATE OR REPLACE TEMP TABLE contribution AS {query}")
        except duckdb.Error as error:
            # Its words may quote a value of an event.
            raise RegulationError(
                "statistic.cannot_count", statistic=statistic.name, reason=type(error).__name__
            ) from None
        finally:
            limit.cancel()
        if sizes is not None:
            self._cut(sizes)
        self._check(statistic)

    def _cells(self, statistic: Statistic) -> dict[Cell, int]:
        columns = ", ".join(("province", "day", *statistic.cells, "measure"))
        rows = self.database.execute(
            f"SELECT {columns}, sum(amount)::BIGINT FROM contribution "  # noqa: S608 - the same
            "GROUP BY ALL HAVING sum(amount) <> 0"
        ).fetchall()
        return {_cell(row[:-1]): row[-1] for row in rows}

    def _amounts(self, statistic: Statistic, wanted: Wanted, limit: int) -> list[Amount]:
        names = (name for name in statistic.cells if name in wanted.where)
        there = "".join(f" AND {name} IS NOT DISTINCT FROM ${name}" for name in names)
        first, last = wanted.period
        rows = self.database.execute(
            "SELECT origin, position, event_id, min(day), sum(amount)::BIGINT "  # noqa: S608
            "FROM contribution WHERE measure = $measure AND day BETWEEN $first AND $last"
            f"{there} GROUP BY origin, position, event_id HAVING sum(amount) <> 0 "
            "ORDER BY origin, position LIMIT $limit",
            {
                **wanted.where,
                "measure": wanted.measure,
                "first": first,
                "last": last,
                "limit": limit,
            },
        ).fetchall()
        return [Amount(*row) for row in rows]

    def _contributions(self, statistic: Statistic, measure: str) -> list[Contribution]:
        columns = ", ".join(("province", "day", *statistic.cells, "measure"))
        rows = self.database.execute(
            f"SELECT origin, position, {columns}, sum(amount)::BIGINT "  # noqa: S608 - the same
            "FROM contribution WHERE measure = ? GROUP BY ALL HAVING sum(amount) <> 0 ORDER BY ALL",
            [measure],
        ).fetchall()
        return [
            Contribution(origin, position, _cell(cell), amount)
            for origin, position, *cell, amount in rows
        ]

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
def loaded(rows: Iterable[Kept], aside: Aside = here) -> Iterator[Counted]:
    """Yield `rows` as typed tables. They are read here, and all else is done aside.

    Raises:
        ContractError: `contract.unknown_version` for a schema that only a newer release
            knows: its figures would be wrong.

    """
    with TemporaryDirectory(prefix="doithoai-count-") as folder:
        file = Path(folder) / "entries.ndjson"
        left = iter(rows)
        with file.open("wb") as lines:
            while page := list(islice(left, WRITE_ENTRIES)):
                aside(partial(_write, lines, page))
        database = duckdb.connect(config=_CONFIG | {"temp_directory": folder})
        try:
            aside(partial(_load, database, file))
            yield Counted(database=database, aside=aside)
        finally:
            database.close()


def count(statistic: Statistic, rows: Iterable[Kept], aside: Aside = here) -> dict[Cell, int]:
    """Return what `rows` add up to, without cells that are zero. Raises as above."""
    with loaded(rows, aside) as counted:
        counted.run(statistic)
        return counted.cells(statistic)


def _cell(row: Sequence[object]) -> Cell:
    province, day, *values, measure = row
    return Cell(province, day, tuple(values), measure)  # type: ignore[arg-type]


def _write(lines: BinaryIO, page: Sequence[Kept]) -> None:
    lines.writelines(map(_line, page))


def _load(database: duckdb.DuckDBPyConnection, file: Path) -> None:
    database.execute(RECORDED, {"file": str(file)})
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")


def _line(row: Kept) -> bytes:
    content = row.content
    if row.schema_version != schema_version(row.type):
        document = json.loads(content)
        document["data"] = upcast(row.type, row.schema_version, document["data"])
        content = json.dumps(document).encode()
    place = f'{{"origin":{json.dumps(row.origin)},"position":{row.position},"entry":'
    return place.encode() + content + b"}\n"
