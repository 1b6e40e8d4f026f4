"""The statistics: one SQL file each, that only ever adds.

The head of a file is TOML behind `-- `: `name` (the file's), `revision`, `cells` (what
figures are broken down by), `measures`, and optionally `declared` (measures that declared
results are compared with), `[shares]` (part, whole) and `[balance]` (a whole, and what it is
the sum of; `a+b` are one part, and no part is negative). The query below it yields
*contributions*: province, origin, position, event_id, day, the cells, measure, amount.
What a figure is, is their sum; so the query may not join, rank or aggregate over events.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from shared.contracts import EVENT_TYPES
from shared.contracts.vocabulary import ReferenceKind
from shared.kernel.errors import NotFound, RegulationError
from shared.kernel.reference import is_slug, parse
from shared.references import ReferenceFile

DIRECTORY = Path(__file__).parent

RESERVED = frozenset({"province", "origin", "position", "event_id", "day", "month"})
"""Columns and dimensions that every statistic has."""

COMPARABLE_CELLS = frozenset({"unit", "level", "session_kind"})
"""What a declared result is about, so what a statistic must have to be compared with one."""

_TABLE = re.compile(r"\b([A-Z][A-Za-z]+)(?:__[a-z_]+)?\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One file: what it counts, and the query."""

    name: str
    revision: int
    cells: tuple[str, ...]
    measures: tuple[str, ...]
    declared: tuple[str, ...]
    """Measures to be compared with declared results; empty for none."""
    shares: Mapping[str, tuple[str, str]]
    """Name of a share → the measures that are its part and its whole."""
    balance: Mapping[str, tuple[tuple[str, ...], ...]]
    """Measure → its parts, each the sum of measures. A report that it fails for is refused."""
    sql: str
    types: tuple[str, ...]
    """Event types that the query names; it sees no others."""
    tables: tuple[str, ...]
    """Names of the tables that it reads: types, and `<Type>__<field>` for lists."""
    file: ReferenceFile = field(repr=False)

    @property
    def sha256(self) -> str:
        """Of the file, as hex."""
        return self.file.sha256


@cache
def statistics(directory: Path = DIRECTORY) -> Mapping[str, Statistic]:
    """Return every statistic by name.

    Raises:
        RegulationError: `reference.*`, `statistic.wrong_head`, with the file's name.

    """
    return {path.stem: read_statistic(path) for path in sorted(directory.glob("*.sql"))}


def statistic_files() -> tuple[ReferenceFile, ...]:
    """Return the file of every statistic. Raises as `statistics`."""
    return tuple(statistic.file for statistic in statistics().values())


def statistic_called(name: str) -> Statistic:
    """Return the statistic called `name`.

    Raises:
        NotFound: `statistic.unknown`.

    """
    found = statistics().get(name)
    if found is None:
        raise NotFound("statistic.unknown")
    return found


def read_statistic(path: Path) -> Statistic:
    """Return the statistic in one file. Raises as `statistics`."""
    file = ReferenceFile.read(ReferenceKind.STATISTIC, path, f"statistics/{path.name}")
    lines = file.content.decode("utf-8").splitlines()
    end = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    head = parse("\n".join(line[2:] for line in lines[:end]).encode(), path.name)
    shares: dict[str, tuple[str, str]] = {}
    if "shares" in head:
        table = head.table("shares")
        for share in table.keys():  # noqa: SIM118 - a Table is no Mapping
            part, whole = (*table.texts(share), "", "")[:2]
            shares[share] = (part, whole)
    balance: dict[str, tuple[tuple[str, ...], ...]] = {}
    if "balance" in head:
        table = head.table("balance")
        for whole in table.keys():  # noqa: SIM118 - a Table is no Mapping
            balance[whole] = tuple(tuple(part.split("+")) for part in table.texts(whole))
    sql = "\n".join(lines[end:]).strip().rstrip(";")
    tables = dict.fromkeys(match[0] for match in _TABLE.finditer(sql) if match[1] in EVENT_TYPES)
    revision = head.count("revision", least=1)
    statistic = Statistic(
        name=head.slug("name"),
        revision=revision,
        cells=head.texts("cells"),
        measures=head.texts("measures"),
        declared=head.texts("declared") if "declared" in head else (),
        shares=shares,
        balance=balance,
        sql=sql,
        types=tuple(dict.fromkeys(table.split("__")[0] for table in tables)),
        tables=tuple(tables),
        file=replace(file, label=f"{path.stem}, revision {revision}"),
    )
    head.close()
    _check(statistic, path)
    return statistic


def _check(statistic: Statistic, path: Path) -> None:
    measures = set(statistic.measures)
    named = (*statistic.cells, *statistic.measures, *statistic.shares)
    wrong = {
        "name": statistic.name != path.stem,
        "cells": bool(set(statistic.cells) & RESERVED),
        "measures": len(set(named)) != len(named) or not all(map(is_slug, named)),
        "declared": not set(statistic.declared) <= measures
        or bool(statistic.declared and not set(statistic.cells) >= COMPARABLE_CELLS),
        "shares": any(not set(pair) <= measures for pair in statistic.shares.values()),
        "balance": any(
            not {whole, *(name for part in parts for name in part)} <= measures
            for whole, parts in statistic.balance.items()
        ),
        "query": not statistic.types,
    }
    for key, is_wrong in wrong.items():
        if is_wrong:
            raise RegulationError("statistic.wrong_head", file=path.name, key=key)
