"""Fields of public life (lĩnh vực) that opinions and agencies are sorted by: dated data."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from shared.contracts.vocabulary import ReferenceKind
from shared.kernel.errors import RegulationError
from shared.kernel.periods import Dated, Register, first_overlap
from shared.kernel.reference import Table
from shared.references import ReferenceFile
from shared.territory.names import folded

NATIONAL_FILE = Path(__file__).parent / "fields.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Dated):
    """One field of the taxonomy. `key` stands in events for ever."""

    vi: str
    en: str
    also: tuple[str, ...] = ()
    """Other Vietnamese names that a workbook may use."""


class Fields:
    """The taxonomy, asked by key and by name."""

    def __init__(self, fields: Iterable[Field], file: ReferenceFile) -> None:
        """Take the fields of `file`, which `load` has checked."""
        self.register = Register(fields)
        self.file = file
        self._by_name: defaultdict[str, list[Field]] = defaultdict(list)
        for field in self.register:
            for name in {folded(name) for name in (field.vi, field.en, *field.also)}:
                self._by_name[name].append(field)

    @classmethod
    def load(cls, path: Path = NATIONAL_FILE) -> Self:
        """Return the taxonomy of the file at `path`.

        Raises RegulationError: `reference.*`, `province.duplicate_key`,
        `province.ambiguous_field` for a name that two fields claim at one time.
        """
        file = ReferenceFile.read(ReferenceKind.FIELDS, path, f"provinces/{path.name}")
        root = file.root()
        tables = root.tables("field")
        fields = [_read(table) for table in tables]
        root.close()
        overlap = first_overlap(fields)
        if overlap is not None:
            place = next(t.place for t, f in zip(tables, fields, strict=True) if f is overlap[1])
            raise RegulationError(
                "province.duplicate_key", file=root.file, place=place, key=overlap[1].key
            )
        taxonomy = cls(fields, file)
        taxonomy.refuse_ambiguity(root.file)
        return taxonomy

    def on(self, key: str, day: date) -> Field | None:
        """Return the field that `key` names on `day`, or None."""
        return self.register.on(key, day)

    def named(self, name: str, day: date) -> Field | None:
        """Return the field that `name`, a key or a name however typed, means on `day`."""
        by_key = self.register.on(name.strip(), day)
        if by_key is not None:
            return by_key
        candidates = self._by_name.get(folded(name), ())
        return next((field for field in candidates if field.includes(day)), None)

    def refuse_ambiguity(self, file: str) -> None:
        """Raise `province.ambiguous_field` when a name means two fields on one day."""
        for fields in self._by_name.values():
            for number, field in enumerate(fields):
                for other in fields[number + 1 :]:
                    if field.key != other.key and field.overlaps(other):
                        raise RegulationError(
                            "province.ambiguous_field", file=file, key=field.key, other=other.key
                        )


def _read(table: Table) -> Field:
    period = table.period()
    field = Field(
        key=table.slug("key"),
        vi=table.text("vi"),
        en=table.text("en"),
        also=table.texts("also") if "also" in table else (),
        valid_from=period.valid_from,
        valid_to=period.valid_to,
    )
    table.close()
    return field
