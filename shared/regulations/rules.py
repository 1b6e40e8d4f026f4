"""A rule: one provision in force for a time, with its citation."""

from dataclasses import dataclass, replace
from datetime import date, time

from shared.kernel.errors import RegulationError
from shared.kernel.periods import Dated
from shared.kernel.reference import Table
from shared.regulations.keys import KEYS
from shared.regulations.values import (
    Codes,
    Escalation,
    EscalationStep,
    Extension,
    HotTopic,
    Limit,
    MonthsPerLevel,
    PerLevel,
    Reopening,
    ReportingPeriods,
    SessionFormalities,
    Value,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that regulates dialogue; named even where its full text is not known."""

    number: str
    issued_on: date
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Dated):
    """What `key` is ruled to be from `valid_from` to `valid_to`, both inclusive."""

    value: Value
    citation: str
    is_law: bool
    """False for a default of this system: no document states the value."""

    def as_count(self) -> int:
        """Return the number. Raises RegulationError `regulation.other_type`."""
        if isinstance(self.value, int):
            return self.value
        raise self._other_type("number")

    def as_limit(self) -> Limit:
        """Return the time limit. Raises RegulationError `regulation.other_type`."""
        if isinstance(self.value, Limit):
            return self.value
        raise self._other_type("limit")

    def as_codes(self) -> Codes:
        """Return the codes. Raises RegulationError `regulation.other_type`."""
        codes = tuple(item for item in _items(self.value) if isinstance(item, str))
        if codes:
            return codes
        raise self._other_type("codes")

    def as_hour(self) -> time:
        """Return the hour of the day. Raises RegulationError `regulation.other_type`."""
        if isinstance(self.value, time):
            return self.value
        raise self._other_type("hour")

    def as_extension(self) -> Extension:
        """Return how dates are moved. Raises RegulationError `regulation.other_type`."""
        if isinstance(self.value, Extension):
            return self.value
        raise self._other_type("extension")

    def as_reopening(self) -> Reopening:
        """Return how matters are reopened. Raises RegulationError `regulation.other_type`."""
        if isinstance(self.value, Reopening):
            return self.value
        raise self._other_type("reopening")

    def as_escalation(self) -> Escalation:
        """Return the ladder, in order. Raises RegulationError `regulation.other_type`."""
        steps = tuple(item for item in _items(self.value) if isinstance(item, EscalationStep))
        if steps:
            return steps
        raise self._other_type("escalation")

    def as_reporting_periods(self) -> ReportingPeriods:
        """Return where years begin. Raises RegulationError `regulation.other_type`."""
        if isinstance(self.value, ReportingPeriods):
            return self.value
        raise self._other_type("reporting_periods")

    def as_per_level(self) -> PerLevel:
        """Return the numbers by level. Raises RegulationError `regulation.other_type`."""
        if isinstance(self.value, PerLevel):
            return self.value
        raise self._other_type("per_level")

    def as_months(self) -> MonthsPerLevel:
        """Return the months by level. Raises RegulationError `regulation.other_type`."""
        if isinstance(self.value, MonthsPerLevel):
            return self.value
        raise self._other_type("months_per_level")

    def as_formalities(self) -> SessionFormalities:
        """Return what sessions keep to. Raises RegulationError `regulation.other_type`."""
        if isinstance(self.value, SessionFormalities):
            return self.value
        raise self._other_type("session_formalities")

    def as_hot_topic(self) -> HotTopic:
        """Return when a topic is hot. Raises RegulationError `regulation.other_type`."""
        if isinstance(self.value, HotTopic):
            return self.value
        raise self._other_type("hot topic")

    def _other_type(self, wanted: str) -> RegulationError:
        return RegulationError("regulation.other_type", key=self.key, wanted=wanted)


def _items(value: Value) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalValue(Dated):
    """A province's document regulates `key`, but the number is not known to us."""

    citation: str

    def over(self, national: Rule) -> Rule:
        """Return the national rule, cited under the province's document."""
        return replace(national, citation=f"{self.citation} — {national.citation}")


def read_document(row: Table) -> Document:
    """Return a `[[document]]`: number, issued_on, title. Raises `reference.*`."""
    document = Document(
        number=row.text("number"), issued_on=row.day("issued_on"), title=row.text("title")
    )
    row.close()
    return document


def read_rule(row: Table) -> Rule | NationalValue:
    """Return a `[[rule]]`: key, value or `national = true`, period, citation, law.

    Raises RegulationError: `reference.*`, `regulation.unknown_key`.
    """
    key = row.text("key")
    reader = KEYS.get(key)
    if reader is None:
        raise RegulationError("regulation.unknown_key", file=row.file, place=row.at("key"))
    period = row.period()
    rule: Rule | NationalValue
    if "national" in row:
        if not row.flag("national"):
            raise row.wrong("national", "true")
        rule = NationalValue(
            key=key,
            citation=row.text("citation"),
            valid_from=period.valid_from,
            valid_to=period.valid_to,
        )
    else:
        rule = Rule(
            key=key,
            value=reader(row),
            citation=row.text("citation"),
            is_law=row.flag("law"),
            valid_from=period.valid_from,
            valid_to=period.valid_to,
        )
    row.close()
    return rule
