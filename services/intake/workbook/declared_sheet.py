"""Declared results of past sessions, read from a sheet as their sources state them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from services.intake.workbook.cells import Fault
from services.intake.workbook.folding import fold
from services.intake.workbook.row_cells import RowCells
from services.intake.workbook.table import find_table, read_rows
from shared.contracts.vocabulary import Level, Mode, SessionKind

SHEET_NAME = "Kết quả"
MEASURES = (
    "sessions",
    "attendances",
    "participants",
    "opinions",
    "contributions",
    "speaking_turns",
    "answered",
)
PERIOD = ("period_from", "period_to")
HEADINGS = (
    "scope",
    "territory_scheme",
    "unit_level",
    "unit_code",
    "unit_name",
    "level",
    "session_kind",
    "mode",
    "period_label",
    *PERIOD,
    *MEASURES,
    "derived",
    "approximate",
    "source",
)
"""Named like the fields of `SessionResultsDeclared`; all must be there, in any order."""

E = TypeVar("E", bound=StrEnum)

_SCOPE_SHAPE = re.compile(r"unit|communes_of|sector:[a-z][a-z_]{0,63}")
_SCHEME_SHAPE = re.compile(r"[0-9]{4}-[0-9]{2}")
_CODE_SHAPE = re.compile(r"[0-9A-Za-z]{1,16}")
_LONG_NUMBER_DIGITS = 9
_LONG_NUMBER = re.compile(rf"(?:[0-9][ .-]?){{{_LONG_NUMBER_DIGITS - 1}}}[0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRow:
    """One declared row. A measure that is None was not stated, which is not zero."""

    row: int
    """1-based row of the sheet, headings included."""
    scope: str
    territory_scheme: str
    unit_level: Level
    unit_code: str
    unit_name: str
    period_label: str
    source: str
    derived: tuple[str, ...]
    approximate: tuple[str, ...]
    level: Level | None
    session_kind: SessionKind | None
    mode: Mode | None
    period_from: date | None
    period_to: date | None
    """Inclusive."""
    sessions: int | None
    attendances: int | None
    participants: int | None
    opinions: int | None
    contributions: int | None
    speaking_turns: int | None
    answered: int | None

    @property
    def natural_key(self) -> tuple[str, ...]:
        """What the row is about, without its measures: unique in a file."""
        period = (self.period_from, self.period_to)
        return (
            self.scope,
            self.territory_scheme,
            self.unit_level,
            self.unit_code,
            self.level or "",
            self.session_kind or "",
            self.mode or "",
            self.period_label,
            *("" if day is None else day.isoformat() for day in period),
            self.source,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredSheet:
    """A sheet of declared results: the rows that can be taken, and the others' faults."""

    sheet: str
    """Which sheet was read."""
    columns: Mapping[str, str]
    """Heading → letters of its column."""
    rows: tuple[DeclaredRow, ...]
    faults: tuple[Fault, ...]
    file_sha256: str


def read_declared(data: bytes, today: date) -> DeclaredSheet:
    """Return the declared results in an uploaded .csv or .xlsx file.

    Raises BadInput and TooLarge with a `workbook.*` code where the file as a whole can't
    be taken: those of `find_table`.
    """
    table = find_table(data, SHEET_NAME, required=HEADINGS)
    first_rows: dict[tuple[str, ...], int] = {}

    def read(cells: RowCells) -> DeclaredRow | None:
        declared = _read_row(cells, today)
        if declared is not None and cells.sound:
            first = first_rows.setdefault(declared.natural_key, declared.row)
            if first != declared.row:
                cells.fault(None, "workbook.duplicate_key", first_row=first)
        return declared

    rows, faults = read_rows(table, read)
    return DeclaredSheet(
        sheet=table.sheet,
        columns=table.letters,
        rows=rows,
        faults=faults,
        file_sha256=table.file_sha256,
    )


def _read_row(cells: RowCells, today: date) -> DeclaredRow | None:
    scope = cells.shaped("scope", _SCOPE_SHAPE, "workbook.bad_scope")
    territory_scheme = cells.shaped("territory_scheme", _SCHEME_SHAPE, "workbook.bad_scheme")
    unit_level = _member(cells, "unit_level", Level, required=True)
    unit_code = _code(cells)
    unit_name = cells.name("unit_name")
    period_label = _free_of_long_numbers(cells, "period_label")
    source = _free_of_long_numbers(cells, "source")
    period_from, period_to = (cells.day(name, today, required=False) for name in PERIOD)
    if period_from is not None and period_to is not None and period_to < period_from:
        cells.fault("period_to", "workbook.period_reversed")
    measures = {name: cells.count(name, required=False) for name in MEASURES}
    stated = {name for name, measure in measures.items() if measure is not None}
    if cells.sound and not stated:
        cells.fault(None, "workbook.nothing_stated")
    stated_period = {
        name for name, day in zip(PERIOD, (period_from, period_to), strict=True) if day is not None
    }
    derived = _marks(cells, "derived", (*PERIOD, *MEASURES), stated | stated_period)
    approximate = _marks(cells, "approximate", (*PERIOD, *MEASURES), stated | stated_period)
    level = _member(cells, "level", Level, required=False)
    _refuse_impossible(cells, measures, approximate, unit_level=unit_level, level=level)
    session_kind = _member(cells, "session_kind", SessionKind, required=False)
    mode = _member(cells, "mode", Mode, required=False)
    if (
        scope is None
        or territory_scheme is None
        or unit_level is None
        or unit_code is None
        or unit_name is None
        or period_label is None
        or source is None
    ):
        return None
    return DeclaredRow(
        row=cells.number,
        scope=scope,
        territory_scheme=territory_scheme,
        unit_level=unit_level,
        unit_code=unit_code,
        unit_name=unit_name,
        period_label=period_label,
        source=source,
        derived=derived,
        approximate=approximate,
        level=level,
        session_kind=session_kind,
        mode=mode,
        period_from=period_from,
        period_to=period_to,
        sessions=measures["sessions"],
        attendances=measures["attendances"],
        participants=measures["participants"],
        opinions=measures["opinions"],
        contributions=measures["contributions"],
        speaking_turns=measures["speaking_turns"],
        answered=measures["answered"],
    )


def _refuse_impossible(
    cells: RowCells,
    measures: Mapping[str, int | None],
    approximate: Sequence[str],
    *,
    unit_level: Level | None,
    level: Level | None,
) -> None:
    """Note what no source can mean: more answered than asked, sessions above the unit."""
    opinions, answered = measures["opinions"], measures["answered"]
    is_exact = not {"opinions", "answered"} & set(approximate)
    if is_exact and opinions is not None and answered is not None and answered > opinions:
        cells.fault("answered", "workbook.more_answered", opinions=opinions)
    levels = list(Level)
    if level and unit_level and levels.index(level) < levels.index(unit_level):
        cells.fault("level", "workbook.level_above_unit")


def _member(cells: RowCells, heading: str, kind: type[E], *, required: bool) -> E | None:
    words: Mapping[str, E] = {fold(member.value): member for member in kind}
    return cells.word(heading, words, "; ".join(kind), required=required)


def _code(cells: RowCells) -> str | None:
    """Return the unit's code; kept as a number it has lost its leading zeros."""
    cell = cells.cell("unit_code")
    if cell is not None and cell.numeric:
        cells.fault("unit_code", "workbook.number_where_text")
        return None
    return None if cell is None else cells.shaped("unit_code", _CODE_SHAPE, "workbook.bad_code")


def _free_of_long_numbers(cells: RowCells, heading: str) -> str | None:
    """Return a text that goes into the log for ever, so that no telephone number may."""
    text = cells.name(heading)
    if text is not None and _LONG_NUMBER.search(text):
        cells.fault(heading, "workbook.long_number", limit=_LONG_NUMBER_DIGITS)
    return text


def _marks(
    cells: RowCells, heading: str, allowed: tuple[str, ...], stated: set[str]
) -> tuple[str, ...]:
    """Return the names in a list parted by semicolons; each must be stated in its row."""
    written = cells.name(heading, required=False) or ""
    marks = tuple(mark.strip() for mark in written.split(";") if mark.strip())
    if not set(marks) <= set(allowed):
        cells.fault(heading, "workbook.unknown_word", expected="; ".join(allowed))
    elif cells.sound and not set(marks) <= stated:
        cells.fault(heading, "workbook.mark_without_value")
    return tuple(dict.fromkeys(marks))
