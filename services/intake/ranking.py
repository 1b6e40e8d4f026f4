"""Which topics are hot now, hottest first, and why. Pure but for the words."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from services.intake import heat
from services.intake.heat import Reported
from services.intake.topic_read_model import Tellings
from shared.contracts.intake import TopicHeat
from shared.provinces import Province
from shared.regulations import HotTopic
from shared.texts import Catalogue
from shared.texts.catalogue import Language

_LANGUAGES: tuple[Language, ...] = ("vi", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A topic with its heat on a day."""

    row: sa.RowMapping
    heat: TopicHeat
    hot_units: tuple[TopicHeat, ...]
    is_hot_by_rule: bool


def ranked(tellings: Sequence[Tellings], rule: HotTopic, on: date) -> list[Ranked]:
    """Return the topics by heat on the day `on`: hot ones first; equal ones by their ids."""
    found = [assessed(each.row, each.reported, rule, on) for each in tellings]
    found.sort(
        key=lambda each: (not each.is_hot_by_rule, *heat.rank(each.heat), each.row["topic_id"])
    )
    return found


def assessed(row: sa.RowMapping, reported: Sequence[Reported], rule: HotTopic, on: date) -> Ranked:
    """Return the topic with its heat on the day `on`."""
    of_all = heat.heat_of(reported, row["unit"], rule, on)
    there = heat.hot_units(reported, rule, on)
    is_hot = heat.is_hot(of_all, rule) or bool(there)
    return Ranked(row=row, heat=of_all, hot_units=there, is_hot_by_rule=is_hot)


def since(rule: HotTopic, on: date) -> date:
    """Return the first day whose reports matter on the day `on`."""
    return on - timedelta(days=rule.window_days + rule.baseline_days - 1)


def reasons(
    topic: Ranked, rule: HotTopic, province: Province, catalogue: Catalogue
) -> list[dict[str, Any]]:
    """Return what makes the topic hot or keeps it from being: codes, figures, words."""
    ratio = topic.heat.ratio_permille
    if ratio is None:
        codes = ["new" if topic.heat.reports else "silent"]
    else:
        codes = ["much_more" if ratio >= rule.ratio_permille else "not_much_more"]
    enough = topic.heat.organisations >= rule.organisations_min
    codes.append("enough_organisations" if enough else "few_organisations")
    figures = [(code, topic.heat) for code in codes]
    figures += [("hot_unit", each) for each in topic.hot_units]
    return [_reason(code, heat, rule, province, catalogue) for code, heat in figures]


def _reason(
    code: str, figures: TopicHeat, rule: HotTopic, province: Province, catalogue: Catalogue
) -> dict[str, Any]:
    facts = {
        **asdict(figures),
        "unit_name": _name(province, figures.unit),
        "window_days": rule.window_days,
        "baseline_days": rule.baseline_days,
        "ratio_permille_min": rule.ratio_permille,
        "organisations_min": rule.organisations_min,
    }
    texts = {language: catalogue.text(f"heat.{code}", language, **facts) for language in _LANGUAGES}
    return {"code": code, "facts": facts, "texts": texts}


def _name(province: Province, unit: str) -> str:
    found = province.territory.units.ever(unit)
    return found[-1].name if found else unit
