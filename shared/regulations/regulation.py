"""A regulation: a province's rules over the national ones, asked by key and day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from shared.contracts.vocabulary import ReferenceKind
from shared.kernel.errors import RegulationError
from shared.kernel.periods import Period, Register, first_gap, first_overlap
from shared.kernel.reference import Table
from shared.references import ReferenceFile
from shared.regulations.keys import KEYS, LOCAL_KEYS
from shared.regulations.rules import Document, NationalValue, Rule, read_document, read_rule

NATIONAL_FILE = Path(__file__).parent / "national.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regulation:
    """Rules in force for one province. A past rule is never edited, only ended."""

    national: Register[Rule]
    provincial: Register[Rule | NationalValue]
    documents: tuple[Document, ...]
    """The province's own documents."""
    national_file: ReferenceFile

    @classmethod
    def load(cls, national_toml: Path, province_table: Table | None = None) -> Self:
        """Return the rules of `national_toml` and, over them, those of the province.

        Both hold `[[document]]` and `[[rule]]`. Raises RegulationError with file and place:
        `reference.*`, `regulation.unknown_key`, `regulation.overlap`,
        `regulation.gap`, `regulation.no_national_value`.
        """
        name = f"regulations/{national_toml.name}"
        file = ReferenceFile.read(ReferenceKind.REGULATION, national_toml, name)
        _, national_rows = _read(file.root())
        national = [_stated(table, rule) for table, rule in national_rows]
        documents: tuple[Document, ...] = ()
        provincial: list[tuple[Table, Rule | NationalValue]] = []
        if province_table is not None:
            documents, provincial = _read(province_table)
        regulation = cls(
            national=Register(national),
            provincial=Register(rule for _, rule in provincial),
            documents=documents,
            national_file=file,
        )
        _refuse_national_gap(regulation.national, name)
        for table, rule in provincial:
            if isinstance(rule, NationalValue) and not regulation.national.covers(rule.key, rule):
                raise RegulationError(
                    "regulation.no_national_value",
                    file=table.file,
                    place=table.place,
                    key=rule.key,
                )
        return regulation

    def rule(self, key: str, on: date) -> Rule:
        """Return the rule for `key` in force on the day `on`: the province's, else the nation's.

        Raises RegulationError `regulation.no_rule`.
        """
        national = self.national.on(key, on)
        provincial = self.provincial.on(key, on)
        match provincial, national:
            case Rule(), _:
                return provincial
            case NationalValue(), Rule():
                return provincial.over(national)
            case None, Rule():
                return national
            case _:
                raise RegulationError("regulation.no_rule", key=key, on=on)

    def stated(self, key: str, on: date) -> Rule | None:
        """Return the rule for `key` in force on the day `on`; None where nobody made one."""
        is_stated = self.national.on(key, on) or self.provincial.on(key, on)
        return self.rule(key, on) if is_stated else None


def _read(table: Table) -> tuple[tuple[Document, ...], list[tuple[Table, Rule | NationalValue]]]:
    documents = tuple(read_document(row) for row in table.tables("document"))
    rules = [(row, read_rule(row)) for row in table.tables("rule")]
    table.close()
    _refuse_overlaps(rules)
    return documents, rules


def _refuse_national_gap(national: Register[Rule], file: str) -> None:
    """Refuse a national file that has no answer some day after its first: `regulation.gap`."""
    whole = Period(valid_from=min((rule.valid_from for rule in national), default=date.min))
    for key in sorted(KEYS.keys() - LOCAL_KEYS):
        gap = first_gap(whole, national.ever(key))
        if gap is not None:
            raise RegulationError("regulation.gap", file=file, key=key, on=gap)


def _refuse_overlaps(rules: Sequence[tuple[Table, Rule | NationalValue]]) -> None:
    found = first_overlap(rule for _, rule in rules)
    if found is None:
        return
    table = next(table for table, rule in rules if rule is found[1])
    raise RegulationError(
        "regulation.overlap", file=table.file, place=table.place, key=found[1].key
    )


def _stated(table: Table, rule: Rule | NationalValue) -> Rule:
    if isinstance(rule, NationalValue):
        raise table.wrong("national", "value")
    return rule
