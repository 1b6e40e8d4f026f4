"""The small parts of an .xlsx package: content types, relationships, sheet list, styles."""

import re
from dataclasses import dataclass, field

from services.intake.workbook.markup import Attributes
from shared.kernel.errors import TooLarge

ENTRY_LIMIT = 70_000
"""Relationships, sheets, formats of one part; spreadsheet programs stop at 65,490 styles."""

_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_PLACES = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DATE_PLACES = re.compile("[dmyDMY]")


class Silent:
    """Hears the text and the ends of a part whose attributes say everything."""

    __slots__ = ()

    def text(self, text: str) -> None:
        """Ignore it."""

    def closed(self, name: str) -> None:
        """Ignore it."""


def _bounded(entries: int) -> None:
    if entries >= ENTRY_LIMIT:
        raise TooLarge("workbook.too_many_cells", limit=ENTRY_LIMIT)


@dataclass(slots=True)
class ContentTypes(Silent):
    """What kind of document the package says it is."""

    spreadsheet: bool = False
    macros: bool = False

    def opened(self, _name: str, attributes: Attributes) -> None:
        """Note the kind of a part."""
        kind = attributes.get("ContentType", "")
        self.spreadsheet |= "spreadsheetml" in kind or "ms-excel.sheet.macro" in kind
        self.macros |= "ms-excel.sheet.macro" in kind or "vbaProject" in kind


@dataclass(slots=True)
class Relationships(Silent):
    """Which parts a part refers to."""

    targets: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Id → (last word of the type, target as written). Targets outside are left out."""

    def opened(self, name: str, attributes: Attributes) -> None:
        """Note a relationship."""
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            _bounded(len(self.targets))
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.targets[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))


@dataclass(slots=True)
class Outline(Silent):
    """The sheets of the workbook, in their order, and its calendar."""

    sheets: list[tuple[str, str]] = field(default_factory=list)
    """(name, relationship id)."""
    since_1904: bool = False

    def opened(self, name: str, attributes: Attributes) -> None:
        """Note a sheet or the calendar."""
        if name == "sheet":
            _bounded(len(self.sheets))
            reference = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            self.sheets.append((attributes.get("name", ""), reference))
        elif name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in {"1", "true"}


@dataclass(slots=True)
class Styles:
    """Which cell styles show a number as a date."""

    _formats: dict[str, str] = field(default_factory=dict)
    _styles: list[str] = field(default_factory=list)
    _inside: bool = False

    def opened(self, name: str, attributes: Attributes) -> None:
        """Note a number format or a cell style."""
        if name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            _bounded(len(self._styles))
            self._styles.append(attributes.get("numFmtId", "0"))
        elif name == "numFmt":
            _bounded(len(self._formats))
            self._formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")

    def text(self, text: str) -> None:
        """Ignore it."""

    def closed(self, name: str) -> None:
        """Note that the list of cell styles ends."""
        if name == "cellXfs":
            self._inside = False

    def date_styles(self) -> frozenset[str]:
        """Return the indices of the styles that show dates, as cells write them."""
        dates = {key for key, code in self._formats.items() if _shows_date(code)}
        dates.update(str(key) for key in _BUILT_IN_DATES if str(key) not in self._formats)
        return frozenset(str(n) for n, key in enumerate(self._styles) if key in dates)


def _shows_date(code: str) -> bool:
    return _DATE_PLACES.search(_NOT_PLACES.sub("", code)) is not None
