"""What happened, as a sentence: codes become words, keys become names; no text, no person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from deploy.audit.logged import Logged
from services.reporting.names import Names
from shared.contracts.assignment import AnswerReleased
from shared.contracts.intake import OpinionAnswered, OpinionReceived
from shared.kernel.errors import RegulationError
from shared.provinces import Province
from shared.texts import Catalogue
from shared.texts.catalogue import Language

_FIELDS = frozenset({"field", "field_of_opinion"})
_AGENCIES = frozenset({"agency", "agency_before", "competent_agency", "cooperating_agency"})


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells events by the texts of this room and the names of the province files."""

    catalogue: Catalogue
    provinces: Mapping[str, Province]

    def sentence(self, logged: Logged, language: Language = "vi") -> str:
        """Return what happened; the type's name for an event that no history is about."""
        try:
            return self.catalogue.text(
                f"happened.{_manner(logged)}", language, **self._facts(logged, language)
            )
        except RegulationError:
            return logged.type

    def _facts(self, logged: Logged, language: Language) -> dict[str, object]:
        names = Names(self.catalogue, self.provinces)
        facts: dict[str, object] = {}
        for name, value in logged.data.items():
            if name in _FIELDS:
                facts[name] = self._field(value, language)
            elif name == "unit":
                facts[name] = names.value("unit", value)
            elif name in _AGENCIES:
                facts[name] = self._agency(logged.recorded.province, value)
            else:
                facts[name] = _plain(value)
        return facts

    def _agency(self, slug: str, key: str) -> str:
        province = self.provinces.get(slug)
        found = province.agencies.ever(key) if province is not None else ()
        return found[-1].name if found else key

    def _field(self, key: str, language: Language) -> str:
        for province in self.provinces.values():
            for field in province.fields.register.ever(key):
                return field.vi if language == "vi" else field.en
        return key


def _manner(logged: Logged) -> str:
    """Return the key of the sentence: some events are told in one of several ways."""
    match logged.event:
        case OpinionReceived(text_refused=str()):
            return "OpinionReceivedWithoutText"
        case OpinionAnswered(on_the_spot=True):
            return "OpinionAnsweredOnSpot"
        case OpinionAnswered() | AnswerReleased() as event if event.days_late:
            return f"{logged.type}Late"
        case _:
            return logged.type


def _plain(value: Any) -> object:
    if isinstance(value, list):
        return len(value)
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value
